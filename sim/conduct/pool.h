#pragma once

#include "sim/kernel/error.h"

namespace midflight::conduct {

/// What a connection pool answers a request.
struct Grant {
  bool granted = false;  ///< false: all connections are busy; the request waits
  bool fresh = false;    ///< the connection must be opened first
};

/// The connection pool of one instance: connections are opened when needed, at
/// most `size`, and then kept.
///
/// Counts only.  Who waits, how long and in what order is the caller's: on
/// release() it asks again for its first waiter.
/// Cost: a few instructions; no allocation.
class Pool {
 public:
  explicit Pool(int size) : size_(size) { MIDFLIGHT_CHECK(size > 0); }

  Grant try_acquire() {
    if (busy_ < open_) return ++busy_, Grant{true, false};
    if (open_ == size_) return {};
    ++open_, ++busy_;
    return {true, true};
  }

  /// Gives a connection back, to be kept.
  void release() {
    MIDFLIGHT_CHECK(busy_ > 0);
    --busy_;
  }

  /// Gives a connection back that is gone: the server refused or closed it.
  void discard() {
    release();
    --open_;
  }

  int size() const { return size_; }
  int open() const { return open_; }
  int busy() const { return busy_; }

 private:
  int size_;
  int open_ = 0, busy_ = 0;
};

}  // namespace midflight::conduct
