"""Which services there are: how many, where, under which terms, and who may share hours with whom."""

from dataclasses import replace

import numpy as np
import pytest

from insource import delivery, parameters
from insource.delivery import Change
from insource.layout import FEWEST_PEOPLE_A_SERVICE, lay_out, term_columns
from insource.place import synthetic
from insource.room import POST_NUMBERS
from insource.terms import LINE

pytestmark = pytest.mark.worked

NUMBERS = parameters.central()._replace(usual_reablement_share=0.0)


@pytest.fixture(scope="module")
def three_zones():
    """A place of 1,200 people in three zones."""
    place = synthetic(1200, seed=2)
    assert len(place.zones["people"]) == 3
    return place


def test_services_by_zone(three_zones):
    """Every zone has the same number of services under each part, listed zone by zone."""
    layout = lay_out(three_zones, delivery.read("framework"), NUMBERS)
    assert layout.providers["zone"].tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert layout.parts["services_per_zone"].tolist() == [3.0, 0.0, 0.0, 0.0]
    assert layout.providers["pool"].tolist() == list(range(9))
    people = three_zones.zones["people"]
    assert layout.providers["pool_people"] == pytest.approx(np.repeat(people / 3, 3))


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
    assert layout.providers["pool"].tolist() == pools
    people = three_zones.zones["people"]
    expected = {"half": people[0] / 2, "zone": people[0], "area": people.sum()}[first_pool_people]
    assert layout.providers["pool_people"][0] == pytest.approx(expected)


def test_parts_have_services_of_their_own(three_zones):
    """Two parts never share a service or a pool; shares of people add up to one, part after part."""
    layout = lay_out(three_zones, delivery.read("mixed"), NUMBERS)
    assert layout.parts["line"].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert layout.parts["share_to"] == pytest.approx([0.5, 1.0] * 4)
    assert layout.parts["first_provider"].tolist() == [0.0, 3.0] + [12.0] * 6
    part = layout.providers["part"]
    pools = [set(layout.providers["pool"][part == one]) for one in (0, 1)]
    assert not pools[0] & pools[1]
    assert layout.providers["pool_people"][part == 0][0] == pytest.approx(600.0)


def test_small_places_have_fewer_services():
    """No more services in a zone than leave each fifteen people, and at least one."""
    for people, services in ((40, 2), (20, 1), (400, 6)):
        place = synthetic(people, seed=1)
        model = delivery.read("framework").with_terms(providers_per_zone=6)
        layout = lay_out(place, model, NUMBERS)
        assert layout.parts["services_per_zone"][0] == services
        assert people / services >= FEWEST_PEOPLE_A_SERVICE


def test_recorded_services(three_zones):
    """Where a model takes the number of services from the place: its records, or the base value without them."""
    model = delivery.read("status_quo")
    assert lay_out(three_zones, model, NUMBERS).parts["services_per_zone"][0] == 6.0
    recorded = replace(three_zones, services_per_zone=9)
    assert lay_out(recorded, model, NUMBERS).parts["services_per_zone"][0] == 9.0


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
