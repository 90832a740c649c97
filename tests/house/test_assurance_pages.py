"""The pages of assurance hold every published figure, every calibrated parameter and every swap; none vanishes."""

import pytest
from reading import ROOT

from insource.assurance.figures import figures, rows_of
from insource.assurance.swaps import swaps

pytestmark = pytest.mark.house
PAGES = ROOT / "docs" / "assurance"


def _page(name):
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def test_every_published_figure_has_a_verdict():
    """At least ten were held out; whatever failed stands on the page."""
    page = _page("validation")
    for figure in figures().values():
        row = next(line for line in page.splitlines() if line.startswith(f"| {figure.name} |"))
        assert any(f" {verdict} " in row.replace("*", "") for verdict in ("met", "within doubt", "missed")), row
    assert sum(figure.used == "held out" for figure in figures().values()) >= 10


def test_every_calibrated_parameter_is_shown():
    """With the figure that set it."""
    page = _page("calibration")
    for row in rows_of("calibration"):
        assert f"| {row['parameter']} |" in page
        assert f"| {row['target']} |" in page


def test_every_swap_has_a_result():
    """What favours one side by default, and what is left of the difference once the other has it too."""
    page = _page("swaps")
    for swap in swaps():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{swap.name}` | {swap.kind} |"))
        assert " to " in row.split("|")[5]
