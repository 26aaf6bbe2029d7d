#include "backends/background.h"

#include <algorithm>

namespace midflight::backends {
namespace {

constexpr auto kReadyBefore = std::chrono::milliseconds(50);

}  // namespace

BackgroundJobs::BackgroundJobs(const RunContext& context) : context_(context) {
  for (const BackgroundJob& job : context.scenario.background) {
    statements_.push_back(compile_statement(job.statement, context.catalogue, context.backend.dialect()));
  }
}

void BackgroundJobs::start(Instant from) {
  for (std::size_t job = 0; job < statements_.size(); ++job) schedule(job, 0, from);
}

void BackgroundJobs::schedule(std::size_t job, std::uint64_t k, Instant from) {
  const BackgroundJob& spec = context_.scenario.background[job];
  const Instant start = context_.environment.background_start(spec, k);
  if (stopped_ || start >= Instant::never()) return;
  const Instant end = start + context_.environment.background_length(spec, k);
  const Instant begins = std::max(start, from);  // one that began before the lead-in is in its midst
  context_.loop.at(context_.clock.when(begins) - kReadyBefore, [this, job, k, from, begins, end] {
    if (!stopped_ && end > begins) run(job, begins, end);
    schedule(job, k + 1, from);
  });
}

void BackgroundJobs::run(std::size_t job, Instant start, Instant end) {
  context_.crew.submit([this, job, start, end] {
    const auto& statement = statements_[job];
    const std::string lane = "background " + context_.scenario.background[job].name;
    const auto session = context_.backend.open(lane);
    // Its connection stands when its time has come: then a step of that moment comes behind it, as it is predicted.
    session->run("SELECT 1", {}, {});
    context_.crew.sleep_until(context_.clock.when(start));
    const Answer answer = transaction(*session, job, end);
    if (!answer.ok()) session->rollback();
    const Instant ended = context_.clock.now();
    const std::string what = answer.ok() || over_ ? statement.sql : "failed: " + answer.error.message;
    context_.loop.post([this, start, ended, lane, what] { context_.story.tell(start, ended, lane, what); });
  });
}

Answer BackgroundJobs::transaction(Session& session, std::size_t job, Instant end) {
  const BackgroundJob& spec = context_.scenario.background[job];
  const auto& statement = statements_[job];
  const bool postgres = context_.backend.dialect().engine == Engine::Postgresql;
  Limits limits;
  limits.enough = &over_;
  Answer answer = postgres && spec.repeatable_read ? session.run("BEGIN ISOLATION LEVEL REPEATABLE READ", {}, limits)
                                                   : session.begin(statement.writes, limits);
  if (answer.ok()) answer = session.run(statement.sql, ClientApplication::bind(statement, 1, static_cast<std::int64_t>(job)), limits);
  if (!answer.ok()) return answer;
  const double rest = (end - context_.clock.now()).seconds();
  if (postgres && spec.during == BackgroundJob::While::Running && rest > 0) {
    // A statement that runs keeps its snapshot; an idle transaction may have none.
    answer = session.run("SELECT pg_sleep(" + std::to_string(rest) + ")", {}, limits);
    if (!answer.ok()) return answer;
  } else {
    context_.crew.sleep_until(context_.clock.when(end));
  }
  return session.commit({});
}

}  // namespace midflight::backends
