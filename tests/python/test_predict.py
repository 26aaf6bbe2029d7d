"""The module gives what the command gives, and its errors say where."""

import pathlib
import unittest

import midflight

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"
RENAME = EXAMPLES / "rename_column" / "scenario.yaml"


class Predictions(unittest.TestCase):
    def test_compare_ranks_every_strategy_that_applies(self):
        result = midflight.compare(RENAME, runs=5)
        names = [s["name"] for s in result["strategies"]]
        self.assertEqual(sorted(names), sorted({"expand_contract", "rename_with_view", "maintenance_window", "naive"}))
        self.assertEqual(result["runs"], 5)
        self.assertEqual(result["midflight"], midflight.__version__)

    def test_naive_rename_is_down_until_the_last_old_instance_is_gone(self):
        naive = midflight.simulate(RENAME, "naive", runs=5)["strategies"][0]
        self.assertEqual(naive["verdict"], "down")
        self.assertGreater(naive["downtime_s"]["p50"], 20)

    def test_result_does_not_depend_on_the_number_of_threads(self):
        self.assertEqual(midflight.compare(RENAME, runs=6, jobs=1), midflight.compare(RENAME, runs=6, jobs=3))

    def test_seed_changes_the_draws(self):
        one, two = (midflight.simulate(RENAME, "naive", runs=5, seed=s) for s in (1, 2))
        self.assertNotEqual(one["strategies"][0]["requests"], two["strategies"][0]["requests"])

    def test_override_replaces_a_value_of_the_file(self):
        usual = midflight.simulate(RENAME, "naive", runs=5)["strategies"][0]
        doubled = midflight.simulate(RENAME, "naive", runs=5, overrides={"app.instances": 16})["strategies"][0]
        self.assertEqual(usual["deployments"], doubled["deployments"])
        self.assertNotEqual(usual["requests"], doubled["requests"])

    def test_scenario_with_a_plan_needs_no_strategy(self):
        result = midflight.simulate(EXAMPLES / "wrong_order" / "scenario.yaml", runs=5)
        self.assertEqual(result["strategies"][0]["verdict"], "unsafe")

    def test_strategies_have_summaries(self):
        self.assertIn("expand_contract", midflight.strategies())
        self.assertTrue(all(midflight.strategies().values()))


class Errors(unittest.TestCase):
    def test_missing_file_is_bad_input(self):
        with self.assertRaises(midflight.Error) as caught:
            midflight.compare("no-such-file.yaml")
        self.assertIn("no-such-file.yaml", str(caught.exception))

    def test_wrong_value_is_told_with_its_problem(self):
        with self.assertRaises(midflight.BadInput) as caught:
            midflight.compare(RENAME, overrides={"app.instances": "many"})
        self.assertEqual(len(caught.exception.problems), 1)

    def test_unknown_strategy_is_told_with_the_nearest(self):
        with self.assertRaisesRegex(midflight.BadInput, "expand_contract"):
            midflight.simulate(RENAME, "expand_contrac")

    def test_no_runs_are_refused(self):
        with self.assertRaises(midflight.BadInput):
            midflight.compare(RENAME, runs=0)


if __name__ == "__main__":
    unittest.main()
