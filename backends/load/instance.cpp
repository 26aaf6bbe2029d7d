#include "backends/load/instance.h"

#include <algorithm>

#include "sim/kernel/error.h"

namespace midflight::backends {

struct Instance::Worker {
  Random random;  ///< think times
  std::unique_ptr<Session> session;
  std::vector<RequestRecord> records;
  std::vector<Duration> late;  ///< it took what it was given while it was idle
  Parking wake;
  std::future<void> ended;
};

Instance::Instance(LoadGenerator& generator, std::uint32_t id, std::uint32_t version)
    : generator_(generator), id_(id), version_(version), pool_(generator.settings_.pool) {}

Instance::~Instance() {
  close(true);
  join();
}

std::uint64_t Instance::push(const Request& request, Instant until) {
  const std::lock_guard guard(mutex_);
  const conduct::Grant grant = pool_.try_acquire();
  if (!grant.granted) {
    waiting_.push_back({++places_, request, until});
    return places_;
  }
  assigned_.push_back({request, grant.fresh ? Instant::never() : generator_.clock_.now()});
  if (!grant.fresh) {
    wake_.notify_one();
    return 0;
  }
  workers_.push_back(std::make_unique<Worker>());
  Worker& worker = *workers_.back();
  worker.random = Random(generator_.environment_.key("think/" + std::to_string(id_)), workers_.size());
  worker.ended = generator_.strands_.start([this, &worker] { work(worker); });
  return 0;
}

bool Instance::leave_queue(std::uint64_t place) {
  const std::lock_guard guard(mutex_);
  const auto at = std::lower_bound(waiting_.begin(), waiting_.end(), place, [](const Waiting& w, std::uint64_t p) { return w.place < p; });
  if (at == waiting_.end() || at->place != place) return false;
  waiting_.erase(at);
  return true;
}

void Instance::when_idle(std::function<void()> drained) {
  {
    const std::lock_guard guard(mutex_);
    if (!idle()) return std::swap(drained_, drained);
  }
  drained();
}

void Instance::close(bool at_once) {
  const std::lock_guard guard(mutex_);
  closed_ = true;
  if (at_once) assigned_.clear(), waiting_.clear();
  wake_.notify_all();
  for (const auto& worker : workers_) worker->wake.notify_all();
}

void Instance::join() {
  for (const auto& worker : workers_) {
    if (worker->ended.valid()) worker->ended.wait();
  }
}

void Instance::append_records(std::vector<RequestRecord>& all) const {
  for (const auto& worker : workers_) all.insert(all.end(), worker->records.begin(), worker->records.end());
}

void Instance::append_lateness(std::vector<Duration>& all) const {
  for (const auto& worker : workers_) all.insert(all.end(), worker->late.begin(), worker->late.end());
}

void Instance::work(Worker& worker) {
  try {
    worker.session = generator_.backend_.open("instance " + std::to_string(id_), Role::Client);
    Request request;
    while (take_assigned(worker, request)) {
      do {
        serve(worker, request);
      } while (take_waiting(request));
    }
    worker.session.reset();
  } catch (...) {
    worker.session.reset();
    generator_.failure_.note(std::current_exception());
  }
}

bool Instance::take_assigned(Worker& worker, Request& request) {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return closed_ || !assigned_.empty(); });
  if (assigned_.empty()) return false;
  request = assigned_.front().request;
  const Instant since = assigned_.front().since;
  if (since < Instant::never() && request.arrival >= Instant{}) worker.late.push_back(generator_.clock_.now() - since);
  assigned_.pop_front();
  return true;
}

// The connection goes to the request that waits longest, or back to the pool.
bool Instance::take_waiting(Request& request) {
  std::function<void()> drained;
  std::vector<Waiting> late;  // the dispatcher has not come round to telling them
  bool found = false;
  {
    const std::lock_guard guard(mutex_);
    const Instant now = generator_.clock_.now();
    while (!found && !waiting_.empty()) {
      found = now < waiting_.front().until;
      found ? void(request = waiting_.front().request) : late.push_back(waiting_.front());
      waiting_.pop_front();
    }
    if (!found) pool_.release();
    if (drained_ && idle()) std::swap(drained, drained_);
  }
  for (const Waiting& waiting : late) generator_.waited_for_nothing(waiting.request, waiting.until);
  if (drained) drained();
  return found;
}

void Instance::serve(Worker& worker, const Request& request) {
  LoadGenerator& g = generator_;
  const ClientEndpoint& endpoint = g.application_.endpoint(request.version, request.endpoint);
  const Limits limits{Duration::max(), g.clock_.when(request.arrival + g.settings_.request_timeout),
                      ErrorClass::RequestTimeout};
  RequestRecord record = g.record_of(request);
  worker.session->doing(g.application_.work(request.version, request.endpoint));
  record.began = g.clock_.now();
  const Answer answer = run(worker, endpoint, request, limits);
  record.end = g.clock_.now();
  record.lock_wait = answer.lock_wait;
  record.behind_step = answer.behind_step && answer.lock_wait > Duration{};
  const bool failed = !answer.ok() && answer.error.error != ErrorClass::RequestTimeout;
  if (failed && g.try_again(request, record.end)) return;
  record.error = g.errors_.number(answer.error);
  if (endpoint.shows && answer.ok() && answer.first) record.shown = shown_hash(*answer.first);
  worker.records.push_back(record);
  --g.in_system_;
}

Answer Instance::run(Worker& worker, const ClientEndpoint& endpoint, const Request& request, const Limits& limits) {
  if (endpoint.statements.size() == 1) {
    const auto& statement = endpoint.statements.front();
    return worker.session->run(statement.sql, ClientApplication::bind(statement, request.row, request.serial), limits);
  }
  const Answer answer = run_transaction(worker, endpoint, request, limits);
  if (!answer.ok()) worker.session->rollback();
  return answer;
}

Answer Instance::run_transaction(Worker& worker, const ClientEndpoint& endpoint, const Request& request,
                                 const Limits& limits) {
  Answer answer = worker.session->begin(false, limits);
  Duration waited = answer.lock_wait;
  bool behind_step = answer.behind_step && waited > Duration{};
  for (std::size_t i = 0; i < endpoint.statements.size() && answer.ok(); ++i) {
    if (i > 0) think(worker, endpoint.think, limits);
    const auto& statement = endpoint.statements[i];
    answer = worker.session->run(statement.sql, ClientApplication::bind(statement, request.row, request.serial), limits);
    waited += answer.lock_wait;
    behind_step |= answer.behind_step && answer.lock_wait > Duration{};
  }
  if (answer.ok()) {
    answer = worker.session->commit(limits);
    waited += answer.lock_wait;
    behind_step |= answer.behind_step && answer.lock_wait > Duration{};
  }
  answer.lock_wait = waited;
  answer.behind_step = behind_step;
  return answer;
}

void Instance::think(Worker& worker, const Distribution& length, const Limits& limits) {
  const Duration pause = length.sample(worker.random);
  if (pause.ns <= 0) return;
  std::unique_lock lock(mutex_);
  const Clock::time_point until = std::min(Clock::now() + std::chrono::nanoseconds(pause.ns), limits.deadline);
  // Its own condition would be woken by every new request.
  while (!closed_ && Clock::now() < until) worker.wake.wait_until(lock, until);
}

}  // namespace midflight::backends
