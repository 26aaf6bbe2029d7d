#include "backends/data/column_type.h"

#include <algorithm>
#include <cstdlib>
#include <map>

namespace midflight::backends {
namespace {

using Kind = ValueKind;

constexpr std::int64_t kSmallint = 32'767, kInteger = 2'147'483'647, kOid = 4'294'967'295;
constexpr std::int64_t kNameLimit = 63;
constexpr int kDomainsDeep = 16;

/// "timestamp" of "timestamp(3) with time zone", "citext" of "extensions.citext".
std::string first_word(const std::string& type) {
  const std::string word = type.substr(0, type.find_first_of(" ("));
  return word.substr(word.rfind('.') + 1);
}

/// The numbers in the brackets behind a type's name: numeric(10,2).
std::vector<std::int64_t> modifiers(const std::string& type) {
  std::vector<std::int64_t> numbers;
  for (std::size_t at = type.find('('); at != std::string::npos && type[at] != ')'; at = type.find_first_of(",)", at + 1)) {
    numbers.push_back(std::strtoll(type.c_str() + at + 1, nullptr, 10));
  }
  return numbers;
}

const std::map<std::string, Kind>& kinds() {
  static const std::map<std::string, Kind> known = {
      {"smallint", Kind::Integer}, {"int2", Kind::Integer}, {"integer", Kind::Integer}, {"int", Kind::Integer}, {"int4", Kind::Integer},
      {"bigint", Kind::Integer}, {"int8", Kind::Integer}, {"serial", Kind::Integer}, {"bigserial", Kind::Integer},
      {"smallserial", Kind::Integer}, {"oid", Kind::Integer},
      {"numeric", Kind::Real}, {"decimal", Kind::Real}, {"real", Kind::Real}, {"double", Kind::Real}, {"float", Kind::Real},
      {"float4", Kind::Real}, {"float8", Kind::Real}, {"money", Kind::Real},
      {"boolean", Kind::Boolean}, {"bool", Kind::Boolean},
      {"timestamp", Kind::Timestamp}, {"timestamptz", Kind::Timestamp}, {"date", Kind::Date}, {"time", Kind::Time}, {"timetz", Kind::Time},
      {"interval", Kind::Interval}, {"uuid", Kind::Uuid}, {"json", Kind::Json}, {"jsonb", Kind::Json},
      {"inet", Kind::Address}, {"cidr", Kind::Address},
      {"text", Kind::Text}, {"character", Kind::Text}, {"char", Kind::Text}, {"varchar", Kind::Text}, {"bpchar", Kind::Text},
      {"name", Kind::Text}, {"citext", Kind::Text}, {"bytea", Kind::Text}, {"tsvector", Kind::Text}};
  return known;
}

/// Types of which any value will do.
const std::map<std::string, std::string>& constants() {
  static const std::map<std::string, std::string> known = {
      {"int4range", "empty"}, {"int8range", "empty"}, {"numrange", "empty"}, {"daterange", "empty"}, {"tsrange", "empty"}, {"tstzrange", "empty"},
      {"int4multirange", "{}"}, {"int8multirange", "{}"}, {"nummultirange", "{}"}, {"datemultirange", "{}"}, {"tsmultirange", "{}"},
      {"tstzmultirange", "{}"},
      {"point", "(0,0)"}, {"box", "(1,1),(0,0)"}, {"line", "{1,1,1}"}, {"lseg", "[(0,0),(1,1)]"}, {"path", "[(0,0),(1,1)]"},
      {"polygon", "((0,0),(1,1),(1,0))"}, {"circle", "<(0,0),1>"}, {"xml", "<n/>"}, {"macaddr", "08:00:2b:01:02:03"},
      {"macaddr8", "08:00:2b:01:02:03:04:05"}, {"pg_lsn", "0/0"}, {"tsquery", "n"}, {"jsonpath", "$"}, {"hstore", ""}, {"ltree", "n"},
      {"geometry", "POINT(0 0)"}, {"geography", "POINT(0 0)"}, {"cube", "(0)"}};
  return known;
}

std::int64_t largest(const std::string& word, const std::vector<std::int64_t>& numbers) {
  if (word == "smallint" || word == "int2" || word == "smallserial") return kSmallint;
  if (word == "integer" || word == "int" || word == "int4" || word == "serial") return kInteger;
  if (word == "oid") return kOid;
  if ((word != "numeric" && word != "decimal") || numbers.empty()) return ColumnType{}.most;
  const std::int64_t digits = numbers[0] - (numbers.size() > 1 ? numbers[1] : 0);
  std::int64_t most = 1;
  for (std::int64_t i = 0; i < std::min<std::int64_t>(digits, 18); ++i) most *= 10;
  return most - 1;
}

std::string bits(const std::vector<std::int64_t>& numbers) {
  return std::string(static_cast<std::size_t>(numbers.empty() ? 1 : std::max<std::int64_t>(1, numbers[0])), '0');
}

std::string zero_vector(const std::vector<std::int64_t>& numbers) {
  std::string text = "[0";
  for (std::int64_t i = 1; !numbers.empty() && i < numbers[0]; ++i) text += ",0";
  return text + "]";
}

ColumnType fixed(std::string value) {
  ColumnType out;
  out.kind = Kind::Fixed;
  out.fixed = std::move(value);
  return out;
}

ColumnType built_in(const std::string& type) {
  const std::string word = first_word(type);
  const std::vector<std::int64_t> numbers = modifiers(type);
  if (word == "bit" || word == "varbit") return fixed(bits(numbers));
  if (word == "vector" || word == "halfvec") return fixed(zero_vector(numbers));
  if (const auto constant = constants().find(word); constant != constants().end()) return fixed(constant->second);
  ColumnType out;
  const auto known = kinds().find(word);
  if (known == kinds().end()) return out;
  out.kind = known->second;
  out.most = largest(word, numbers);
  out.zoned = word == "timestamptz" || (word == "timestamp" && type.ends_with("with time zone") && !type.ends_with("without time zone"));
  if (word == "name") out.text_limit = kNameLimit;
  if (word.find("char") != std::string::npos && !numbers.empty()) out.text_limit = std::max<std::int64_t>(1, numbers[0]);
  return out;
}

template <class Made>
const Made* find(const std::vector<Made>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Made& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

ColumnType read(const std::string& type, const Schema& schema, int depth) {
  if (type.ends_with("]")) return {.kind = Kind::Array};
  if (const Enum* made = find(schema.enums, type)) return {.kind = Kind::Text, .labels = made->labels};
  if (const Composite* made = find(schema.composites, type)) {
    return fixed("(" + std::string(made->columns.empty() ? 0 : made->columns.size() - 1, ',') + ")");
  }
  const Domain* domain = depth < kDomainsDeep ? find(schema.domains, type) : nullptr;
  if (domain == nullptr) return built_in(type);
  ColumnType out = read(domain->type, schema, depth + 1);
  out.checks.insert(out.checks.end(), domain->constraints.begin(), domain->constraints.end());
  return out;
}

}  // namespace

ColumnType column_type(const std::string& type, const Schema& schema) { return read(type, schema, 0); }

}  // namespace midflight::backends
