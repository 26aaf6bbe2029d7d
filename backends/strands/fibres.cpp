#include "backends/strands/fibres.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

thread_local Fibres* t_here = nullptr;

timespec until_then(Fibres::Clock::time_point due) {
  const auto ns = std::max<std::int64_t>(0, std::chrono::nanoseconds(due - Fibres::Clock::now()).count());
  return {static_cast<time_t>(ns / 1'000'000'000), static_cast<long>(ns % 1'000'000'000)};
}

}  // namespace

struct Fibres::Fibre {
  std::function<void()> work;
  std::promise<void> ended;
  std::unique_ptr<FibreStack> stack;
  Timers::iterator timer;
  Timers::node_type spare;  ///< of the wait before, so that none takes memory
  std::uint64_t waits = 0;
  bool waiting = false, woken = false, timed = false, over = false;
};

Fibres::Fibres() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  MIDFLIGHT_CHECK(epoll_ >= 0);
  epoll_event event{EPOLLIN, {nullptr}};
  MIDFLIGHT_CHECK(::epoll_ctl(epoll_, EPOLL_CTL_ADD, news_.descriptor(), &event) == 0);
  thread_ = std::thread([this] { work(); });
}

Fibres::~Fibres() {
  {
    const std::lock_guard guard(mutex_);
    over_ = true;
  }
  news_.set();
  thread_.join();
  ::close(epoll_);
}

Fibres* Fibres::here() { return t_here != nullptr && t_here->current_ != nullptr ? t_here : nullptr; }

std::future<void> Fibres::start(std::function<void()> work) {
  auto fibre = std::make_unique<Fibre>();
  fibre->work = std::move(work);
  std::future<void> ended = fibre->ended.get_future();
  const std::lock_guard guard(mutex_);
  started_.push_back(std::move(fibre));
  news_.set();
  return ended;
}

void Fibres::run(void* argument) {
  Fibre& fibre = *static_cast<Fibre*>(argument);
  fibre.work();
  fibre.over = true;
}

void Fibres::work() {
  t_here = this;
  ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);  // or the kernel lets arrivals be 50 us late
  while (!closing_ || living_ > 0) {
    await_events();
    wake_due();
    turn_.swap(ready_);
    for (Fibre* fibre : turn_) resume(*fibre);
    turn_.clear();
  }
}

void Fibres::await_events() {
  // Under load something is ready already, and one call finds it.
  if (take_events() || !ready_.empty()) return;
  pollfd source{epoll_, POLLIN, 0};
  const timespec length = timers_.empty() ? timespec{1, 0} : until_then(timers_.begin()->first);
  ::ppoll(&source, 1, &length, nullptr);
  take_events();
}

bool Fibres::take_events() {
  std::array<epoll_event, 64> events;
  const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) {
    auto* fibre = static_cast<Fibre*>(events[static_cast<std::size_t>(i)].data.ptr);
    fibre != nullptr ? ready(*fibre, true) : take_in();
  }
  return count > 0;
}

void Fibres::take_in() {
  news_.take();
  const std::lock_guard guard(mutex_);
  for (auto& fibre : started_) {
    fibre->stack = std::make_unique<FibreStack>(&Fibres::run, fibre.get());
    fibre->waiting = true;
    ++living_;
    ready(*fibre, true);
    fibres_.push_back(std::move(fibre));
  }
  started_.clear();
  for (const Wait& wait : woken_) {
    if (wait.number == wait.fibre->waits) ready(*wait.fibre, true);
  }
  woken_.clear();
  closing_ = over_;
}

void Fibres::wake_due() {
  if (timers_.empty()) return;
  const Clock::time_point now = Clock::now();
  while (!timers_.empty() && timers_.begin()->first <= now) ready(*timers_.begin()->second, false);
}

void Fibres::ready(Fibre& fibre, bool woken) {
  if (!fibre.waiting) return;
  fibre.waiting = false;
  fibre.woken = woken;
  if (std::exchange(fibre.timed, false)) fibre.spare = timers_.extract(fibre.timer);
  ready_.push_back(&fibre);
}

void Fibres::resume(Fibre& fibre) {
  current_ = &fibre;
  fibre.stack->enter();
  current_ = nullptr;
  if (!fibre.over) return;
  fibre.stack.reset();
  fibre.work = nullptr;
  --living_;
  fibre.ended.set_value();
}

bool Fibres::await(int socket, bool write, Clock::time_point until) {
  epoll_event event{EPOLLONESHOT | (write ? EPOLLOUT : EPOLLIN), {current_}};
  // A socket that was closed meanwhile has left the list by itself; a broken one is waited for in vain, as poll() does.
  if (::epoll_ctl(epoll_, EPOLL_CTL_MOD, socket, &event) != 0) ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
  if (pause(until)) return true;
  event.events = 0;
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, socket, &event);
  return false;
}

Fibres::Wait Fibres::next_wait() const { return {current_, current_->waits + 1}; }

Fibres::Timers::iterator Fibres::set_timer(Fibre& fibre, Clock::time_point due) {
  if (fibre.spare.empty()) return timers_.emplace(due, &fibre);
  fibre.spare.key() = due;
  return timers_.insert(std::move(fibre.spare));
}

bool Fibres::pause(Clock::time_point until) {
  Fibre& fibre = *current_;
  ++fibre.waits;
  fibre.waiting = true;
  if (until < Clock::time_point::max()) {
    fibre.timer = set_timer(fibre, until);
    fibre.timed = true;
  }
  fibre.stack->leave();
  return fibre.woken;
}

void Fibres::wake(const Wait& wait) {
  if (here() == this) {
    if (wait.number == wait.fibre->waits) ready(*wait.fibre, true);
    return;
  }
  const std::lock_guard guard(mutex_);
  woken_.push_back(wait);
  news_.set();
}

}  // namespace midflight::backends
