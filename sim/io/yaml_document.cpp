#include "sim/io/yaml_document.h"

#include <fmt/core.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/node/iterator.h>
#include <yaml-cpp/node/parse.h>

#include <algorithm>
#include <tuple>

#include "sim/io/yaml_advice.h"
#include "sim/io/yaml_text.h"

namespace midflight::io {
namespace {

constexpr int kDepthMax = 64;
constexpr std::size_t kValuesMax = 500'000;
constexpr std::size_t kProblemsMax = 100;

Position position_of(const YAML::Mark& mark, const std::string& file) {
  if (mark.is_null()) return {file, 0, 0};
  return {file, mark.line + 1, mark.column + 1};
}

/// Walks everything once, so that no reader meets an alias that contains
/// itself, or ten lines of aliases that stand for a billion values.
void bound(const YAML::Node& node, const std::string& file, int depth, std::size_t& values) {
  if (depth > kDepthMax) {
    throw Error(ErrorCode::BadInput, fmt::format("nested more than {} levels deep", kDepthMax),
                position_of(node.Mark(), file));
  }
  if (++values > kValuesMax) {
    throw Error(ErrorCode::BadInput, fmt::format("more than {} values, aliases followed", kValuesMax), {file, 0, 0});
  }
  for (const auto& item : node) {
    if (node.IsMap()) {
      bound(item.first, file, depth + 1, values);
      bound(item.second, file, depth + 1, values);
    } else {
      bound(item, file, depth + 1, values);
    }
  }
}

/// The value that ends the document; a name without a value counts.
YAML::Mark last_scalar(const YAML::Node& node) {
  YAML::Mark last = node.Mark();
  for (const auto& item : node) {
    if (node.IsMap()) last = last_scalar(item.second.IsNull() ? item.first : item.second);
    else last = last_scalar(item);
  }
  return last;
}

/// Whether the quotes that `text` begins with, if any, end in it.
bool closes_quotes(std::string_view text) {
  const char quote = text.empty() ? ' ' : text.front();
  if (quote != '"' && quote != '\'') return true;
  for (std::size_t at = 1; at < text.size(); ++at) {
    const bool escapes = quote == '"' ? text[at] == '\\' : text.substr(at, 2) == "''";
    if (escapes) ++at;
    else if (text[at] == quote) return true;
  }
  return false;
}

/// yaml-cpp takes the end of the file for the end of a quoted text.
void require_closed_quotes(std::string_view text, const YAML::Node& root, const std::string& file) {
  const YAML::Mark last = last_scalar(root);
  if (last.is_null() || closes_quotes(text.substr(std::min(text.size(), static_cast<std::size_t>(last.pos))))) return;
  throw Error(ErrorCode::BadInput, yaml_problem(YAML::ErrorMsg::EOF_IN_SCALAR, {}, 0), position_of(last, file));
}

std::string_view line_of(std::string_view text, const YAML::Mark& mark) {
  for (int line = 0; line < mark.line; ++line) text.remove_prefix(std::min(text.size(), text.find('\n') + 1));
  return text.substr(0, text.find('\n'));
}

YAML::Node load(std::string_view text, const std::string& file) {
  std::vector<YAML::Node> documents;
  try {
    documents = YAML::LoadAll(std::string(text));
  } catch (const YAML::DeepRecursion& deep) {
    throw Error(ErrorCode::BadInput, fmt::format("nested more than {} levels deep", kDepthMax),
                position_of(deep.mark, file));
  } catch (const YAML::Exception& error) {
    throw Error(ErrorCode::BadInput, yaml_problem(error.msg, line_of(text, error.mark), error.mark.column + 1), position_of(error.mark, file));
  }
  if (documents.empty() || documents.front().IsNull()) {
    throw Error(ErrorCode::BadInput, "the file is empty", {file, 0, 0});
  }
  if (documents.size() > 1) {
    throw Error(ErrorCode::BadInput, fmt::format("one YAML document is expected, found {}", documents.size()),
                position_of(documents[1].Mark(), file));
  }
  std::size_t values = 0;
  bound(documents.front(), file, 0, values);
  require_closed_quotes(text, documents.front(), file);
  return documents.front();
}

/// A plain scalar that stops inside parentheses: in {time: lognormal(1ms, 0.5)}
/// YAML takes the comma for the end of the value.
bool stops_in_parentheses(const YAML::Node& node) {
  if (!node.IsScalar() || node.Tag() != "?") return false;
  const std::string& text = node.Scalar();
  return std::count(text.begin(), text.end(), '(') > std::count(text.begin(), text.end(), ')');
}

YAML::Node joined(const YAML::Node& node, const YAML::Node& rest) {
  YAML::Node whole(node.Scalar() + ", " + rest.Scalar());
  whole.SetTag("?");
  return whole;
}

bool is_prefix(std::string_view path, std::string_view longer) {
  return longer.size() > path.size() && longer.substr(0, path.size()) == path && longer[path.size()] == '.';
}

}  // namespace

Document::Document(std::string_view text, std::string file, Overrides overrides)
    : file_(std::move(file)), text_(text), overrides_(std::move(overrides)) {
  if (text.size() > kYamlBytesMax) {
    throw Error(ErrorCode::BadInput, fmt::format("larger than {} MiB, the most that is read", kYamlBytesMax >> 20),
                {file_, 0, 0});
  }
  require_text(text, file_);
  line_starts_ = {0};
  for (std::size_t at = 0; at < text_.size(); ++at) {
    if (text_[at] == '\n') line_starts_.push_back(at + 1);
  }
  root_ = load(text_, file_);
}

Value Document::root() { return Value(*this, root_, position_of(root_.Mark(), file_), ""); }

void Document::add(Position where, std::string message) {
  only_reserved_ = false;
  add_reserved(std::move(where), std::move(message));
}

void Document::add_reserved(Position where, std::string message) {
  Problem& problem = problems_.emplace_back();
  problem.where = std::move(where);
  problem.message = std::move(message);
}

void Document::add(const Error& error) {
  for (const Problem& problem : error.problems()) add(problem.where, problem.message);
}

void Document::throw_problems() {
  for (const auto& [path, value] : overrides_) {
    const bool used = std::find(used_overrides_.begin(), used_overrides_.end(), path) != used_overrides_.end();
    const std::vector<std::string_view> known(paths_.begin(), paths_.end());
    if (!used) add({"override " + path, 0, 0}, fmt::format("`{}` names no value of a scenario{}", path, did_you_mean(path, known)));
  }
  if (problems_.empty()) return;
  std::stable_sort(problems_.begin(), problems_.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.where.file, a.where.line, a.where.column) < std::tie(b.where.file, b.where.line, b.where.column);
  });
  if (problems_.size() > kProblemsMax) {
    const std::size_t more = problems_.size() - kProblemsMax;
    problems_.resize(kProblemsMax);
    // Last in the list, whatever its place.
    add({file_, 0, 0}, fmt::format("and {} more problems", more));
  }
  throw Error(only_reserved_ ? ErrorCode::NotSupported : ErrorCode::BadInput, std::move(problems_));
}

std::string_view Document::line(int number) const {
  if (number < 1 || static_cast<std::size_t>(number) > line_starts_.size()) return {};
  const std::size_t start = line_starts_[static_cast<std::size_t>(number) - 1];
  return std::string_view(text_).substr(start, text_.find('\n', start) - start);
}

Value::Value(Document& document, YAML::Node node, Position where, std::string path)
    : document_(&document), node_(std::move(node)), where_(std::move(where)), path_(std::move(path)) {}

void Value::problem(std::string_view message) const {
  const std::string who = path_.empty() ? "the file" : fmt::format("`{}`", path_);
  document_->add(where_, fmt::format("{} {}", who, message));
}

const std::string& Value::text() const {
  static const std::string none;
  return node_.IsScalar() ? node_.Scalar() : none;
}

Value Value::named(std::string path) const {
  if (!document_->overrides_.empty()) document_->paths_.push_back(path);
  const auto found = document_->overrides_.find(path);
  if (found == document_->overrides_.end()) return Value(*document_, node_, where_, std::move(path));
  document_->used_overrides_.push_back(path);
  const Position where{"override " + path, 0, 0};
  try {
    return Value(*document_, YAML::Load(found->second), where, std::move(path));
  } catch (const YAML::Exception& error) {
    document_->add(where, yaml_problem(error.msg, line_of(found->second, error.mark), error.mark.column + 1));
    return Value(*document_, node_, where_, std::move(path));
  }
}

Value Value::child(const YAML::Node& node, const Position& fallback, std::string path) const {
  Position where = where_;
  if (!overridden()) {
    where = position_of(node.Mark(), document_->file_);
    // yaml-cpp puts a missing value where the next token begins.
    if (where.line == 0 || node.IsNull()) where = fallback;
  }
  return Value(*document_, node, std::move(where), path).named(path);
}

std::vector<std::pair<Value, Value>> Value::entries() const {
  std::vector<std::pair<Value, Value>> found;
  std::vector<std::string> names;
  const std::string prefix = path_.empty() ? "" : path_ + ".";
  if (node_.IsMap()) {
    for (const auto& entry : node_) {
      if (!found.empty() && entry.second.IsNull() && entry.first.IsScalar() &&
          stops_in_parentheses(found.back().second.node_)) {
        found.back().second.node_.reset(joined(found.back().second.node_, entry.first));
        names.push_back(entry.first.Scalar());
        continue;
      }
      const Position at = overridden() ? where_ : position_of(entry.first.Mark(), document_->file_);
      Value key(*document_, entry.first, at, path_);
      names.push_back(key.text());
      found.emplace_back(key, child(entry.second, at, prefix + key.text()));
    }
  }
  for (const auto& [path, text] : document_->overrides_) {
    if (!path_.empty() && !is_prefix(path_, path)) continue;
    const std::string rest = path.substr(prefix.size());
    const auto covers = [&](const std::string& name) { return rest == name || is_prefix(name, rest); };
    if (std::any_of(names.begin(), names.end(), covers)) continue;
    const std::string name = rest.substr(0, rest.find('.'));
    names.push_back(name);
    const Position at{"override " + path, 0, 0};
    found.emplace_back(Value(*document_, YAML::Node(name), at, path_),
                       Value(*document_, YAML::Node(), at, prefix + name).named(prefix + name));
  }
  return found;
}

std::vector<Value> Value::items() const {
  std::vector<Value> found;
  if (!node_.IsSequence()) return found;
  for (const auto& item : node_) {
    if (!found.empty() && item.IsScalar() && stops_in_parentheses(found.back().node_)) {
      found.back().node_.reset(joined(found.back().node_, item));
      continue;
    }
    found.push_back(child(item, where_, fmt::format("{}[{}]", path_, found.size())));
  }
  return found;
}

Position Value::place_in_text(int line, int column) const {
  if (overridden() || line < 1) return where_;
  const std::string_view source = document_->line(where_.line);
  const std::string_view rest = source.substr(std::min(source.size(), static_cast<std::size_t>(where_.column) - 1));
  if (rest.starts_with('|')) {
    // The first line with text tells the indentation that YAML took away.
    for (int at = where_.line + 1; static_cast<std::size_t>(at) <= document_->line_starts_.size(); ++at) {
      const std::size_t indent = document_->line(at).find_first_not_of(" \r");
      if (indent != std::string_view::npos) {
        return {where_.file, where_.line + line, static_cast<int>(indent) + std::max(column, 1)};
      }
    }
  }
  const bool quoted = rest.starts_with('"') || rest.starts_with('\'');
  if (line == 1 && column > 0 && rest.substr(quoted ? 1 : 0).starts_with(text())) {
    return {where_.file, where_.line, where_.column + (quoted ? 1 : 0) + column - 1};
  }
  return where_;
}

}  // namespace midflight::io
