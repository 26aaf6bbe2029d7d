"""What the replays of script/validate say about the predictions, as numbers.

A case is a scenario's path and its replays: the JSON of `midflight replay`,
as dictionaries.  Replays that failed or are not valid are no part of a case.
"""

import collections
import itertools
import math
import statistics

QUANTITIES = [("downtime_s", "downtime", "s"), ("failed_requests", "failed", ""), ("delayed_requests", "delayed", ""), ("stall_s", "stall", "s")]
STEP_QUANTITIES = [("lock_wait_s", "lock wait", "s"), ("held_s", "held", "s")]
STEP_FLOOR_S = 0.5
RANKED_APART = 50  # two runs of one scenario may differ by so many requests
# Of design and README: what the page must show.
MEDIAN_MOST, TAIL_MOST, INSIDE_LEAST = 0.10, 0.25, 0.80
JUDGED = ("downtime_s", "failed_requests", "stall_s")


def quantile(values, share):
    """By nearest rank: the least value that at least this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def errors_of(results, name):
    """Relative errors that count; None where predicted and measured agree below the floor, or nobody measured."""
    return [None if name in r["error"]["agree"] else r["error"].get(name) for r in results]


def steps_of(results):
    """The steps that work in the database: number, id."""
    return [(i, step["id"]) for i, step in enumerate(results[0]["measured"]["steps"]) if step["kind"] in ("sql", "backfill")]


def reached(result, index):
    return all(result[side]["steps"][index].get("start_s") is not None for side in ("paired", "measured"))


def step_error(result, index, name):
    """As the errors of whole runs; None below the floor, or where the step was not reached or not measured."""
    if not reached(result, index):
        return None
    predicted, measured = (result[side]["steps"][index].get(name) for side in ("paired", "measured"))
    if predicted is None or measured is None or (predicted < STEP_FLOOR_S and measured < STEP_FLOOR_S):
        return None
    return (predicted - measured) / max(measured, STEP_FLOOR_S)


class Errors:
    """The errors of one quantity over all replays."""

    def __init__(self, errors, insides):
        self.errors = [abs(error) for error in errors if error is not None]
        known = [(inside, error is not None) for inside, error in zip(insides, errors) if inside is not None]
        self.inside = self.share(inside for inside, _ in known)
        self.inside_counted = self.share(inside for inside, counts in known if counts)
        self.median = statistics.median(self.errors) if self.errors else None
        self.tail = quantile(self.errors, 0.9) if self.errors else None

    @staticmethod
    def share(values):
        values = list(values)
        return sum(values) / len(values) if values else None


def whole_run_errors(cases, name):
    results = [r for _, replays in cases for r in replays]
    return Errors(errors_of(results, name), [r["error"]["inside"].get(name) for r in results])


def step_errors(cases, name):
    errors, insides = [], []
    for _, results in cases:
        for result, (index, _) in itertools.product(results, steps_of(results)):
            errors.append(step_error(result, index, name))
            insides.append(step_inside(result, index, name))
    return Errors(errors, insides)


def step_inside(result, index, name):
    band, measured = result["predicted"]["steps"][index].get(name), result["measured"]["steps"][index].get(name)
    return None if band is None or measured is None or not reached(result, index) else band["p5"] <= measured <= band["p95"]


def count_by_state(run):
    counts = collections.Counter()
    for error in run["errors"]:
        counts[error["class"], error["sqlstate"]] += error["count"]
    return counts


def classified(cases):
    """Failed requests that were measured, and how many of them the paired prediction has under the same class and SQLSTATE, each counted once."""
    right = total = 0
    for _, results in cases:
        for result in results:
            measured, predicted = count_by_state(result["measured"]), count_by_state(result["paired"])
            total += sum(measured.values())
            right += sum((measured & predicted).values())
    return right, total


def states_seen(cases):
    """Class and SQLSTATE of what was measured and never predicted for its scenario, with the number of requests."""
    strange = collections.Counter()
    for _, results in cases:
        for result in results:
            predicted = count_by_state(result["paired"])
            predicted.update({(e["class"], e["sqlstate"]): 1 for e in result["predicted"]["errors"]})
            strange.update({state: count for state, count in count_by_state(result["measured"]).items() if state not in predicted})
    return strange


def group_of(path):
    """Scenarios of one group are ways to make the same change; one without a group stands alone."""
    return next((line.split(":", 1)[1].strip() for line in path.read_text().splitlines() if line.startswith("# group:")), path.stem)


def bad_measured(results):
    return statistics.median(r["measured"]["failed_requests"] + r["measured"]["delayed_requests"] for r in results)


def bad_predicted(results):
    """As `compare` would see it: the 95th percentiles of the prediction that knows nothing of the replay."""
    return statistics.median(r["predicted"]["failed_requests"]["p95"] + r["predicted"]["delayed_requests"]["p95"] for r in results)


def ranking(cases):
    """Pairs of ways to make the same change that differ in what they do to requests: how many are ranked as measured, of how many."""
    told_apart = right = 0
    for (one, results), (other, others) in itertools.combinations(cases, 2):
        measured = bad_measured(results) - bad_measured(others)
        if group_of(one) != group_of(other) or abs(measured) <= RANKED_APART:
            continue
        told_apart += 1
        right += measured * (bad_predicted(results) - bad_predicted(others)) > 0
    return right, told_apart


def misses(cases):
    """What is more than a quarter off in some replay: (scenario, what, the errors of all its replays)."""
    found = []
    for path, results in cases:
        for key, title, _ in QUANTITIES:
            errors = errors_of(results, key)
            if any(error is not None and abs(error) > TAIL_MOST for error in errors):
                found.append((path.stem, title, errors))
        for (index, name), (key, title, _) in itertools.product(steps_of(results), STEP_QUANTITIES):
            errors = [step_error(r, index, key) for r in results]
            if any(error is not None and abs(error) > TAIL_MOST for error in errors):
                found.append((path.stem, f"{title} of `{name}`", errors))
    return found


def targets_missed(cases):
    """Sentences; none when every number is where it should be."""
    missed = []
    for key, title, _ in QUANTITIES:
        errors = whole_run_errors(cases, key)
        if key in JUDGED and errors.median is not None and errors.median > MEDIAN_MOST:
            missed.append(f"the median error of {title} is {errors.median:.0%}, above {MEDIAN_MOST:.0%}")
        if key in JUDGED and errors.tail is not None and errors.tail > TAIL_MOST:
            missed.append(f"the 90th percentile of the error of {title} is {errors.tail:.0%}, above {TAIL_MOST:.0%}")
        if errors.inside is not None and errors.inside < INSIDE_LEAST:
            missed.append(f"{title} lies in the band in {errors.inside:.0%} of replays, not in {INSIDE_LEAST:.0%}")
    right, told_apart = ranking(cases)
    if right < told_apart:
        missed.append(f"{told_apart - right} of {told_apart} pairs are ranked otherwise than measured")
    missed += [f"{count} requests failed with {state or 'no SQLSTATE'} ({kind}), which was never predicted" for (kind, state), count in states_seen(cases).items()]
    return missed
