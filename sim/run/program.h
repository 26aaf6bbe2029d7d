#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "sim/cost/profile.h"
#include "sim/locks/lock_manager.h"
#include "sim/model/outcome.h"
#include "sim/model/scenario.h"
#include "sim/model/work.h"
#include "sim/run/row_states.h"
#include "sim/strategy/strategy.h"

namespace midflight {

/// An attribute on its way from one column to another; or, without `from`, a
/// column that the plan adds empty and later needs filled.
struct TrackedPair {
  std::string table;       ///< base table, as named when the run begins
  std::string from, to;
  bool set_otherwise = false;  ///< the plan also writes `to` from something else: its nulls are not known
  bool is_fill() const { return from.empty(); }
};

/// One endpoint of one version, ready to run.
struct CompiledEndpoint {
  bool served = false;             ///< the version has this endpoint
  double rate = 0;                 ///< per second, were the whole fleet on this version
  std::uint64_t accept_below = 0;  ///< of the arrivals at the largest rate of any version, the share that is its own
  Distribution time, think;
  std::vector<std::uint32_t> statements;
};

/// A scenario and one strategy, indexed for running: what does not change
/// from run to run or thread to thread.
///
/// The scenario and the proposal must outlive it.
class Program {
 public:
  Program(const Scenario& scenario, const strategy::Proposal& proposal, cost::Profile profile);

  const Scenario& scenario;
  const strategy::Proposal& proposal;
  const cost::Profile profile;

  std::vector<std::string> versions;        ///< a last one, "", stands for no version at all
  std::vector<std::string> endpoints;       ///< names over all versions
  std::vector<double> arrival_rate;         ///< of an endpoint, the largest of any version
  std::vector<std::vector<CompiledEndpoint>> table;  ///< [version][endpoint]
  std::vector<const Statement*> statements; ///< of all versions, then of the background jobs
  std::vector<TrackedPair> pairs;
  std::size_t first_background = 0;         ///< index into statements
  /// So long before an event that may conflict, requests are simulated one by one.
  Duration warm_up{};

  /// Indexes that a statement of the plan locks against readers, while it lets
  /// them have the table (REINDEX).  Requests ask for these as well.
  std::vector<std::string> blocked_indexes;

  /// The driver prepares statements and the plan changes what one of them returns.
  bool plans_go_stale = false;

  /// A statement of a step by number: those of a sql step, then what cleans up
  /// after each; the one UPDATE of a backfill.
  const Statement& step_statement(std::size_t step, std::size_t number) const { return *step_statements_[step][number]; }
  /// The number of what cleans up after a statement of a sql step.
  std::size_t cleanup_number(std::size_t step, std::size_t statement) const {
    return step_statements_[step].size() / 2 + statement;
  }

  /// What rows must be like for the plan to succeed, where no run can know it: "no row has a null in
  /// orders.note", "every row of orders that names a row of customers finds it".
  /// Scope: NOT NULL, CHECK, foreign keys and unique keys; a change of type or a new partition asks for more.
  std::vector<std::string> conditions() const;

  /// What the run takes for granted about the data, as sentences; the conditions first.
  std::vector<std::string> assumptions() const;
  /// Rows that a statement of a background job writes; kAllRows: all there are.
  static std::int64_t rows_written(const Statement& statement, const Schema& schema, const Dialect& dialect);

  /// The pairs that an UPDATE of the plan copies, by index.
  std::vector<std::size_t> copied_by(const Statement& update) const;

  std::uint32_t no_version() const { return static_cast<std::uint32_t>(versions.size() - 1); }
  /// Errors: a check fails for a name the proposal does not have.
  std::uint32_t version_index(const std::string& name) const;

 private:
  void compile_versions();
  void find_pairs();
  void find_fills();
  std::vector<std::string> null_conditions() const;
  bool nulls_are_known(const std::string& of, const std::string& column) const;
  void add_job_assumptions(std::vector<std::string>& all) const;
  void set_warm_up();
  void find_stale_plans();
  void compile_steps();

  std::vector<std::vector<const Statement*>> step_statements_;
  std::deque<Statement> cleanups_;
  void find_blocked_indexes();
};

/// What one statement of the application meets under one state of the schema.
struct StatementPlan {
  struct Ask { locks::RelationId relation; LockMode mode; };
  /// What it does to a tracked pair.
  struct Effect {
    std::uint8_t pair;
    PairWrite write;
    bool inserts, deletes, by_key;
    bool reads_old, reads_new;
  };
  std::vector<Ask> asks;
  std::vector<Effect> effects;
  std::unique_ptr<ErrorKind> failure;       ///< null: it succeeds
  bool row_writer = false;                  ///< needs the lock of a row it finds by key, or of many
  bool by_key = false, writes = false;
  std::int64_t rows = 1;                    ///< of background jobs: rows it writes, or kAllRows
  locks::RelationId row_relation = 0;
  std::string row_table;
};

/// The schema between two changes, with everything derived from it.
///
/// Epochs form a tree below the initial schema: one child for every statement
/// of the plan that was ever run in that state, made on first use and kept for
/// all later runs of the same thread.
class Epoch {
 public:
  struct Next {
    LocksAndWork work;
    std::string misfit;                     ///< the server's answer when it does not fit
    std::unique_ptr<Epoch> epoch;           ///< after the statement; null on a misfit
  };
  struct Left {
    std::string what;                       ///< in words; empty: nothing
    std::unique_ptr<Epoch> epoch;           ///< null where nothing is left
  };

  static std::unique_ptr<Epoch> initial(const Program& program);

  const Schema& schema() const { return schema_; }
  const StatementPlan& plan(std::uint32_t statement) const { return plans_[statement]; }
  const Next& after(const Program& program, std::size_t step, std::size_t statement);
  /// After a statement that failed in a phase: with the invalid index it leaves, and such.
  const Left& after_failure(const Program& program, std::size_t step, std::size_t statement, std::size_t phase);
  /// Relations keep their id when they are renamed.
  locks::RelationId relation(const std::string& name) const;
  const std::string& relation_name(locks::RelationId id) const;
  locks::RelationId relations() const { return next_relation_; }
  /// Which columns of a pair exist.
  bool has_old(std::size_t pair) const { return pair_columns_[pair] & 1U; }
  bool has_new(std::size_t pair) const { return pair_columns_[pair] & 2U; }
  bool new_has_default(std::size_t pair) const { return pair_columns_[pair] & 4U; }
  /// Is a table, by its name now, the one of a pair?
  bool is_pair_table(const Program& program, std::size_t pair, const std::string& table) const {
    return current_table(program.pairs[pair].table) == table;
  }
  /// Statements whose cached plans no longer fit, compared with another epoch.
  bool result_changed(const Program& program, std::uint32_t statement, const Epoch& since) const;

 private:
  Epoch() = default;
  std::unique_ptr<Epoch> child() const;
  void derive(const Program& program);
  void derive_statement(const Program& program, std::uint32_t id);
  void derive_effects(const Program& program, const Statement& statement, StatementPlan& plan) const;
  void ask_for(const Program& program, const Access& access, StatementPlan& plan) const;
  void follow(const Operation& operation);
  std::string current_table(const std::string& original) const;

  Schema schema_;
  std::map<std::string, locks::RelationId> ids_;
  std::map<std::string, std::string> original_;   ///< table name now -> when the run began
  locks::RelationId next_relation_ = 0;
  std::vector<StatementPlan> plans_;
  std::vector<std::uint8_t> pair_columns_;
  std::map<std::pair<std::size_t, std::size_t>, Next> next_;
  std::map<std::tuple<std::size_t, std::size_t, std::size_t>, Left> failed_;
};

}  // namespace midflight
