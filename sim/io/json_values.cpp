#include "sim/io/json_values.h"

#include <cmath>

namespace midflight::io {

namespace {
constexpr double kExactIntegers = 9007199254740992.0;  // 2^53
}

Json count_json(double value) {
  if (value == std::floor(value) && std::abs(value) < kExactIntegers) return static_cast<std::int64_t>(value);
  return value;
}

Json seconds_json(double value) {
  // Nanoseconds times 1e-9 is not the double nearest to the decimal; dividing is.
  if (std::abs(value) < kExactIntegers / 1e9) return count_json(std::round(value * 1e9) / 1e9);
  return count_json(value);
}

Json distribution_json(const metrics::Summary& summary, bool seconds) {
  auto number = seconds ? seconds_json : count_json;
  Json json;
  json["mean"] = number(summary.mean);
  json["p5"] = number(summary.p5);
  json["p50"] = number(summary.p50);
  json["p95"] = number(summary.p95);
  return json;
}

bool named_seconds(std::string_view name) { return name.size() > 2 && name.substr(name.size() - 2) == "_s"; }

}  // namespace midflight::io
