#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/model/measurement.h"

namespace midflight::io {

/// Where a moment stands on a drawn timeline.
///
/// Time runs left to right in proportion, but a stretch in which nothing happens
/// and that is longer than everything shorter together is compressed and marked,
/// or a soak of an hour would leave no room for the seconds that hurt.  Every
/// stretch between two events keeps at least one column.
class TimelineAxis {
 public:
  struct Stretch {
    Instant from, until;
    int left = 0, right = 0;     ///< columns
    bool compressed = false;
  };

  TimelineAxis(const std::vector<TimelineEntry>& timeline, int columns);

  /// Returns: 0 to columns.
  int column(Instant at) const;
  int columns() const { return columns_; }
  const std::vector<Stretch>& stretches() const { return stretches_; }

 private:
  int columns_;
  std::vector<Stretch> stretches_;
};

/// One row of the drawing: everything told of one version, step, relation, ...
struct TimelineLane {
  enum class Kind : std::uint8_t { Version, Step, Lock, Background, Errors, Other };
  Kind kind = Kind::Other;
  std::string label;
  std::vector<TimelineEntry> entries;
};

/// The lanes of a timeline: versions, steps, locks, background jobs, errors.
std::vector<TimelineLane> timeline_lanes(const std::vector<TimelineEntry>& timeline);

/// "6 of 8 instances" and "75%" as 0.75; 1 where no share is told.
double told_share(const std::string& what);
/// The first number in a text ("120 failed requests"); 1 where there is none.
double told_count(const std::string& what);
/// Whether a lock's entry tells of waiting for it rather than holding it.
bool told_waiting(const std::string& what);

/// The timeline as text within `width` columns.
std::string timeline_text(const std::vector<TimelineEntry>& timeline, std::size_t width);

/// A prediction and what was measured above each other, on one axis.  What was
/// told before the measurement began is left out.
std::string timelines_text(const std::vector<TimelineEntry>& predicted, const std::vector<TimelineEntry>& measured,
                           std::size_t width);

/// The timeline as an SVG element of 960 units' width, without script.
std::string timeline_svg(const std::vector<TimelineEntry>& timeline);

}  // namespace midflight::io
