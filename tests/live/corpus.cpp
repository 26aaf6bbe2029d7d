#include "tests/live/corpus.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>

#include "sim/kernel/error.h"

namespace midflight::live {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(kBlank) - begin + 1));
}

std::string without_semicolon(std::string sql) {
  if (!sql.empty() && sql.back() == ';') sql.pop_back();
  return trimmed(sql);
}

std::vector<std::string> listed(const std::string& names) {
  std::vector<std::string> list;
  std::istringstream in(names);
  for (std::string name; std::getline(in, name, ',');) list.push_back(trimmed(name));
  return list;
}

/// One pass over the lines of a file.
class Reader {
 public:
  explicit Reader(const std::string& name) { family_.name = name; }

  void add(const std::string& line) {
    ++line_;
    if (is_header(line, "case")) return begin_case(value_of(line));
    if (family_.cases.empty()) {
      family_.setup += line + "\n";
    } else if (in_headers_ && line.rfind("--", 0) == 0) {
      add_header(line);
    } else {
      in_headers_ = false;
      current().sql += line + "\n";
    }
  }

  Family take() {
    end_case();
    return std::move(family_);
  }

 private:
  static bool is_header(const std::string& line, const std::string& key) { return line.rfind("-- " + key + ":", 0) == 0; }
  static std::string value_of(const std::string& line) { return trimmed(line.substr(line.find(':') + 1)); }
  Case& current() { return family_.cases.back(); }

  [[noreturn]] void fail(const std::string& why) const {
    throw Error(ErrorCode::BadInput, why, {family_.name + ".sql", line_, 0});
  }

  void begin_case(const std::string& name) {
    end_case();
    if (!names_.insert(name).second) fail("a second case " + name);
    Case next;
    next.family = family_.name;
    next.name = name;
    next.place = family_.name + ".sql:" + std::to_string(line_);
    family_.cases.push_back(next);
    seen_.clear();
    in_headers_ = true;
  }

  void end_case() {
    if (family_.cases.empty()) return;
    current().sql = without_semicolon(trimmed(current().sql));
    if (current().sql.empty()) fail("the case " + current().name + " has no statement");
  }

  void add_header(const std::string& line) {
    if (line.rfind("--   ", 0) == 0 && last_ == "setup") {
      current().setup.back() += "\n" + line.substr(2);
      return;
    }
    const auto colon = line.find(':');
    if (colon == std::string::npos) fail("`" + line + "` is no header of a case");
    last_ = trimmed(line.substr(2, colon - 2));
    if (last_ != "setup" && !seen_.insert(last_).second) fail("a second " + last_);
    set(last_, value_of(line));
  }

  void set(const std::string& key, const std::string& value) {
    if (value.empty()) fail(key + " says nothing");
    if (key == "since") current().since = std::stoi(value);
    else if (key == "until") current().until = std::stoi(value);
    else if (key == "setup") current().setup.push_back(value);
    else if (key == "blockers") current().blockers = listed(value);
    else if (key == "fails") current().fails = value;
    else if (key == "refused") current().refused = value;
    else fail("unknown header " + key);
  }

  Family family_;
  int line_ = 0;
  bool in_headers_ = false;
  std::string last_;
  std::set<std::string> seen_, names_;
};

}  // namespace

Family read_family(const std::string& name, const std::string& text) {
  Reader reader(name);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) reader.add(line);
  return reader.take();
}

std::vector<Family> read_corpus(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".sql") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Family> families;
  for (const auto& file : files) {
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    families.push_back(read_family(file.stem(), text.str()));
  }
  return families;
}

}  // namespace midflight::live
