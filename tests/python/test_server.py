"""What a live server tells, on a private one: inspect, calibrate, and predictions by what was measured."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from examples import RENAME, ROOT

import midflight

sys.path.insert(0, str(ROOT / "script"))
from private_server import NoServer, PrivateServer

SLOW = "scan_rows_per_s: 1000\nrewrite_rows_per_s: 1000\nmetadata_s: 3\n"


class Profiles(unittest.TestCase):
    def held(self, **options):
        return midflight.simulate(RENAME, "naive", runs=3, **options).steps()["held_s"].max()

    def test_profile_of_a_slow_server_makes_steps_long(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "slow.yaml"
            file.write_text(SLOW)
            self.assertLess(self.held(), 1)
            self.assertGreater(self.held(profile=file), 1)

    def test_calibration_is_a_profile_without_a_file(self):
        slow = midflight.Calibration(SLOW, "", [])
        self.assertGreater(self.held(profile=slow), 1)
        self.assertGreater(midflight.compare(RENAME, profile=slow, runs=3)["naive"].downtime_s["p50"], 40)

    def test_wrong_profiles_are_told(self):
        with self.assertRaisesRegex(midflight.BadInput, "no-such.yaml"):
            self.held(profile="no-such.yaml")
        with self.assertRaisesRegex(midflight.BadInput, "scan_rows_per_second"):
            self.held(profile=midflight.Calibration("metadata_s: 1\nscan_rows_per_second: 3\n", "", []))
        with self.assertRaisesRegex(TypeError, "a file or a Calibration"):
            self.held(profile=3)

    def test_wrong_questions_are_told(self):
        with self.assertRaises(midflight.DatabaseError):
            midflight.calibrate("postgresql://nobody@127.0.0.1:1/none")
        for wrong in (0, float("nan"), 1000):
            with self.assertRaisesRegex(midflight.BadInput, "size must be"):
                midflight.calibrate("postgresql://nobody@127.0.0.1:1/none", size=wrong)


class Live(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            cls.server = PrivateServer("fsync=off", "max_connections=120")
        except NoServer as why:
            raise unittest.SkipTest(str(why)) from None
        cls.addClassCleanup(cls.server.remove)

    def databases(self):
        query = [str(self.server.place / "psql"), "-At", "-d", self.server.uri(), "-c", "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database"]
        return subprocess.run(query, capture_output=True, text=True, check=True).stdout.strip()

    def test_calibration_is_used_and_leaves_nothing_behind(self):
        told = []
        with self.assertWarnsRegex(RuntimeWarning, "the profile is rough"):
            measured = midflight.calibrate(self.server.uri(), size=0.001, progress=lambda done, total: told.append(done / total))
        self.assertEqual(told, sorted(told))
        self.assertEqual(self.databases(), "postgres template0 template1")
        observations = measured.observations()
        self.assertGreater(observations.rows, 10)
        self.assertGreater(observations["measured_s"].min(), 0)
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "profile.yaml"
            measured.save(file)
            by_file = midflight.simulate(RENAME, "naive", runs=3, profile=file)
        by_value = midflight.simulate(RENAME, "naive", runs=3, profile=measured)
        self.assertEqual(list(by_file.steps()["held_s"]), list(by_value.steps()["held_s"]))

    def test_control_c_ends_a_calibration_and_leaves_nothing_behind(self):
        threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()
        begun = time.perf_counter()
        with self.assertRaises(KeyboardInterrupt):
            midflight.calibrate(self.server.uri(), size=1)
        self.assertLess(time.perf_counter() - begun, 15)
        self.assertEqual(self.databases(), "postgres template0 template1")

    def test_what_inspect_writes_is_a_scenario_but_for_its_change(self):
        self.server.sql("CREATE TABLE customers (id bigint PRIMARY KEY, name text); INSERT INTO customers VALUES (1, 'a'); ANALYZE customers;")
        scenario = midflight.Scenario.from_yaml(
            midflight.inspect(self.server.uri()) + "change: ALTER TABLE customers RENAME COLUMN name TO full_name\n").with_(
            **{"app.versions": {"v1": [{"name": "read", "rate": "5/s", "sql": "SELECT name FROM customers WHERE id = $1"}]}})
        self.assertIn("expand_contract", scenario.strategies())


if __name__ == "__main__":
    unittest.main()
