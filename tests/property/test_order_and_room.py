"""Neither the order of rows nor how many there are makes any difference, and the same run twice is the same."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from insource import delivery, parameters, week
from insource.delivery import Change
from insource.draws import luck
from insource.place import synthetic
from insource.room import is_cramped
from insource.simulate import prepare, simulate
from insource.week import is_same

pytestmark = pytest.mark.property

WEEKS = 60


@pytest.fixture(scope="module")
def zones():
    """A town of two zones."""
    return synthetic(900, seed=4, name="two zones")


def _run(place, model, numbers, luck, room=1.3, rng=None):
    """A run of 60 weeks; with `rng`, the rows of the table of people change places after the start and on the way."""
    simulation = prepare(place, model, numbers, luck, WEEKS, 0, room)
    for weeks in (1, 19, 40):
        if rng is not None:
            order = rng.permutation(len(simulation.tables["people"]["person"]))
            for column in simulation.tables["people"].values():
                column[:] = column[order]
        simulation.advance(weeks)
    return simulation


def _who(simulation):
    """Everybody who is here, by number: what they need, what they get, who cares for them."""
    people = simulation.tables["people"]
    here = np.flatnonzero(people["is_here"])
    order = here[np.argsort(people["person"][here])]
    names = ("person", "needed_minutes", "ordered_minutes", "delivered_minutes", "provider", "unmet_share")
    return {name: people[name][order] for name in names}


def _same_people(a, b):
    first, second = _who(a), _who(b)
    return all(np.array_equal(first[name], second[name]) for name in first)


def test_the_same_seed_gives_the_same_bits(zones, numbers, model):
    """Twice the same arguments; another draw of luck is another run."""
    first = _run(zones, model, numbers, luck(5, 0))
    second = _run(zones, model, numbers, luck(5, 0))
    assert is_same(first.ledger, second.ledger)
    assert _same_people(first, second)
    assert not is_same(first.ledger, _run(zones, model, numbers, luck(5, 1)).ledger)
    assert not is_same(first.ledger, _run(zones, model, numbers, luck(6, 0)).ledger)


def test_rows_of_people_may_change_places(zones, numbers, some_luck, model):
    """After the start, and again in weeks 1 and 20, the rows are shuffled: books and people are as before."""
    first = _run(zones, model, numbers, some_luck)
    second = _run(zones, model, numbers, some_luck, rng=np.random.default_rng(1))
    assert is_same(first.ledger, second.ledger)
    assert _same_people(first, second)


def test_people_of_a_place_may_be_listed_in_any_order(zones, numbers, some_luck, model):
    """The rows of the place's own table are shuffled together with people's numbers."""
    order = np.random.default_rng(2).permutation(zones.people)
    shuffled = replace(zones, donors={name: column[order] for name, column in zones.donors.items()})
    assert shuffled.fingerprint() == zones.fingerprint()
    first, second = (_run(place, model, numbers, some_luck) for place in (zones, shuffled))
    assert is_same(first.ledger, second.ledger)


def test_spare_rows_do_nothing(zones, numbers, some_luck, model):
    """Three times as many rows for people give the same books and the same people."""
    first, second = (_run(zones, model, numbers, some_luck, room) for room in (1.3, 4.0))
    assert len(first.tables["people"]["person"]) < len(second.tables["people"]["person"])
    assert is_same(first.ledger, second.ledger)
    assert _same_people(first, second)


def test_too_few_rows_are_put_right(numbers, some_luck):
    """Where more people come than there are rows, the run is made again with more and equals one with plenty."""
    place, model = synthetic(60, seed=1), delivery.read("framework")
    growing = numbers._replace(demand_growth_rate=80.0)
    run = simulate(place, model, growing, some_luck, 52, 0)
    cramped = prepare(place, model, growing, some_luck, 52, 0)
    cramped.advance(52)
    assert is_cramped(cramped.tables)
    assert cramped.week < 52, "a run that must be made again goes on"
    plenty = prepare(place, model, growing, some_luck, 52, 0, room=300.0)
    plenty.advance(52)
    assert not is_cramped(plenty.tables)
    assert is_same(run.ledger, plenty.ledger)


def test_posts_that_run_out_are_put_right(numbers, some_luck):
    """Services that want far more posts than at the start get them, as if they had been there from the beginning."""
    place, model = synthetic(200, seed=1), delivery.read("framework")
    model = replace(model, changes=(Change(5, None, {"paid_gaps_share": 1.0, "training_hours": 1000.0}),))
    cramped = prepare(place, model, numbers, some_luck, 40, 0)
    cramped.advance(40)
    assert cramped.tables["council"]["is_short_of_posts"][0] == 1
    run = simulate(place, model, numbers, some_luck, 40, 0)
    plenty = prepare(place, model, numbers, some_luck, 40, 0, room=300.0)
    plenty.advance(40)
    assert is_same(run.ledger, plenty.ledger)


def test_rows_are_added_as_people_come(zones, numbers, some_luck):
    """Over ten years of growth the table grows with those in it, and the books are those of one that never had to."""
    model, growing = delivery.read("framework"), numbers._replace(demand_growth_rate=0.05)
    small, large = (prepare(zones, model, growing, some_luck, 520, 0, room) for room in (1.0, 20.0))
    first = len(small.tables["people"]["person"])
    small.advance(520)
    large.advance(520)
    assert first < len(small.tables["people"]["person"]) < len(large.tables["people"]["person"])
    assert is_same(small.ledger, large.ledger)


def test_only_rows_in_use_and_some_spare_are_visited(zones, numbers, some_luck, model, monkeypatch):
    """Fewer rows are visited than there are, after a while, and the books are those of visiting all of them."""
    asked = []

    def visiting(rows, bound, tables, *others):
        asked.append((rows, len(tables["people"]["is_open"]), int(tables["people"]["is_open"].sum())))
        return visit(rows, bound, tables, *others)

    visit = week.visit
    monkeypatch.setattr(week, "visit", visiting)
    first = _run(zones, model, numbers, some_luck)
    assert asked, "every row is visited all the time"
    assert all(used < rows <= there for rows, there, used in asked)
    assert min(rows / there for rows, there, _ in asked) < 1.0
    monkeypatch.setattr(week, "visit", lambda rows, bound, *others: bound)
    second = _run(zones, model, numbers, some_luck)
    assert is_same(first.ledger, second.ledger)
    assert _same_people(first, second)


@settings(max_examples=15, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
@given(
    people=st.integers(20, 400),
    seed=st.integers(0, 2**63),
    number=st.integers(0, 10**6),
    name=st.sampled_from(sorted(delivery.bundled())),
)
def test_shuffling_anywhere(people, seed, number, name):
    """Random places, parameters from their whole ranges, every model: the order of rows makes no difference."""
    place, model, numbers = synthetic(people, seed), delivery.read(name), parameters.draw(seed, number)
    first = _run(place, model, numbers, luck(seed, number), room=2.0)
    second = _run(place, model, numbers, luck(seed, number), room=2.0, rng=np.random.default_rng(number))
    assert is_same(first.ledger, second.ledger)


def test_weeks_may_be_taken_one_at_a_time(zones, numbers, some_luck, model):
    """Stopping between weeks to look changes nothing."""
    first = prepare(zones, model, numbers, some_luck, 40, 0)
    first.advance(40)
    second = prepare(zones, model, numbers, some_luck, 40, 0)
    for _ in range(40):
        second.advance(1)
    assert is_same(first.ledger, second.ledger)


def test_rows_for_posts_are_added_on_the_way(numbers, some_luck):
    """Posts that grow week by week get more rows without beginning again, and the books are those of ample rows."""
    place, model = synthetic(200, seed=1), delivery.read("framework")
    steps = tuple(Change(5 + 10 * k, None, {"training_hours": 80.0 * (k + 1)}) for k in range(10))
    model = replace(model, changes=steps)
    grown = prepare(place, model, numbers, some_luck, 110, 0)
    rows = len(grown.tables["workers"]["post"])
    grown.advance(110)
    assert not is_cramped(grown.tables)
    assert len(grown.tables["workers"]["post"]) > rows
    plenty = prepare(place, model, numbers, some_luck, 110, 0, room=300.0)
    plenty.advance(110)
    assert is_same(grown.ledger, plenty.ledger)
