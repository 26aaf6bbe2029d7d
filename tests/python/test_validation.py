"""The numbers of docs/validation.md, by hand."""

import pathlib
import sys
import tempfile
import unittest

from examples import ROOT

sys.path.insert(0, str(ROOT / "script"))
import validation_numbers as numbers  # noqa: E402
import validation_page  # noqa: E402


def run(failed=0, delayed=0, errors=(), held=0.0):
    return {"downtime_s": 0, "failed_requests": failed, "delayed_requests": delayed, "stall_s": 0,
            "errors": [{"class": kind, "sqlstate": state, "count": count} for kind, state, count in errors],
            "steps": [{"id": "change", "kind": "sql", "start_s": 0, "lock_wait_s": 0, "held_s": held, "blocked_requests": 0}]}


def spread(p5, p95):
    return {"p5": p5, "p95": p95}


def replayed(measured, paired, band=(0, 0), error=None, inside=True):
    predicted = {"downtime_s": spread(0, 0), "failed_requests": spread(*band), "delayed_requests": spread(0, 0), "stall_s": spread(0, 0), "errors": [],
                 "steps": [{"id": "change", "lock_wait_s": spread(0, 0), "held_s": spread(0, 0), "blocked_requests": spread(0, 0)}]}
    agree = [key for key, _, _ in numbers.QUANTITIES if key != "failed_requests" or error is None]
    return {"measured": measured, "paired": paired, "predicted": predicted, "valid": True, "data_ok": True,
            "error": {"agree": agree, "failed_requests": error or 0, "inside": {key: inside for key, _, _ in numbers.QUANTITIES}}}


class Numbers(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def scenario(self, name, group):
        path = pathlib.Path(self.folder.name) / f"{name}.yaml"
        path.write_text(f"# What it shows.\n# group: {group}\nname: {name}\n")
        return path

    def test_a_quantile_is_the_nearest_rank(self):
        self.assertEqual(numbers.quantile(range(1, 11), 0.9), 9)
        self.assertEqual(numbers.quantile(range(1, 12), 0.9), 10)
        self.assertEqual(numbers.quantile([7], 0.9), 7)

    def test_errors_below_the_floor_are_no_errors(self):
        cases = [("one", [replayed(run(100), run(120), error=0.2), replayed(run(3), run(5), inside=False)])]
        errors = numbers.whole_run_errors(cases, "failed_requests")
        self.assertEqual(errors.errors, [0.2])
        self.assertEqual(errors.inside, 0.5)
        self.assertEqual(errors.inside_counted, 1)

    def test_a_step_has_the_floor_of_half_a_second(self):
        below, above = replayed(run(held=0.4), run(held=0.1)), replayed(run(held=2.0), run(held=1.5))
        self.assertIsNone(numbers.step_error(below, 0, "held_s"))
        self.assertEqual(numbers.step_error(above, 0, "held_s"), -0.25)
        above["measured"]["steps"][0]["start_s"] = None  # never reached
        self.assertIsNone(numbers.step_error(above, 0, "held_s"))
        self.assertIsNone(numbers.step_inside(above, 0, "held_s"))

    def test_failures_are_counted_one_by_one(self):
        # 60 of the 100 were predicted as such, and one state never was.
        measured = run(errors=[("schema", "42703", 100), ("deadlock", "40P01", 2)])
        cases = [("one", [replayed(measured, run(errors=[("schema", "42703", 60)]))])]
        self.assertEqual(numbers.classified(cases), (60, 102))
        self.assertEqual(dict(numbers.states_seen(cases)), {("deadlock", "40P01"): 2})

    def test_ways_to_make_one_change_are_ranked_by_what_compare_shows(self):
        bad = (self.scenario("bad", "x"), [replayed(run(200), run(0), band=(150, 250))])
        good = (self.scenario("good", "x"), [replayed(run(0), run(0))])
        wrong = (self.scenario("wrong", "x"), [replayed(run(100), run(100), band=(0, 300))])
        other = (self.scenario("other", "y"), [replayed(run(900), run(900))])
        self.assertEqual(numbers.ranking([bad, good, other]), (1, 1))
        self.assertEqual(numbers.ranking([bad, good, wrong]), (2, 3))

    def test_what_is_far_off_is_named_and_missed(self):
        cases = [(self.scenario("far", "x"), [replayed(run(100), run(150), error=0.5, inside=False)])]
        self.assertEqual([(name, what) for name, what, _ in numbers.misses(cases)], [("far", "failed")])
        missed = "\n".join(numbers.targets_missed(cases))
        self.assertIn("the median error of failed is 50%", missed)
        self.assertIn("failed lies in the band in 0% of replays", missed)

    def test_the_page_says_what_was_not_measured(self):
        cases = [(self.scenario("one", "x"), [replayed(run(), run()), {"failure": "no server"}])]
        page = validation_page.page(cases, ["a: 2 # x\n", "a: 3 # x\n", "a: 3.3 # x\n"], 1)
        self.assertIn("1 of 1 scenarios were measured, 1 replays; 1 more fell behind", page)
        self.assertIn("- `one`: no server", page)
        self.assertIn("calibrated 3 times", page)
        self.assertIn("differ by 30% (median), most of all `a` by +50%.", page)
        self.assertEqual(validation_page.complaints(cases), ["one was not measured: no server"])


if __name__ == "__main__":
    unittest.main()
