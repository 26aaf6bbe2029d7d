"""Every path of a scenario can be set, and what is wrong is said with its place."""

import datetime
import pathlib
import pickle
import tempfile
import unittest

import numpy as np
from examples import EXAMPLES, RENAME, SMALL

import midflight


def small(**values):
    return midflight.Scenario.from_yaml(SMALL).with_(values)


class Reading(unittest.TestCase):
    def test_file_text_and_mapping_are_the_same_scenario(self):
        from_text = midflight.Scenario.from_yaml(SMALL)
        self.assertEqual(midflight.Scenario(from_text.to_dict()), from_text)
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "small.yaml"
            file.write_text(SMALL)
            self.assertEqual(midflight.Scenario(file), from_text)

    def test_every_example_comes_back_from_its_dict(self):
        for file in EXAMPLES.glob("*/scenario.yaml"):
            with self.subTest(file.parent.name):
                scenario = midflight.Scenario(file)
                self.assertEqual(midflight.Scenario(scenario.to_dict(), base=file.parent), scenario)

    def test_every_example_comes_back_from_its_changed_yaml(self):
        for file in EXAMPLES.glob("*/scenario.yaml"):
            with self.subTest(file.parent.name):
                changed = midflight.Scenario(file).with_(**{"app.instances": 7})
                self.assertEqual(midflight.Scenario.from_yaml(changed.to_yaml(), base=file.parent), changed)

    def test_text_that_was_not_changed_keeps_its_comments(self):
        self.assertEqual(midflight.Scenario.from_yaml(SMALL + "# end\n").to_yaml(), SMALL + "# end\n")

    def test_pickle_needs_no_file(self):
        with tempfile.TemporaryDirectory() as folder:
            base = pathlib.Path(folder)
            (base / "schema.sql").write_text("CREATE TABLE t (id bigint PRIMARY KEY, a text);")
            (base / "server.yaml").write_text("name: mine\nmetadata_s: 0.5\n")
            (base / "s.yaml").write_text(SMALL.replace('"CREATE TABLE t (id bigint PRIMARY KEY, a text);"', "schema.sql")
                                         .replace("version: 15}", "version: 15, profile: server.yaml}"))
            there = midflight.Scenario(base / "s.yaml")
            before = midflight.simulate(there, "naive", runs=3).runs()["total_time_s"]
            sent, saved = pickle.dumps(there), base / "saved.yaml"
            there.save(saved)
            written = saved.read_text()
        here = pickle.loads(sent)
        np.testing.assert_array_equal(midflight.simulate(here, "naive", runs=3).runs()["total_time_s"], before)
        again = midflight.Scenario.from_yaml(written)
        np.testing.assert_array_equal(midflight.simulate(again, "naive", runs=3).runs()["total_time_s"], before)

    def test_html_shows_what_is_asked_and_hides_nothing_dangerous(self):
        page = small(name="<script>")._repr_html_()
        self.assertIn("RENAME COLUMN a TO b", page)
        self.assertNotIn("<script>", page)

    def test_strategies_say_why_they_refuse(self):
        reasons = midflight.Scenario(RENAME).strategies()
        self.assertEqual(reasons["expand_contract"], "")
        drop = small(change="ALTER TABLE t DROP COLUMN a")
        self.assertTrue(set(drop.strategies()))


class Changing(unittest.TestCase):
    def test_values_go_where_their_path_says(self):
        data = small(**{
            "app.pool": 20, "tables.t.rows": 5, "app.versions.v1.get.rate": "7/s", "background.report.every": "2min",
            "database": {"engine": "sqlite"}, "migration.backfill": {"batch": 10}, "limits.time": "1h",
        }).to_dict()  # fmt: skip
        self.assertEqual(data["app"]["pool"], 20)
        self.assertEqual(data["tables"]["t"]["rows"], 5)
        self.assertEqual(data["app"]["versions"]["v1"][0]["rate"], "7/s")
        self.assertEqual(data["background"][0]["every"], "2min")
        self.assertEqual(data["database"], {"engine": "sqlite"})
        self.assertEqual(data["migration"], {"backfill": {"batch": 10}})
        self.assertEqual(data["limits"], {"time": "1h"})

    def test_later_values_win_over_earlier_ones_and_their_parts(self):
        scenario = small(**{"migration.backfill.batch": 10}).with_(**{"migration.backfill": {"pause": "1s"}})
        self.assertEqual(scenario.to_dict()["migration"]["backfill"], {"pause": "1s"})

    def test_numpy_numbers_times_and_paths_are_values(self):
        data = small(**{"app.pool": np.int64(9), "migration.soak": datetime.timedelta(minutes=2)}).to_dict()
        self.assertEqual(data["app"]["pool"], 9)
        self.assertEqual(data["migration"]["soak"], "120.000000000s")

    def test_sql_is_a_value_whatever_it_contains(self):
        sql = "ALTER TABLE t ADD COLUMN \"c: d # e\" text DEFAULT 'ü {x}, [y]'"
        self.assertEqual(small(change=sql).change, sql)

    def test_steps_of_a_plan_go_by_their_id(self):
        wrong = midflight.Scenario(EXAMPLES / "wrong_order" / "scenario.yaml")
        step = next(s for s in wrong.to_dict()["plan"] if "backfill" in s)
        changed = wrong.with_({f"plan.{step['id']}.batch": 123})
        self.assertEqual(next(s for s in changed.to_dict()["plan"] if "backfill" in s)["batch"], 123)

    def test_the_first_scenario_stays_as_it_was(self):
        first = midflight.Scenario.from_yaml(SMALL)
        first.with_(**{"app.pool": 99})
        self.assertNotIn("pool", first.to_dict()["app"])


class Mistakes(unittest.TestCase):
    def refuses(self, error, words, **values):
        with self.assertRaises(error) as caught:
            small(**values)
        self.assertIn(words, str(caught.exception))
        return caught.exception

    def test_misspelt_key_is_told_with_the_nearest(self):
        self.refuses(midflight.BadInput, "did you mean `pool`", **{"app.pol": 3})

    def test_misspelt_member_of_a_list_is_told_with_the_nearest(self):
        self.refuses(midflight.BadInput, "did you mean `app.versions.v1.get.rate`", **{"app.versions.v1.got.rate": "3/s"})

    def test_numbers_out_of_range_are_told_with_the_range(self):
        self.refuses(midflight.BadInput, "from 0 to", **{"tables.t.rows": -1})

    def test_nan_and_infinity_are_no_values(self):
        for value in (float("nan"), float("inf"), np.float64("nan"), {"batch": float("inf")}):
            with self.subTest(value):
                self.refuses(midflight.BadInput, "finite", **{"migration.backfill": value})

    def test_objects_are_no_values(self):
        self.refuses(TypeError, "`app.pool` cannot be", **{"app.pool": object()})
        self.refuses(TypeError, "`app.pool` cannot be", **{"app.pool": {1, 2}})

    def test_every_problem_is_told_at_once(self):
        error = self.refuses(midflight.BadInput, "", **{"app.pool": 0, "app.instances": "many"})
        self.assertEqual(len(error.problems), 2)

    def test_problems_of_a_text_have_their_place(self):
        with self.assertRaises(midflight.BadInput) as caught:
            midflight.Scenario.from_yaml(SMALL.replace("instances: 2", "instances: none"), name="mine")
        self.assertEqual(caught.exception.problems[0][:2], ("mine", 7))

    def test_errors_keep_their_problems_when_pickled(self):
        error = self.refuses(midflight.BadInput, "", **{"app.pool": 0})
        self.assertEqual(pickle.loads(pickle.dumps(error)).problems, error.problems)

    def test_what_is_no_scenario_is_a_type_error(self):
        for wrong in (7, None, ["a"]):
            with self.subTest(wrong), self.assertRaises(TypeError):
                midflight.Scenario(wrong)
        with self.assertRaises(TypeError):
            midflight.Scenario.from_yaml(b"name: bytes")
        with self.assertRaises(TypeError):
            midflight.Scenario.from_yaml(SMALL).with_({7: 1})


if __name__ == "__main__":
    unittest.main()
