#include "sim/model/partition_indexes.h"

#include <algorithm>

#include "sim/model/sql_text.h"

namespace midflight {
namespace {

/// Of "CREATE UNIQUE INDEX n ON t USING gin (a) WHERE b": what stands behind the table's name.
std::vector<std::string> definition(const Index& index) {
  std::vector<std::string> words;
  bool behind = false;
  int dots = 0;
  for (const SqlToken& token : sql_tokens(index.sql)) {
    if (behind) words.emplace_back(token.text);
    if (!behind && dots > 0 && (token.text == "(" || is_word(token, "using"))) {
      behind = true;
      words.emplace_back(token.text);
    }
    if (is_word(token, "on")) ++dots;
  }
  // The default method need not be written.
  if (words.size() > 1 && words[0] != "(" && words[1] == "btree") words.erase(words.begin(), words.begin() + 2);
  return words;
}

}  // namespace

std::vector<std::string> indexes_below(const Schema& schema, const std::string& index) {
  std::vector<std::string> all = {index};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string parent = all[i];
    for (const Table& table : schema.tables) {
      for (const Index& part : table.indexes) {
        if (part.parent == parent) all.push_back(part.name);
      }
    }
  }
  all.erase(all.begin());
  return all;
}

const Index* matching_index(const Table& partition, const Index& index) {
  for (const Index& known : partition.indexes) {
    const bool same = known.columns == index.columns && known.unique == index.unique && known.valid && !known.constraint;
    if (same && known.parent.empty() && definition(known) == definition(index)) return &known;
  }
  return nullptr;
}

}  // namespace midflight
