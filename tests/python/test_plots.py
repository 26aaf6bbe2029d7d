"""Pictures show what the numbers say, and can be saved."""

import io
import pathlib
import tempfile
import unittest

import numpy as np
from examples import EXAMPLES, RENAME

import midflight
from midflight import plots
from midflight._axis import Squeezed, time_text


def values(chart):
    """All rows of data in a chart."""
    found = []

    def walk(node):
        if isinstance(node, dict):
            if isinstance(node.get("values"), list) and node["values"] and isinstance(node["values"][0], dict):
                found.extend(node["values"])
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(chart.to_dict())
    return found


class Drawn(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.result = midflight.compare(RENAME, runs=10)

    def test_timeline_has_every_entry_on_its_lane(self):
        drawn = values(plots.timeline(self.result, "naive"))
        told = self.result.timeline("naive")
        self.assertEqual([row["lane"] for row in drawn], list(told["lane"]))
        self.assertTrue(all(row["until"] > row["from"] for row in drawn))

    def test_hours_without_an_event_are_squeezed_in_order(self):
        axis = Squeezed([0, 10, 3700, 3710])
        self.assertEqual(len(axis.squeezed), 1)
        self.assertLess(axis.length, 60)
        places = [axis.place(t) for t in (0, 5, 10, 2000, 3700, 3705, 3710)]
        self.assertEqual(places, sorted(places))
        self.assertAlmostEqual(axis.place(3710) - axis.place(3700), 10)

    def test_long_times_are_told_as_one_says_them(self):
        told = {40.5: "40.5 s", 0.0021: "2.1 ms", 3700: "1h 1min 40s", 3600: "1h", 2 * 86400 + 60.04: "2d 1min"}
        self.assertEqual({seconds: time_text(seconds) for seconds in told}, told)

    def test_waiting_for_a_lock_is_told_from_holding_it(self):
        long_report = midflight.simulate(EXAMPLES / "long_report" / "scenario.yaml", runs=3)
        kinds = {row["kind"] for row in values(long_report.plot())}
        self.assertLessEqual({"lock waited for", "lock held", "errors"}, kinds)

    def test_comparison_has_the_medians_and_intervals_of_the_report(self):
        drawn = [row for row in values(self.result.plot()) if row["quantity"] == "failed_requests"]
        naive = next(row for row in drawn if row["strategy"] == "naive")
        self.assertEqual({s: naive[s] for s in ("p5", "p50", "p95")}, {s: self.result["naive"].failed_requests[s] for s in ("p5", "p50", "p95")})

    def test_latency_percentiles_are_those_of_the_requests(self):
        log = midflight.requests(RENAME, "naive")
        drawn = [row for row in values(plots.latency(log, every=1e9)) if row.get("percentile") == "p95"]
        good = log["latency_s"][log["error"] == ""]
        self.assertAlmostEqual(drawn[0]["ms"], np.percentile(good, 95, method="inverted_cdf") * 1e3)

    def test_every_picture_can_be_saved(self):
        swept = midflight.sweep(RENAME, {"app.instances": [4, 8], "app.pool": [5, 10]}, runs=3, strategies=["naive"])
        line = midflight.sweep(RENAME, {"app.instances": [4, 8]}, runs=3)
        log = midflight.requests(RENAME, "naive")
        charts = {
            "timeline": plots.timeline(self.result), "comparison": self.result.plot(), "heatmap": swept.plot(),
            "line": line.plot("failed_requests.p95"), "latency": plots.latency(log),
        }  # fmt: skip
        for name, chart in charts.items():
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                png, svg, page = (pathlib.Path(folder) / f"{name}.{kind}" for kind in ("png", "svg", "html"))
                for file in (png, svg, page):
                    chart.save(str(file))
                self.assertTrue(png.read_bytes().startswith(b"\x89PNG"))
                self.assertIn("<svg", svg.read_text())
                self.assertIn("vega", page.read_text())
                self.assertNotIn('fill="white"', svg.read_text())  # dark pages stay dark

    def test_prediction_error_shows_measured_beside_predicted(self):
        row = {"mean": 1.0, "p5": 0.5, "p50": 1.0, "p95": 2.0}
        data = {"strategy": "naive", "backend": "sqlite", "server_version": "3", "predicted": {"downtime_s": row, "requests": row},
                "measured": {"downtime_s": 1.5, "requests": None}}  # fmt: skip
        drawn = values(plots.prediction_error(midflight.Replay(data, "", "")))
        self.assertIn((0.5, 1.0, 2.0, 1.5), [(r["p5"], r["predicted"], r["p95"], r["measured"]) for r in drawn])

    def test_what_is_not_there_is_told(self):
        with self.assertRaisesRegex(midflight.BadInput, "downtime_s"):
            plots.comparison(self.result, ["downtime"])
        with self.assertRaises(midflight.BadInput):
            plots.heatmap(midflight.sweep(RENAME, {"app.pool": [5]}, runs=2, strategies="naive"), "nothing")
        with self.assertRaises(midflight.BadInput):
            plots.latency(midflight.requests(RENAME, "naive"), every=float("nan"))


if __name__ == "__main__":
    unittest.main()
