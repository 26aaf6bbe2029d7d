#pragma once

#include <cstdint>
#include <vector>

#include "sim/kernel/time.h"

namespace midflight {

class Epoch;
struct CompiledEndpoint;

inline constexpr std::uint32_t kNoSession = ~std::uint32_t{0};

enum class SessionKind : std::uint8_t { Free, Request, Step, Background };

/// Where a session is in its life.
enum class SessionState : std::uint8_t {
  PoolWait, LockWait, RowWait, PhaseWait, Polling, PollingCommit, Running, Thinking, Pausing,
};

/// A transaction in progress: of a request, a step of the plan or a background job.
struct Session {
  Instant arrival{};                      ///< when the client wanted it
  std::uint64_t bits = 0;                 ///< of the arrival, for its row and the like
  const Epoch* epoch = nullptr;           ///< whose locks it asks for
  const CompiledEndpoint* runs = nullptr; ///< requests: the endpoint of its instance's version
  std::uint32_t prev = kNoSession, next = kNoSession;              ///< requests, by arrival
  std::uint32_t queue_prev = kNoSession, queue_next = kNoSession;  ///< waiting for a connection
  std::uint32_t owner = 0;                ///< instance, step or job
  std::uint32_t ticket = 0;               ///< on the processors
  std::uint32_t stamp = 0;                ///< moves on whenever the session does: older events are void
  std::uint32_t transaction = 0;          ///< moves on when its transaction ends
  std::uint32_t snapshot = 0;             ///< SQLite: commits when it first read
  std::uint16_t version = 0, endpoint = 0;
  std::uint16_t statement = 0, ask = 0;
  std::uint16_t connection = 0;
  std::uint16_t polls = 0;                ///< SQLite: tries that found the file busy, ...
  Duration polled{};                      ///< ... and how long it slept between them
  SessionKind kind = SessionKind::Free;
  SessionState state = SessionState::Running;
  std::uint8_t tries = 0;
  std::uint8_t reads = 0;                 ///< SQLite: SHARED locks it has
  bool wrote = false, connected = false;
};

/// All sessions of a run by id, and the requests among them in order of arrival.
class Sessions {
 public:
  std::uint32_t add(SessionKind kind) {
    std::uint32_t id;
    if (free_.empty()) {
      id = static_cast<std::uint32_t>(all_.size());
      all_.emplace_back();
    } else {
      id = free_.back();
      free_.pop_back();
      const std::uint32_t stamp = all_[id].stamp, transaction = all_[id].transaction;
      all_[id] = kFresh;
      all_[id].stamp = stamp + 1;
      all_[id].transaction = transaction + 1;
    }
    all_[id].kind = kind;
    return id;
  }
  void remove(std::uint32_t id) {
    all_[id].kind = SessionKind::Free;
    ++all_[id].stamp;
    ++all_[id].transaction;
    free_.push_back(id);
  }
  Session& operator[](std::uint32_t id) { return all_[id]; }
  const Session& operator[](std::uint32_t id) const { return all_[id]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(all_.size()); }

  /// Puts a request at the end of the order of arrival.
  void enter(std::uint32_t id) {
    Session& s = all_[id];
    s.prev = last_;
    (last_ == kNoSession ? first_ : all_[last_].next) = id;
    last_ = id;
    ++requests_;
  }
  void leave(std::uint32_t id) {
    Session& s = all_[id];
    (s.prev == kNoSession ? first_ : all_[s.prev].next) = s.next;
    (s.next == kNoSession ? last_ : all_[s.next].prev) = s.prev;
    --requests_;
  }
  std::uint32_t oldest() const { return first_; }
  std::int64_t requests() const { return requests_; }

 private:
  /// Copied rather than made: a temporary would be cleared byte by byte, for every request.
  static constexpr Session kFresh{};

  std::vector<Session> all_;
  std::vector<std::uint32_t> free_;
  std::uint32_t first_ = kNoSession, last_ = kNoSession;
  std::int64_t requests_ = 0;
};

}  // namespace midflight
