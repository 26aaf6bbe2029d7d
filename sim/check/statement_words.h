#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/model/sql_text.h"

namespace midflight::check {

/// A statement as words: enough for what the model has no operation for.
///
/// Scope: of a statement longer than 20,000 bytes only its beginning.
class Words {
 public:
  /// Requires: the text outlives this.
  explicit Words(std::string_view sql);

  /// "alter table": the statement begins with these words.
  bool begin(std::string_view words) const { return follow(0, words); }
  /// The words follow each other somewhere outside quotes.
  bool contain(std::string_view words) const { return find(words) != kNone; }
  /// The name behind the words, with its schema unless that is public; IF [NOT]
  /// EXISTS, ONLY, CONCURRENTLY and TABLE between them are stepped over.
  std::string name_behind(std::string_view words) const;
  /// The same for a list with commas.
  std::vector<std::string> names_behind(std::string_view words) const;
  const std::vector<SqlToken>& tokens() const { return tokens_; }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  bool follow(std::size_t at, std::string_view words) const;
  std::size_t find(std::string_view words) const;
  std::size_t behind(std::string_view words) const;
  std::string name_at(std::size_t& at) const;
  std::vector<SqlToken> tokens_;
};

}  // namespace midflight::check
