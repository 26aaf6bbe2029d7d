#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "sim/io/scenario_keys.h"
#include "sim/io/scenario_reader.h"
#include "sim/io/scenario_sizes.h"
#include "sim/io/yaml_text.h"
#include "sim/sql/parse.h"

namespace midflight::io {
namespace {

constexpr std::int64_t kRowsMost = 1'000'000'000'000;
constexpr std::int64_t kRowBytesMost = 1 << 30;

std::optional<Schema> schema_in_file(const Value& value, Reading& reading) {
  const std::string path = (std::filesystem::path(reading.base_directory) / value.text()).string();
  try {
    const std::string text = read_text_file(path, kSqlBytesMax, value.where());
    Schema schema = sql::schema_from_sql(text, {path, 1, 1});
    check_schema_types(text, [&](const Position& at) { return Position{path, at.line, at.column}; }, reading);
    return schema;
  } catch (const Error& error) {
    reading.document.add(error);
    return std::nullopt;
  }
}

std::optional<Schema> schema_inline(const Value& value, Reading& reading) {
  try {
    Schema schema = sql::schema_from_sql(value.text(), {reading.document.file(), 1, 1});
    check_schema_types(value.text(), [&](const Position& at) { return value.place_in_text(at.line, at.column); }, reading);
    return schema;
  } catch (const Error& error) {
    for (const Problem& problem : error.problems()) {
      reading.document.add(value.place_in_text(problem.where.line, problem.where.column),
                           "`schema`: " + problem.message);
    }
    return std::nullopt;
  }
}

Table* table_named(Schema& schema, std::string_view name) {
  if (name.starts_with("public.")) name.remove_prefix(7);
  if (Table* exact = schema.table(name)) return exact;
  std::string folded(name);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return schema.table(folded);
}

void report_unknown_table(const Value& key, Reading& reading) {
  std::vector<std::string_view> names;
  for (const Table& table : reading.scenario.schema.tables) names.push_back(table.name);
  reading.document.add(key.where(), fmt::format("`tables` names `{}`, a table the schema does not have{}", key.text(),
                                                did_you_mean(key.text(), names)));
}

struct Sizes {
  std::vector<std::string> named;      ///< tables with an entry
  std::vector<std::string> with_bytes;
};

void read_table(const Value& key, const Value& value, Reading& reading, Sizes& sizes) {
  const Section section(value, keys_of("table"));
  section.require("rows");
  const std::optional<std::int64_t> rows = section.count("rows", 0, kRowsMost);
  const std::optional<std::int64_t> bytes = section.count("row_bytes", 1, kRowBytesMost);
  if (!reading.schema_known) return;
  Table* table = table_named(reading.scenario.schema, key.text());
  if (table == nullptr) return report_unknown_table(key, reading);
  if (std::find(sizes.named.begin(), sizes.named.end(), table->name) != sizes.named.end()) {
    reading.document.add(key.where(), fmt::format("`tables` names `{}` twice", table->name));
  }
  sizes.named.push_back(table->name);
  assign(table->rows, rows);
  assign(table->row_bytes, bytes);
  if (bytes) sizes.with_bytes.push_back(table->name);
}

/// Guesses what the tables section leaves out, and says so.
void assume_sizes(Reading& reading, const Sizes& sizes) {
  const auto in = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  std::vector<std::string> empty, guessed;
  for (Table& table : reading.scenario.schema.tables) {
    if (!in(sizes.named, table.name)) empty.push_back(table.name);
    if (in(sizes.with_bytes, table.name)) continue;
    table.row_bytes = guessed_row_bytes(table);
    if (table.rows > 0) guessed.push_back(fmt::format("{} ({} bytes)", table.name, table.row_bytes));
  }
  std::vector<std::string>& assumptions = reading.scenario.assumptions;
  if (!empty.empty()) {
    assumptions.push_back(fmt::format("Tables without an entry under `tables` have no rows: {}.", word_list(empty)));
  }
  if (!guessed.empty()) {
    assumptions.push_back(fmt::format("The size of a row is guessed from the column types: {}.", word_list(guessed)));
  }
}

}  // namespace

// Words of SQL have blanks between them.
bool is_schema_path(const std::string& text) {
  return text.find('\n') == std::string::npos &&
         (text.ends_with(".sql") || text.find_first_of(" \t;(") == std::string::npos);
}

void read_schema(const Section& root, Reading& reading) {
  const Value* given = root.require("schema");
  if (given != nullptr && read_text(*given)) {
    std::optional<Schema> schema =
        is_schema_path(given->text()) ? schema_in_file(*given, reading) : schema_inline(*given, reading);
    reading.schema_known = schema.has_value();
    if (schema) reading.scenario.schema = std::move(*schema);
    if (schema && reading.scenario.schema.tables.empty()) given->problem("creates no table");
  }
  Sizes sizes;
  if (const Value* tables = root.find("tables")) {
    if (!tables->is_map() && !tables->is_null()) tables->problem("must be a mapping from tables to their sizes");
    for (const auto& [key, value] : tables->entries()) read_table(key, value, reading, sizes);
  }
  assume_sizes(reading, sizes);
}

}  // namespace midflight::io
