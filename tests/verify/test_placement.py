"""Finding a service, against theory.md section 2 (CHOICE-2 to CHOICE-5)."""

import numpy as np
import pytest
from alone import World, caught, near, near_mean, planted, share_error

from insource.mechanisms import care, placement
from insource.rules.information import combined_correlation, expected_quality, signal, signal_correlation
from insource.tables import COLUMNS
from insource.week import MECHANISMS

pytestmark = pytest.mark.closed_form

SPREAD = 0.2
ROOM = 1e9
BEST = {
    (2, 0.2): 0.5641,
    (2, 0.6): 0.7048,
    (3, 0.4): 0.4894,
    (5, 0.2): 0.2733,
    (5, 0.4): 0.3604,
    (5, 0.8): 0.6140,
    (10, 0.0): 0.1000,
    (10, 0.4): 0.2430,
    (10, 1.0): 1.0,
}
"""Chance to pick the best of k services through a signal with correlation r (section 2, table)."""


def _town(mechanism, k, r, zones, draw=0, weeks=1):
    """One person waiting in each zone, k services there with qualities drawn at random and room without end."""
    numbers = {"signal_correlation": r, "quality_spread": SPREAD, "advice_gain": 0.3}
    world = World(weeks=weeks, numbers=numbers, draw=draw, people=zones, providers=zones * k, zones=zones)
    world.services(k, zones)
    world.people.zone[:] = np.arange(zones)
    world.people.is_here[:] = 1
    world.people.is_assessed[:] = 1
    world.people.provider[:] = -1
    world.people.ordered_minutes[:] = 60
    quality = np.random.default_rng(draw).standard_normal((zones, k))
    world.providers.quality[:] = SPREAD * quality.ravel()
    world.providers.spare_minutes[:] = ROOM
    world.council.brokerage_minutes[0] = ROOM
    return world, world.bind(mechanism), quality


def _picked(world, quality):
    return quality.ravel()[world.people.provider]


def check_choice_2(mechanism):
    """The chance to pick the best service is that of the table of section 2."""
    for (k, r), expected in BEST.items():
        zones = 60_000 // k
        world, bound, quality = _town(mechanism, k, r, zones)
        bound.step(0)
        best = np.mean(_picked(world, quality) == quality.max(axis=1))
        if r == 1.0:
            assert best == 1.0
            continue
        near(best, expected, share_error(expected, zones) + 0.0001 / 4.0, f"best of {k} at {r}")


def test_choice_2():
    """CHOICE-2. Binomial error over 60,000 / k people, 4 of them, and the last digit of the table."""
    check_choice_2(placement)


def test_choice_2_fails_if_signals_are_shared():
    """One noise for all services of a person is no noise at all, and is found out."""
    fault = planted(placement, "DRAWS.signal, who, week, j)", "DRAWS.signal, who, week, 0)")
    caught(check_choice_2, fault, "best of")


def check_choice_3(mechanism):
    """The pick is better than average by r times the mean of the largest of k; advice raises r by its gain."""
    for terms, r in (("no", 0.4), ("yes", 0.7)):
        picked = np.empty(0)
        for draw in range(3):
            world, bound, quality = _town(mechanism, 5, 0.4, 12_000, draw=draw)
            world.set_terms({"is_advice_allowed": terms})
            bound.step(0)
            picked = np.append(picked, _picked(world, quality))
        near_mean(picked, r * 1.16296, f"quality of the pick at {r}")


def test_choice_3():
    """CHOICE-3: r .4, k 5 gives .465186. 36,000 people, 4 standard errors."""
    assert pytest.approx(0.465186, abs=5e-6) == 0.4 * 1.16296
    check_choice_3(placement)


def test_choice_3_fails_if_the_worst_is_taken():
    """Taking the worst-looking service is found out."""
    caught(check_choice_3, planted(placement, "look > best_look", "look < best_look"), "quality of the pick")


def check_choice_4(mechanism):
    """With room at each of ten services with chance .1 nobody has room for .348678 of people, and choice is rare."""
    k, a, zones = 10, 0.1, 6_000
    world, bound, quality = _town(mechanism, k, 1.0, zones)
    has_room = np.random.default_rng(3).random((zones, k)) < a
    world.providers.spare_minutes[:] = np.where(has_room.ravel(), 60.0, 59.0)
    bound.step(0)
    nobody = world.people.provider == -1
    near(nobody.mean(), 0.348678, share_error(0.348678, zones), "nobody has room")
    assert (nobody == ~has_room.any(axis=1)).all(), "somebody was placed where there was no room"
    no_choice = has_room.sum(axis=1) < 2
    near(no_choice.mean(), 0.736099, share_error(0.736099, zones), "no real choice")
    gain = np.where(no_choice, 0.0, _picked(world, quality))
    near_mean(gain, 0.171268, "what choice is worth")
    assert world.book("placements")[0] == (~nobody).sum()
    assert world.book("waiting_care")[0] == nobody.sum()
    assert world.book("placements_without_choice")[0] == (has_room.sum(axis=1) == 1).sum()
    calls = np.where(nobody, k, (quality >= _picked(world, quality)[:, None]).sum(axis=1))
    assert world.book("brokerage_calls")[0] == calls.sum(), "services asked"
    assert world.book("placements_not_preferred")[0] == ((calls > 1) & ~nobody).sum()
    near_mean(calls, 6.513216, "services asked (CHOICE-5)")
    assert world.providers.promised_minutes.sum() == 60.0 * (~nobody).sum()


def test_choice_4():
    """CHOICE-4 (k 10, a .1): .348678, .736099, .171268. 6,000 people, 4 standard errors."""
    check_choice_4(placement)


def test_choice_5_calls_fail_if_everybody_is_asked():
    """Asking services that look worse than the one taken is found out."""
    caught(check_choice_4, planted(placement, " & (looks[j - first] >= best_look)", ""), "services asked")


def check_rated(mechanism):
    """With r from rumours and a rating that tells b, the pick is better by their combined correlation times m_k."""
    k, zones, rumour, rating = 5, 40_000, 0.3, 0.5
    world, bound, quality = _town(mechanism, k, rumour, zones)
    noise = np.random.default_rng(21).standard_normal(zones * k)
    world.providers.verdict[:] = rating * quality.ravel() + np.sqrt(1.0 - rating**2) * noise
    world.providers.rating_correlation[:] = rating
    bound.step(0)
    near_mean(_picked(world, quality), combined_correlation(rumour, rating) * 1.16296, "quality of the pick")


def test_ratings_help_to_choose():
    """CHOICE-3 with two signals (Bayes for normals): 40,000 people, 4 standard errors."""
    assert combined_correlation(0.3, 0.0) == pytest.approx(0.3, rel=1e-12)
    assert combined_correlation(0.0, 0.5) == pytest.approx(0.5, rel=1e-12)
    assert combined_correlation(1.0, 0.5) == 1.0
    assert expected_quality(0.7, 0.3, 5.0, 0.0) == pytest.approx(0.21, rel=1e-12)
    assert expected_quality(0.7, 1.0, 5.0, 0.5) == 0.7
    check_rated(placement)


def test_ratings_help_fails_if_nobody_reads_them():
    """A rating that is published and not looked at is found out."""
    fault = planted(placement, "providers.verdict[j], providers.rating_correlation[j]", "0.0, 0.0")
    caught(check_rated, fault, "quality of the pick")


def check_choice_5(mechanism):
    """Asked again every week, people wait 1.535340 weeks on average until some service has room."""
    k, a, zones, weeks = 10, 0.1, 6_000, 30
    world, bound, _ = _town(mechanism, k, 0.5, zones, weeks=weeks)
    rng = np.random.default_rng(4)
    waited = np.zeros(zones)
    for week in range(weeks):
        waited += world.people.provider == -1
        world.providers.spare_minutes[:] = np.where(rng.random(zones * k) < a, 60.0, 0.0)
        bound.step(week)
    assert (world.people.provider >= 0).all()
    near_mean(waited, 1.535340, "weeks until a place")
    assert world.book("waiting_care").sum() == (waited - 1.0).sum(), "Little's law"
    minutes = zones * world.numbers.placement_hours + world.book("brokerage_calls").sum() * world.numbers.call_hours
    assert world.book("brokerage_minutes").sum() == pytest.approx(minutes * 60.0, rel=1e-3)


def test_choice_5():
    """CHOICE-5: geometric with chance 1 - .9^10. 6,000 people, 4 standard errors."""
    check_choice_5(placement)


ROOM_IGNORED = ("spare_minutes >= ordered_minutes", "spare_minutes >= 0.0")


@pytest.mark.parametrize("check", [check_choice_4, check_choice_5])
def test_choice_4_and_5_fail_if_room_is_not_looked_at(check):
    """Services that always say yes are found out."""
    caught(check, planted(placement, *ROOM_IGNORED))


def check_queue(mechanism):
    """Whoever has waited longest is served first, while there is time; every service is asked in whole."""
    world, bound, _ = _town(mechanism, 1, 0.5, 200)
    waits = np.random.default_rng(5).integers(0, 40, 200)
    world.people.care_wait_weeks[:] = waits
    each = (world.numbers.placement_hours + world.numbers.call_hours) * 60.0
    world.council.brokerage_minutes[0] = 49.5 * each
    bound.step(0)
    served = world.people.provider >= 0
    assert served.sum() == 50
    assert waits[served].min() >= waits[~served].max(), "somebody was served before those who waited longer"
    assert world.council.sought_minutes[0] == pytest.approx(50 * each, rel=1e-12)


def test_queue():
    """First come, first served, exactly; the last case begun is finished."""
    check_queue(placement)


def test_queue_fails_if_it_is_a_lottery():
    """A queue by chance alone is found out."""
    fault = planted(placement, "people.person[i], week) - people.care_wait_weeks[i]", "people.person[i], week)")
    caught(check_queue, fault, "waited longer")


def check_hand_back(mechanism):
    """A person placed is in care from the next week; one whose service hands back waits, and goes to another one.

    In the first zone both services hand back in week 2, in the second one of two: nobody returns to a closed service.
    """
    world, bound, _ = _town(mechanism, 2, 0.5, 2, weeks=6)
    in_care = []
    for week in range(6):
        had = int(world.people.provider[1])
        world.providers.is_handing_back[:] = 0
        if week == 2:
            world.providers.is_handing_back[[0, 1, had]] = 1
            world.providers.closed_weeks[[0, 1, had]] = 26
        bound.step(week)
        in_care.append(world.people.is_in_care.tolist())
    assert in_care == [[0, 0], [1, 1], [0, 0], [0, 1], [0, 1], [0, 1]], "in care"
    assert world.book("people_handed_back").tolist() == [0, 0, 2, 0, 0, 0]
    assert world.people.care_wait_weeks.tolist()[0] == 4
    assert world.providers.closed_weeks[world.people.provider[1]] == 0


def test_people_handed_back_go_to_another_service():
    """Whoever gave somebody back does not get them again a week later."""
    check_hand_back(placement)


def test_people_handed_back_fails_if_closed_services_take_people():
    """A service that takes back whom it gave back is found out."""
    fault = planted(placement, "(closed_weeks <= 0) & (spare_minutes >=", "(spare_minutes >=")
    caught(check_hand_back, fault, "in care")


def test_everybody_has_a_part_for_life():
    """The share of people in a part is the share the model gives it; somebody's part depends on nobody else.

    Whichever mechanism owns the column decides it.
    """
    owner, people = MECHANISMS[COLUMNS["people"]["part"].owner], 40_000
    parts = []
    for numbers in (np.arange(1, people + 1), np.arange(people, 0, -1)):
        world = World(people=people, donors=people, providers=2, parts=2)
        world.parts.share_to[:], world.parts.first_provider[:] = (0.3, 1.0), (0, 1)
        world.people.person[:] = world.donors.person[:] = numbers
        world.people.is_here[:] = 1
        world.bind(owner).start()
        parts.append(world.people.part[np.argsort(world.people.person)])
    near(np.mean(parts[0] == 0), 0.3, share_error(0.3, people), "people in part 1")
    assert (parts[0] == parts[1]).all()


def test_signals():
    """A signal of correlation 1 is quality itself, one of 0 is noise; advice never lifts it above 1."""
    assert signal(0.7, 1.0, 5.0) == 0.7
    assert signal(0.7, 0.0, 5.0) == 5.0
    assert signal(0.7, 0.6, 1.0) == pytest.approx(0.6 * 0.7 + 0.8, rel=1e-12)
    assert signal_correlation(0.25, 0.0, 0.2) == 0.25
    assert signal_correlation(0.25, 1.0, 0.2) == pytest.approx(0.45, rel=1e-12)
    assert signal_correlation(0.9, 1.0, 0.4) == 1.0


def check_promises(mechanism):
    """What a service has promised to one person is not promised again to another before the first has begun."""
    world, bound, _ = _town(mechanism, 1, 0.5, 2, weeks=3)
    world.people.zone[:] = 0
    world.numbers = world.numbers._replace(contract_hours=10.0, statutory_leave_days=0.0)
    in_week = world.bind(care)
    world.set_terms({"training_hours": 0, "hours_move_within": "person"})
    world.providers.present_posts[:] = 1
    world.people.ordered_minutes[:] = 400
    world.providers.spare_minutes[:] = 500.0
    world.council.brokerage_minutes[0] = 1.0
    for week in range(3):
        bound.step(week)
        in_week.step(week)
        load = world.people.ordered_minutes[world.people.provider >= 0].sum()
        assert load <= world.providers.capacity_minutes[0], f"promised twice by week {week}"


def test_room_is_not_promised_twice():
    """The service has room for one of two packages; with time for one placement a week the second must wait."""
    check_promises(placement)
