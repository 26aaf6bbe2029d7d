"""Check, plan and replay from Python."""

import pathlib
import tempfile
import unittest
import warnings

from examples import RENAME, SMALL

import midflight


class Checking(unittest.TestCase):
    def test_text_is_checked_as_a_file_is(self):
        sql = "ALTER TABLE users RENAME COLUMN name TO full_name;"
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "1_rename.sql"
            file.write_text(sql)
            rules = set(midflight.check(file).findings()["rule"])
        self.assertEqual(set(midflight.check(sql=sql).findings()["rule"]), rules)
        self.assertTrue(rules)

    def test_scenario_brings_predicted_numbers(self):
        checked = midflight.check(sql="ALTER TABLE users RENAME COLUMN name TO full_name;", scenario=RENAME, runs=5)
        self.assertTrue(any(finding["predicted"] for finding in checked["findings"]))

    def test_missing_files_and_wrong_settings_are_bad_input(self):
        with self.assertRaisesRegex(midflight.BadInput, "no-such"):
            midflight.check("no-such.sql")
        with self.assertRaisesRegex(midflight.BadInput, "postgresql:12"):
            midflight.check(sql="SELECT 1;", database="oracle:1")
        with self.assertRaises(TypeError):
            midflight.check()

    def test_text_report_names_the_rule(self):
        checked = midflight.check(sql="CREATE INDEX i ON users (name);")
        self.assertIn(checked.findings()["rule"][0], str(checked))


class Planning(unittest.TestCase):
    def test_plan_of_a_changed_scenario_runs_by_itself(self):
        scenario = midflight.Scenario.from_yaml(SMALL).with_(**{"migration.soak": "10s", "tables.t.rows": 500})
        plan = midflight.plan(scenario, "expand_contract")
        self.assertTrue(any(name.endswith(".sql") for name in plan))
        again = midflight.simulate(midflight.Scenario.from_yaml(plan["scenario.yaml"]), runs=3)
        self.assertEqual(again["plan"].verdict, midflight.simulate(scenario, "expand_contract", runs=3)["expand_contract"].verdict)

    def test_plan_is_saved_into_a_new_folder_only(self):
        plan = midflight.plan(RENAME, "naive")
        with tempfile.TemporaryDirectory() as folder:
            plan.save(pathlib.Path(folder) / "new")
            self.assertEqual(sorted(p.name for p in (pathlib.Path(folder) / "new").iterdir()), sorted(plan))
            with self.assertRaises(midflight.OutputError):
                plan.save(pathlib.Path(folder) / "new")

    def test_refusal_gives_its_reason(self):
        with self.assertRaises(midflight.BadInput):
            midflight.plan(RENAME)


QUICK = {"app.rollout": {"kind": "rolling", "startup": "1s", "drain": "0.2s"}, "migration.soak": "0s"}


def quick_replay(**options):
    """On a busy machine a replay may say that it is not valid; what is asked of it here holds all the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return midflight.replay(midflight.Scenario.from_yaml(SMALL).with_(QUICK), "naive", on="sqlite:", runs=5, **options)


class Replaying(unittest.TestCase):
    def test_replay_on_sqlite_measures_beside_the_prediction(self):
        replayed = quick_replay()
        self.assertEqual(replayed["backend"], "sqlite")
        quantities = replayed.quantities()
        requests = quantities["measured"][quantities["quantity"] == "requests"]
        self.assertGreater(requests[0], 10)
        self.assertIn("<html", replayed.to_html())
        self.assertEqual(set(replayed.repetitions()["run"]), {0})

    def test_repeated_replays_are_told_one_by_one(self):
        told = []
        replayed = quick_replay(repeat=2, progress=lambda done, all: told.append(done / all))
        frame = replayed.repetitions()
        requests = frame["measured"][frame["quantity"] == "requests"]
        self.assertEqual(len(requests), 2)
        self.assertEqual(requests[0], replayed["measured"]["requests"])
        self.assertNotEqual(requests[0], requests[1])
        self.assertIn("2 replays", str(replayed))
        self.assertEqual(told, sorted(told))

    def test_unknown_database_is_told(self):
        with self.assertRaises(midflight.Error):
            midflight.replay(RENAME, "naive", on="nothing://here")
        with self.assertRaises(midflight.BadInput):
            midflight.replay(RENAME, "naive", scale=float("nan"))
        for wrong in (0, -1, 1001):
            with self.assertRaisesRegex(midflight.BadInput, "repeat must be"):
                midflight.replay(RENAME, "naive", repeat=wrong)
        with self.assertRaises(TypeError):
            midflight.replay(RENAME, "naive", repeat=1.5)


class Inspecting(unittest.TestCase):
    def test_database_that_cannot_be_reached_is_told(self):
        with self.assertRaises(midflight.DatabaseError):
            midflight.inspect("postgresql://nobody@127.0.0.1:1/none")
        with self.assertRaises(midflight.BadInput):
            midflight.inspect("postgresql://nobody@127.0.0.1:1/none", between=float("nan"))


if __name__ == "__main__":
    unittest.main()
