#include "sim/io/histories/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "sim/io/histories/framework.h"
#include "sim/io/histories/names.h"
#include "sim/io/histories/paths.h"
#include "sim/io/yaml_text.h"
#include "sim/sql/encoding.h"

namespace midflight::io {
namespace {

constexpr std::size_t kHeadBytes = 16 * 1024;
constexpr std::size_t kFileBytesMax = 64 * 1024 * 1024;

/// A file on its way into a history.
struct Entry {
  FoundFile found;
  Candidate candidate;
  const Framework* framework = nullptr;
  std::string why;
  Place place;
};

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

std::string shown(const std::string& folder) { return folder.empty() ? "." : folder; }

const Framework* framework_named(const std::string& name) {
  for (const Framework* framework : frameworks()) {
    if (framework->name == name) return framework;
  }
  const std::string near = nearest_word(name, framework_names());
  throw Error(ErrorCode::BadInput, fmt::format("there is no framework {}; {}known are {}", name,
                                               near.empty() ? "" : "did you mean " + near + "? ",
                                               fmt::join(framework_names(), ", ")));
}

class Search {
 public:
  Search(const std::vector<std::string>& paths, const HistoryOptions& options) {
    history_.wrapping = options.wrapping;
    if (!options.framework.empty()) asked_ = framework_named(options.framework);
    for (FoundFile& found : expand_paths(paths, history_.problems)) add(std::move(found));
  }

  History run() {
    for (Entry& entry : entries_) recognise(entry);
    if (asked_ == nullptr) adopt_strangers();
    std::vector<Entry*> order = placed();
    std::stable_sort(order.begin(), order.end(), [&](const Entry* a, const Entry* b) { return comes_before(*a, *b); });
    complain_of_twins(order);
    for (Entry* entry : order) {
      history_.files.push_back({entry->found.path, entry->place.version, entry->framework, std::move(entry->found.bytes)});
    }
    return std::move(history_);
  }

 private:
  void add(FoundFile found) {
    Entry entry;
    try {
      const std::string head = found.bytes ? found.bytes->substr(0, kHeadBytes) : first_bytes(found.path, kHeadBytes);
      entry.candidate.head = sql::decode(head).text;
    } catch (const Error& error) {
      history_.problems.insert(history_.problems.end(), error.problems().begin(), error.problems().end());
      return;
    }
    entry.candidate.path = found.path;
    entry.candidate.folder = folder_of(found.path);
    entry.candidate.name = found.path.substr(entry.candidate.folder.empty() ? found.path.rfind('/') + 1 : entry.candidate.folder.size() + 1);
    entry.candidate.root = found.root;
    entry.candidate.named = found.root.empty();
    entry.found = std::move(found);
    entries_.push_back(std::move(entry));
  }

  void recognise(Entry& entry) {
    entry.framework = asked_;
    entry.why = "it was asked for";
    if (asked_ != nullptr) return;
    for (const Framework* framework : frameworks()) {
      entry.why = framework->recognise(entry.candidate, plans_);
      entry.framework = framework;
      if (!entry.why.empty()) return;
    }
  }

  /// A file that says nothing belongs to the tool of its folder, unless it was
  /// named itself.  A folder of two tools is said.
  void adopt_strangers() {
    std::map<std::string, std::map<const Framework*, int>> tools;
    for (const Entry& entry : entries_) {
      if (entry.framework != &kPlain) ++tools[entry.candidate.folder][entry.framework];
    }
    for (Entry& entry : entries_) {
      const auto found = tools.find(entry.candidate.folder);
      if (entry.framework != &kPlain || entry.candidate.named || found == tools.end()) continue;
      if (!kPlain.place(entry.candidate, plans_).skipped.empty()) continue;
      entry.framework = std::max_element(found->second.begin(), found->second.end(),
                                         [](const auto& a, const auto& b) { return a.second < b.second; })->first;
      entry.why.clear();
    }
    for (const auto& [folder, counts] : tools) complain_of_mixture(folder, counts);
  }

  void complain_of_mixture(const std::string& folder, const std::map<const Framework*, int>& counts) {
    if (counts.size() < 2) return;
    std::vector<std::string> parts;
    for (const auto& [framework, files] : counts) parts.push_back(fmt::format("{} ({})", framework->name, files));
    std::sort(parts.begin(), parts.end());
    history_.problems.push_back({{shown(folder), 0, 0}, fmt::format("files of several tools: {}; name one, or check them apart", fmt::join(parts, ", "))});
  }

  std::vector<Entry*> placed() {
    std::vector<Entry*> order;
    std::set<std::pair<std::string, const Framework*>> told;
    for (Entry& entry : entries_) {
      entry.place = entry.framework->place(entry.candidate, plans_);
      rank_of_home_.try_emplace({entry.place.home, entry.framework}, rank_of_home_.size());
      if (entry.candidate.named && entry.place.version.empty()) as_given_.insert(entry.place.home);
      if (!entry.place.skipped.empty()) {
        history_.skipped.push_back({{entry.candidate.path, 0, 0}, entry.place.skipped});
        continue;
      }
      order.push_back(&entry);
      if (!entry.why.empty() && told.emplace(entry.place.home, entry.framework).second) {
        history_.recognised.push_back(fmt::format("{}: {}, because {}", shown(entry.place.home), entry.framework->name, entry.why));
      }
    }
    return order;
  }

  std::size_t rank_of(const Entry& entry) const { return rank_of_home_.at({entry.place.home, entry.framework}); }

  /// Folders in the order in which they were found, then as the tool orders.
  bool comes_before(const Entry& a, const Entry& b) const {
    if (rank_of(a) != rank_of(b)) return rank_of(a) < rank_of(b);
    if (a.place.group != b.place.group) return a.place.group < b.place.group;
    if (as_given_.contains(a.place.home)) return false;
    const bool bytes = a.framework->order == Framework::Order::Bytes;
    if (a.place.version != b.place.version) {
      return bytes ? a.place.version < b.place.version : natural_less(a.place.version, b.place.version);
    }
    return bytes ? a.candidate.path < b.candidate.path : natural_less(a.candidate.path, b.candidate.path);
  }

  void complain_of_twins(const std::vector<Entry*>& order) {
    for (std::size_t i = 1; i < order.size(); ++i) {
      const Entry &a = *order[i - 1], &b = *order[i];
      const bool together = a.framework == b.framework && a.place.home == b.place.home && a.place.group == b.place.group;
      if (!together || !b.framework->versions_are_unique || b.place.version.empty()) continue;
      if (!same_version(a.place.version, b.place.version)) continue;
      history_.problems.push_back({{b.candidate.path, 0, 0}, fmt::format("{} refuses version {} twice: {} has it too", b.framework->name,
                                                                         b.place.version, a.candidate.path)});
    }
  }

  History history_;
  Plans plans_;
  const Framework* asked_ = nullptr;
  std::vector<Entry> entries_;
  std::map<std::pair<std::string, const Framework*>, std::size_t> rank_of_home_;
  std::set<std::string> as_given_;   ///< homes of files that were named one by one and carry no version
};

/// The text with what is not run taken out, lines kept.
std::string only(std::string text, const UpPart& part) {
  if (part.end < text.size()) text.resize(part.end);
  if (part.begin == 0) return text;
  const auto lines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(part.begin), '\n');
  return text.replace(0, part.begin, static_cast<std::size_t>(lines), '\n');
}

}  // namespace

History find_migrations(const std::vector<std::string>& paths, const HistoryOptions& options) { return Search(paths, options).run(); }

Migration read_migration(const MigrationFile& file, const History& history) {
  std::string bytes = file.bytes ? *file.bytes : first_bytes(file.path, kFileBytesMax + 1);
  if (bytes.size() > kFileBytesMax) {
    throw Error(ErrorCode::BadInput, fmt::format("is larger than {} MB and is not read", kFileBytesMax >> 20), {file.path, 0, 0});
  }
  Migration migration;
  migration.path = file.path;
  migration.framework = file.framework->name;
  migration.version = file.version;
  sql::DecodedText decoded = sql::decode(std::move(bytes));
  if (!decoded.note.empty()) migration.problems.push_back({{file.path, 1, 1}, decoded.note});
  const UpPart part = file.framework->up_part(decoded.text, file.path);
  migration.problems.insert(migration.problems.end(), part.problems.begin(), part.problems.end());
  migration.wrapping = history.wrapping.value_or(part.wrapping);
  migration.text = only(std::move(decoded.text), part);
  return migration;
}

}  // namespace midflight::io
