#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace midflight {

/// PostgreSQL's eight table lock modes, weakest first.
///
/// SQLite's states use the same type, on the one relation "database" that stands
/// for the file: a reader holds AccessShareLock, a writer ExclusiveLock.
/// Source: PostgreSQL manual, "Explicit Locking", table 13.2.
enum class LockMode : std::uint8_t {
  AccessShareLock,
  RowShareLock,
  RowExclusiveLock,
  ShareUpdateExclusiveLock,
  ShareLock,
  ShareRowExclusiveLock,
  ExclusiveLock,
  AccessExclusiveLock,
};

inline constexpr int kLockModes = 8;

/// The modes each mode conflicts with, one bit per mode; symmetric.
inline constexpr std::array<std::uint8_t, kLockModes> kLockConflicts = {
    0b1000'0000,  // AccessShareLock
    0b1100'0000,  // RowShareLock
    0b1111'0000,  // RowExclusiveLock
    0b1111'1000,  // ShareUpdateExclusiveLock
    0b1110'1100,  // ShareLock
    0b1111'1100,  // ShareRowExclusiveLock
    0b1111'1110,  // ExclusiveLock
    0b1111'1111,  // AccessExclusiveLock
};

constexpr std::uint8_t lock_bit(LockMode mode) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(mode));
}

constexpr bool locks_conflict(LockMode a, LockMode b) {
  return (kLockConflicts[static_cast<std::size_t>(a)] & lock_bit(b)) != 0;
}

constexpr std::string_view lock_mode_name(LockMode mode) {
  constexpr std::array<std::string_view, kLockModes> names = {
      "AccessShareLock", "RowShareLock",          "RowExclusiveLock", "ShareUpdateExclusiveLock",
      "ShareLock",       "ShareRowExclusiveLock", "ExclusiveLock",    "AccessExclusiveLock"};
  return names[static_cast<std::size_t>(mode)];
}

}  // namespace midflight
