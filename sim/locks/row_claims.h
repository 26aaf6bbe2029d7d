#pragma once

#include <vector>

#include "sim/kernel/time.h"
#include "sim/locks/lock_manager.h"

namespace midflight::locks {

/// Rows that bulk statements have locked: ranges that grow as rows are reached
/// and are given back at commit.
///
/// Scope: the rows of single requests are not kept; two requests meet on one
///        row too rarely to matter, and hold it for a few milliseconds.
class RowClaims {
 public:
  /// `session` will reach rows [first, first + rows) of a relation evenly
  /// between `from` and `from + length`.
  void add(SessionId session, RelationId relation, std::int64_t first, std::int64_t rows, Instant from,
           Duration length) {
    claims_.push_back({session, relation, first, rows, from, length});
  }
  void drop(SessionId session) {
    std::erase_if(claims_, [=](const Claim& c) { return c.session == session; });
  }
  bool empty() const { return claims_.empty(); }

  /// Who holds a row now, or kNobody.
  SessionId holder(RelationId relation, std::int64_t row, Instant now) const {
    for (const Claim& c : claims_) {
      if (c.relation == relation && row >= c.first && row < c.first + reached(c, now)) return c.session;
    }
    return kNobody;
  }
  /// Who but `self` holds one of the rows [first, first + rows) now, or kNobody.
  SessionId holder_within(RelationId relation, std::int64_t first, std::int64_t rows, SessionId self, Instant now) const {
    for (const Claim& c : claims_) {
      const std::int64_t end = c.first + reached(c, now);
      if (c.session != self && c.relation == relation && c.first < first + rows && first < end) return c.session;
    }
    return kNobody;
  }
  /// Who holds any row of the relation, or kNobody.
  SessionId any_holder(RelationId relation) const {
    for (const Claim& c : claims_) {
      if (c.relation == relation) return c.session;
    }
    return kNobody;
  }

 private:
  struct Claim {
    SessionId session;
    RelationId relation;
    std::int64_t first, rows;
    Instant from;
    Duration length;
  };
  static std::int64_t reached(const Claim& c, Instant now) {
    if (now >= c.from + c.length) return c.rows;
    const double share = (now - c.from).seconds() / c.length.seconds();
    return static_cast<std::int64_t>(share * static_cast<double>(c.rows));
  }
  std::vector<Claim> claims_;
};

}  // namespace midflight::locks
