#include "backends/data_check.h"

#include "sim/kernel/count_text.h"

namespace midflight::backends {
namespace {

/// What the numbers count: of one column its rows, of several their values.
std::string noun(const DataCheck& check) { return check.values.size() > 1 ? "value" : "row"; }
std::string counted(const DataCheck& check, std::int64_t n) { return count_text(n, noun(check)); }

std::string unchecked_text(const DataCheck& check) {
  std::string text;
  if (check.rows_not_looked_at > 0) text += "; " + counted(check, check.rows_not_looked_at) + " not looked at";
  if (check.writes_unchecked > 0) {
    text += "; " + count_text(check.writes_unchecked, "acknowledged write") + " could not be checked, for clients cannot know the value or no single column is the row's key";
  }
  return text;
}

}  // namespace

std::string DataCheck::text() const {
  if (values.empty()) return "no column was written or moved in a way that can be checked" + unchecked_text(*this);
  std::string names;
  for (const std::string& value : values) names += (names.empty() ? "" : ", ") + value;
  std::string looked_at;
  const auto add = [&](std::int64_t rows, const std::string& what) {
    if (rows > 0) looked_at += (looked_at.empty() ? "" : ", ") + counted(*this, rows) + " " + what;
  };
  add(rows_written, "against the last acknowledged write");
  add(rows_inserted, "that clients inserted");
  add(rows_as_filled, "that nobody wrote");
  if (looked_at.empty()) return "no row of " + names + " could be checked" + unchecked_text(*this);
  std::string text = "checked " + names + " in " + looked_at + ": ";
  text += lost_writes == 0 ? "no acknowledged write is lost" : count_text(lost_writes, "acknowledged write") + (lost_writes == 1 ? " is lost" : " are lost");
  text += diverged_rows == 0 ? ", no " + noun(*this) + " diverges" : ", " + counted(*this, diverged_rows) + (diverged_rows == 1 ? " diverges" : " diverge");
  const std::string of_rows = values.size() > 1 ? " of rows" : "";
  if (rows_gone > 0) text += "; " + counted(*this, rows_gone) + of_rows + (rows_gone == 1 ? " that nothing takes away is gone" : " that nothing takes away are gone");
  // Versions that know only the new column make the two differ by design, so this explains a loss and proves none.
  if (disagreeing_rows > 0 && !ok()) {
    text += "; " + count_text(disagreeing_rows, "row") + " differed from the old column just before it was dropped";
  }
  return text + unchecked_text(*this);
}

}  // namespace midflight::backends
