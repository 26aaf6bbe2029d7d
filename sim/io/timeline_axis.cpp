#include <algorithm>
#include <cmath>

#include "sim/io/timeline.h"

namespace midflight::io {

namespace {

using Stretch = TimelineAxis::Stretch;

constexpr std::size_t kStretchesMax = 24;
constexpr Duration kCompressedMin = Duration::seconds(30);
/// A stretch in which something happens must be longer than this.
constexpr Duration kBusyCompressedMin = Duration::minutes(10);
constexpr int kCompressedColumnsMin = 5;

bool marks_time(const TimelineEntry& e) {
  return e.lane.rfind("step ", 0) == 0 || e.lane.rfind("lock ", 0) == 0 || e.lane == "errors";
}

std::vector<Instant> marks(const std::vector<TimelineEntry>& timeline) {
  std::vector<Instant> at = {Instant{}};
  for (const TimelineEntry& e : timeline) {
    if (!marks_time(e)) continue;
    at.push_back(std::max(e.at, Instant{}));
    at.push_back(std::max(e.until, Instant{}));
  }
  std::sort(at.begin(), at.end());
  at.erase(std::unique(at.begin(), at.end()), at.end());
  if (at.size() == 1) at.push_back(at.front() + Duration::seconds(1));
  return at;
}

/// Forgets the marks nearest to the one before them, until few enough are left.
std::vector<Instant> thinned(const std::vector<Instant>& at) {
  if (at.size() <= kStretchesMax + 1) return at;
  std::vector<Duration> gaps;
  for (std::size_t i = 1; i < at.size(); ++i) gaps.push_back(at[i] - at[i - 1]);
  std::nth_element(gaps.begin(), gaps.begin() + kStretchesMax - 1, gaps.end(), std::greater<>());
  const Duration least = gaps[kStretchesMax - 1];
  std::vector<Instant> kept = {at.front()};
  for (std::size_t i = 1; i + 1 < at.size(); ++i) {
    const bool edge_of_long = at[i] - at[i - 1] >= least || at[i + 1] - at[i] >= least;
    if (edge_of_long && kept.size() < 2 * kStretchesMax) kept.push_back(at[i]);
  }
  kept.push_back(at.back());
  return kept;
}

Duration length(const Stretch& s) { return s.until - s.from; }

/// Requests fail or wait in it, or the fleet moves.
bool is_busy(const Stretch& s, const std::vector<TimelineEntry>& timeline) {
  return std::any_of(timeline.begin(), timeline.end(), [&](const TimelineEntry& e) {
    const bool overlaps = e.at < s.until && e.until > s.from;
    const bool changes = (e.at > s.from && e.at < s.until) || (e.until > s.from && e.until < s.until);
    const bool hurts = e.lane == "errors" || e.lane == "traffic" || e.lane.rfind("lock ", 0) == 0;
    return changes || (overlaps && hurts);
  });
}

bool may_compress(const Stretch& s, const std::vector<TimelineEntry>& timeline) {
  return length(s) >= kBusyCompressedMin || (length(s) >= kCompressedMin && !is_busy(s, timeline));
}

/// The least length to compress: of those that may be, the shortest that is
/// longer than everything shorter together.
Duration compressed_from(const std::vector<Stretch>& stretches, const std::vector<TimelineEntry>& timeline) {
  std::vector<std::pair<Duration, bool>> lengths;
  for (const Stretch& s : stretches) lengths.emplace_back(length(s), may_compress(s, timeline));
  std::sort(lengths.begin(), lengths.end());
  Duration rest{}, least = Duration::max();
  std::vector<Duration> below(lengths.size());
  for (std::size_t i = 0; i < lengths.size(); ++i) below[i] = rest, rest += lengths[i].first;
  for (std::size_t i = lengths.size(); i-- > 1;) {
    if (lengths[i].second && lengths[i].first > below[i] && below[i].ns > 0) least = lengths[i].first;
  }
  return least;
}

void set_columns(std::vector<Stretch>& stretches, int columns) {
  const int compressed = std::max(kCompressedColumnsMin, columns / 30);
  double seconds = 0;
  int room = columns;
  for (const Stretch& s : stretches) {
    if (s.compressed) room -= compressed;
    else seconds += length(s).seconds(), room -= 1;
  }
  room = std::max(room, 0);
  double shown = 0;
  int left = 0, given = 0;
  for (Stretch& s : stretches) {
    s.left = left;
    int width = compressed;
    if (!s.compressed) {
      shown += length(s).seconds();
      const int until = seconds > 0 ? static_cast<int>(std::lround(room * shown / seconds)) : 0;
      width = 1 + until - given;
      given = until;
    }
    s.right = left = std::min(left + width, columns);
  }
  stretches.back().right = columns;
}

}  // namespace

TimelineAxis::TimelineAxis(const std::vector<TimelineEntry>& timeline, int columns) : columns_(columns) {
  const std::vector<Instant> at = thinned(marks(timeline));
  for (std::size_t i = 1; i < at.size(); ++i) stretches_.push_back({at[i - 1], at[i]});
  const Duration least = compressed_from(stretches_, timeline);
  for (Stretch& s : stretches_) s.compressed = length(s) >= least && may_compress(s, timeline);
  set_columns(stretches_, columns);
}

int TimelineAxis::column(Instant at) const {
  for (const Stretch& s : stretches_) {
    if (at >= s.until) continue;
    if (at <= s.from) return s.left;
    const double share = (at - s.from).seconds() / length(s).seconds();
    return s.left + static_cast<int>(share * (s.right - s.left));
  }
  return columns_;
}

}  // namespace midflight::io
