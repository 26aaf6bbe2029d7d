"""Long calls can be stopped and watched, and let other threads run."""

import os
import pathlib
import signal
import subprocess
import sys
import textwrap
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from examples import RENAME, ROOT

import midflight

LONG = {"overrides": {"app.versions.v1.profile.rate": "3000/s"}, "exact": True}  # minutes of work


class Stopping(unittest.TestCase):
    def interrupted(self, call):
        """Seconds from Ctrl-C to KeyboardInterrupt, as the program itself measures it."""
        program = f"""
            import os, signal, threading, time, midflight
            sent = []
            def press():
                time.sleep(0.5)
                sent.append(time.perf_counter())
                os.kill(os.getpid(), signal.SIGINT)
            threading.Thread(target=press).start()
            try:
                {call}
            except KeyboardInterrupt:
                print(time.perf_counter() - sent[0])
        """
        done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.stderr, "")
        return float(done.stdout)

    def test_control_c_inside_one_run_is_heard_at_once(self):
        call = f"midflight.simulate({str(RENAME)!r}, 'expand_contract', runs=1, jobs=1, **{LONG!r})"
        self.assertLess(min(self.interrupted(call) for _ in range(3)), 0.2)

    def test_control_c_stops_every_thread(self):
        call = f"midflight.compare({str(RENAME)!r}, runs=500, **{LONG!r})"
        self.assertLess(min(self.interrupted(call) for _ in range(3)), 0.2)

    def test_what_the_progress_function_raises_ends_the_run(self):
        def refuse(done, total):
            raise RuntimeError("enough")

        begun = time.perf_counter()
        with self.assertRaisesRegex(RuntimeError, "enough"):
            midflight.simulate(RENAME, "naive", runs=100_000, progress=refuse)
        self.assertLess(time.perf_counter() - begun, 5)

    def test_own_signal_handlers_are_heard(self):
        heard = []
        before = signal.signal(signal.SIGUSR1, lambda *_: heard.append(True))
        try:
            threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1)).start()
            midflight.simulate(RENAME, "naive", runs=3000)
        finally:
            signal.signal(signal.SIGUSR1, before)
        self.assertEqual(heard, [True])


class Watching(unittest.TestCase):
    def test_progress_ends_with_all_of_all(self):
        told = []
        midflight.simulate(RENAME, "naive", runs=2000, progress=lambda done, total: told.append((done, total)))
        self.assertEqual(told[-1], (2000, 2000))
        self.assertEqual(told, sorted(told))

    def test_bar_is_closed_and_leaves_nothing_on_stdout(self):
        program = f"import midflight; midflight.simulate({str(RENAME)!r}, 'naive', runs=5, progress=True)"
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""))


class Threads(unittest.TestCase):
    def test_others_run_meanwhile(self):
        ticks = []
        done = threading.Event()

        def tick():
            while not done.wait(0.01):
                ticks.append(time.perf_counter())

        thread = threading.Thread(target=tick)
        thread.start()
        midflight.simulate(RENAME, "naive", runs=3000)
        done.set()
        thread.join()
        self.assertGreater(len(ticks), 5)

    def test_many_at_once_give_what_one_gives(self):
        alone = midflight.simulate(RENAME, "naive", runs=10).data
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(lambda _: midflight.simulate(RENAME, "naive", runs=10).data, range(16)))
        self.assertTrue(all(one == alone for one in together))

    @unittest.skipUnless(hasattr(os, "fork"), "no fork here")
    def test_fork_while_threads_run_is_no_trouble(self):
        program = f"""
            import os, threading, time, midflight
            work = threading.Thread(target=lambda: midflight.simulate({str(RENAME)!r}, 'naive', runs=3000))
            work.start()
            time.sleep(0.05)
            child = os.fork()
            if child == 0:
                os._exit(0 if midflight.simulate({str(RENAME)!r}, 'naive', runs=5)['naive'].verdict == 'down' else 1)
            print(os.waitpid(child, 0)[1])
            work.join()
        """
        done = subprocess.run([sys.executable, "-W", "ignore", "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.stdout.strip(), "0", done.stderr)


class Light(unittest.TestCase):
    def test_import_brings_in_no_heavy_package(self):
        program = "import sys, midflight; print(sorted({'numpy', 'pandas', 'pyarrow', 'altair', 'scipy', 'dask', 'tqdm'} & set(sys.modules)))"
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout.strip(), "[]")

    def test_missing_package_says_what_to_install(self):
        blocked = "import sys; sys.modules['pandas'] = None; sys.modules['tqdm.auto'] = None; sys.modules['tqdm'] = None; import midflight\n"
        for call in ("midflight.Frame({'a': [1]}).to_pandas()", f"midflight.simulate({str(RENAME)!r}, 'naive', runs=1, progress=True)"):
            program = blocked + f"try:\n    {call}\nexcept midflight.MissingPackage as missing:\n    print(missing)"
            done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
            self.assertIn(f"which this needs: {ROOT}/script/install-python notebook\n", done.stdout, done.stderr)


if __name__ == "__main__":
    unittest.main()
