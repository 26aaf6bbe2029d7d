#include "sim/io/histories/glob.h"

#include <algorithm>
#include <vector>

namespace midflight::io {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

/// One element of a pattern.
struct Element {
  enum class Kind { One, Any, AnyDeep } kind = Kind::One;   ///< one character, any in a folder, any across folders
  std::string_view set;                                      ///< of One: "a", "?" as empty, or the inside of [...]
  bool is_set = false;
};

bool in_set(std::string_view set, char c) {
  const bool negated = set.starts_with('!') || set.starts_with('^');
  if (negated) set.remove_prefix(1);
  bool found = false;
  for (std::size_t i = 0; i < set.size(); ++i) {
    const bool range = i + 2 < set.size() && set[i + 1] == '-';
    found = found || (range ? set[i] <= c && c <= set[i + 2] : set[i] == c);
    if (range) i += 2;
  }
  return found != negated;
}

bool takes(const Element& element, char c) {
  if (element.kind == Element::Kind::AnyDeep) return true;
  if (element.kind == Element::Kind::Any || element.set.empty()) return c != '/';
  return element.is_set ? c != '/' && in_set(element.set, c) : element.set[0] == c;
}

std::vector<Element> elements_of(std::string_view pattern) {
  std::vector<Element> elements;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const std::size_t close = pattern[at] == '[' ? pattern.find(']', at + 2) : kNone;
    if (pattern.substr(at, 3) == "**/") { elements.push_back({Element::Kind::AnyDeep, {}, false}); at += 2; }
    else if (pattern.substr(at, 2) == "**") { elements.push_back({Element::Kind::AnyDeep, {}, false}); ++at; }
    else if (pattern[at] == '*') elements.push_back({Element::Kind::Any, {}, false});
    else if (pattern[at] == '?') elements.push_back({Element::Kind::One, {}, false});
    else if (close != kNone) { elements.push_back({Element::Kind::One, pattern.substr(at + 1, close - at - 1), true}); at = close; }
    else elements.push_back({Element::Kind::One, pattern.substr(at, 1), false});
  }
  return elements;
}

}  // namespace

bool is_pattern(std::string_view path) { return path.find_first_of("*?[") != kNone; }

bool matches(std::string_view pattern, std::string_view path) {
  const std::vector<Element> elements = elements_of(pattern);
  // reached[i]: the first i elements match what was read so far.
  std::vector<char> reached(elements.size() + 1, 0), next(reached);
  const auto skip_any = [&](std::vector<char>& states) {
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if (states[i] != 0 && elements[i].kind != Element::Kind::One) states[i + 1] = 1;
    }
  };
  reached[0] = 1;
  skip_any(reached);
  for (const char c : path) {
    std::fill(next.begin(), next.end(), 0);
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if (reached[i] == 0 || !takes(elements[i], c)) continue;
      next[elements[i].kind == Element::Kind::One ? i + 1 : i] = 1;
    }
    skip_any(next);
    reached.swap(next);
  }
  return reached.back() != 0;
}

std::string_view fixed_folder(std::string_view pattern) {
  const std::string_view before = pattern.substr(0, pattern.find_first_of("*?["));
  const std::size_t slash = before.rfind('/');
  return slash == kNone ? "" : slash == 0 ? before.substr(0, 1) : before.substr(0, slash);
}

}  // namespace midflight::io
