"""What staffing does to care and care to people; failure demand in a chain of mechanisms (theory.md COST-2)."""

import math

import numpy as np
import pytest
from alone import World, caught, near, near_mean, near_variance, planted, share_error

from insource.mechanisms import care, needs, quality
from insource.rules.quality import concern_rate, missed_share, quality_aimed_at, quality_from_practice
from insource.rules.wellbeing import gain_of_care, quality_of_life

pytestmark = pytest.mark.closed_form

USUAL = {
    "quality_spread": 0.0,
    "usual_experienced_share": 0.88,
    "vacancy_share": 0.1,
    "usual_guaranteed_share": 0.42,
    "usual_missed_share": 0.04,
}


def _service(weeks=1, people=1, providers=1, **numbers):
    world = World(weeks=weeks, numbers={**USUAL, **numbers}, people=people, providers=providers)
    world.set_terms({"guaranteed_share": 0.42})
    world.providers.experienced_share[:] = 0.88
    world.providers.vacancy_share[:] = 0.1
    world.providers.pay_pence[:] = world.numbers.market_pay_pence
    world.providers.continuity[:] = world.numbers.usual_continuity
    return world


def check_usual(mechanism):
    """A usual service starts at quality 0 and stays there; one that starts apart comes back by 2 / (m + 1) a week."""
    world = _service(20, memory_weeks=13.0)
    bound = world.bind(mechanism)
    bound.start()
    assert world.providers.quality[0] == pytest.approx(0.0, abs=1e-12)
    assert world.providers.missed_share[0] == pytest.approx(0.04, rel=1e-12)
    world.providers.quality[0] = 0.5
    for week in range(20):
        bound.step(week)
        expected = 0.5 * (1.0 - 2.0 / 14.0) ** (week + 1)
        assert world.providers.quality[0] == pytest.approx(expected, rel=1e-9), "way back"
        assert world.providers.missed_share[0] == pytest.approx(0.04 * math.exp(-expected), rel=1e-9)


def test_usual_service():
    """Limiting case of the docstring, exactly."""
    check_usual(quality)


def test_usual_service_fails_if_it_has_a_head_start():
    """A bonus nobody earned is found out."""
    caught(
        check_usual,
        planted(
            quality,
            "quality = running_mean(providers.quality[j], aim,".replace("quality = ", ""),
            "running_mean(providers.quality[j], aim + 1.0 / 100.0,",
        ),
        "way back",
    )


def check_effects(mechanism):
    """Each effect moves quality by its own coefficient times what differs from usual, and by nothing else."""
    effects = {"experience_effect": 1.1, "vacancy_effect": 0.9, "guaranteed_effect": 0.15, "pay_effect": 0.3}
    effects |= {"staffing_effect": 0.5, "training_effect": 0.1, "continuity_effect": 0.4}
    for name, column, value, expected in (
        ("experience_effect", "experienced_share", 0.98, 1.1 * 0.1),
        ("vacancy_effect", "vacancy_share", 0.3, -0.9 * 0.2),
        ("pay_effect", "pay_pence", None, 0.3 * math.log(1.16)),
        ("staffing_effect", "staffing_ratio", 0.8, -0.5 * 0.2),
        ("continuity_effect", "continuity", 0.45, 0.4 * 0.25),
        ("guaranteed_effect", None, {"guaranteed_share": 1.0}, 0.15 * 0.58),
        ("training_effect", None, {"training_hours": 24}, 0.1 * 0.5),
    ):
        world = _service(4000, **effects, memory_weeks=8.0)
        if column is None:
            world.set_terms(value)
        else:
            getattr(world.providers, column)[:] = value or world.numbers.market_pay_pence * 1.16
        bound = world.bind(mechanism)
        bound.start()
        at_start = 0.0 if name == "continuity_effect" else expected
        assert world.providers.quality[0] == pytest.approx(at_start, rel=1e-9, abs=1e-12), name
        for week in range(4000):
            bound.step(week)
        assert world.providers.quality[0] == pytest.approx(expected, rel=1e-9), f"{name} in the long run"


def test_effects():
    """The equation of the docstring, one effect at a time; continuity is usual until there have been visits."""
    check_effects(quality)
    assert quality_aimed_at(0.1, 1.0, 0.2, 2.0, 0.3, 0.5, 0.4, 0.25) == pytest.approx(0.1 - 0.4 + 0.15 + 0.1, rel=1e-12)
    assert quality_from_practice(-0.1, 0.5, 0.5, 0.1, 0.2, 0.4) == pytest.approx(-0.05 + 0.05 + 0.08, rel=1e-12)


def test_effects_fail_if_staffing_does_not_matter():
    """A service that may mean to leave visits without staff and be as good is found out."""
    fault = planted(quality, "staffing_gap * staffing_effect + ", "", rule="quality")
    caught(check_effects, fault, "staffing_effect")


def test_effects_fail_if_vacancies_do_good():
    """Vacancies that raise quality are found out."""
    fault = planted(quality, "- vacancy_gap * vacancy_effect", "+ vacancy_gap * vacancy_effect", rule="quality")
    caught(check_effects, fault, "vacancy_effect")


def check_concerns(mechanism):
    """Concerns come at the usual rate, times exp(-effect * quality), for each person who has care this week."""
    people, rate = 400_000, 0.52
    for level in (0.0, -0.5):
        world = _service(1, people, usual_concern_rate=rate, concern_effect=1.5)
        world.people.scheduled_minutes[: people // 2] = 60
        world.people.provider[:] = 0
        world.providers.quality[0] = level
        world.bind(mechanism).step(0)
        chance = -math.expm1(-rate * math.exp(-1.5 * level) / 52.0)
        found = world.people.is_concern_raised
        near(found[: people // 2].mean(), chance, share_error(chance, people // 2), f"concerns at quality {level}")
        assert found[people // 2 :].sum() == 0
        assert world.book("safeguarding_concerns")[0] == found.sum()


def test_concerns():
    """Section 12: 1 - exp(-rate / 52). Binomial error over 200,000 people, 4 standard errors."""
    check_concerns(quality)
    assert concern_rate(0.07, 0.0, 3.0) == 0.07


def test_concerns_fail_if_quality_does_not_matter():
    """Concerns that do not rise as quality falls are found out."""
    caught(
        check_concerns, planted(quality, "exp(-quality * quality_effect)", "exp(0.0)", rule="quality"), "quality -0.5"
    )


def check_life(mechanism):
    """Quality of life: the same for all whose need is met, less with the root of what is not; for people here only."""
    world = _service(1, 6, quality_of_life_when_met=0.8, quality_of_life_gain=0.08)
    world.people.is_here[:] = (1, 1, 1, 1, 1, 0)
    world.people.at_home_minutes[:] = (375, 375, 6000, 12_000, 12_000, 375)
    world.people.used_minutes[:] = (0, 375, 6000, 0, 3000, 375)
    world.bind(mechanism).step(0)
    expected = [0.8 - 0.08 * 2.5, 0.8, 0.8, 0.0, 0.08 * 50.0**0.5, 0.0]
    assert world.people.quality_of_life == pytest.approx(expected, rel=1e-9), "quality of life"
    assert world.book("quality_of_life")[0] == sum(int(one * 1e6 / 52.0) for one in world.people.quality_of_life)


def test_quality_of_life():
    """Evidence O01, O02: 0.080 * sqrt(hours) is .20 at 6.25 hours a week, .31 at 15 and .15 at 3.5; O01's margin.

    The margin is 50,011 pounds a year of full quality of life at 96 pounds a week, or 6.2 hours at 15.5 pounds.
    """
    check_life(quality)
    for hours, gain in ((6.25, 0.20), (15.0, 0.31), (3.5, 0.15)):
        found = quality_of_life(hours * 60.0, hours * 60.0, 0.8, 0.08) - quality_of_life(0.0, hours * 60.0, 0.8, 0.08)
        assert found == pytest.approx(gain, abs=0.001)
        assert gain_of_care(hours * 60.0, 0.08) == pytest.approx(found, rel=1e-12)
    minutes = 96.0 / 15.5 * 60.0
    margin = quality_of_life(minutes, 1e3, 0.8, 0.08) - quality_of_life(minutes - 1.0, 1e3, 0.8, 0.08)
    assert 15.5 / 60.0 * 52.0 / margin == pytest.approx(50_011, rel=0.01)


def test_large_packages_can_lose():
    """A person who needs 120 hours a week loses quality of life with every hour that is cut, as others do."""
    lives = [quality_of_life(hours * 60.0, 120.0 * 60.0, 0.8, 0.08) for hours in (40.0, 60.0, 90.0)]
    assert lives[0] < lives[1] < lives[2] < 0.8
    assert quality_of_life(130.0 * 60.0, 120.0 * 60.0, 0.8, 0.08) == 0.8


def test_quality_of_life_fails_if_the_gone_count():
    """People who have left and still enjoy quality of life are found out."""
    caught(
        check_life, planted(quality, "people.is_here[i] * quality_of_life(", "1 * quality_of_life("), "quality of life"
    )


def check_how_it_is_given(mechanism):
    """Good care and few faces add their own gains, for people with visits, within 0 and 1; by default nothing."""
    for gains, expected in (((0.0, 0.0), 0.8), ((0.05, 0.0), 0.825), ((0.0, 0.4), 0.92), ((0.5, 0.0), 1.0)):
        world = _service(1, 2, quality_of_life_when_met=0.8, quality_life_gain=gains[0], continuity_life_gain=gains[1])
        world.numbers = world.numbers._replace(usual_continuity=0.2)
        world.providers.quality[0], world.providers.continuity[0] = 0.5, 1.0
        world.people.is_here[:], world.people.services[:] = 1, 2
        world.people.scheduled_minutes[:] = (60, 0)
        world.bind(mechanism).step(0)
        assert world.people.quality_of_life == pytest.approx([expected, 0.8], rel=1e-9), "how it is given"


def test_how_it_is_given():
    """Continuity 1 over two services is .5, which is .3 above the usual."""
    check_how_it_is_given(quality)


def test_how_it_is_given_fails_if_services_do_not_count():
    """Two services whose workers count as one team are found out."""
    fault = planted(quality, "providers.continuity[j] / max(services, 1)", "providers.continuity[j]")
    caught(check_how_it_is_given, fault, "how it is given")


def _failing(mechanism, p, people=50, weeks=60):
    """Needs, care and quality in a chain: failing a share p of visits brings as much further need the week after."""
    none = (
        "hospital_admission_rate",
        "death_rate_18_64",
        "care_home_rate_18_64",
        "support_ends_rate",
        "points_residual",
        "costed_residual",
        "need_variation",
        "door_minutes",
        "unpaid_backstop_share",
    )
    numbers = dict.fromkeys(none, 0.0) | USUAL | {"usual_missed_share": p, "repeat_share": 1.0, "need_seen_share": 1.0}
    world = World(weeks=weeks, numbers={**numbers, "contract_hours": 1e9}, people=people, providers=1, donors=1)
    world.set_terms({"hours_move_within": "provider", "order_changed_by": "team", "guaranteed_share": 0.42})
    world.donors.package_minutes[0] = 5_000.0
    for name in ("is_open", "is_here", "is_in_care", "is_in_force"):
        getattr(world.people, name)[:] = 1
    world.people.donor[:] = world.people.provider[:] = 0
    world.providers.present_posts[:] = 1
    world.providers.experienced_share[:], world.providers.vacancy_share[:] = 0.88, 0.1
    world.providers.pay_pence[:] = world.numbers.market_pay_pence
    chain = [world.bind(needs), world.bind(care), world.bind(mechanism)]
    for bound in chain:
        bound.start()
    for week in range(weeks):
        for bound in chain:
            bound.step(week)
    last = weeks - 1
    return world.book("needed_minutes")[last], world.book("used_minutes")[last], people * 5_000.0


def check_cost_2(mechanism):
    """Failing with chance p multiplies need by 1 / (1 - p): 25 and 22 pounds become 31.25 and 31.428571 a success."""
    for p, price, expected in ((0.2, 25.0, 31.25), (0.3, 22.0, 31.428571)):
        needed, used, ordinary = _failing(mechanism, p)
        assert needed / ordinary == pytest.approx(1.0 / (1.0 - p), rel=5e-4), "need"
        assert used / ordinary == pytest.approx(1.0, rel=5e-4)
        assert price * needed / used == pytest.approx(expected, rel=5e-4), "cost of a success"
    assert pytest.approx(0.296, abs=1e-12) == 1.0 - 22.0 * (1.0 - 0.2) / 25.0


def test_cost_2():
    """COST-2 through needs, care and quality together; whole minutes of needs of 5,000: to 5 parts in 10,000."""
    check_cost_2(quality)
    assert missed_share(0.2, -5.0) == 1.0


def test_cost_2_fails_if_failure_is_forgotten():
    """Failure that creates no further need is found out."""
    fault = planted(
        quality,
        "people.repeat_minutes[i] = int(missed * numbers.repeat_share + 1.0 / 2.0)",
        "people.repeat_minutes[i] = int(0.0 * missed * numbers.repeat_share)",
    )
    caught(check_cost_2, fault, "need")


def test_failure_demand_is_off_by_default():
    """Section 17.5: at a repeat share of zero nothing further is needed, and need is what it was."""
    world = _service(1, 10)
    world.numbers = world.numbers._replace(repeat_share=0.0)
    world.people.scheduled_minutes[:], world.people.provider[:] = 1000, 0
    world.providers.missed_share[:] = 0.3
    world.bind(quality).step(0)
    assert world.people.repeat_minutes.sum() == 0
    assert np.all(world.book("repeat_minutes") == 0)


def check_lasting(mechanism):
    """Services alike in staffing and terms differ by `quality_spread`, and go on doing so: mean 0, spread .2."""
    world = _service(30, providers=20_000, quality_spread=0.2, memory_weeks=8.0)
    bound = world.bind(mechanism)
    bound.start()
    first = world.providers.quality.copy()
    for week in range(30):
        bound.step(week)
    assert np.allclose(world.providers.quality, first, atol=1e-12), "differences fade"
    near_mean(first, 0.0, "mean")
    near_variance(first, 0.04, "spread")


def test_services_differ_for_good():
    """20,000 services, 4 standard errors of mean and variance."""
    check_lasting(quality)


def test_services_differ_for_good_fails_if_differences_fade():
    """Services that drift to the same quality leave nothing to choose, and are found out."""
    fault = planted(
        quality, "aim = aimed_at(j, providers.continuity[j], providers, parts, numbers, area.council)", "aim = 0.0"
    )
    caught(check_lasting, fault, "fade")
