"""Examples in the documentation are executed, and the package's types hold."""

import doctest
import importlib
import os
import pathlib
import pkgutil
import re
import subprocess
import sys
import tempfile
import unittest

from examples import ROOT

import midflight

PACKAGE = ROOT / "python" / "src" / "midflight"


def load_tests(loader, tests, pattern):
    here = os.getcwd()
    for module in [midflight, *(importlib.import_module(f"midflight.{m.name}") for m in pkgutil.iter_modules(midflight.__path__))]:
        if module.__name__ == "midflight._core":
            continue
        tests.addTest(doctest.DocTestSuite(
            module, optionflags=doctest.NORMALIZE_WHITESPACE,
            setUp=lambda _: os.chdir(ROOT), tearDown=lambda _: os.chdir(here),
        ))  # fmt: skip
    return tests


class Readme(unittest.TestCase):
    def test_lines_work_as_printed_from_the_root_of_the_checkout(self):
        before, lines = re.fullmatch(r"(.*)```python\n(.*?)```.*", (ROOT / "README.md").read_text(), re.DOTALL).groups()
        self.assertIn("script/bootstrap", before)
        self.assertIn("script/install-python notebook", before)
        shown = {}
        here = os.getcwd()
        os.chdir(ROOT)
        try:
            exec(lines, shown)
        finally:
            os.chdir(here)
        for call in re.findall(r"result\.[\w.()]+", lines):
            self.assertIsNotNone(eval(call, shown), call)

    def test_the_group_it_names_has_every_package_that_a_function_asks_for(self):
        asked = {name for path in PACKAGE.glob("*.py") for name in re.findall(r'require\("(\w+)', path.read_text())}
        group = re.search(r"^notebook = \[(.*)\]", (ROOT / "pyproject.toml").read_text(), re.MULTILINE)[1]
        self.assertGreater(len(asked), 3)
        self.assertEqual(asked - set(re.findall(r'"(\w+)', group)), set())


class Types(unittest.TestCase):
    def test_package_is_typed_strictly(self):
        with tempfile.TemporaryDirectory() as cache:
            done = subprocess.run(
                [sys.executable, "-m", "mypy", "--strict", "--cache-dir", cache, str(PACKAGE)], capture_output=True, text=True
            )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_public_function_says_what_it_takes(self):
        for name in midflight.__all__:
            thing = getattr(midflight, name)
            if callable(thing):
                self.assertTrue(thing.__doc__, name)


if __name__ == "__main__":
    unittest.main()
