"""Lines of service in a whole run: what belongs to one line leaves the other alone; each keeps its people."""

import numpy as np
import pytest

from insource import delivery
from insource.place import synthetic
from insource.simulate import simulate
from insource.terms import LINE, LINES
from insource.units import MICRO, WEEKS_A_YEAR

pytestmark = pytest.mark.property

WEEKS, BURN_IN = 78, 26


def _of_line(run, account, line):
    return run.ledger.accounts[account][:, run.tables["parts"]["line"] == LINES.index(line)]


@pytest.fixture(scope="module")
def place():
    """A place of two lines."""
    return synthetic(1500, seed=2)


def test_a_price_of_one_line_is_that_lines_price(place, numbers, some_luck):
    """A higher price of supported living raises that line's bills and no figure of the other line."""
    model = delivery.read("framework")
    dear = numbers._replace(supported_living_price_pounds=numbers.supported_living_price_pounds + 3.0)
    first, second = (simulate(place, model, one, some_luck, WEEKS, BURN_IN) for one in (numbers, dear))
    bills = [_of_line(run, "care_payments_pence", "supported_living").sum() for run in (first, second)]
    assert bills[1] > 1.05 * bills[0]
    for account in first.ledger.accounts:
        same = [_of_line(run, account, "home_care") for run in (first, second)]
        assert np.array_equal(*same), account


def test_both_lines_keep_their_people(place, numbers, some_luck):
    """As many come to each line as leave it: after three years each has its people, give or take four standard errors.

    The number is about Poisson, so the error is the root of it; without growth.
    """
    still = numbers._replace(demand_growth_rate=0.0, usual_reablement_share=0.0)
    run = simulate(place, delivery.read("framework"), still, some_luck, 156, 0)
    people = run.tables["people"]
    for line in (LINE.home_care, LINE.supported_living):
        began = (place.donors["line"] == line).sum()
        here = ((people["line"] == line) & (people["is_here"] == 1)).sum()
        assert abs(here - began) <= 4.0 * np.sqrt(began)


@pytest.mark.parametrize("people", [1, 5, 40])
@pytest.mark.parametrize("name", ["status_quo", "in_house"])
def test_tiny_places(people, name, numbers, some_luck):
    """A person or two on a line, or none: the books balance and everybody is on a line that has a service."""
    place = synthetic(people, seed=3)
    run = simulate(place, delivery.read(name), numbers, some_luck, WEEKS, BURN_IN)
    served = {int(line) for line in run.tables["parts"]["line"][run.tables["providers"]["part"]]}
    here = run.tables["people"]["is_open"] == 1
    assert set(run.tables["people"]["line"][here].tolist()) <= served
    books = run.ledger
    parts = (books.total(name) for name in ("used_minutes", "unpaid_minutes", "unmet_minutes"))
    assert books.total("needed_minutes") == sum(parts)


def test_books_by_part_are_those_of_the_people_under_it(place, numbers, some_luck):
    """What people have in the last week, added up by their part, stands in the books of that part."""
    run = simulate(place, delivery.read("status_quo"), numbers._replace(repeat_share=0.5), some_luck, 30)
    people, parts = run.tables["people"], len(run.tables["parts"]["line"])
    is_here = people["is_here"] == 1
    in_force = people["is_in_force"] * (1 - people["is_in_hospital"])
    columns = {
        "ordered_minutes": people["ordered_minutes"] * in_force,
        "delivered_minutes": people["delivered_minutes"],
        "used_minutes": people["used_minutes"],
        "unpaid_minutes": people["unpaid_minutes"],
        "repeat_minutes": people["repeat_minutes"],
        "quality_of_life": (people["quality_of_life"] * MICRO / WEEKS_A_YEAR).astype(np.int64),
        "in_care": is_here & (people["is_in_care"] == 1) & (people["provider"] >= 0),
    }
    for name, values in columns.items():
        by_part = np.bincount(people["part"], weights=values, minlength=parts)
        assert np.count_nonzero(by_part) >= 4, f"{name} says nothing of other parts than the first"
        assert run.ledger.accounts[name][-1].tolist() == by_part.tolist(), f"{name} by part"
