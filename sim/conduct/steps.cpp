#include "sim/conduct/steps.h"

#include "sim/kernel/error.h"

namespace midflight::conduct {
namespace {

bool failed_on_a_lock(const ErrorKind& error) {
  return error.error == ErrorClass::LockTimeout || error.error == ErrorClass::Deadlock ||
         error.error == ErrorClass::StatementTimeout;
}

}  // namespace

void PlanConductor::StepMachine::skip_batches(std::int64_t) { MIDFLIGHT_CHECK(!"only a backfill has batches"); }

void PlanConductor::StepMachine::stop(const std::string& what) {
  const std::string name = step_.id.empty() ? std::to_string(index_ + 1) : step_.id;
  why_stopped_ = "step " + name + " " + what;
}

bool Attempts::may_repeat(const ErrorKind& error) const {
  return failed_on_a_lock(error) && (retry_.tries == Retry::kUnlimited || attempt_ < retry_.tries);
}

std::string Attempts::sentence(const ErrorKind& error) const {
  const std::string message = error.message.empty() ? std::string(error_class_name(error.error)) : error.message;
  if (!failed_on_a_lock(error)) return "failed: " + message;
  return "gave up after " + std::to_string(attempt_) + (attempt_ == 1 ? " try: " : " tries: ") + message;
}

}  // namespace midflight::conduct
