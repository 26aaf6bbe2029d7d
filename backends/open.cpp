#include "backends/open.h"

#include "backends/fake/fake_backend.h"
#include "backends/postgres/postgres_backend.h"
#include "backends/sqlite/sqlite_backend.h"
#include "sim/kernel/error.h"

namespace midflight::backends {

std::string without_password(const std::string& uri) {
  const auto scheme = uri.find("://");
  if (scheme == std::string::npos) return uri;
  const auto authority_end = uri.find('/', scheme + 3);
  const auto at = uri.rfind('@', authority_end == std::string::npos ? uri.size() : authority_end);
  const auto colon = uri.find(':', scheme + 3);
  if (at == std::string::npos || colon == std::string::npos || colon > at) return uri;
  return uri.substr(0, colon) + ":***" + uri.substr(at);
}

std::unique_ptr<Backend> open(const std::string& uri, const BackendOptions& options) {
  if (uri.rfind("sqlite:", 0) == 0) return open_sqlite(uri.substr(7), options);
  if (uri == "fake:") return std::make_unique<FakeBackend>(options);
  if (uri.rfind("postgresql:", 0) == 0 || uri.rfind("postgres:", 0) == 0) return open_postgres(uri, options);
  throw Error(ErrorCode::BadInput,
              "unknown database `" + without_password(uri) + "`; a replay runs on sqlite:, sqlite:PATH or postgresql://user@host:port/database");
}

}  // namespace midflight::backends
