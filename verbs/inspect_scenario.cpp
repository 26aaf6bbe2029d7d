#include "verbs/inspect_scenario.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "verbs/yaml_words.h"
#include "sim/kernel/distribution.h"
#include "sim/sql/parse.h"

namespace midflight::verbs {

namespace {

using backends::Inspection;
using backends::StatementClass;

constexpr double kLongStatement = 1;  // seconds; slower ones are background jobs, not requests
constexpr int kCoresGuess = 4;
constexpr double kSigmaMost = 3;

/// Three digits are more than an estimate deserves.
double rounded(double value) {
  if (value <= 0) return 0;
  const double unit = std::pow(10, std::floor(std::log10(value)) - 2);
  return std::round(value / unit) * unit;
}

std::string length(double seconds) { return duration_text(Duration::from_seconds(rounded(std::max(seconds, 1e-6)))); }

/// Mean and deviation as the lognormal that has them.
std::string length_with_spread(double mean_s, double deviation_s) {
  if (deviation_s <= 0 || mean_s <= 0) return length(mean_s);
  const double ratio = deviation_s / mean_s, sigma = std::min(kSigmaMost, std::sqrt(std::log(1 + ratio * ratio)));
  return fmt::format("lognormal({}, {:.2f})", length(mean_s * std::exp(-sigma * sigma / 2)), sigma);
}

std::string rate_text(double per_second) {
  if (per_second >= 1) return fmt::format("{:.{}f}/s", per_second, per_second < 10 ? 2 : per_second < 100 ? 1 : 0);
  if (per_second * 60 >= 1) return fmt::format("{:.2f}/min", per_second * 60);
  return per_second * 3600 >= 1 ? fmt::format("{:.2f}/h", per_second * 3600) : fmt::format("{:.4g}/d", per_second * 86'400);
}

/// "select users": the verb and the first relation; a number keeps names apart.
class Names {
 public:
  std::string of(const std::string& sql) {
    const Statement statement = sql::parse_one(sql);
    std::string name = fmt::format("{} {}", verb(statement.kind), statement.accesses.empty() ? "nothing" : statement.accesses.front().relation);
    if (name.size() > 80) name.resize(80);
    const std::string first = name;
    for (int n = 2; !taken_.insert(name).second; ++n) name = fmt::format("{} {}", first, n);
    return name;
  }

 private:
  static const char* verb(StatementKind kind) {
    switch (kind) {
      case StatementKind::Select: return "select";
      case StatementKind::Insert: return "insert";
      case StatementKind::Update: return "update";
      case StatementKind::Delete: return "delete";
      case StatementKind::Ddl: case StatementKind::Other: break;
    }
    return "other";
  }
  std::set<std::string> taken_;
};

std::string comments(const std::string& title, const std::vector<std::string>& lines, const std::string& indent = "") {
  if (lines.empty()) return "";
  std::string text = indent + "# " + title + "\n";
  for (const std::string& line : lines) text += indent + "#   - " + comment_text(line) + "\n";
  return text;
}

std::string head_text(const Inspection& seen) {
  return fmt::format("# Database {} on PostgreSQL {}, as `midflight inspect` saw it. Numbers of rows and bytes are the server's estimates.\n",
                     comment_text(seen.database), comment_text(seen.settings.version)) +
         comments("Not seen, so add what matters:", seen.unseen) + fmt::format("name: {}\n\n", yaml_quoted("change of " + seen.database));
}

/// More where the requests alone need more.
int guessed_cores(const Inspection& seen) {
  double busy = 0;
  for (const StatementClass& s : seen.statements) busy += s.per_second * s.mean_s;
  return std::max(kCoresGuess, static_cast<int>(std::min(std::ceil(busy * 2), 4096.0)));
}

std::string database_text(const Inspection& seen) {
  const backends::InspectedSettings& s = seen.settings;
  return fmt::format("database:\n  engine: postgresql\n  version: {}\n  connections: {}\n"
                     "  cores: {}  # a guess: the server does not tell\n  deadlock_timeout: {}\n"
                     "  # profile: profile.yaml  # midflight calibrate URI --output profile.yaml\n\n",
                     s.major, std::max(4, s.connections), guessed_cores(seen), length(s.deadlock_timeout_s));
}

std::string schema_part(const Inspection& seen, const std::string& path) {
  if (!path.empty()) return fmt::format("schema: {}\n\n", yaml_quoted(path));
  std::string text = "schema: |\n";
  std::string_view rest = seen.schema_sql;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    text += end == 0 ? "\n" : fmt::format("  {}\n", rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return text + "\n";
}

std::string table_line(const backends::TableSize& table) {
  const std::int64_t row_bytes = table.rows > 0 ? std::clamp<std::int64_t>(table.bytes / table.rows, 1, 1 << 30) : 0;
  return fmt::format("{}: {{rows: {}{}}}{}\n", yaml_word(table.name), table.rows,
                     row_bytes > 0 ? fmt::format(", row_bytes: {}", row_bytes) : "",
                     table.analysed ? "" : "  # never analysed: a guess");
}

std::string tables_text(const Inspection& seen, const Schema& schema) {
  std::string text = "tables:\n";
  for (const backends::TableSize& table : seen.tables) {
    const bool known = schema.table(table.name) != nullptr;
    text += (known ? "  " : "  # not modelled: ") + table_line(table);
  }
  return text + "\n";
}

std::string endpoint_text(const StatementClass& s, Names& names) {
  return fmt::format("      - {{name: {}, rate: {}, time: \"{}\",\n         sql: {}}}\n", yaml_quoted(names.of(s.sql)), rate_text(s.per_second),
                     length_with_spread(s.mean_s, s.deviation_s), yaml_quoted(s.sql));
}

/// Slow statements are no requests, but there must be a request.
bool is_request(const Inspection& seen, const StatementClass& s) {
  const auto quick = [](const StatementClass& one) { return one.mean_s < kLongStatement; };
  return quick(s) || std::none_of(seen.statements.begin(), seen.statements.end(), quick);
}

std::string pool_text(const Inspection& seen) {
  std::vector<std::string> told;
  for (const backends::ClientPool& pool : seen.pools) {
    told.push_back(fmt::format("{}: {} connections from {} address{}", pool.application, pool.connections, pool.clients, pool.clients == 1 ? "" : "es"));
  }
  if (seen.pools.empty()) return "  # instances and pool: say how many; none could be seen\n";
  const backends::ClientPool& first = seen.pools.front();
  const int instances = std::clamp(first.clients, 1, 10'000);
  return comments("Connected, by application_name; an address may hold several instances:", told, "  ") +
         fmt::format("  instances: {}\n  pool: {}\n", instances, std::clamp((first.connections + instances - 1) / instances, 1, 10'000));
}

std::string app_text(const Inspection& seen, Names& names) {
  std::string text = "app:\n" + pool_text(seen) + "  versions:\n    current:\n";
  text += fmt::format("      # From {}. Each statement is a request of its own here: join those of one transaction.\n", comment_text(seen.statements_from));
  text += comments("Left out:", seen.unreadable, "      ");
  for (const StatementClass& s : seen.statements) {
    if (is_request(seen, s)) text += endpoint_text(s, names);
  }
  if (seen.statements.empty()) text += "      # Nothing was seen: write the application's statements here.\n";
  return text + "\n";
}

/// Why a transaction cannot be written as a job; "" when it can.
std::string reason_against(const std::string& sql) {
  try {
    const std::vector<Statement> parsed = sql::parse(sql);
    return parsed.size() != 1 ? "not one statement" : parsed.front().accesses.empty() ? "uses no table" : "";
  } catch (const Error& error) {
    return error.problems().empty() ? error.what() : error.problems().front().message;
  }
}

std::string transaction_text(const backends::LongTransaction& t, Names& names) {
  const std::string told = fmt::format("open for {} when seen, of {}", length(t.age_s), t.application.empty() ? "an unnamed application" : t.application);
  if (const std::string against = reason_against(t.sql); !against.empty()) {
    return fmt::format("  # {} ({}): {}\n", comment_text(told), comment_text(against), comment_text(t.sql.substr(0, 300)));
  }
  return fmt::format("  - {{name: {}, at: 0s, time: {}, while: {},  # {}\n     sql: {}}}\n", yaml_quoted(names.of(t.sql)), length(t.age_s),
                     t.idle ? "idle" : "running", comment_text(told), yaml_quoted(t.sql));
}

std::string background_text(const Inspection& seen) {
  Names names;
  std::string jobs;
  for (const StatementClass& s : seen.statements) {
    if (is_request(seen, s)) continue;
    jobs += fmt::format("  - {{name: {}, every: {}, time: \"{}\",\n     sql: {}}}\n", yaml_quoted(names.of(s.sql)), length(1 / s.per_second),
                        length_with_spread(s.mean_s, s.deviation_s), yaml_quoted(s.sql));
  }
  for (const backends::LongTransaction& t : seen.transactions) jobs += transaction_text(t, names);
  if (jobs.empty()) return "# background: []  # no long transaction was seen; reports and forgotten ones belong here\n\n";
  return "background:\n" + jobs + "\n";
}

std::string migration_text(const Inspection& seen) {
  const backends::InspectedSettings& s = seen.settings;
  std::string text;
  if (s.lock_timeout_s > 0) text += fmt::format("  lock_timeout: {}\n", length(s.lock_timeout_s));
  if (s.statement_timeout_s > 0) text += fmt::format("  statement_timeout: {}\n", length(s.statement_timeout_s));
  if (!text.empty()) text = fmt::format("migration:  # as sessions of {} begin here\n{}\n", comment_text(s.role), text);
  if (s.idle_transaction_timeout_s > 0) {
    text += fmt::format("# idle_in_transaction_session_timeout is {} for {} here.\n", length(s.idle_transaction_timeout_s), comment_text(s.role));
  }
  return text;
}

}  // namespace

std::string scenario_skeleton(const Inspection& seen, const std::string& schema_path) {
  const Schema schema = sql::schema_from_sql(seen.schema_sql, {"schema", 1, 1});
  Names names;
  return head_text(seen) + database_text(seen) + schema_part(seen, schema_path) + tables_text(seen, schema) + app_text(seen, names) +
         background_text(seen) + migration_text(seen) + "# The change as one would naively write it:\n# change: ALTER TABLE ...\n";
}

}  // namespace midflight::verbs
