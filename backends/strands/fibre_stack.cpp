#include "backends/strands/fibre_stack.h"

#include <sys/mman.h>

#include <cstdint>

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

constexpr std::size_t kGuardBytes = 4096, kStackBytes = 256 * 1024;

#ifdef MIDFLIGHT_ASAN
void leaving(void** fake, const void* bottom, std::size_t bytes) { __sanitizer_start_switch_fiber(fake, bottom, bytes); }
void arrived(void* fake, const void** bottom, std::size_t* bytes) { __sanitizer_finish_switch_fiber(fake, bottom, bytes); }
#else
void leaving(void**, const void*, std::size_t) {}
void arrived(void*, const void**, std::size_t*) {}
#endif

}  // namespace

FibreStack::FibreStack(void (*entry)(void*), void* argument) : entry_(entry), argument_(argument) {
  memory_ = ::mmap(nullptr, kGuardBytes + kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  MIDFLIGHT_CHECK(memory_ != MAP_FAILED);
  ::mprotect(memory_, kGuardBytes, PROT_NONE);
  ::getcontext(&inside_);
  inside_.uc_stack.ss_sp = static_cast<char*>(memory_) + kGuardBytes;
  inside_.uc_stack.ss_size = kStackBytes;
  inside_.uc_link = nullptr;
  // makecontext passes nothing but ints.
  const auto self = reinterpret_cast<std::uintptr_t>(this);
  ::makecontext(&inside_, reinterpret_cast<void (*)()>(&FibreStack::begin), 2, static_cast<unsigned>(std::uint64_t{self} >> 32U),
                static_cast<unsigned>(self));
}

FibreStack::~FibreStack() { ::munmap(memory_, kGuardBytes + kStackBytes); }

void FibreStack::begin(unsigned high, unsigned low) {
  auto* self = reinterpret_cast<FibreStack*>(static_cast<std::uintptr_t>((std::uint64_t{high} << 32U) | low));
  arrived(nullptr, &self->outside_bottom_, &self->outside_bytes_);
  self->entry_(self->argument_);
  MIDFLIGHT_CHECK(false);  // it has left for ever
}

void FibreStack::enter() {
  leaving(&fake_outside_, inside_.uc_stack.ss_sp, inside_.uc_stack.ss_size);
  ::swapcontext(&outside_, &inside_);
  arrived(fake_outside_, nullptr, nullptr);
}

void FibreStack::leave(bool for_ever) {
  leaving(for_ever ? nullptr : &fake_inside_, outside_bottom_, outside_bytes_);
  ::swapcontext(&inside_, &outside_);
  arrived(fake_inside_, nullptr, nullptr);
}

}  // namespace midflight::backends
