"""The page about the workbook of assumptions is true: its commands run in order, its example comes out as printed."""

import re
from pathlib import Path

import openpyxl
import pytest

from insource.cli.main import run
from insource.records.assumptions_file import HEADING_ROW, HEADINGS, SHEET

pytestmark = pytest.mark.worked
PAGE = (Path(__file__).parents[2] / "docs/how-to/assumptions-workbook.md").read_text(encoding="utf-8")


def test_the_page_runs_and_the_example_comes_out_as_printed(tmp_path, monkeypatch, capsys):
    """Between export and import the cells are edited as the page says; comparing is made small."""
    monkeypatch.chdir(tmp_path)
    done = []
    for line in re.findall(r"^    insource ([^#\n]+)", PAGE, flags=re.MULTILINE):
        smaller = ["--draws", "1", "--years", "1", "--workers", "1"] if line.startswith("compare") else []
        assert run([*line.split(), *smaller]) == 0, capsys.readouterr().err
        done.append(line.split()[1])
        if done[-1] == "export":
            book = openpyxl.load_workbook("assumptions.xlsx")
            page, columns = book[SHEET], list(HEADINGS)
            (row,) = (
                row
                for row in range(HEADING_ROW + 1, page.max_row + 1)
                if page.cell(row, 1).value == "external_price_pounds"
            )
            page.cell(row, columns.index("value") + 1).value = 25.5
            page.cell(row, columns.index("reason") + 1).value = "rate agreed in March 2026"
            book.save("assumptions.xlsx")
    assert done == ["export", "import", "anytown"]
    (printed,) = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
    assert (tmp_path / "overrides.yaml").read_text(encoding="utf-8").endswith(printed)
    assert '"external_price_pounds"' in (tmp_path / "mine/run.json").read_text(encoding="utf-8")
