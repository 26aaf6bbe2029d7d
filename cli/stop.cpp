#include "cli/stop.h"

#include <csignal>

#include "cli/verbs.h"

namespace midflight::cli {

namespace {

std::atomic<bool> stop{false};
std::atomic<int> signal_seen{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

extern "C" void on_stop_signal(int number) {
  signal_seen = number;
  stop = true;
}

void handle(int number) {
  struct sigaction action = {};
  action.sa_handler = on_stop_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second one ends at once
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, nullptr);
}

}  // namespace

void listen_for_stop() {
  handle(SIGINT);
  handle(SIGTERM);
}

const std::atomic<bool>& stop_asked() { return stop; }

int stop_status() { return signal_seen == 0 ? static_cast<int>(kInterrupted) : 128 + signal_seen; }

}  // namespace midflight::cli
