#include "sim/cost/profile.h"

namespace midflight::cost {
namespace {

Profile postgresql_profile() {
  Profile profile;
  profile.name = "default postgresql";
  return profile;
}

// One thread, one file, no network: small statements are cheaper than a
// server's, passes over the rows are not.
Profile sqlite_profile() {
  Profile profile;
  profile.name = "default sqlite";
  profile.metadata_s = 0.001;
  profile.commit_s = 0.002;
  profile.scan_rows_per_s = 10e6;
  profile.scan_bytes_per_s = 1.0e9;
  profile.rewrite_bytes_per_s = 150e6;
  profile.rewrite_rows_per_s = 1.5e6;
  profile.index_rows_per_s = 1.0e6;
  profile.update_rows_per_s = 800e3;
  profile.batch_s = 0.002;
  profile.batch_rows_per_s = 500e3;
  profile.herd_efficiency = 1.0;
  return profile;
}

}  // namespace

Profile default_profile(const Dialect& dialect) {
  return dialect.engine == Engine::Sqlite ? sqlite_profile() : postgresql_profile();
}

}  // namespace midflight::cost
