#include "backends/stale_reads.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace midflight::backends {
namespace {

bool holds(const MovedColumn& moved, const std::string& table, const std::string& column) {
  return moved.table == table && (moved.from == column || moved.to == column);
}

/// Writes and reads of one value that moves between two columns.
class Reader {
 public:
  Reader(const MovedColumn& moved, const Catalogue& catalogue, const ClientApplication& application,
         const PlanRunResult& run)
      : moved_(moved),
        fill_(catalogue.fill(moved.table, moved.from)),
        rows_(std::max<std::int64_t>(1, catalogue.rows(moved.table))),
        application_(application),
        run_(run) {}

  /// True when every endpoint that shows the value is one whose reads are checked.
  bool sees_all() const {
    for (std::size_t v = 0; v + 1 < application_.versions().size(); ++v) {
      for (std::size_t e = 0; e < application_.endpoints().size(); ++e) {
        const ClientEndpoint& endpoint = application_.endpoint(v, e);
        const bool shown = std::any_of(endpoint.outputs.begin(), endpoint.outputs.end(),
                                       [&](const ReadColumn& o) { return holds(moved_, o.table, o.column); });
        if (shown && !checked(endpoint)) return false;
      }
    }
    return true;
  }

  std::int64_t stale() {
    note_writes();
    return std::count_if(run_.requests.begin(), run_.requests.end(), [&](const RequestRecord& request) {
      return request.error == 0 && request.shown != 0 && checked(endpoint_of(request)) && is_stale(request);
    });
  }

 private:
  const ClientEndpoint& endpoint_of(const RequestRecord& request) const {
    return application_.endpoint(request.version, request.endpoint);
  }
  bool checked(const ClientEndpoint& endpoint) const {
    return endpoint.shows && holds(moved_, endpoint.shows->table, endpoint.shows->column);
  }
  std::int64_t row_of(const RequestRecord& request) const { return (request.row - 1) % rows_ + 1; }

  void note_writes() {
    for (const RequestRecord& request : run_.requests) {
      if (request.error != 0) continue;
      const std::vector<WriteEffect>& effects = endpoint_of(request).effects;
      const bool writes = std::any_of(effects.begin(), effects.end(), [&](const WriteEffect& effect) {
        return !effect.inserts && holds(moved_, effect.table, effect.column);
      });
      if (writes) writes_[row_of(request)].push_back(&request);
    }
  }

  /// A value is right unless a later one was acknowledged before the read began.
  bool is_stale(const RequestRecord& read) const {
    const auto known = writes_.find(row_of(read));
    const std::vector<const RequestRecord*> none;
    const std::vector<const RequestRecord*>& writes = known == writes_.end() ? none : known->second;
    const auto replaced = [&](Instant since) {
      return std::any_of(writes.begin(), writes.end(), [&](const auto* w) { return w->began >= since && w->end < read.began; });
    };
    if (shown_hash(fill_.value(row_of(read))) == read.shown && !replaced(Instant{std::numeric_limits<std::int64_t>::min()})) return false;
    return std::none_of(writes.begin(), writes.end(), [&](const auto* w) {
      return w->began <= read.end && shown_hash(fill_.fresh(w->serial)) == read.shown && !replaced(w->end);
    });
  }

  const MovedColumn& moved_;
  ColumnFill fill_;
  std::int64_t rows_;
  const ClientApplication& application_;
  const PlanRunResult& run_;
  std::unordered_map<std::int64_t, std::vector<const RequestRecord*>> writes_;  ///< by row
};

}  // namespace

std::optional<std::int64_t> count_stale_reads(const Catalogue& catalogue, const ClientApplication& application,
                                              const PlanRunResult& run) {
  std::int64_t count = 0;
  for (const MovedColumn& moved : catalogue.moved()) {
    Reader reader(moved, catalogue, application, run);
    if (!reader.sees_all()) return std::nullopt;
    count += reader.stale();
  }
  return count;
}

}  // namespace midflight::backends
