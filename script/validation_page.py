"""Replays side by side with their predictions, as the page docs/validation.md."""

import pathlib
import re
import statistics

from validation_numbers import (QUANTITIES, STEP_QUANTITIES, classified, errors_of, group_of, misses, ranking, states_seen, step_errors, steps_of,
                                targets_missed, whole_run_errors)

REASONS = pathlib.Path(__file__).resolve().parent.parent / "tests" / "validation" / "misses.md"

HEAD = """# Predicted and measured

Written by `script/validate`: every scenario of `tests/validation` on a private PostgreSQL, with the cost model that
`midflight calibrate` fitted to it before every eighth scenario. How long single statements take is measured by each replay itself before its load
begins, on the tables it has just filled. The error compares each replay with the run that had the same draws, as
(predicted - measured) / max(measured, floor), with floors of 0.5 s and of 10 requests or 0.1% of them. *agree*: both are
below the floor. The band is p5 to p95 of runs that know nothing of the replay; where replays of a scenario have bands of their
own, from the least to the most. A replay in which the load generator fell behind is repeated, at most twice.

"""


def amount(value, unit):
    if value is None:
        return "-"
    return f"{value:.2f} s" if unit else f"{value:,.0f}"


def span(values, unit):
    known = [value for value in values if value is not None]
    if not known:
        return "-"
    low, high = amount(min(known), unit), amount(max(known), unit)
    return low if low == high else f"{low} to {high}"


def band(results, of):
    return [end for result in results if (value := of(result["predicted"])) is not None for end in (value["p5"], value["p95"])]


def error_text(errors):
    known = [error for error in errors if error is not None]
    return " ".join(f"{error:+.0%}" for error in known) if known else "agree"


def percent(value):
    return "-" if value is None else f"{value:.0%}"


def case_rows(name, results):
    rows = []
    for key, title, unit in QUANTITIES:
        rows.append(f"| {name if not rows else ''} | {title} | {span(band(results, lambda run: run[key]), unit)} | "
                    f"{span([r['measured'][key] for r in results], unit)} | {error_text(errors_of(results, key))} |")
    return rows


def step_rows(name, results):
    rows = []
    for index, step in steps_of(results):
        cells = [f"| {name if not rows else ''} | {step} "]
        for key, unit in (("lock_wait_s", "s"), ("held_s", "s"), ("blocked_requests", "")):
            cells.append(f"| {span(band(results, lambda run: run['steps'][index][key]), unit)} "
                         f"| {span([r['measured']['steps'][index][key] for r in results], unit)} ")
        rows.append("".join(cells) + "|")
    return rows


def summary_row(title, errors):
    return f"| {title} | {len(errors.errors)} | {percent(errors.median)} | {percent(errors.tail)} | {percent(errors.inside)} | {percent(errors.inside_counted)} |"


def summary_rows(cases):
    return [*(summary_row(title, whole_run_errors(cases, key)) for key, title, _ in QUANTITIES),
            *(summary_row(f"{title} of a step", step_errors(cases, key)) for key, title, _ in STEP_QUANTITIES)]


def verdicts(cases):
    right, total = classified(cases)
    ranked, told_apart = ranking(cases)
    checked = [result["data_ok"] for _, results in cases for result in results]
    strange = sum(states_seen(cases).values())
    groups = len({group_of(path) for path, _ in cases})
    return (f"Of {total:,} requests that failed, the paired prediction (the run simulated with the replay's own seed and arrivals) has {right:,} one by one under the same class and SQLSTATE; "
            f"{strange} failed in a way that no run of their scenario predicts. The scenarios are ways to make {groups} changes; of {told_apart} pairs "
            f"of ways that differ by more than 50 failed or delayed requests, {ranked} are ranked as measured. "
            f"The rows agreed with what was acknowledged after {sum(checked)} of {len(checked)} replays.\n")


def miss_lines(cases):
    found = misses(cases)
    if not found:
        return "Nothing is more than a quarter off.\n"
    return "More than a quarter off:\n\n" + "\n".join(f"- `{name}`, {what}: {error_text(errors)}" for name, what, errors in found) + "\n"


def parameters(profile):
    return {name: float(value) for name, value in re.findall(r"^(\w+): ([0-9.e+-]+) +#", profile, re.MULTILINE)}


def changes(before, after):
    """Of each parameter, from one calibration to the next."""
    old, new = parameters(before), parameters(after)
    return [(name, new[name] / value - 1) for name, value in old.items() if value > 0 and name in new and name != "spread"]


def drift(profiles):
    """What the server itself changed in the meantime: no prediction can be nearer than that."""
    found = [change for before, after in zip(profiles, profiles[1:]) for change in changes(before, after)]
    if not found:
        return ""
    most = {name: change for name, change in sorted(found, key=lambda change: abs(change[1]))}
    largest = sorted(most.items(), key=lambda change: -abs(change[1]))[:3]
    return (f"The server was calibrated {len(profiles)} times. From one time to the next its parameters differ by "
            f"{statistics.median(abs(change) for _, change in found):.0%} (median), most of all "
            + ", ".join(f"`{name}` by {change:+.0%}" for name, change in largest) + ".\n")


def table(head, rows):
    columns = head.count("|") - 1
    return "\n".join([head, "|" + "---|" * columns, *rows]) + "\n"


def about(path):
    return f"- `{path.stem}`: {path.read_text().splitlines()[0].lstrip('# ')}"


def fenced(text):
    return f"```\n{text.strip()}\n```\n"


def why_not_counted(result):
    """Empty for a replay that is a measurement."""
    if "failure" in result:
        return result["failure"]
    if not result["valid"]:
        return result["invalid_reason"]
    return f"the plan was not carried out: {result['measured'].get('why_incomplete')}" if result.get("unforeseen_end") else ""


def counted(cases):
    good = [(path, [r for r in results if not why_not_counted(r)]) for path, results in cases]
    return [(path, results) for path, results in good if results]


def not_measured(cases):
    return [(path, why_not_counted(r)) for path, results in cases for r in results if why_not_counted(r)]


def page(cases, profiles, repeated):
    """`profiles`: of each calibration, as text.  `repeated`: replays that did not count and were made again."""
    good = counted(cases)
    text = HEAD + "## Summary\n\n"
    text += (f"{len(good)} of {len(cases)} scenarios were measured, {sum(len(results) for _, results in good)} replays; "
             f"{repeated} more fell behind and were repeated.\n\n")
    text += table("| quantity | errors above the floor | median | 90th percentile | inside the band | of those above the floor |", summary_rows(good))
    text += "\n" + verdicts(good) + "\n" + drift(profiles)
    text += "\n## Where it misses, and why\n\n" + miss_lines(good) + "\n" + REASONS.read_text()
    text += "\n## Scenarios\n\n" + "\n".join(about(path) for path, _ in cases) + "\n\n"
    text += table("| scenario | quantity | predicted band | measured | errors |", [row for path, results in good for row in case_rows(path.stem, results)])
    text += "\n## Steps\n\n"
    text += table("| scenario | step | lock wait predicted | measured | held predicted | measured | blocked predicted | measured |",
                  [row for path, results in good for row in step_rows(path.stem, results)])
    if not_measured(cases):
        text += "\n## Not measured\n\n" + "\n".join(f"- `{path.stem}`: {why}" for path, why in not_measured(cases)) + "\n"
    return text + "\n## The server\n\nAs the first calibration found it:\n\n" + fenced(profiles[0])


def complaints(cases):
    """Why the page must not be believed; none when all is well."""
    return targets_missed(counted(cases)) + [f"{path.stem} was not measured: {why}" for path, why in not_measured(cases)]
