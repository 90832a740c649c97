"""Which services there are: how many, where, under which terms, and who may share hours with whom."""

from dataclasses import replace

import numpy as np
import pytest

from insource import delivery, parameters
from insource.delivery import Change
from insource.layout import FEWEST_PEOPLE_A_SERVICE, lay_out, people_on_lines, share_columns, term_columns
from insource.place import synthetic
from insource.room import POST_NUMBERS
from insource.terms import LINE

pytestmark = pytest.mark.worked

NUMBERS = parameters.central()._replace(usual_reablement_share=0.0)


@pytest.fixture(scope="module")
def three_zones():
    """A place of 1,500 people in three zones, on two lines."""
    place = synthetic(1500, seed=2)
    assert len(place.zones["people"]) == 3
    return place


def test_services_by_zone(three_zones):
    """Every zone has the same number of services under each part, listed zone by zone."""
    layout = lay_out(three_zones, delivery.read("framework"), NUMBERS)
    assert layout.providers["zone"].tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2] * 2
    assert layout.parts["services_per_zone"].tolist() == [3.0, 3.0, 0.0, 0.0]
    assert layout.providers["part"].tolist() == [0] * 9 + [1] * 9
    assert layout.providers["pool"].tolist() == list(range(18))
    expected = [np.repeat(people / 3, 3) for people in people_on_lines(three_zones, NUMBERS)[:2]]
    assert layout.providers["pool_people"] == pytest.approx(np.concatenate(expected))


def test_what_is_ordinary_on_each_line(three_zones):
    """Price, length of a visit, gaps and overheads are those of the line a part is of, and follow their parameters."""
    numbers = NUMBERS._replace(supported_living_price_pounds=20.0, external_price_pounds=25.0)
    parts = lay_out(three_zones, delivery.read("mixed"), numbers).parts
    assert parts["line_fee_pence"].tolist() == [2500.0, 2500.0, 2000.0, 2000.0] + [2500.0] * 4
    home_care, supported_living = parts["line"] == 0, parts["line"] == 1
    for column, at_home, shared in (
        ("visit_minutes", numbers.visit_minutes, numbers.supported_living_visit_minutes),
        ("gaps_ratio", numbers.shift_idle_ratio, numbers.supported_living_gaps_ratio),
        ("overhead_share", numbers.provider_overhead_share, numbers.supported_living_overhead_share),
    ):
        assert set(parts[column][home_care]) == {at_home}
        assert set(parts[column][supported_living]) == {shared}


def test_lines_share_nothing(three_zones):
    """No service and no pool serves two lines, also where hours move within the whole area."""
    layout = lay_out(three_zones, delivery.read("in_house"), NUMBERS)
    line = layout.parts["line"][layout.providers["part"]]
    pools = [set(layout.providers["pool"][line == one]) for one in (0, 1)]
    assert all(pools)
    assert not pools[0] & pools[1]
    assert layout.providers["pool_people"][line == 1][0] == people_on_lines(three_zones, NUMBERS)[1].sum()


@pytest.mark.parametrize("people", [1, 5, 40])
def test_tiny_places(people):
    """A line with nobody on it has no service; a line with somebody has one in every zone."""
    place = synthetic(people, seed=3)
    for name in delivery.bundled():
        layout = lay_out(place, delivery.read(name), NUMBERS)
        here = people_on_lines(place, NUMBERS).sum(axis=1)
        line = layout.parts["line"][layout.providers["part"]]
        assert set(line) == set(np.flatnonzero(here))
        assert (layout.providers["last_post"] > layout.providers["first_post"]).all()


def test_a_zone_without_anybody_on_a_line():
    """The line has a service there all the same, for whoever comes; it begins with nobody and is given posts."""
    place = synthetic(1500, seed=2)
    place.donors["line"][place.donors["zone"] == 1] = 0
    layout = lay_out(place, delivery.read("framework"), NUMBERS)
    line = layout.parts["line"][layout.providers["part"]]
    assert layout.parts["services_per_zone"].tolist() == [3.0, 1.0, 0.0, 0.0]
    assert (layout.providers["pool_people"][(line == 1) & (layout.providers["zone"] == 1)] == 0.0).all()


@pytest.mark.parametrize(
    ("reach", "pools", "first_pool_people"),
    [
        ("person", [0, 1, 2, 3, 4, 5], "half"),
        ("provider", [0, 1, 2, 3, 4, 5], "half"),
        ("zone", [0, 0, 2, 2, 4, 4], "zone"),
        ("area", [0] * 6, "area"),
    ],
)
def test_pools(three_zones, reach, pools, first_pool_people):
    """Hours move within a service, the services of its part in a zone, or of its part in the area; no further."""
    model = delivery.read("framework").with_terms(hours_move_within=reach, providers_per_zone=2)
    layout = lay_out(three_zones, model, NUMBERS)
    assert layout.providers["pool"][layout.providers["part"] == 0].tolist() == pools
    people = people_on_lines(three_zones, NUMBERS)[0]
    expected = {"half": people[0] / 2, "zone": people[0], "area": people.sum()}[first_pool_people]
    assert layout.providers["pool_people"][0] == pytest.approx(expected)


def test_parts_have_services_of_their_own(three_zones):
    """Two parts never share a service or a pool; shares of people add up to one, part after part."""
    layout = lay_out(three_zones, delivery.read("mixed"), NUMBERS)
    assert layout.parts["line"].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    shares = share_columns(delivery.read("mixed"), NUMBERS.own_service_share, 0)
    assert shares["share_to"] == pytest.approx([0.5, 1.0] * 4)
    assert layout.parts["first_provider"].tolist() == [0.0, 3.0, 12.0, 15.0] + [24.0] * 4
    part = layout.providers["part"]
    pools = [set(layout.providers["pool"][part == one]) for one in (0, 1)]
    assert not pools[0] & pools[1]
    assert layout.providers["pool_people"][part == 0][0] == pytest.approx(
        people_on_lines(three_zones, NUMBERS)[0].sum() / 2
    )


def test_small_places_have_fewer_services():
    """No more services in a zone than leave each fifteen people, and at least one."""
    for people, services in ((44, 2), (20, 1), (400, 6)):
        place = synthetic(people, seed=1)
        model = delivery.read("framework").with_terms(providers_per_zone=6)
        layout = lay_out(place, model, NUMBERS)
        assert layout.parts["services_per_zone"][0] == services
        assert (place.donors["line"] == 0).sum() / services >= FEWEST_PEOPLE_A_SERVICE


def test_recorded_services(three_zones):
    """Where a model takes the number of services from the place: its records, or the base value without them."""
    model = delivery.read("status_quo")
    assert lay_out(three_zones, model, NUMBERS).parts["services_per_zone"][0] == 6.0
    recorded = replace(three_zones, services_per_zone={"home_care": 9, "supported_living": 2})
    assert lay_out(recorded, model, NUMBERS).parts["services_per_zone"].tolist()[:4] == [9.0, 1.0, 2.0, 1.0]


def test_posts(three_zones):
    """Every service has its own rows of posts, one after the other, with room for more than it needs."""
    for name in delivery.bundled():
        layout = lay_out(three_zones, delivery.read(name), NUMBERS)
        first, last = layout.providers["first_post"], layout.providers["last_post"]
        assert first[0] == 0
        assert (first[1:] == last[:-1]).all()
        posts = layout.workers["post"]
        assert last[-1] == len(posts) == len(set(posts.tolist()))
        assert (posts[first] == np.arange(len(first)) * POST_NUMBERS).all()
        hours = three_zones.donors["package_minutes"].sum() / 60.0
        assert len(posts) * NUMBERS.contract_hours > 2.0 * hours


def test_terms_in_force():
    """Terms by part and week: changes take effect in their week, later ones over earlier, for one part or for all."""
    model = delivery.read("mixed")
    changes = (
        Change(30, 1, {"notice_weeks": 9.0}),
        Change(10, None, {"notice_weeks": 3.0, "retainer_days": 1.0}),
    )
    model = replace(model, changes=changes)
    before, after, last = (term_columns(model, week) for week in (9, 10, 30))
    assert before["notice_weeks"].tolist() == [0.0, 2.0] * 4
    assert after["notice_weeks"].tolist() == [3.0, 3.0] * 4
    assert last["notice_weeks"].tolist() == [3.0, 9.0] * 4
    assert last["retainer_days"].tolist() == [1.0, 1.0] * 4
    assert term_columns(model, -52)["notice_weeks"].tolist() == [0.0, 2.0] * 4


def test_reablement_has_services_for_newcomers(three_zones):
    """Reablement is nobody's when the run starts; its services are laid out for the newcomers expected in six weeks."""
    layout = lay_out(three_zones, delivery.read("framework"), parameters.central())
    first = int(layout.parts["first_provider"][LINE.reablement])
    people = layout.providers["pool_people"][first : first + 3].sum()
    assert layout.parts["services_per_zone"][LINE.reablement] == 1
    assert 0.002 * three_zones.people < people < 0.03 * three_zones.people
