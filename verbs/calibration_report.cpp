#include "verbs/calibration_report.h"

#include <fmt/core.h>

#include <algorithm>

#include "backends/timing.h"
#include "sim/io/profile.h"
#include "sim/io/text_number.h"
#include "verbs/yaml_words.h"

namespace midflight::verbs {

namespace {

using backends::ServerCalibration;

std::string percent(double share) { return fmt::format("{:.0f}%", share * 100); }

/// Statements take microseconds.
std::string human_time(double seconds) {
  return seconds < 0.001 ? fmt::format("{:.0f} us", seconds * 1e6) : io::human_seconds(seconds);
}

std::string residual_lines(const ServerCalibration& c) {
  std::string text = fmt::format("{:<36} {:>6} {:>12} {:>10}\n", "error of the fit", "times", "median", "worst");
  for (const backends::FamilyResidual& r : c.residuals) {
    text += fmt::format("{:<36} {:>6} {:>12} {:>10}\n", r.family, r.times, percent(r.error), percent(r.error_worst));
  }
  return text;
}

std::string observation_lines(const ServerCalibration& c) {
  std::string text = fmt::format("{:<36} {:<32} {:>10} {:>10} {:>6}\n", "work", "on", "measured", "model", "error");
  for (const backends::Observation& o : c.observations) {
    const double measured = o.measured_s(), predicted = predicted_s(o, c.profile);
    text += fmt::format("{:<36} {:<32} {:>10} {:>10} {:>6}\n", o.family, o.table, io::human_seconds(measured), io::human_seconds(predicted),
                        percent(predicted / measured - 1));
  }
  return text;
}

std::string service_lines(const ServerCalibration& c) {
  std::string text = "one session\n";
  for (const backends::ServiceTime& s : c.services) text += fmt::format("  {:<34} {} (sigma {:.2f})\n", s.what, human_time(s.time.a), s.time.b);
  text += fmt::format("  {:<34} {}\n", "commit", human_time(c.profile.commit_s));
  return text;
}

std::string capacity_lines(const ServerCalibration& c) {
  std::vector<double> before, after;
  for (const backends::Stall& stall : c.capacity.stalls) before.push_back(stall.before), after.push_back(stall.after);
  std::string text = fmt::format("capacity: {:.0f} reads/s with {} sessions", c.capacity.per_second, c.capacity.sessions);
  if (!before.empty()) {
    text += fmt::format(";\n  {:.0f}/s by a crowd of {}, {:.0f}/s right after a lock has held it up", backends::median(before), c.capacity.crowd,
                        backends::median(after));
  }
  text += "\n";
  text += fmt::format("beside {} sessions that read all the time\n", c.readers);
  for (const backends::PassUnderLoad& p : c.under_load) {
    text += fmt::format("  {:<34} {} instead of {} ({:.1f} times)\n", p.family, io::human_seconds(p.loaded_s), io::human_seconds(p.alone_s),
                        p.loaded_s / std::max(p.alone_s, 1e-9));
  }
  return text;
}

std::string remark_lines(const ServerCalibration& c) {
  std::string text;
  for (const std::string& remark : c.remarks) text += "note: " + remark + "\n";
  return text;
}

std::string as_comment(const std::string& text) {
  std::string out;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    out += fmt::format("# {}\n", comment_text(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

}  // namespace

std::string profile_file(const ServerCalibration& c) {
  std::string settings = "Settings of the server:\n";
  for (const std::string& setting : c.settings) settings += "  " + setting + "\n";
  return io::profile_text(c.profile) + "\n" + as_comment(remark_lines(c)) + as_comment(settings) + "#\n" + as_comment(residual_lines(c)) + "#\n" +
         as_comment(service_lines(c) + capacity_lines(c));
}

std::string calibration_text(const ServerCalibration& c) {
  return remark_lines(c) + observation_lines(c) + "\n" + residual_lines(c) + "\n" + service_lines(c) + "\n" + capacity_lines(c);
}

}  // namespace midflight::verbs
