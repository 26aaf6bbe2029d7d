#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/conduct/client.h"
#include "sim/conduct/plan_conductor.h"
#include "sim/conduct/rollout_conductor.h"
#include "sim/fleet/fleet.h"
#include "sim/kernel/event_list.h"
#include "sim/kernel/processors.h"
#include "sim/locks/lock_manager.h"
#include "sim/locks/row_claims.h"
#include "sim/locks/sqlite_locks.h"
#include "sim/metrics/recorder.h"
#include "sim/run/comparison.h"
#include "sim/run/program.h"
#include "sim/run/session.h"
#include "sim/run/sharing.h"
#include "sim/traffic/environment.h"
#include "sim/traffic/merge.h"

namespace midflight {

/// One run: the clock, the application, the database and the plan together.
///
/// Requests are simulated one by one in windows around everything that may
/// conflict, and counted in between (see world_quiet.cpp); `exact` simulates all.
///
/// Reading order: world.cpp (the clock), world_requests.cpp (one request's
/// life), world_steps.cpp (the plan), world_fleet.cpp (rollouts and background
/// jobs), world_data.cpp (rows), world_quiet.cpp (counting instead of simulating); README.md has all.
class World {
 public:
  /// `root` is the initial epoch, shared by the runs of one thread.
  World(const Program& program, Epoch& root, const RunOptions& options, std::uint64_t run, bool tell);

  Measurement run();

 private:
  // --- what can be in the future event lists -------------------------------
  enum class Kind : std::uint8_t {
    PlanBegins, ConductTimer, InstanceReady, DrainOver, StageOver, StepLockTimeout, StepStatementTimeout, CheckEnds,
    StepReturns, BackgroundStarts, BackgroundEnds, Wake, RunEnds, TimeLimit,
  };
  struct Control {
    Kind kind;
    std::uint32_t who;        ///< step, instance, job or session
    std::uint64_t token;      ///< timer, stamp or number
  };

  // --- world.cpp ------------------------------------------------------------
  void schedule(Instant at, Kind kind, std::uint32_t who, std::uint64_t token = 0);
  void simulate();
  void handle_other();
  bool job_comes_first() const;
  void handle(const Control& control);
  void settle() {                      ///< carries out what the last event set free
    if (!locks_.granted().empty() || !to_begin_.empty() || !conduct_events_.empty()) [[unlikely]] settle_all();
  }
  void settle_all();
  void check_timeouts();
  void close_slots();
  void refresh_other();
  bool drained() const { return sessions_.requests() == 0; }
  void obey_stop() const;              ///< Errors: Error(Interrupted) when the user gave up
  void plan_ended(const std::string& why);
  void end_run();

  // --- world_ending.cpp -------------------------------------------------------
  bool fails_for_ever();
  bool plan_is_stale(std::uint32_t version, std::uint32_t endpoint) const;

  // --- world_requests.cpp -----------------------------------------------------
  void on_arrival();
  void on_processor_end(Processors::End end);
  void connect(std::uint32_t id);
  void begin(std::uint32_t id);
  void take_locks(std::uint32_t id);
  bool take_sqlite_lock(std::uint32_t id, bool write);
  /// The lock was not granted at once: it waits, or is the victim of a deadlock.
  void not_granted(std::uint32_t id, locks::RelationId relation, LockMode mode, locks::Ask answer);
  void deadlocked(std::uint32_t id);
  void note_blocked(locks::RelationId relation, LockMode mode);
  void resolve(std::uint32_t id);
  bool wait_for_row(std::uint32_t id, const StatementPlan& plan);
  bool stale_plan(std::uint32_t id, std::uint32_t statement);
  void start_statement(std::uint32_t id);
  void statement_done(std::uint32_t id);
  void commit(std::uint32_t id);
  void on_granted(std::uint32_t id);
  void on_wake(std::uint32_t id);
  void poll_later(std::uint32_t id, SessionState state);
  /// SQLite: sleeps before it tries again.  False: it has tried for `limit`, and gives up.
  bool poll_again(std::uint32_t id, SessionState state, Duration limit);
  void stop_polling(Session& s);
  void cancel_request(std::uint32_t id, const ErrorKind& error);
  void end_attempt(std::uint32_t id, metrics::ErrorId error);
  void end_transaction(std::uint32_t id);
  void give_back_connection(std::uint32_t id);
  void leave_pool_queue(std::uint32_t id);
  void enter_pool_queue(std::uint32_t id);
  const CompiledEndpoint& endpoint_of(const Session& s) const { return *s.runs; }
  std::uint32_t statement_of(const Session& s) const { return endpoint_of(s).statements[s.statement]; }
  metrics::ErrorId error_id(ErrorClass error, const char* sqlstate, const char* message);

  // --- world_steps.cpp --------------------------------------------------------
  struct StepRun {
    std::uint32_t session = kNoSession;
    std::vector<std::size_t> done;            ///< statements of the open transaction
    Epoch* base = nullptr;                    ///< when the transaction began
    Epoch* now = nullptr;                     ///< as the transaction sees it
    const Epoch::Next* next = nullptr;        ///< of the running statement
    std::size_t statement = 0, phase = 0, ask = 0;
    bool commits = false, batch = false;
    std::int64_t first_row = 0, rows = 0;
    int attempt = 0;
    Duration lock_timeout = Duration::max();
    int strongest = -1;                       ///< mode, with the moment it was granted
    Instant strongest_at{}, waiting_from{};
    bool waiting = false;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> awaited;  ///< sessions with stamps, of a PhaseWait
    Random random;
  };
  void conduct(const conduct::Event& event);
  void carry_out(const conduct::Command& command);
  void run_statement(const conduct::RunStatement& command);
  void run_batch(const conduct::RunBatch& command);
  void open_step(std::size_t step);
  void begin_statement(std::size_t step, std::size_t statement);
  void run_phase(std::size_t step);
  void step_waits(std::size_t step, locks::RelationId relation, LockMode mode);
  void step_sleeps(std::size_t step, SessionState state);
  bool step_waits_for_rows(std::size_t step);
  struct RowRange { locks::RelationId relation; std::int64_t first, rows; };
  /// The rows that the work at hand locks as it reaches them.
  std::optional<RowRange> rows_to_lock(std::size_t step) const;
  void step_wait_over(std::size_t step);
  /// Names this very wait of a session, so that an older timer cannot end it.
  std::uint64_t wait_token(std::uint32_t session) const {
    return static_cast<std::uint64_t>(session) << 32 | sessions_[session].stamp;
  }
  bool begin_phase_wait(std::size_t step, PhaseWait wait);
  void end_phase_transaction(std::size_t step);
  void note_held(std::size_t step);
  /// Falls asleep until the first of `awaited` has ended its transaction.
  void step_waits_for_next(std::size_t step);
  void step_outlived(std::size_t step);
  void step_work(std::size_t step);
  void step_work_done(std::size_t step);
  void step_granted(std::size_t step);
  void step_statement_done(std::size_t step);
  void commit_step(std::size_t step);
  Duration removal_of(std::size_t step);
  void fail_step(std::size_t step, const ErrorKind& error);
  void leave_half_done(std::size_t step);
  void close_step(std::size_t step);
  void note_step_lock(std::size_t step, const std::string& relation, LockMode mode);
  void ask_check(std::size_t step);
  Duration check_length(std::size_t step) const;
  bool check_holds(const CheckStep& check) const;
  /// That no row has a null in a column: by a CHECK, or by NOT NULL itself.
  struct Demand { std::string table, column, check; };
  static std::vector<Demand> demands_of(const Operation& operation, const Schema& schema);
  std::optional<bool> some_null(const Schema& schema, const std::string& relation, const std::string& column) const;
  static bool leaves_nulls(const AddColumn& add);
  bool columns_agree(const CheckStep& check) const;
  std::optional<ErrorKind> data_failure(std::size_t step) const;
  bool written_before(std::size_t step, const Demand& demand) const;
  ErrorKind refusal(const Demand& demand) const;
  void epoch_changed(Epoch* epoch);
  const Step& step_at(std::size_t step) const { return program_.proposal.plan.steps[step]; }
  std::int64_t table_rows(const std::string& table) const;
  const Table* backfilled(std::size_t step) const;
  /// A batch of so many rows on an idle server.
  Distribution batch_alone(std::size_t step, std::int64_t rows) const;
  std::int64_t backfill_rows(std::size_t step) const;
  void copy_rows(const Statement& update, std::int64_t rows, Random& random);

  // --- world_fleet.cpp --------------------------------------------------------
  struct RolloutRun {
    std::unique_ptr<conduct::RolloutConductor> conductor;
    std::size_t step = 0;
    const Rollout* rollout = nullptr;
    std::uint32_t version = 0;
    std::uint64_t started = 0, stopped = 0;
    std::vector<fleet::InstanceId> instances;
  };
  void begin_rollout(std::size_t step);
  void rollout_event(RolloutRun& run, const conduct::FleetEvent& event);
  void carry_out(RolloutRun& run, const conduct::FleetCommands& commands);
  void instance_ready(std::uint32_t instance);
  void drain_over(std::uint32_t instance);
  void instance_done(std::uint32_t instance);
  void fleet_changed();
  void tell_fleet();
  void tell_last_fleet();
  void start_background(std::uint32_t job, std::uint64_t k);
  void background_granted(std::uint32_t id);
  void background_over(std::uint32_t id);

  // --- world_data.cpp -----------------------------------------------------------
  void apply_commit(std::uint32_t id);
  void apply_job(std::uint32_t id);
  std::uint64_t row_bits(const Session& s) const;
  void claim_job_rows(std::uint32_t id, const StatementPlan& plan, Duration length);
  void apply_effects(const Session& s, const StatementPlan& plan, std::uint64_t bits);
  void data_changed();
  void final_data();
  void serving_reads(std::size_t pair, bool& old_read, bool& new_read) const;
  void refresh_reads();                ///< after the fleet or the schema changed

  // --- world_quiet.cpp ------------------------------------------------------------
  struct Stream { std::uint32_t version, endpoint; double rate; metrics::ErrorId error; };
  /// Requests of an endpoint that find their row locked by a batch, per second of it.
  struct Meeting { std::uint32_t version, endpoint; double per_second; bool by_key; };
  struct Waited { Instant arrival; Duration length; std::uint32_t version, endpoint; };
  /// Those whom counted batches hold up for so long that they may be late.
  struct HeldUp {
    std::vector<Meeting> writers;
    double per_second = 0;         ///< of all writers; 0: nobody may be late
    Distribution batch;
    double longest_s = 0;
    double next = 0;               ///< number of the batch that the next one meets, with a fraction
    std::vector<Waited> ahead;     ///< drawn, not told; the next one last
  };
  /// Batches of a backfill that are counted, not run one by one.
  struct Bulk {
    std::size_t step;
    Instant from, until;
    std::int64_t batches, rows_a_batch, copied;
    std::uint64_t timer;       ///< of the pause it stands in
    HeldUp held_up;
    /// From one batch to the next, on average.
    Duration cycle() const { return (until - from) / batches; }
  };
  bool quiet_now();
  bool database_is_calm();
  bool connections_suffice();
  /// What traffic asks of the database, kept until the fleet or the schema changes.
  struct Load {
    bool known = false;
    bool room = false;         ///< processors and pools suffice
    double busy = 0;           ///< processors in use, on average
    double connections = 0;    ///< in use by an instance, on average
    int connections_most = 0;  ///< ... and more than that hardly ever
    double per_second = 0;     ///< requests
    Sharing sharing;           ///< what traffic leaves to other work
    double bad_per_second = 0; ///< requests whose own length makes them late, or a stall
  };
  const Load& load();
  void weigh_endpoints(double stretch);
  Instant next_plan_event(std::size_t but_batches_of) const;
  void enter_quiet();
  void leave_quiet();
  void quiet_until_next();
  std::vector<Stream> streams();
  bool more_comes_than_is_served();
  double draw_slowdown();
  Distribution batch_beside_traffic(std::size_t step);
  void account(Instant until);
  void account_span(const std::vector<Stream>& all, Instant from, Instant until);
  void account_slots(const std::vector<Stream>& all, Instant from, Instant until);
  void account_good(const std::vector<Stream>& all, Instant from, Instant until);
  void count(const Stream& stream, std::int64_t slot, std::int64_t n);
  void account_data(Instant from, Instant until);
  Duration longest_data_piece() const;
  bool surely_fails(const CompiledEndpoint& endpoint) const;
  RowStates::Rates data_rates(std::size_t pair) const;
  double stale_read_rate(std::size_t pair) const;
  std::size_t bulk_candidate();
  void begin_bulk();
  double bulk_share(Instant at) const;
  void copy_in_bulk(Instant until);
  void end_bulk();

  // --- world_held_up.cpp ----------------------------------------------------------
  std::vector<Meeting> meetings(std::size_t step);
  double collisions(std::size_t step, double batch_s);
  bool batches_make_late(std::size_t step);
  double served_at_once();
  bool held_up_keep_apart(std::size_t step);
  void begin_held_up();
  void draw_held_up(Instant until);
  void meet(Instant begins, double length_s);
  void leave_out_held_up(std::vector<Stream>& streams) const;
  void account_held_up(Instant from, Instant until);

  double share_of(std::uint32_t version) const {
    return fleet_.serving().empty() ? 0 : static_cast<double>(fleet_.serving_of(version)) / static_cast<double>(fleet_.serving().size());
  }
  /// Calls f(endpoint, its requests per second) for all that instances serve now.
  template <typename F>
  void for_each_served(F&& f) const {
    for (std::uint32_t v = 0; v < program_.versions.size(); ++v) {
      if (fleet_.serving_of(v) == 0) continue;
      for (const CompiledEndpoint& e : program_.table[v]) {
        if (e.served) f(e, e.rate * share_of(v));
      }
    }
  }
  Load load_;

  // --- world_story.cpp -------------------------------------------------------------
  /// What is told of one queue, as a key: of a relation's lock, of its rows, or
  /// of the transactions that a step waits for.
  using QueueKey = std::uint32_t;
  static constexpr QueueKey kRowQueue = 1U << 16, kStepQueue = 1U << 17, kNoQueue = ~QueueKey{0};
  struct ToldQueue {
    Instant at{};                      ///< when it was last told
    std::int64_t waiting = 0;          ///< then, and those that came since
    std::int64_t joined = 0, gave_up = 0;
    bool open = false;                 ///< somebody waited, or requests held it
    bool idle = true;                  ///< nobody waited, and nobody but requests held it
    std::string failure;
    std::string name;                  ///< kept until it is idle, whatever is renamed meanwhile
  };
  void tell_queue(QueueKey queue, std::string what);
  void tell_joined(QueueKey queue, std::uint32_t id);
  void tell_gave_up(std::uint32_t id, const std::string& why);
  void tell_lock(std::size_t step, const std::string& relation, LockMode mode);
  void tell_given_back(std::size_t step, const std::vector<locks::RelationId>& relations);
  void tell_job_over(const Session& job, const std::string& name);
  void tell_drained();
  void tell_pool_waits();
  /// Time between two moments that tell of requests alone.
  Duration pace() const;
  std::vector<locks::RelationId> locks_told_of(std::size_t step) const;
  std::string queue_name(QueueKey queue) const;
  QueueKey queue_of(std::uint32_t id) const;
  std::vector<std::uint32_t> holders_of(QueueKey queue) const;
  std::vector<std::uint32_t> waiters_of(QueueKey queue) const;
  std::vector<QueueGroup> groups_of(QueueKey queue, const std::vector<std::uint32_t>& sessions, bool hold) const;
  std::string mode_text(QueueKey queue, std::uint32_t id, bool hold) const;
  std::map<QueueKey, ToldQueue> told_queues_;
  std::int64_t crowds_told_ = 0;       ///< moments of requests alone; the more, the longer between them

  // --- the story -------------------------------------------------------------------
  bool telling() const { return recorder_.telling(); }
  void tell(Instant from, Instant until, std::string lane, std::string what);
  std::string session_name(std::uint32_t id) const;
  std::string holders_text(locks::RelationId relation, LockMode mode, std::uint32_t self) const;

  const Program& program_;
  const Scenario& scenario_;
  Epoch* epoch_;
  const bool exact_, sqlite_;
  const Duration lead_out_;
  const std::atomic<bool>* const stop_;
  traffic::Environment environment_;
  Instant now_;
  bool quiet_ = false, finished_ = false;

  EventList<Control> plan_events_;       ///< may set off a conflict: a window opens before them
  EventList<Control> other_events_;
  Instant other_at_ = Instant::never();  ///< the earliest of everything but arrivals and processors
  Instant timeouts_at_{}, quiet_check_at_ = Instant::never();

  traffic::Merge arrivals_;
  Random service_, quiet_random_, rows_random_;
  Processors processors_;
  locks::LockManager locks_;
  locks::SqliteLocks sqlite_locks_;
  locks::RowClaims claims_;
  Sessions sessions_;
  fleet::Fleet fleet_;
  metrics::Recorder recorder_;

  int connections_ = 0;
  std::vector<std::uint32_t> to_begin_;                ///< got a connection, not begun
  struct Waiting { std::uint32_t id, stamp; Instant due; };
  std::deque<Waiting> pool_waits_, deadlock_checks_;
  std::int64_t pool_waiting_ = 0, polling_ = 0;
  bool herd_ = false;
  /// Prepared plans: [instance][connection][statement] -> epoch prepared in.
  std::vector<std::vector<std::vector<const Epoch*>>> prepared_;
  std::vector<std::vector<std::uint16_t>> idle_connections_;

  conduct::PlanConductor conductor_;
  std::deque<conduct::Event> conduct_events_;
  std::vector<StepRun> steps_;
  std::vector<RolloutRun> rollouts_;
  Instant plan_end_ = Instant::never(), traffic_end_ = Instant::never();
  std::string why_incomplete_;

  std::vector<RowStates> rows_;                        ///< per tracked pair
  struct Reads { bool old_read = false, new_read = false; };
  std::vector<Reads> reads_;                           ///< per pair: columns that serving versions read
  Instant overlap_from_ = Instant::never();
  std::uint32_t last_version_ = 0;

  Instant accounted_{};                                ///< quiet: counted until here
  std::optional<Bulk> bulk_;
  std::vector<std::pair<Instant, std::string>> version_told_;
};

}  // namespace midflight
