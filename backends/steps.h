#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "backends/run_context.h"
#include "sim/conduct/commands.h"
#include "sim/model/schema.h"

namespace midflight::backends {

/// Carries out what the conductor asks of the database: the statements of sql
/// steps, batches and checks, each step in a session of its own.
///
/// Follows the schema through what was committed, for that is what statements
/// are rendered against.
/// Threads: the loop's; statements run on the crew, answers come back by post().
class StepRunner {
 public:
  using Tell = std::function<void(const conduct::Event&)>;
  /// A transaction of a step, from asking for its lock to its end.
  struct Stretch { Instant from, until; };

  StepRunner(const RunContext& context, Tell tell);
  ~StepRunner();

  void began(std::size_t step);
  void ended(std::size_t step);
  void run(const conduct::RunStatement& command);
  void run(const conduct::RunBatch& command);
  void ask(const conduct::AskCheck& command);
  /// Ends what the database still does for steps, as a plan that gives up does.
  void cancel() { over_ = true; }

  const Schema& schema() const { return schema_; }
  const std::vector<StepMeasurement>& measurements() const { return measurements_; }
  const std::vector<std::vector<Stretch>>& stretches() const { return stretches_; }
  /// Rows that disagreed in both columns just before the first try to drop the old one; -1: not asked.
  std::int64_t disagreeing_rows() const { return disagreeing_rows_; }

 private:
  struct Transaction;
  struct Task;
  struct Report;
  void start(std::size_t step, int attempt);
  /// These three run on the crew.
  Report carry_out(const conduct::RunStatement& command, Transaction& transaction, const Task& task) const;
  Answer begin(Transaction& transaction, const Task& task, const Limits& limits) const;
  Answer execute(Transaction& transaction, const Task& task, const Limits& limits, Duration waited) const;
  void statement_ended(const Report& report);
  void note(const Report& report);
  void commit_schema(std::size_t step, const Transaction& transaction);
  void note_locks(const Report& report);
  Limits limits_of(Duration lock_timeout, Duration statement_timeout) const;
  std::int64_t number(Session& session, const std::string& sql) const;
  std::string batch_sql(std::size_t step);

  const RunContext& context_;
  Tell tell_;
  Schema schema_;
  std::vector<StepMeasurement> measurements_;
  std::vector<std::vector<Stretch>> stretches_;
  std::map<std::size_t, std::shared_ptr<Transaction>> transactions_;  ///< by step
  std::int64_t disagreeing_rows_ = -1;
  std::atomic<bool> over_{false};
};

}  // namespace midflight::backends
