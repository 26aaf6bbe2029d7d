"""What pip installs: the module, the command, one version, and NumPy as the only dependency."""

import email
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile

from examples import RENAME, ROOT

import midflight

BUILD = pathlib.Path(os.environ.get("MIDFLIGHT_BINARY", ROOT / "build" / "midflight")).parent


def run(*command, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command}\n{done.stdout}\n{done.stderr}")
    return done.stdout


class Packed(unittest.TestCase):
    """The wheel is built from the sdist around what is compiled already."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        run(sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", cls.folder, ROOT)
        cls.sdist = next(cls.folder.glob("*.tar.gz"))
        run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", cls.folder,
            "--config-settings", f"cmake.define.MIDFLIGHT_PREBUILT={BUILD}", cls.sdist)  # fmt: skip
        cls.wheel = next(cls.folder.glob("*.whl"))

    def test_sdist_has_everything_that_the_build_reads(self):
        with tarfile.open(self.sdist) as archive:
            names = {name.partition("/")[2] for name in archive.getnames()}
        tracked = run("git", "ls-files", "sim", "backends", "verbs", "cli", "cmake", "python", "CMakeLists.txt", cwd=ROOT).split("\n")
        self.assertEqual({name for name in tracked if name} - names, set())

    def test_wheel_has_types_and_command_and_one_version(self):
        with zipfile.ZipFile(self.wheel) as archive:
            names = archive.namelist()
            metadata = email.message_from_bytes(archive.read(next(n for n in names if n.endswith("/METADATA"))))
        for wanted in ("midflight/__init__.py", "midflight/py.typed", "midflight/_core.pyi"):
            self.assertIn(wanted, names)
        self.assertTrue(any(name.endswith(".data/scripts/midflight") for name in names))
        self.assertEqual(metadata["Version"], midflight.__version__)
        self.assertIn(f"VERSION {midflight.__version__} ", (ROOT / "CMakeLists.txt").read_text())
        core = [r for r in metadata.get_all("Requires-Dist") if "extra ==" not in r]
        self.assertEqual([re.match(r"\w+", r)[0] for r in core], ["numpy"])

    def test_wheel_works_in_a_fresh_environment(self):
        place = self.folder / "fresh"
        run(sys.executable, "-m", "venv", place)
        run(place / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", self.wheel)
        program = f"import midflight; print(midflight.simulate({str(RENAME)!r}, 'naive', runs=3).runs()['downtime_s'].min() > 0, midflight.__file__)"
        clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        worked, where = run(place / "bin" / "python", "-c", program, env=clean, cwd="/").split()
        self.assertEqual(worked, "True")
        self.assertTrue(where.startswith(str(place)))
        missing = "import midflight\ntry:\n    midflight.Frame({'a': [1]}).to_pandas()\nexcept midflight.MissingPackage as missing:\n    print(missing)"
        self.assertIn('pip install ".[notebook]" in the checkout', run(place / "bin" / "python", "-c", missing, env=clean, cwd="/"))
        self.assertIn(midflight.__version__, run(place / "bin" / "midflight", "--version", env=clean))
        self.assertIn("naive", run(place / "bin" / "midflight", "compare", RENAME, "--runs", "2", "--quiet", env=clean))


if __name__ == "__main__":
    unittest.main()
