#include "sim/model/plan.h"

#include <algorithm>
#include <array>

#include "sim/kernel/error.h"

namespace midflight {
namespace {

std::string sql_text(const SqlStep& sql) {
  std::string text;
  for (const Statement& statement : sql.statements) {
    if (!text.empty()) text += "; ";
    text += statement.sql;
  }
  return text;
}

std::string deploy_text(const DeployStep& deploy) {
  return deploy.version.empty() ? "stop the application" : "deploy " + deploy.version;
}

std::string check_text(const CheckStep& check) {
  switch (check.kind) {
    case CheckStep::Kind::Filled: return "check filled(" + check.table + "." + check.column + ")";
    case CheckStep::Kind::Equal:
      return "check equal(" + check.table + "." + check.column + ", " + check.table + "." + check.other_column + ")";
    case CheckStep::Kind::Valid: return "check valid(" + check.constraint + ")";
    case CheckStep::Kind::Sql: return "check " + check.sql;
  }
  return "check";
}

struct TextOfAction {
  std::string operator()(const SqlStep& sql) const { return sql_text(sql); }
  std::string operator()(const DeployStep& deploy) const { return deploy_text(deploy); }
  std::string operator()(const BackfillStep& backfill) const { return backfill.update.sql; }
  std::string operator()(const WaitStep& wait) const { return "wait " + duration_text(wait.length); }
  std::string operator()(const CheckStep& check) const { return check_text(check); }
};

}  // namespace

Duration Retry::pause_before(int next) const {
  MIDFLIGHT_CHECK(next >= 2);
  double seconds = pause.seconds();
  const double most = cap.seconds();
  for (int i = 2; i < next && seconds > 0 && seconds < most && backoff != 1; ++i) seconds *= backoff;
  // A pause that never grew is given back as it came, to the nanosecond.
  if (seconds == pause.seconds()) return std::min(pause, cap);
  return std::min(Duration::from_seconds(seconds), cap);
}

std::string_view step_kind(const Step& step) {
  constexpr std::array<std::string_view, std::variant_size_v<Action>> names = {"sql", "deploy", "backfill", "wait",
                                                                              "check"};
  return names[step.action.index()];
}

std::string step_text(const Step& step) { return std::visit(TextOfAction{}, step.action); }

int Plan::deployments() const {
  return static_cast<int>(std::count_if(steps.begin(), steps.end(), [](const Step& step) {
    const auto* deploy = std::get_if<DeployStep>(&step.action);
    return deploy != nullptr && !deploy->version.empty();
  }));
}

}  // namespace midflight
