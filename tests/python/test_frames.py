"""Frames hold what the engine wrote, without copies, and agree with the summaries."""

import math
import pickle
import unittest

import numpy as np
from examples import EXAMPLES, RENAME, SMALL

import midflight


class Frames(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.result = midflight.compare(RENAME, runs=20)

    def of(self, frame, strategy):
        return frame["strategy"] == strategy

    def test_means_of_the_runs_are_the_means_of_the_report(self):
        runs = self.result.runs()
        for name in self.result.names:
            for quantity in ("downtime_s", "failed_requests", "requests", "total_time_s"):
                told = self.result[name][quantity]["mean"]
                self.assertAlmostEqual(runs[quantity][self.of(runs, name)].mean(), told, delta=1e-6 * max(told, 1))

    def test_errors_add_up_to_failed_requests(self):
        runs, errors = self.result.runs(), self.result.errors()
        for name in self.result.names:
            failed = runs["failed_requests"][self.of(runs, name)].sum()
            self.assertEqual(errors["count"][self.of(errors, name)].sum(), failed)

    def test_endpoints_add_up_to_requests(self):
        runs, endpoints = self.result.runs(), self.result.endpoints()
        self.assertEqual(endpoints["requests"].sum(), runs["requests"].sum())

    def test_steps_that_follow_each_other_begin_in_order(self):
        steps = self.result.steps()
        mine = self.of(steps, "expand_contract") & (steps["run"] == 3)
        self.assertGreater(mine.sum(), 5)
        self.assertTrue((np.diff(steps["start_s"][mine]) >= 0).all())
        self.assertTrue((steps["end_s"][mine] >= steps["start_s"][mine]).all())

    def test_steps_that_were_not_reached_have_no_times(self):
        late = midflight.simulate(RENAME, "expand_contract", overrides={"limits.time": "10min"}, runs=2).steps()
        self.assertTrue(math.isnan(late["start_s"][-1]))

    def test_summary_has_every_quantity_of_every_strategy(self):
        summary = self.result.summary()
        self.assertEqual(summary.rows, len(self.result.names) * 11)

    def test_timeline_is_that_of_the_report(self):
        timeline = self.result.timeline("naive")
        self.assertEqual(timeline.rows, len(self.result["naive"].timeline))
        self.assertTrue((timeline["until_s"] >= timeline["at_s"]).all())

    def test_numbers_are_views_that_outlive_the_result(self):
        column = midflight.simulate(RENAME, "naive", runs=50).runs()["requests"]
        self.assertFalse(column.flags.owndata)
        self.assertFalse(column.flags.writeable)
        self.assertGreater(column.min(), 10_000)

    def test_pandas_and_arrow_share_the_memory(self):
        runs = self.result.runs()
        frame, table = runs.to_pandas(), runs.to_arrow()
        self.assertTrue(np.shares_memory(frame["downtime_s"].to_numpy(), runs["downtime_s"]))
        address = table["downtime_s"].chunk(0).buffers()[1].address
        self.assertEqual(address, runs["downtime_s"].__array_interface__["data"][0])
        self.assertEqual(list(frame["strategy"]), list(runs["strategy"]))
        self.assertEqual(table["strategy"].to_pylist(), list(runs["strategy"]))

    def test_times_have_their_unit_in_the_name(self):
        for frame in (self.result.runs(), self.result.steps(), self.result.endpoints()):
            for name, column in frame.items():
                self.assertEqual(column.dtype == np.float64, name.endswith("_s"), name)

    def test_result_survives_pickling(self):
        again = pickle.loads(pickle.dumps(self.result))
        self.assertEqual(again.data, self.result.data)
        self.assertEqual(str(again), str(self.result))
        self.assertEqual(again.to_html(), self.result.to_html())
        for frame in ("runs", "steps", "endpoints", "errors"):
            self.assertTrue(getattr(again, frame)().to_pandas().equals(getattr(self.result, frame)().to_pandas()), frame)

    def test_missing_column_is_told_with_those_there_are(self):
        with self.assertRaisesRegex(KeyError, "downtime_s"):
            self.result.runs()["downtime"]

    def test_missing_strategy_is_told_with_those_there_are(self):
        with self.assertRaisesRegex(KeyError, "expand_contract"):
            self.result["expand"]

    def test_html_has_a_row_for_each_strategy(self):
        self.assertEqual(self.result._repr_html_().count("<tr>"), 1 + len(self.result.names))
        self.assertIn("<table>", self.result.runs()._repr_html_())


class EndlessDowntime(unittest.TestCase):
    """A column is dropped that the only version reads for ever; no version that does without it follows."""

    @classmethod
    def setUpClass(cls):
        head, _ = SMALL.split("change:")
        cls.scenario = midflight.Scenario.from_yaml(head + "plan:\n  - {id: drop, sql: ALTER TABLE t DROP COLUMN a}\n")
        cls.result = midflight.simulate(cls.scenario, runs=5)

    def test_runs_say_which_downtime_is_endless(self):
        runs = self.result.runs()
        self.assertEqual(runs["endless"].dtype, np.bool_)
        self.assertTrue(runs["endless"].all())
        self.assertTrue((runs["downtime_s"] < 60).all())  # counted is only its beginning
        self.assertEqual(runs["endless"].sum(), self.result[self.result.best].endless_runs)

    def test_downtime_that_ends_is_not_endless(self):
        runs = midflight.simulate(RENAME, "naive", runs=5).runs()
        self.assertTrue((runs["downtime_s"] > 0).all())
        self.assertFalse(runs["endless"].any())

    def test_table_says_in_how_many_runs(self):
        self.assertIn("endless in 5 runs", self.result._repr_html_())
        self.assertNotIn("endless", midflight.simulate(RENAME, "naive", runs=5)._repr_html_())

    def test_no_limit_of_the_downtime_is_kept(self):
        asked = {"path": "app.instances", "between": (2, 4), "runs": 5}
        self.assertIsNone(midflight.find(self.scenario, keep={"downtime_s": 1e6}, **asked).value)
        self.assertEqual(midflight.find(self.scenario, keep={"total_time_s": 1e6}, **asked).value, 4)

    def test_wrong_quantity_is_told_with_the_quantities_alone(self):
        with self.assertRaisesRegex(midflight.BadInput, "there are downtime_s, .*deployments$"):
            midflight.find(self.scenario, "app.instances", (2, 4), keep={"endless_s": 1}, runs=2)


class Requests(unittest.TestCase):
    def test_log_of_an_exact_run_has_every_request_that_the_run_counted(self):
        for name in ("naive", "maintenance_window"):
            log = midflight.requests(RENAME, name, run=1)
            run = midflight.simulate(RENAME, name, runs=2, exact=True).runs()
            self.assertEqual(log.rows, run["requests"][1])
            self.assertEqual((log["error"] != "").sum(), run["failed_requests"][1])

    def test_latencies_are_those_of_the_objective(self):
        log = midflight.requests(EXAMPLES / "long_report" / "scenario.yaml", run=0)
        run = midflight.simulate(EXAMPLES / "long_report" / "scenario.yaml", runs=1, exact=True).runs()
        late = (log["error"] == "") & (log["latency_s"] > 1.0)
        self.assertEqual(late.sum(), run["delayed_requests"][0])

    def test_log_becomes_a_data_frame_without_a_copy(self):
        log = midflight.requests(RENAME, "naive")
        frame = log.to_pandas()
        self.assertTrue(np.shares_memory(frame["latency_s"].to_numpy(), log["latency_s"]))
        self.assertEqual(frame["endpoint"].iloc[0], log["endpoint"][0])


if __name__ == "__main__":
    unittest.main()
