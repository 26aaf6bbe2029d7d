#include "backends/background.h"

#include <algorithm>

namespace midflight::backends {

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
  context_.loop.at(context_.clock.when(begins), [this, job, k, from, begins, end] {
    if (!stopped_ && end > begins) run(job, begins, end);
    schedule(job, k + 1, from);
  });
}

void BackgroundJobs::run(std::size_t job, Instant start, Instant end) {
  context_.crew.submit([this, job, start, end] {
    const auto& statement = statements_[job];
    const std::string lane = "background " + context_.scenario.background[job].name;
    const auto session = context_.backend.open(lane);
    Answer answer = session->begin(statement.writes, {});
    if (answer.ok()) answer = session->run(statement.sql, ClientApplication::bind(statement, 1, static_cast<std::int64_t>(job)), {});
    if (answer.ok()) {
      context_.crew.sleep_until(context_.clock.when(end));
      answer = session->commit({});
    }
    if (!answer.ok()) session->rollback();
    const Instant ended = context_.clock.now();
    const std::string what = answer.ok() ? statement.sql : "failed: " + answer.error.message;
    context_.loop.post([this, start, ended, lane, what] { context_.story.tell(start, ended, lane, what); });
  });
}

}  // namespace midflight::backends
