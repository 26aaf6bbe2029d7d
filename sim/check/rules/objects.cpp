#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

// What has a name of its own beside tables and indexes.

namespace midflight::check {
namespace {

struct Kind {
  std::string_view words;  ///< as in DROP and ALTER
  std::string_view code;   ///< what a statement that names it gets when it is gone
};

constexpr std::array kKinds = {Kind{"materialized view", "42P01"}, Kind{"view", "42P01"},     Kind{"sequence", "42P01"},
                               Kind{"function", "42883"},          Kind{"procedure", "42883"}, Kind{"routine", "42883"},
                               Kind{"aggregate", "42883"},         Kind{"type", "42704"},      Kind{"domain", "42704"}};

bool is_relation(const Kind& kind) { return kind.code == "42P01"; }

/// The script makes one of that name, before or behind.
bool makes(const Session& session, const Kind& kind, const std::string& name) {
  return std::any_of(session.seen().begin(), session.seen().end(), [&](const Seen& seen) {
    const Words words(seen.statement.sql);
    const std::string_view made = kind.words == "routine" ? "function" : kind.words;
    return words.begin("create") && words.contain(made) && words.name_behind(made) == name;
  });
}

void dropped(const End& end, Remarks& say) {
  const auto& seen = end.session.seen();
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const Words words(seen[i].statement.sql);
    for (const Kind& kind : kKinds) {
      const std::string drop = fmt::format("drop {}", kind.words);
      if (!words.begin(drop)) continue;
      std::vector<std::string> names = words.names_behind(drop);
      std::erase_if(names, [&](const std::string& name) { return makes(end.session, kind, name); });
      if (names.empty()) continue;
      say.push_back({fmt::format("A running version that still names {} fails ({}).", listed(names), kind.code),
                     fmt::format("-- first deploy a version that names it nowhere; when no older one runs:\n{};", seen[i].statement.sql), i});
    }
  }
}

std::string beside(const Kind& kind, const std::string& name) {
  if (kind.words == "type" || kind.words == "domain") return fmt::format("-- leave {} its name, or make a new {} and columns of it", q(name), kind.words);
  if (is_relation(kind)) return fmt::format("-- leave {} its name", q(name));
  return fmt::format("-- one of the new name beside it; drop {} when no version calls it", q(name));
}

// Views are renamed as tables are.
void renamed(const Look& look, Remarks& say) {
  for (const Kind& kind : kKinds) {
    const std::string alter = fmt::format("alter {}", kind.words);
    if (kind.words.ends_with("view") || !look.words.begin(alter) || !look.words.contain("rename to")) continue;
    const std::string name = look.words.name_behind(alter);
    if (makes(look.session, kind, name)) continue;
    say.push_back({fmt::format("Running versions that name {} fail from now on ({}); versions that name {} fail until now.", name, kind.code,
                               look.words.name_behind("rename to")),
                   beside(kind, name)});
  }
}

}  // namespace

std::vector<Rule> object_rules() {
  return {
      {.id = "drop-object",
       .severity = Severity::Caution,
       .title = "A view, a function, a type or a sequence is dropped while a version may still use it",
       .what = "Every statement that names it fails from then on. Nothing is said where the same script makes it anew.",
       .instead = "Deploy a version that does not name it, wait until no older one runs, then drop it.",
       .at_end = dropped,
       .bad = "DROP VIEW order_states;",
       .good = "DROP VIEW order_states;\nCREATE VIEW order_states AS SELECT id, status, number FROM orders;"},
      {.id = "rename-object",
       .severity = Severity::Danger,
       .title = "A function, a type or a sequence is renamed while versions overlap",
       .what = "The moment it commits, every running version that calls it, casts to it or draws numbers from it by name fails.",
       .instead = "Leave the name, or make another one beside it until no version names the old one.",
       .look = renamed,
       .bad = "ALTER TYPE mood RENAME TO feeling;",
       .good = "CREATE TYPE feeling AS ENUM ('fine', 'bad');\nALTER TABLE customers ADD COLUMN feeling feeling;"},
  };
}

}  // namespace midflight::check
