#include <fmt/format.h>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

// Source: PostgreSQL manual, "Explicit Locking"; lock modes observed on PostgreSQL 15.20.

namespace midflight::check {
namespace {

void create(const Look& look, Remarks& say) {
  for_each<CreateTrigger>(look, [&](const CreateTrigger& op) {
    if (!in_use(look, op.trigger.table) || look.schema.view(op.trigger.table) != nullptr) return;
    if (gives_up_soon(look.session.timeouts())) return;
    say.push_back({fmt::format("CREATE TRIGGER takes ShareRowExclusiveLock on {0}: behind a long transaction that wrote to {0} it waits, and "
                               "all writes wait behind it. From then on every write pays for the trigger.", op.trigger.table),
                   with_lock_timeout(look)});
  });
}

void drop(const Look& look, Remarks& say) {
  for_each<DropTrigger>(look, [&](const DropTrigger& op) {
    if (!in_use(look, op.table) || look.schema.view(op.table) != nullptr || gives_up_soon(look.session.timeouts())) return;
    if (!lock_on(look.work, op.table)) return;  // IF EXISTS, and there is none
    say.push_back({fmt::format("DROP TRIGGER takes AccessExclusiveLock on {0}: behind any running query on {0} it waits, and every later one "
                               "waits behind it.", op.table),
                   with_lock_timeout(look)});
  });
}

void disable(const Look& look, Remarks& say) {
  if (!look.words.begin("alter table")) return;
  const bool off = look.words.contain("disable trigger");
  if (!off && !look.words.contain("enable trigger")) return;
  const std::string table = look.words.name_behind("alter table");
  if (!in_use(look, table) || !off) return;
  const bool all = look.words.contain("trigger all");
  say.push_back({fmt::format("Until it is enabled again, rows that any session writes to {} go past {}{}. Writes wait while the lock "
                             "(ShareRowExclusiveLock) is held.", table, all ? "all triggers, foreign keys among them" : "the trigger",
                             all ? ", and nothing checks them later" : ""),
                 "SET LOCAL session_replication_role = replica;  -- for this session's own writes alone, past foreign keys too; for superusers"});
}

}  // namespace

std::vector<Rule> trigger_rules() {
  return {
      {.id = "create-trigger",
       .severity = Severity::Caution,
       .title = "CREATE TRIGGER on a table in use",
       .what = "ShareRowExclusiveLock, for a moment. Where it has to wait for a long transaction, all later writes wait behind it.",
       .instead = "Set a short lock_timeout and try again when it gives up.",
       .concern = Concern::Time,
       .look = create,
       .bad = "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\n"
              "CREATE TRIGGER touch_orders BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();",
       .good = "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\n"
               "SET lock_timeout = '2s';\n"
               "CREATE TRIGGER touch_orders BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();",
       .timeouts_set = false,
       .also = {"no-lock-timeout"}},
      {.id = "drop-trigger",
       .severity = Severity::Caution,
       .title = "DROP TRIGGER on a table in use",
       .what = "AccessExclusiveLock, for a moment. Where it has to wait for an open transaction that has used the table, every later query waits behind it.",
       .instead = "Set a short lock_timeout and try again when it gives up.",
       .concern = Concern::Time,
       .look = drop,
       .bad = "DROP TRIGGER audit ON products;",
       .good = "SET lock_timeout = '2s';\nDROP TRIGGER audit ON products;",
       .timeouts_set = false,
       .also = {"no-lock-timeout"}},
      {.id = "disable-trigger",
       .severity = Severity::Danger,
       .title = "DISABLE TRIGGER switches a guarantee off for everybody",
       .what = "All sessions write past the trigger until it is enabled again; with ALL also past the foreign keys, whose rows nobody "
               "checks afterwards.",
       .instead = "session_replication_role in the one session that must write past it.",
       .look = disable,
       .bad = "ALTER TABLE products DISABLE TRIGGER ALL;",
       .good = "SET session_replication_role = replica;\nUPDATE products SET stock = 0 WHERE id = 1;\n"
               "RESET session_replication_role;"},
  };
}

}  // namespace midflight::check
