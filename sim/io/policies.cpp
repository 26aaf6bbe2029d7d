#include "sim/io/policies.h"

namespace midflight::io {
namespace {

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }
constexpr Duration s(std::int64_t n) { return Duration::seconds(n); }

Retry once() { return {}; }
Retry every(int tries, Duration pause) { return {tries, pause, 1, Duration::max()}; }
Retry growing(int tries, Duration pause, double backoff, Duration cap) { return {tries, pause, backoff, cap}; }

}  // namespace

const std::vector<PolicyPreset>& policy_presets() {
  static const std::vector<PolicyPreset> presets = {
      {"strong_migrations", s(10), once(), Duration::hours(1), 10'000, ms(10), ""},
      // Pauses are drawn between 0 and 10 ms doubling to 60 s: half of that on average.
      {"online_migrations", ms(200), growing(30, ms(5), 2, s(30)), {}, {}, {},
       "online_migrations draws its pauses at random; their mean is used."},
      {"safe-pg-migrations", ms(4900), every(5, s(60)), s(5), 100'000, ms(500),
       "safe-pg-migrations keeps its lock timeout just below its statement timeout of 5s; 4900ms is used."},
      {"django-pg-zero-downtime", s(2), once(), s(2), {}, {}, ""},
      {"nandi-strict", ms(750), once(), ms(1500), {}, {}, ""},
      {"nandi-permissive", s(5), once(), Duration::hours(3), {}, {}, ""},
      {"pg_ha_migrations", s(5), every(Retry::kUnlimited, s(25)), {}, {}, {}, ""},
      {"pg-schema-diff", s(3), once(), s(3), {}, {},
       "pg-schema-diff allows concurrent index builds 20min; its statement timeout of 3s is used for all."},
      // 40 timed tries that wait 62 s in all, with pauses of 42 minutes in all.
      {"gitlab", ms(1500), growing(41, ms(50), 1.27, Duration::minutes(10)), {}, 1000, ms(100),
       "GitLab's lock timeouts rise from 0.1s to 10s; their mean of 1500ms is used, and its last try without a "
       "timeout is left out."},
      {"pgroll", ms(500), growing(Retry::kUnlimited, s(1), 2, s(60)), {}, 1000, Duration{},
       "pgroll adds a random part to its pauses; it is left out."},
      {"sentry", s(5), once(), {}, {}, {}, ""},
      {"posthog", s(2), growing(10, s(3), 2, Duration::max()), {}, {}, {}, ""},
      {"coder", s(3), every(5, Duration{}), {}, {}, {}, ""},
  };
  return presets;
}

const PolicyPreset* policy_preset(std::string_view name) {
  for (const PolicyPreset& preset : policy_presets()) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

}  // namespace midflight::io
