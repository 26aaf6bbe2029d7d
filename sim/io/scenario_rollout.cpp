#include <fmt/core.h>

#include "sim/io/scenario_keys.h"
#include "sim/io/scenario_reader.h"

namespace midflight::io {
namespace {

constexpr std::int64_t kInstancesMost = 10'000;
const std::vector<std::string_view>& kinds() {
  static const std::vector<std::string_view> words = {"recreate", "rolling", "blue-green", "canary"};
  return words;
}

/// The stages of github.com's deployments.  Source: github.blog, 2021-01-25.
std::vector<Rollout::Stage> default_stages() {
  return {{{2, true}, Duration::minutes(5)}, {{20, true}, Duration::minutes(5)}};
}

std::optional<InstanceCount> read_instances(const Value& value) {
  const std::optional<std::string> text = read_text(value);
  if (!text) return std::nullopt;
  if (text->ends_with('%')) {
    const std::optional<double> percent = read_quantity(value, parse_percent);
    if (!percent) return std::nullopt;
    return InstanceCount{*percent, true};
  }
  const Parsed<std::int64_t> count = parse_count(*text);
  if (count.value && *count.value >= 0 && *count.value <= kInstancesMost) {
    return InstanceCount{static_cast<double>(*count.value), false};
  }
  value.problem(fmt::format("must be a number of instances from 0 to {} or a share such as 25%, not `{}`",
                            kInstancesMost, *text));
  return std::nullopt;
}

std::optional<InstanceCount> instances(const Section& section, std::string_view key) {
  const Value* value = section.find(key);
  return value ? read_instances(*value) : std::nullopt;
}

std::vector<Rollout::Stage> read_stages(const Value& value) {
  std::vector<Rollout::Stage> stages;
  if (!value.is_list()) value.problem("must be a list of stages such as {share: 2%, hold: 5min}");
  for (const Value& item : value.items()) {
    const Section section(item, keys_of("stage"));
    Rollout::Stage stage;
    section.require("share");
    assign(stage.share, instances(section, "share"));
    assign(stage.hold, section.duration("hold"));
    const bool falls = !stages.empty() && stages.back().share.percent == stage.share.percent &&
                       stages.back().share.value >= stage.share.value;
    if (falls) item.problem("must have a larger share than the stage before it");
    stages.push_back(stage);
  }
  return stages;
}

void check_progress(const Value& value, const Rollout& rollout) {
  const bool stuck = rollout.max_surge.value == 0 && rollout.max_unavailable.value == 0;
  const bool moves_by_instances = rollout.kind == RolloutKind::Rolling || rollout.kind == RolloutKind::Canary;
  if (stuck && moves_by_instances) {
    value.problem("never gets anywhere: max_surge and max_unavailable must not both be 0");
  }
}

}  // namespace

Rollout read_rollout(const Value& value, Rollout base) {
  if (value.is_scalar()) {
    assign(base.kind, read_choice(value, kinds()));
  } else {
    const Section section(value, keys_of("rollout"));
    assign(base.kind, section.choice("kind", kinds()));
    assign(base.max_surge, instances(section, "max_surge"));
    assign(base.max_unavailable, instances(section, "max_unavailable"));
    assign(base.startup, section.distribution("startup"));
    assign(base.drain, section.distribution("drain"));
    if (const Value* stages = section.find("stages")) base.stages = read_stages(*stages);
  }
  if (base.kind == RolloutKind::Canary && base.stages.empty()) base.stages = default_stages();
  check_progress(value, base);
  return base;
}

}  // namespace midflight::io
