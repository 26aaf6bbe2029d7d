#include "python/bindings/waiting.h"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

namespace py = pybind11;

namespace midflight::python {

namespace {

constexpr std::chrono::milliseconds kListenEvery{50};

/// The thread that works, and whether it is done.
class Worker {
 public:
  explicit Worker(const std::function<void(Told&)>& work) : thread_([this, &work] { run(work); }) {}
  ~Worker() { thread_.join(); }

  /// Returns: whether the work ended within `patience`.
  bool ended(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    return over_.wait_for(lock, patience, [this] { return ended_; });
  }
  void wait() {
    std::unique_lock lock(mutex_);
    over_.wait(lock, [this] { return ended_; });
  }
  const Told& told() const { return told_; }
  std::exception_ptr failure() const { return failure_; }

 private:
  void run(const std::function<void(Told&)>& work) {
    try {
      work(told_);
    } catch (...) {
      failure_ = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    ended_ = true;
    over_.notify_all();
  }

  Told told_;
  std::exception_ptr failure_;
  std::mutex mutex_;
  std::condition_variable over_;
  bool ended_ = false;
  std::thread thread_;  // last: it uses all the rest
};

void show(const py::object& progress, const Told& told) {
  if (!progress.is_none() && told.all() > 0) progress(told.done(), told.all());
}

/// Returns: what Python raised while the work went on.
std::optional<py::error_already_set> listen(Worker& worker, Stop& stop, const py::object& progress) {
  const py::gil_scoped_release others_may_run;
  while (!worker.ended(kListenEvery)) {
    const py::gil_scoped_acquire python;
    try {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      show(progress, worker.told());
    } catch (py::error_already_set& raised) {
      stop.asked = true;
      const py::gil_scoped_release until_it_ends;
      worker.wait();
      return std::move(raised);
    }
  }
  return std::nullopt;
}

}  // namespace

void wait_for(const std::function<void(Told&)>& work, Stop& stop, const py::object& progress) {
  Worker worker(work);
  if (auto raised = listen(worker, stop, progress)) throw std::move(*raised);
  if (worker.failure()) std::rethrow_exception(worker.failure());
  show(progress, worker.told());
}

}  // namespace midflight::python
