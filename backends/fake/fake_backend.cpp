#include "backends/fake/fake_backend.h"

#include <algorithm>
#include <thread>

#include "sim/kernel/error.h"

namespace midflight::backends {

class FakeSession final : public Session {
 public:
  FakeSession(FakeBackend& backend, std::string name) : backend_(backend), name_(std::move(name)) { ++backend_.open_; }
  ~FakeSession() override {
    rollback();
    --backend_.open_;
  }

  Answer begin(bool write, const Limits& limits) override {
    const Answer answer = perform("BEGIN", {}, limits);
    if (answer.ok()) backend_.transaction(name_, write ? LockMode::ExclusiveLock : LockMode::AccessShareLock);
    return answer;
  }
  Answer run(const std::string& sql, const Row& parameters, const Limits& limits) override {
    return perform(sql, parameters, limits);
  }
  Answer commit(const Limits& limits) override {
    const Answer answer = perform("COMMIT", {}, limits);
    if (answer.ok()) backend_.transaction(name_, {});
    return answer;
  }
  void rollback() noexcept override { backend_.transaction(name_, {}); }

  std::vector<Row> query(const std::string& sql, const Row& parameters) override {
    const auto script = backend_.take(name_, sql, parameters);
    if (script && script->error.error != ErrorClass::None) throw Error(ErrorCode::Database, script->error.message);
    return script ? script->rows : std::vector<Row>{};
  }

 private:
  Answer perform(const std::string& sql, const Row& parameters, const Limits& limits) {
    if (backend_.over()) throw Error(ErrorCode::Interrupted, "stopped");
    Answer answer;
    const auto script = backend_.take(name_, sql, parameters);
    const Duration delay = script ? script->delay : Duration{};
    if (!sleep_until(Clock::now() + std::chrono::nanoseconds(delay.ns), limits)) {
      answer.error = {limits.deadline_error, "", "interrupted"};
    } else if (script) {
      answer.error = script->error;
      if (!script->rows.empty() && !script->rows[0].empty()) answer.first = script->rows[0][0];
      answer.rows = static_cast<std::int64_t>(script->rows.size());
      if (answer.error.error == ErrorClass::LockTimeout) answer.lock_wait = delay;
    }
    return answer;
  }

  /// False when the deadline came first, or enough of it.
  bool sleep_until(Clock::time_point until, const Limits& limits) {
    const auto enough = [&] { return Clock::now() >= limits.deadline || (limits.enough != nullptr && limits.enough->load()); };
    while (Clock::now() < until && !enough()) {
      if (backend_.over()) throw Error(ErrorCode::Interrupted, "stopped");
      std::this_thread::sleep_until(std::min({until, limits.deadline, Clock::now() + std::chrono::milliseconds(20)}));
    }
    return !enough();
  }

  FakeBackend& backend_;
  std::string name_;
};

FakeBackend::FakeBackend(const BackendOptions& options) : options_(options) {}

void FakeBackend::script(Script script) {
  const std::lock_guard guard(mutex_);
  scripts_.push_front(std::move(script));
}

std::vector<FakeBackend::Call> FakeBackend::calls() const {
  const std::lock_guard guard(mutex_);
  return calls_;
}

void FakeBackend::prepare(const Schema&, const Schema&) {
  if (over()) throw Error(ErrorCode::Interrupted, "stopped");
  prepared_ = true;
}

std::unique_ptr<Session> FakeBackend::open(const std::string& name, Role) { return std::make_unique<FakeSession>(*this, name); }

std::vector<LockSample> FakeBackend::locks() const {
  const std::lock_guard guard(mutex_);
  std::vector<LockSample> samples;
  for (const auto& [session, mode] : transactions_) samples.push_back({session, "database", mode, true});
  return samples;
}

bool FakeBackend::over() const { return cancelled_.load() || (options_.stop != nullptr && options_.stop->load()); }

std::optional<FakeBackend::Script> FakeBackend::take(const std::string& session, const std::string& sql,
                                                     const Row& parameters) {
  const std::lock_guard guard(mutex_);
  calls_.push_back({session, sql, parameters});
  for (Script& script : scripts_) {
    if (script.times == 0 || sql.find(script.fragment) == std::string::npos) continue;
    if (script.times > 0) --script.times;
    return script;
  }
  return {};
}

void FakeBackend::transaction(const std::string& session, std::optional<LockMode> mode) {
  const std::lock_guard guard(mutex_);
  mode ? void(transactions_[session] = *mode) : void(transactions_.erase(session));
}

}  // namespace midflight::backends
