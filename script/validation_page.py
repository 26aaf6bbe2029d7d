"""Replays side by side with their predictions, as the page docs/validation.md."""

import collections
import itertools
import pathlib
import statistics

MISSES = pathlib.Path(__file__).resolve().parent.parent / "tests" / "validation" / "misses.md"
QUANTITIES = [("downtime_s", "downtime", "s"), ("failed_requests", "failed", ""), ("delayed_requests", "delayed", ""), ("stall_s", "stall", "s")]
RANKED_APART = 50  # two runs of one scenario may differ by so many

HEAD = """# Predicted and measured

Written by `script/validate`: every scenario of `tests/validation` on a private PostgreSQL, with the cost model that
`midflight calibrate` fitted to it before. The prediction's band is p5 to p95 of its runs; the error compares each replay
with the run that had the same draws, as (predicted - measured) / max(measured, floor), with floors of 0.5 s and of 10
requests or 0.1% of them. *agree*: both are below the floor. A replay in which the load generator fell behind is
repeated, at most twice.

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


def errors_of(results, name):
    """Relative errors that count; None where predicted and measured agree below the floor."""
    return [None if name in r["error"]["agree"] else r["error"].get(name) for r in results]


def error_text(errors):
    known = [error for error in errors if error is not None]
    return " ".join(f"{error:+.0%}" for error in known) if known else "agree"


def case_rows(name, results):
    rows = []
    for key, title, unit in QUANTITIES:
        band = results[0]["predicted"][key]
        rows.append(f"| {name if not rows else ''} | {title} | {span([band['p5'], band['p95']], unit)} | "
                    f"{span([r['measured'][key] for r in results], unit)} | {error_text(errors_of(results, key))} |")
    return rows


def step_rows(name, results):
    rows = []
    for i, step in enumerate(results[0]["measured"]["steps"]):
        if step["kind"] not in ("sql", "backfill"):
            continue
        predicted = results[0]["predicted"]["steps"][i]
        cells = [f"| {name if not rows else ''} | {step['id']} "]
        for key, unit in (("lock_wait_s", "s"), ("held_s", "s"), ("blocked_requests", "")):
            band = predicted[key]
            cells.append(f"| {span([band['p5'], band['p95']], unit)} | {span([r['measured']['steps'][i][key] for r in results], unit)} ")
        rows.append("".join(cells) + "|")
    return rows


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def summary_rows(cases):
    rows = []
    for key, title, _ in QUANTITIES:
        errors = [abs(e) for _, results in cases for e in errors_of(results, key) if e is not None]
        insides = [r["error"]["inside"].get(key) for _, results in cases for r in results]
        known = [inside for inside in insides if inside is not None]
        inside = f"{sum(known) / len(known):.0%}" if known else "-"
        middle, tail = (f"{statistics.median(errors):.0%}", f"{quantile(errors, 0.9):.0%}") if errors else ("-", "-")
        rows.append(f"| {title} | {len(errors)} | {middle} | {tail} | {inside} |")
    return rows


def count_by_state(run):
    counts = collections.Counter()
    for error in run["errors"]:
        counts[error["class"], error["sqlstate"]] += error["count"]
    return counts


def classified(cases):
    """How many measured failures there were, and of how many the paired prediction has the class and SQLSTATE."""
    known = total = 0
    for _, results in cases:
        for result in results:
            measured, predicted = count_by_state(result["measured"]), count_by_state(result["paired"])
            total += sum(measured.values())
            known += sum(count for state, count in measured.items() if state in predicted)
    return known, total


def change_of(path):
    """What its scenario wants of the schema; scenarios with the same change are ways to reach it."""
    return next((line for line in path.read_text().splitlines() if line.startswith("change:")), path.stem)


def bad_requests(results, side):
    """Failed and delayed requests of the middle replay."""
    return statistics.median(result[side]["failed_requests"] + result[side]["delayed_requests"] for result in results)


def ranking(cases):
    """Pairs of ways to make the same change that differ in what they do to requests, and how many are ranked as measured."""
    told_apart = right = 0
    for (one, results), (other, others) in itertools.combinations(cases, 2):
        measured = bad_requests(results, "measured") - bad_requests(others, "measured")
        if change_of(one) != change_of(other) or abs(measured) <= RANKED_APART:
            continue
        told_apart += 1
        right += measured * (bad_requests(results, "paired") - bad_requests(others, "paired")) > 0
    return right, told_apart


def verdicts(cases):
    known, total = classified(cases)
    right, told_apart = ranking(cases)
    checked = [result["data_ok"] for _, results in cases for result in results]
    return (f"Of {total:,} requests that failed, the paired prediction has the class and SQLSTATE of {known:,}. "
            f"Of {told_apart} pairs of scenarios that make the same change and differ by more than {RANKED_APART} failed or delayed "
            f"requests, {right} are ranked as measured. The rows agreed with what was acknowledged after {sum(checked)} of {len(checked)} replays.\n")


def table(head, rows):
    columns = head.count("|") - 1
    return "\n".join([head, "|" + "---|" * columns, *rows]) + "\n"


def about(path):
    return f"- `{path.stem}`: {path.read_text().splitlines()[0].lstrip('# ')}"


def fenced(text):
    return f"```\n{text.strip()}\n```\n"


def page(cases, profile):
    failed = [(path, r["failure"]) for path, results in cases for r in results if "failure" in r]
    invalid = [(path, r["invalid_reason"]) for path, results in cases for r in results if "failure" not in r and not r["valid"]]
    good = [(path, [r for r in results if "failure" not in r and r["valid"]]) for path, results in cases]
    good = [(path, results) for path, results in good if results]
    text = HEAD + "## Summary\n\n"
    text += f"{len(good)} of {len(cases)} scenarios were measured, {sum(len(results) for _, results in good)} replays.\n\n"
    text += table("| quantity | errors above the floor | median | 90th percentile | measured inside the band |", summary_rows(good))
    text += "\n" + verdicts(good)
    text += "\n## Where it misses, and why\n\n" + MISSES.read_text()
    text += "\n## Scenarios\n\n" + "\n".join(about(path) for path, _ in cases) + "\n\n"
    text += table("| scenario | quantity | predicted band | measured | errors |", [row for path, results in good for row in case_rows(path.stem, results)])
    text += "\n## Steps\n\n"
    text += table("| scenario | step | lock wait predicted | measured | held predicted | measured | blocked predicted | measured |",
                  [row for path, results in good for row in step_rows(path.stem, results)])
    if failed or invalid:
        text += "\n## Not measured\n\n" + "\n".join(f"- `{path.stem}`: {why}" for path, why in failed + invalid) + "\n"
    return text + "\n## The server\n\n" + fenced(profile)
