#include "sim/cost/profile.h"

namespace midflight::cost {
namespace {

Profile postgresql_profile() {
  Profile profile;
  profile.name = "default postgresql";
  return profile;
}

// No network, no process switch and no row versions: small statements are far
// cheaper than a server's.
Profile sqlite_profile() {
  Profile profile;
  profile.name = "default sqlite";
  profile.metadata_s = 0.001;
  profile.commit_s = 0.0002;
  profile.scan_rows_per_s = 20e6;
  profile.scan_bytes_per_s = 1.2e9;
  profile.rewrite_rows_per_s = 0.8e6;
  profile.rewrite_bytes_per_s = 150e6;
  profile.index_rows_per_s = 2.9e6;
  profile.index_text_rows_per_s = 2.9e6;
  profile.index_key_rows_per_s = 2.9e6;
  profile.index_check_rows_per_s = 1e12;  // nothing is built concurrently
  profile.update_rows_per_s = 2.0e6;
  profile.update_bytes_per_s = 1e12;  // not told from rows
  profile.batch_s = 0.0002;
  profile.batch_rows_per_s = 2.0e6;
  profile.herd_s = 0;
  return profile;
}

}  // namespace

Profile default_profile(const Dialect& dialect) {
  return dialect.engine == Engine::Sqlite ? sqlite_profile() : postgresql_profile();
}

}  // namespace midflight::cost
