"""A sweep has the same result wherever it runs, survives its workers, and answers the inverse question."""

import os
import signal
import threading
import time
import unittest
import warnings
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
from examples import EXAMPLES, RENAME

import midflight

GRID = {"app.instances": [4, 8], "app.rollout.startup": ["5s", "20s"]}


def small(**options):
    return midflight.sweep(RENAME, GRID, runs=5, **options)


class Here(Executor):
    """Does the work at once, and loses the first chunk as often as asked."""

    def __init__(self, losses=0):
        self.losses = losses

    def submit(self, work, *arguments):
        future = Future()
        if self.losses > 0:
            self.losses -= 1
            future.set_exception(OSError("the worker is gone"))
        else:
            future.set_result(work(*arguments))
        return future


class Sweeping(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.here = small()

    def assertSame(self, one, two):
        self.assertEqual(list(one), list(two))
        self.assertTrue(one.to_pandas().equals(two.to_pandas()))

    def test_row_of_a_point_is_what_compare_says_there(self):
        result = midflight.compare(RENAME, overrides={"app.instances": 4, "app.rollout.startup": "5s"}, runs=5)
        frame = self.here.to_pandas()
        at = frame[(frame["app.instances"] == 4) & (frame["app.rollout.startup"] == "5s")]
        self.assertEqual(list(at["strategy"]), result.names)
        naive = at[at["strategy"] == "naive"].iloc[0]
        for statistic in ("mean", "p5", "p50", "p95"):
            self.assertAlmostEqual(naive[f"downtime_s.{statistic}"], result["naive"].downtime_s[statistic], places=6)

    def test_points_may_be_listed_and_their_order_is_kept(self):
        points = [{"app.instances": 8, "app.rollout.startup": "20s"}, {"app.instances": 4, "app.rollout.startup": "5s"}]
        listed = midflight.sweep(RENAME, points, runs=5, strategies="naive")
        self.assertEqual(list(listed["app.instances"]), [8, 4])

    def test_result_is_the_same_in_one_thread_in_processes_and_here(self):
        with ThreadPoolExecutor(1) as pool:
            self.assertSame(small(executor=pool), self.here)
        with ProcessPoolExecutor(2) as pool:
            self.assertSame(small(executor=pool), self.here)

    def test_lost_chunk_is_sent_again(self):
        self.assertSame(small(executor=Here(losses=2)), self.here)

    def test_chunk_that_is_always_lost_ends_the_sweep(self):
        with self.assertRaisesRegex(OSError, "gone"):
            small(executor=Here(losses=100))

    def test_broken_executor_leaves_the_rest_to_threads_here(self):
        with ProcessPoolExecutor(1) as pool:
            pool.submit(os.getpid).result()
            threading.Timer(0.3, lambda: [os.kill(pid, signal.SIGKILL) for pid in pool._processes]).start()
            points = {"seed": range(400)}
            with self.assertWarnsRegex(UserWarning, "broken"):
                swept = midflight.sweep(RENAME, points, runs=20, strategies="naive", executor=pool)
        self.assertTrue(swept.complete)
        self.assertEqual(list(swept["seed"]), list(range(400)))

    def test_cancelled_sweep_keeps_finished_points(self):
        cancel = threading.Event()
        with self.assertWarnsRegex(UserWarning, "cancelled"):
            swept = midflight.sweep(
                RENAME, {"seed": range(5000)}, runs=20, strategies="naive", cancel=cancel,
                progress=lambda done, total: done >= 10 and cancel.set(),
            )  # fmt: skip
        self.assertFalse(swept.complete)
        self.assertTrue(10 <= swept.rows < 5000)

    def test_control_c_keeps_finished_points_and_is_heard_at_once(self):
        pressed = []

        def press(done, total):
            if done >= 10 and not pressed:
                pressed.append(time.perf_counter())
                os.kill(os.getpid(), signal.SIGINT)

        with self.assertWarnsRegex(UserWarning, "cancelled"):
            swept = midflight.sweep(RENAME, {"seed": range(5000)}, runs=100, strategies="naive", progress=press)
        self.assertLess(time.perf_counter() - pressed[0], 1.0)
        self.assertTrue(10 <= swept.rows < 5000)

    def test_executor_that_was_shut_down_is_told(self):
        pool = ThreadPoolExecutor(1)
        pool.shutdown()
        with self.assertRaisesRegex(midflight.BadInput, "takes no work"):
            small(executor=pool)
        with self.assertRaises(TypeError):
            small(executor=7)

    def test_wrong_points_are_told(self):
        for points, error in (({}, midflight.BadInput), ({"app.pol": [1]}, midflight.BadInput), ({"app.pool": 3}, TypeError),
                              ({"app.pool": "12"}, TypeError), ([3], TypeError), ({"app.pool": [5, 0]}, midflight.BadInput),
                              ({"app.pool": [float("nan")]}, midflight.BadInput)):  # fmt: skip
            with self.subTest(points), self.assertRaises(error):
                midflight.sweep(RENAME, points, runs=2)


class OnACluster(unittest.TestCase):
    def test_worker_killed_in_the_middle_changes_nothing(self):
        from dask.distributed import Client, LocalCluster

        points = {"seed": range(60), "app.instances": [4, 8]}
        here = midflight.sweep(RENAME, points, runs=30, strategies="naive")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1",
                              silence_logs=50) as cluster, Client(cluster) as client:  # fmt: skip
                victim = next(iter(client.run(os.getpid).values()))
                killed = []

                def kill(done, total):
                    if done >= 3 and not killed:
                        killed.append(os.kill(victim, signal.SIGKILL))

                there = midflight.sweep(RENAME, points, runs=30, strategies="naive", executor=client, progress=kill)
        self.assertTrue(killed)
        self.assertTrue(there.to_pandas().equals(here.to_pandas()))


class Finding(unittest.TestCase):
    NOT_NULL = EXAMPLES / "not_null" / "scenario.yaml"

    def test_answer_keeps_the_limit_and_its_neighbour_breaks_it(self):
        found = midflight.find(self.NOT_NULL, "tables.orders.rows", (1e5, 1e10), strategy="naive", keep={"downtime_s": 2}, runs=50)
        at = lambda rows: midflight.simulate(
            self.NOT_NULL, "naive", overrides={"tables.orders.rows": int(rows)}, runs=50
        ).runs()["downtime_s"]
        self.assertGreaterEqual((at(found.value) <= 2).mean(), 0.95)
        self.assertLess((at(found.breaks_at) <= 2).mean(), 0.95)
        self.assertLess(found.breaks_at / found.value, 1.05)
        self.assertTrue(found.confidence[0] <= found.share <= found.confidence[1])

    def test_smallest_value_is_found_as_well(self):
        found = midflight.find(RENAME, "app.rollout.startup", (1, 100), unit="s", strategy="naive", largest=True,
                               keep={"downtime_s": 30}, runs=10)  # fmt: skip
        opposite = midflight.find(RENAME, "app.versions.v1.profile.rate", (0.5, 500), unit="/s", strategy="naive", largest=False,
                                  keep={"downtime_s": 60}, runs=10)  # fmt: skip
        self.assertAlmostEqual(found.value, 15, delta=1)  # two waves, each as long as the start-up
        self.assertEqual(opposite.value, 0.5)
        self.assertIsNone(opposite.breaks_at)

    def test_limit_that_nothing_keeps_has_no_answer(self):
        found = midflight.find(RENAME, "app.instances", (4, 16), strategy="naive", keep={"failed_requests": 0}, runs=5)
        self.assertIsNone(found.value)
        self.assertIn("no app.instances", repr(found))

    def test_wrong_questions_are_told(self):
        for options, error in (
            ({"between": (0, 5)}, midflight.BadInput), ({"between": (5, float("nan"))}, midflight.BadInput),
            ({"between": 7}, TypeError), ({"keep": {"downtime": 1}}, midflight.BadInput),
            ({"keep": {"downtime_s": float("nan")}}, midflight.BadInput),
        ):  # fmt: skip
            asked = {"between": (4, 16), "keep": {"downtime_s": 1}, "strategy": "naive", "runs": 2, **options}
            with self.subTest(options), self.assertRaises(error):
                midflight.find(RENAME, "app.instances", **asked)


if __name__ == "__main__":
    unittest.main()
