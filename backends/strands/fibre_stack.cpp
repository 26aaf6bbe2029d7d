#include "backends/strands/fibre_stack.h"

#include <boost/context/fiber.hpp>
#include <boost/context/preallocated.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <utility>

#include "sim/kernel/error.h"

#if defined(__SANITIZE_ADDRESS__)
#define MIDFLIGHT_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MIDFLIGHT_ASAN 1
#endif
#endif

#ifdef MIDFLIGHT_ASAN
#include <sanitizer/common_interface_defs.h>
#endif

namespace midflight::backends {
namespace {

namespace context = boost::context;

constexpr std::size_t kStackBytes = 256 * 1024;

#ifdef MIDFLIGHT_ASAN
void leaving(void** fake, const void* bottom, std::size_t bytes) { __sanitizer_start_switch_fiber(fake, bottom, bytes); }
void arrived(void* fake, const void** bottom, std::size_t* bytes) { __sanitizer_finish_switch_fiber(fake, bottom, bytes); }
#else
void leaving(void**, const void*, std::size_t) {}
void arrived(void*, const void**, std::size_t*) {}
#endif

/// The work's stack, or the thread's, as AddressSanitizer is told of it.
struct Side {
  context::fiber fiber;  ///< where it goes on; empty while it runs
  void* fake = nullptr;
  const void* bottom = nullptr;
  std::size_t bytes = 0;
};

/// Goes on with `to`; what ran so far waits in `from`, and it returns when that goes on.
void change(Side& from, Side& to) {
  leaving(&from.fake, to.bottom, to.bytes);
  context::fiber other = std::move(to.fiber).resume();
  arrived(from.fake, &to.bottom, &to.bytes);
  to.fiber = std::move(other);
}

}  // namespace

struct FibreStack::Sides {
  Side inside, outside;
};

FibreStack::FibreStack(void (*entry)(void*), void* argument) : sides_(std::make_unique<Sides>()) {
  context::protected_fixedsize_stack stacks(kStackBytes);
  const context::stack_context stack = stacks.allocate();
  Side& inside = sides_->inside;
  inside.bottom = static_cast<char*>(stack.sp) - stack.size;
  inside.bytes = stack.size;
  inside.fiber = context::fiber(std::allocator_arg, context::preallocated(stack.sp, stack.size, stack), stacks,
                                [entry, argument, sides = sides_.get()](context::fiber&& caller) {
    Side& outside = sides->outside;
    arrived(nullptr, &outside.bottom, &outside.bytes);
    outside.fiber = std::move(caller);
    entry(argument);
    leaving(nullptr, outside.bottom, outside.bytes);
    return std::move(outside.fiber);
  });
}

FibreStack::~FibreStack() { MIDFLIGHT_CHECK(!sides_->inside.fiber); }

void FibreStack::enter() {
  MIDFLIGHT_CHECK(sides_->inside.fiber);
  change(sides_->outside, sides_->inside);
}

void FibreStack::leave() { change(sides_->inside, sides_->outside); }

}  // namespace midflight::backends
