"""Every notebook runs from a clean kernel, and is stored without what it printed."""

import json
import os
import sys
import unittest

from examples import ROOT

sys.path.insert(0, str(ROOT / "script"))
from private_server import NoServer, account, binaries

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


class Stored(unittest.TestCase):
    def test_without_outputs(self):
        self.assertTrue(NOTEBOOKS)
        for file in NOTEBOOKS:
            for cell in json.loads(file.read_text())["cells"]:
                if cell["cell_type"] == "code":
                    with self.subTest(file.name):
                        self.assertEqual((cell["outputs"], cell["execution_count"]), ([], None))

    def test_questions_hide_their_answers(self):
        for file in NOTEBOOKS:
            for cell in json.loads(file.read_text())["cells"]:
                if "**Question.**" in "".join(cell["source"]):
                    with self.subTest(file.name):
                        self.assertIn("<details>", "".join(cell["source"]))


class Executed(unittest.TestCase):
    pass


def executes(file):
    def test(self):
        import nbformat
        from nbclient import NotebookClient

        if "private_server" in file.read_text():
            try:
                binaries(), account()
            except NoServer as why:
                self.skipTest(str(why))
        os.environ["JUPYTER_PLATFORM_DIRS"] = "1"
        book = nbformat.read(file, as_version=4)
        NotebookClient(book, timeout=280, kernel_name="python3", resources={"metadata": {"path": str(file.parent)}}).execute()
        shown = [cell for cell in book.cells if cell.cell_type == "code" and cell.outputs]
        self.assertGreater(len(shown), 3)

    return test


for notebook in NOTEBOOKS:
    setattr(Executed, f"test_{notebook.stem}", executes(notebook))


if __name__ == "__main__":
    unittest.main()
