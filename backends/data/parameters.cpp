#include "backends/data/parameters.h"

#include <algorithm>
#include <cstdlib>

#include "sim/model/sql_text.h"

namespace midflight::backends {
namespace {

using Role = ParameterUse::Role;

class Finder {
 public:
  Finder(const Statement& statement, const Schema& schema)
      : statement_(statement), schema_(schema), tokens_(sql_tokens(statement.sql)) {}

  std::vector<ParameterUse> find() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      follow_clause();
      if (tokens_[at_].kind == SqlTokenKind::Parameter) uses_.push_back(use_here());
    }
    return std::move(uses_);
  }

 private:
  enum class Clause { Other, Columns, Values, Set };

  bool word(std::size_t i, const char* text) const { return i < tokens_.size() && is_word(tokens_[i], text); }
  bool symbol(std::size_t i, std::string_view text) const {
    return i < tokens_.size() && tokens_[i].kind == SqlTokenKind::Symbol && tokens_[i].text == text;
  }
  bool names(std::size_t i) const { return i < tokens_.size() && !token_name(tokens_[i]).empty(); }

  void follow_clause() {
    if (symbol(at_, "(")) ++depth_;
    if (symbol(at_, ")")) --depth_;
    if (symbol(at_, ",") && depth_ == 1) ++item_;
    if (word(at_, "into")) enter(Clause::Columns);
    if (word(at_, "values") || (word(at_, "select") && clause_ == Clause::Columns)) enter(Clause::Values);
    if (word(at_, "set") && depth_ == 0) enter(Clause::Set);
    if (depth_ == 0 && (word(at_, "where") || word(at_, "from") || word(at_, "returning") || word(at_, "on"))) enter(Clause::Other);
    if (clause_ == Clause::Columns && depth_ == 1 && names(at_)) inserted_.push_back(token_name(tokens_[at_]));
    if (clause_ == Clause::Values && symbol(at_, "(") && depth_ == 1) item_ = 0;
  }
  void enter(Clause clause) { clause_ = clause, item_ = 0; }

  ParameterUse use_here() const {
    const int n = static_cast<int>(std::strtol(std::string(tokens_[at_].text.substr(1)).c_str(), nullptr, 10));
    if (clause_ == Clause::Values) return written(n, inserted_column());
    std::size_t name = 0;
    if (!compared_column(name)) return {Role::Number, n, "", ""};
    const std::string column = token_name(tokens_[name]);
    return clause_ == Clause::Set && depth_of_assignment(name) ? written(n, column) : key(n, column);
  }

  std::string inserted_column() const {
    if (item_ < inserted_.size()) return inserted_[item_];
    const Table* table = statement_.accesses.empty() ? nullptr : schema_.base_table(statement_.accesses[0].relation);
    const bool bare = inserted_.empty() && table != nullptr && item_ < table->columns.size();
    return bare ? table->columns[item_].name : "";
  }

  bool depth_of_assignment(std::size_t name) const {
    // SET a = ..., b = ...: the name follows SET or a comma.
    return name > 0 && (word(name - 1, "set") || symbol(name - 1, ","));
  }

  static bool compares(const SqlToken& t) {
    static constexpr std::string_view signs[] = {"=", "<", ">", "<=", ">=", "<>", "!="};
    if (t.kind == SqlTokenKind::Symbol) return std::find(std::begin(signs), std::end(signs), t.text) != std::end(signs);
    return is_word(t, "like") || is_word(t, "ilike") || is_word(t, "in") || is_word(t, "between");
  }
  static bool ends_condition(const SqlToken& t) {
    for (const char* w : {"where", "and", "or", "limit", "offset", "values", "select", "on", "set"}) {
      if (is_word(t, w)) return true;
    }
    return false;
  }

  /// The column before the nearest comparison to the left, or right after one to the right.
  bool compared_column(std::size_t& name) const {
    for (std::size_t i = at_; i-- > 0;) {
      if (compares(tokens_[i])) {
        name = i - 1;
        if (i > 0 && word(name, "not")) --name;
        return i > 0 && names(name);
      }
      if (ends_condition(tokens_[i])) break;
    }
    if (at_ + 2 < tokens_.size() && compares(tokens_[at_ + 1]) && names(at_ + 2)) {
      name = symbol(at_ + 3, ".") ? at_ + 4 : at_ + 2;
      return names(name);
    }
    return false;
  }

  ParameterUse written(int n, const std::string& column) const { return resolve(Role::Written, n, column, &Access::writes); }
  ParameterUse key(int n, const std::string& column) const { return resolve(Role::Key, n, column, &Access::key); }

  ParameterUse resolve(Role role, int n, const std::string& column, std::vector<std::string> Access::*list) const {
    if (column.empty() || statement_.accesses.empty()) return {Role::Number, n, "", ""};
    const Access* access = &statement_.accesses.front();
    for (const Access& candidate : statement_.accesses) {
      const std::vector<std::string>& columns = candidate.*list;
      if (std::find(columns.begin(), columns.end(), column) == columns.end()) continue;
      access = &candidate;
      break;
    }
    const Table* table = schema_.base_table(access->relation);
    const std::string relation = table != nullptr ? table->name : access->relation;
    return {role, n, relation, base_column(access->relation, column)};
  }

  std::string base_column(const std::string& relation, const std::string& column) const {
    const View* view = schema_.view(relation);
    if (view == nullptr) return column;
    for (const View::Output& output : view->outputs) {
      if (output.name == column && !output.column.empty()) return output.column;
    }
    return column;
  }

  const Statement& statement_;
  const Schema& schema_;
  std::vector<SqlToken> tokens_;
  std::size_t at_ = 0, item_ = 0;
  int depth_ = 0;
  Clause clause_ = Clause::Other;
  std::vector<std::string> inserted_;
  std::vector<ParameterUse> uses_;
};

}  // namespace

std::vector<ParameterUse> parameter_uses(const Statement& statement, const Schema& schema) {
  return Finder(statement, schema).find();
}

}  // namespace midflight::backends
