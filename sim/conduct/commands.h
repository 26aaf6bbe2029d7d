#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "sim/kernel/time.h"
#include "sim/model/outcome.h"

namespace midflight::conduct {

/// The conductor decides, a world carries out: the simulator with a future
/// event list, the replay with threads and a server.  Neither decides anything
/// the other could decide differently.

using StepIndex = std::size_t;

// What a world tells the conductor.
struct Begin {};
struct StatementEnded { StepIndex step; ErrorKind error; };   ///< error None: it succeeded
struct TimerFired { StepIndex step; std::uint64_t timer; };
struct RolloutEnded { StepIndex step; };
struct CheckAnswered { StepIndex step; bool holds; };
using Event = std::variant<Begin, StatementEnded, TimerFired, RolloutEnded, CheckAnswered>;

// What the conductor asks of a world.
/// Run statement number `statement` of a sql step in the step's own session.
/// `begins`/`commits`: first/last of its transaction.  After an error the world
/// has rolled back.  `cleanup`: run cleanup_of() that statement in its place.
struct RunStatement { StepIndex step; std::size_t statement; bool begins, commits; int attempt;
                      Duration lock_timeout, statement_timeout;    ///< Duration::max(): none
                      bool cleanup = false; };
/// Update rows [first_row, first_row + rows) of a backfill, one transaction.
struct RunBatch { StepIndex step; std::int64_t batch, first_row, rows; int attempt; Duration lock_timeout; };
struct BeginRollout { StepIndex step; };
struct AskCheck { StepIndex step; };
struct SetTimer { StepIndex step; std::uint64_t timer; Duration delay; };
struct StepBegan { StepIndex step; };
struct StepEnded { StepIndex step; };
/// Nothing more will be asked.  `why` is empty when every step was done.
struct PlanEnded { std::string why; };
using Command = std::variant<RunStatement, RunBatch, BeginRollout, AskCheck, SetTimer, StepBegan, StepEnded, PlanEnded>;
using Commands = std::vector<Command>;

}  // namespace midflight::conduct
