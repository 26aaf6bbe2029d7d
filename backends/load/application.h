#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backends/data/catalogue.h"
#include "sim/kernel/distribution.h"
#include "sim/model/scenario.h"
#include "sim/model/version.h"

namespace midflight::backends {

/// A column that a request writes, of the row its key names or of a new row.
struct WriteEffect {
  std::string table, column;
  bool inserts = false;
  ColumnFill fill;  ///< the value written is fill.fresh(serial)
};

/// A column whose value reaches clients of a version.
struct ReadColumn {
  std::string table, column;
};

/// One endpoint of one version as a client runs it.
struct ClientEndpoint {
  struct Parameter {
    enum class Kind : std::uint8_t { Existing, Fresh, Number };
    Kind kind = Kind::Number;
    ColumnFill fill;
    std::int64_t rows = 0;
  };
  struct ClientStatement {
    std::string sql;  ///< the engine's own
    std::vector<Parameter> parameters;
    bool writes = false;
  };
  bool served = false;
  std::uint64_t accept_below = 0;  ///< of the arrivals at the largest rate of any version, its own share
  Distribution think;
  std::vector<ClientStatement> statements;
  std::vector<WriteEffect> effects;
  std::vector<ReadColumn> outputs;   ///< whose values reach the client; column "*": all
  /// The first column of its only statement, where that finds one row by its
  /// whole key and values tell rows apart: clients then note what they were shown.
  std::optional<ReadColumn> shows;
};

/// A statement of the application or a background job in the engine's words.
ClientEndpoint::ClientStatement compile_statement(const Statement& statement, const Catalogue& catalogue,
                                                  const Dialect& dialect);

/// Every version's endpoints, ready to run on one engine.
///
/// A request has a row (1, 2, ...) and a serial number: keys are those of the
/// row, written values are new for every serial.
/// Errors: Error(NotSupported) for a statement the engine has no words for.
class ClientApplication {
 public:
  ClientApplication(const std::vector<Version>& versions, const Catalogue& catalogue, const Dialect& dialect);

  const std::vector<std::string>& versions() const { return versions_; }      ///< a last one, "", for none at all
  const std::vector<std::string>& endpoints() const { return endpoints_; }
  double arrival_rate(std::size_t endpoint) const { return rates_[endpoint]; }
  const ClientEndpoint& endpoint(std::size_t version, std::size_t endpoint) const { return table_[version][endpoint]; }
  const std::vector<ReadColumn>& reads(std::size_t version) const { return reads_[version]; }
  std::size_t version_index(const std::string& name) const;
  /// A version's endpoint as one number, and its name: "v1 profile".
  int work(std::size_t version, std::size_t endpoint) const { return static_cast<int>(version * endpoints_.size() + endpoint); }
  std::string work_name(int work) const {
    const auto n = static_cast<std::size_t>(work);
    return versions_[n / endpoints_.size()] + " " + endpoints_[n % endpoints_.size()];
  }
  /// Rows of the largest table: what a request's row is chosen from.
  std::int64_t rows() const { return rows_; }

  static Row bind(const ClientEndpoint::ClientStatement& statement, std::int64_t row, std::int64_t serial);

 private:
  void add_endpoint(const Endpoint& endpoint);
  ClientEndpoint compile(const Endpoint& endpoint, const Catalogue& catalogue, const Dialect& dialect) const;

  std::vector<std::string> versions_, endpoints_;
  std::vector<double> rates_;
  std::vector<std::vector<ClientEndpoint>> table_;
  std::vector<std::vector<ReadColumn>> reads_;   ///< by version
  std::int64_t rows_ = 1;
};

}  // namespace midflight::backends
