"""The HTML report in a headless Chromium: it loads alone, steps, zooms, filters and reads without script."""

import os
import re
import shutil
import struct
import subprocess
import tempfile
import unittest
import zlib
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("MIDFLIGHT_BINARY", ROOT / "build" / "midflight"))
CHROMIUM = os.environ.get("MIDFLIGHT_CHROMIUM") or shutil.which("chromium")
# Of the file, as issue and README promise.
BYTES_MAX = 1_000_000


def midflight(*arguments):
    return subprocess.run([BINARY, *map(str, arguments), "--quiet"], check=True, capture_output=True, text=True).stdout


def colours(png):
    """How many different bytes a PNG's pixels have: a blank page has very few."""
    at, packed = 8, b""
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        if kind == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        at += 12 + length
    return len(set(zlib.decompress(packed)))


@unittest.skipUnless(CHROMIUM, "no chromium on the PATH and none in MIDFLIGHT_CHROMIUM")
class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.play = sync_playwright().start()
        cls.addClassCleanup(cls.play.stop)
        # A container's root has no sandbox to offer.
        cls.browser = cls.play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        cls.addClassCleanup(cls.browser.close)
        cls.report = cls.write("report", "simulate", ROOT / "examples/long_report/scenario.yaml", "--runs", 20)

    @classmethod
    def write(cls, name, *arguments):
        path = Path(cls.folder.name) / f"{name}.html"
        midflight(*arguments, "--format", "html", "--output", path)
        return path

    def open(self, path, **options):
        """A page whose console and requests are watched."""
        context = self.browser.new_context(**options)
        self.addCleanup(context.close)
        page = context.new_page()
        self.said, self.asked = [], []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(path.as_uri())
        return page

    def told(self, page):
        return page.locator("section.strategy").first

    def test_loads_without_a_word_on_the_console_and_without_requests(self):
        page = self.open(self.report)
        self.assertEqual(self.said, [])
        self.assertEqual(self.asked, [self.report.as_uri()])
        self.assertGreater(page.locator("svg.chart").count(), 0)

    def test_stepping_changes_the_queue(self):
        page = self.open(self.report)
        stepper = self.told(page).locator(".stepper")
        stepper.locator("[data-go=first]").click()
        before = stepper.locator(".now").inner_text()
        stepper.locator("[data-go=next]").click()
        self.assertNotEqual(stepper.locator(".now").inner_text(), before)
        stepper.locator("[data-go=longest]").click()
        queue = stepper.locator(".now .w").first.inner_text()
        self.assertIn("AccessExclusiveLock", queue)
        self.assertIn("AccessShareLock", queue)
        self.assertIn("report", stepper.locator(".now .h").first.inner_text())

    def test_arrow_keys_step(self):
        page = self.open(self.report)
        stepper = self.told(page).locator(".stepper")
        stepper.locator("[data-go=first]").click()
        stepper.locator("[data-go=next]").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        self.assertIn("3 of", stepper.locator("output").inner_text())
        page.keyboard.press("ArrowLeft")
        self.assertIn("2 of", stepper.locator("output").inner_text())

    def test_filter_leaves_only_what_concerns_a_step(self):
        page = self.open(self.report)
        stepper = self.told(page).locator(".stepper")
        rows = stepper.locator("tbody tr:not([hidden])")
        everything = rows.count()
        stepper.locator("select[data-filter=kind]").select_option("step")
        self.assertGreater(rows.count(), 0)
        self.assertLess(rows.count(), everything)

    def test_zoom_widens_what_happens(self):
        page = self.open(self.report)
        figure = self.told(page).locator("figure.timeline")
        width = lambda: sum(float(r.get_attribute("width")) for r in figure.locator("rect.waits").all())
        before = width()
        self.told(page).locator("[data-go=longest]").click()
        figure.locator("[data-zoom=in]").click()
        self.assertGreater(width(), before)
        figure.locator("[data-zoom=all]").click()
        self.assertAlmostEqual(width(), before, delta=2)

    def test_copies_the_sql_of_a_step(self):
        page = self.open(self.report, permissions=["clipboard-read", "clipboard-write"])
        page.clock.install()  # the word stays until the test moves the clock
        step = page.locator(".plan .sql").first
        button = step.locator("button.copy")
        for _ in range(2):
            button.click()
            expect(button).to_have_text("Copied")
        self.assertEqual(page.evaluate("navigator.clipboard.readText()"), step.locator("code").inner_text())
        page.clock.run_for(2000)
        expect(button).to_have_text("Copy")

    def test_reads_without_script(self):
        page = self.open(self.report, java_script_enabled=False)
        self.assertEqual(page.locator("button:visible").count(), 0)
        self.assertGreater(page.locator("svg.chart rect").count(), 10)
        self.assertTrue(self.told(page).locator(".longest").is_visible())
        self.told(page).locator("summary").click()
        self.assertGreater(self.told(page).locator("tbody tr .q:visible").count(), 5)

    def test_is_not_blank_in_either_scheme_and_fits_a_narrow_window(self):
        for scheme in ("light", "dark"):
            page = self.open(self.report, color_scheme=scheme, viewport={"width": 800, "height": 900})
            self.assertGreater(colours(page.screenshot()), 50)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            self.assertEqual(wide, 0)

    def test_prints(self):
        page = self.open(self.report)
        self.assertGreater(len(page.pdf()), 20_000)
        page.emulate_media(media="print")
        self.assertEqual(page.locator("button:visible").count(), 0)
        self.assertTrue(page.locator(".longest").first.is_visible())

    def test_prints_no_heading_over_nothing(self):
        page = self.open(self.write("calm", "simulate", ROOT / "examples/rename_column/scenario.yaml", "--strategy", "maintenance_window", "--runs", 5))
        page.emulate_media(media="print")
        self.assertGreater(page.locator(".stepper").count(), 0)
        self.assertEqual(page.locator(".stepper:visible").count(), page.locator(".longest").count())

    def test_hostile_names_stay_text(self):
        hostile = "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
        text = (ROOT / "examples/rename_column/scenario.yaml").read_text()
        text = re.sub(r"(?m)^name:.*$", lambda _: "name: '" + hostile.replace("'", "''") + "'", text)
        folder = Path(self.folder.name) / "hostile"
        shutil.copytree(ROOT / "examples/rename_column", folder)
        (folder / "scenario.yaml").write_text(text)
        page = self.open(self.write("hostile", "compare", folder / "scenario.yaml", "--runs", 5))
        self.assertIn(hostile, page.locator("h1").inner_text())
        self.assertNotEqual(page.title(), "taken")
        self.assertEqual(page.locator("img").count(), 0)
        self.assertEqual(page.locator("script").count(), 1)
        self.assertEqual(self.said, [])

    def test_every_example_is_small_and_loads(self):
        for scenario in sorted(ROOT.glob("examples/*/scenario.yaml")):
            with self.subTest(scenario.parent.name):
                verb = "simulate" if re.search(r"(?m)^plan:", scenario.read_text()) else "compare"
                path = self.write(scenario.parent.name, verb, scenario, "--runs", 5)
                self.assertLess(path.stat().st_size, BYTES_MAX)
                self.open(path)
                self.assertEqual(self.said, [])


if __name__ == "__main__":
    unittest.main()
