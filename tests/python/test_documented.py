"""Examples in the documentation are executed, and the package's types hold."""

import doctest
import importlib
import os
import pathlib
import pkgutil
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
