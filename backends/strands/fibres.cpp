#include "backends/strands/fibres.h"

#include <poll.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

// A thread under full load has nothing to do more often than eight times in it, and goes on at once each time.
constexpr auto kShort = std::chrono::milliseconds(4);

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
  Clock::time_point due{};  ///< when the wait at hand ends
  int socket = -1;          ///< which it is for
  std::uint64_t waits = 0;
  bool waiting = false, woken = false, timed = false, over = false;
};

Fibres::Fibres() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  MIDFLIGHT_CHECK(epoll_ >= 0);
  epoll_event event{EPOLLIN, {.fd = news_.descriptor()}};
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
  // Under full load a server on this machine waits for this very processor, and what it answers now costs it no waking of a
  // thread that sleeps.  Otherwise somebody else might take the processor for milliseconds, and arrivals would be late.
  if (rarely_sleeps()) {
    ::sched_yield();
    if (take_events()) return;
  }
  pollfd source{epoll_, POLLIN, 0};
  const timespec length = timers_.empty() ? timespec{1, 0} : until_then(timers_.begin()->first);
  ::ppoll(&source, 1, &length, nullptr);
  take_events();
}

bool Fibres::rarely_sleeps() {
  const Clock::time_point now = Clock::now();
  const Clock::time_point then = std::exchange(wanted_sleep_[sleeps_++ % wanted_sleep_.size()], now);
  return now - then < kShort;
}

bool Fibres::take_events() {
  std::array<epoll_event, 64> events;
  const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) {
    const int socket = events[static_cast<std::size_t>(i)].data.fd;
    socket == news_.descriptor() ? take_in() : take_event(socket);
  }
  return count > 0;
}

void Fibres::take_event(int socket) {
  Fibre* const fibre = watchers_[static_cast<std::size_t>(socket)];
  // What comes unasked is told of again and again until somebody reads it.
  if (fibre == nullptr || fibre->socket != socket) return unwatch(socket);
  ready(*fibre, true);
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
  while (!timers_.empty() && timers_.begin()->first <= now) {
    Fibre& fibre = *timers_.begin()->second;
    if (fibre.waiting && now < fibre.due && fibre.due < Clock::time_point::max()) {  // of a wait that has ended before
      set_timer(fibre, fibre.due);
      continue;
    }
    timers_.erase(timers_.begin());
    fibre.timed = false;
    if (fibre.due <= now) ready(fibre, false);
  }
}

void Fibres::ready(Fibre& fibre, bool woken) {
  if (!fibre.waiting) return;
  fibre.waiting = false;
  fibre.woken = woken;
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

bool Fibres::await(int socket, Ready what, Clock::time_point until) {
  if (socket < 0) return pause(until);  // none any more: waited for in vain, as poll() does
  watch(socket, what);
  Fibre& fibre = *current_;
  fibre.socket = socket;
  const bool came = pause(until);
  fibre.socket = -1;
  if (what != Ready::Reply || !came) unwatch(socket);
  return came;
}

/// Once for all replies: who has got one asks for the next, and a call to the kernel for each would cost as much as the switch.
/// A socket that is closed leaves the kernel's list by itself, and this one when another under its number is waited for.
void Fibres::watch(int socket, Ready what) {
  const auto at = static_cast<std::size_t>(socket);
  if (at >= watchers_.size()) watchers_.resize(at + 1);
  if (what == Ready::Reply && watchers_[at] == current_) return;
  watchers_[at] = current_;
  epoll_event event{what == Ready::Write ? EPOLLOUT : EPOLLIN, {.fd = socket}};
  if (::epoll_ctl(epoll_, EPOLL_CTL_MOD, socket, &event) != 0) ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
}

void Fibres::unwatch(int socket) {
  watchers_[static_cast<std::size_t>(socket)] = nullptr;
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, socket, nullptr);
}

Fibres::Wait Fibres::next_wait() const { return {current_, current_->waits + 1}; }

// Most waits end before their time: a timer that is early enough stays where it is.
void Fibres::set_timer(Fibre& fibre, Clock::time_point due) {
  if (!fibre.timed) {
    fibre.timer = timers_.emplace(due, &fibre);
    fibre.timed = true;
    return;
  }
  auto timer = timers_.extract(fibre.timer);
  timer.key() = due;
  fibre.timer = timers_.insert(std::move(timer));
}

bool Fibres::pause(Clock::time_point until) {
  Fibre& fibre = *current_;
  ++fibre.waits;
  fibre.waiting = true;
  fibre.due = until;
  if (until < (fibre.timed ? fibre.timer->first : Clock::time_point::max())) set_timer(fibre, until);
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
