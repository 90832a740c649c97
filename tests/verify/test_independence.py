"""Independence, alone: effort by what is paid for, steps, reablement and what is not its effect (IND, POOL-8)."""

import math

import numpy as np
import pytest
from alone import World, caught, near, near_mean, planted, share_error

from insource import parameters
from insource.mechanisms import independence, needs
from insource.rules.independence import effort_for, peak_left, worth_to_payer, worth_to_seller
from insource.terms import LINE

pytestmark = pytest.mark.closed_form

NOBODY_LEAVES = dict.fromkeys(
    ("death_rate_18_64", "death_rate_65_plus", "care_home_rate_18_64", "care_home_rate_65_plus", "support_ends_rate"),
    0.0,
)
PEOPLE = 40_000
PAID = ("hour_ordered", "hour_delivered", "block", "outcome", "episode", "salary")


def _services(mechanism, terms, spare=2400.0, **numbers):
    """One service for each way to pay, with 10 people of 12 hours each, under a strong effect of effort."""
    n = len(terms["payment_basis"])
    world = World(numbers={"effort_effect": 0.02, **numbers}, people=1, parts=n, providers=n)
    world.set_terms(terms)
    world.services(n)
    providers = world.providers
    providers.part[:] = np.arange(n)
    providers.people_in_care[:] = 10
    providers.scheduled_minutes[:] = 7200
    providers.spare_minutes[:] = spare
    providers.promised_minutes[:] = providers.taken_minutes[:] = 600.0
    world.bind(mechanism).step(1)
    return world


def _expected(numbers):
    weekly = numbers.external_price_pounds * 12.0 * (1.0 - math.exp(-numbers.independence_step))
    rates = numbers.death_rate_65_plus + numbers.care_home_rate_65_plus + numbers.support_ends_rate
    lost = 2.0 - math.exp(-rates / 52.0) - 0.5 ** (1.0 / numbers.gain_half_life_weeks)
    return weekly, lost, numbers.effort_effect, numbers.effort_cost_pounds


def check_efforts(mechanism):
    """Effort is that of the closed form for a seller, a block, outcomes, the episode, and a team that keeps savings."""
    terms = {
        "payment_basis": list(PAID),
        "bonus_pounds": 2000.0,
        "saving_kept_by": ["council"] * 5 + ["service"],
    }
    world = _services(mechanism, terms)
    weekly, lost, effect, cost = _expected(world.numbers)
    margin = weekly * world.numbers.hour_margin_share
    bonuses = (0.0, 2000.0 * (1.0 - math.exp(-world.numbers.independence_step)))
    worth = [worth_to_seller(margin, bonus, 4.0, lost, effect, cost) for bonus in bonuses]
    seller = [effort_for(one, lost, effect, cost) for one in worth]
    payer = effort_for(worth_to_payer(weekly, lost, effect, cost), lost, effect, cost)
    team = world.numbers.saving_felt_share * payer
    expected = np.clip([seller[0], seller[0], 0.0, seller[1], payer, team], -1.0, 1.0)
    assert expected[0] < 0.0 < expected[3] < expected[4]
    assert 0.0 < expected[5] < expected[4]
    assert world.providers.effort == pytest.approx(expected, rel=1e-9)


def test_ind_1_to_5_in_the_week():
    """IND-1, IND-2, IND-5 as services do: weak obstruction by the hour, most by the episode, a share in a team."""
    check_efforts(independence)


def test_efforts_fail_if_a_seller_gains_from_an_end():
    """A seller of hours to whom an end of need is worth its margin, not minus that, is found out."""
    caught(
        check_efforts,
        planted(
            independence,
            "bonus - weekly_margin * void_weeks",
            "bonus + weekly_margin * void_weeks",
            rule="independence",
        ),
    )


def test_ind_4_with_a_waiting_list():
    """IND-4: where people wait and nothing is spare, hours are sold again at once: no effort, and no obstruction."""
    world = _services(independence, {"payment_basis": ["hour_ordered"]}, spare=0.0)
    assert world.providers.effort[0] == pytest.approx(0.0, abs=1e-12)
    longer = [
        _services(independence, {"payment_basis": ["hour_ordered"]}, spare=s).providers.effort[0] for s in (600, 6000)
    ]
    assert 0.0 > longer[0] > longer[1]


def test_same_terms_same_effort():
    """Two services under the same terms make the same effort, whoever employs: there is nothing else to go by."""
    terms = {"payment_basis": ["hour_ordered", "hour_ordered"], "saving_kept_by": "service"}
    world = _services(independence, terms | {"employer": ["provider", "person"]})
    assert world.providers.effort[0] == world.providers.effort[1] > 0.0


def check_steps(mechanism):
    """Over a quarter 1 - exp(-13 effect effort met) take a step, down under effort and up under its opposite."""
    numbers = {"effort_effect": 0.02, "saving_felt_share": 1.0, "effort_cost_pounds": 1e-3}
    world = World(weeks=14, numbers=numbers, people=PEOPLE, parts=2, providers=2)
    world.set_terms({"payment_basis": ["salary", "hour_ordered"], "saving_kept_by": ["service", "council"]})
    people, providers = world.people, world.providers
    people.is_here[:] = people.is_in_care[:] = 1
    people.provider[:] = people.part[:] = np.arange(PEOPLE) % 2
    people.at_home_minutes[:] = 720
    people.unmet_share[:] = 0.25
    providers.part[:] = [0, 1]
    providers.people_in_care[:] = PEOPLE // 2
    providers.scheduled_minutes[:] = 720 * PEOPLE // 2
    providers.spare_minutes[:] = 1e9
    bound = world.bind(mechanism)
    bound.step(0)
    lost = _expected(world.numbers)[1]
    assert providers.effort == pytest.approx([1.0, -lost / 0.02], rel=1e-9)
    for part, account in enumerate(("steps_to_independence", "steps_from_independence")):
        expected = 1.0 - math.exp(-13 * 0.02 * abs(providers.effort[part]) * 0.75)
        found = world.ledger.accounts[account][0, part] / (PEOPLE / 2)
        near(found, expected, share_error(expected, PEOPLE // 2), account)
    step = world.numbers.independence_step
    gains = np.unique(np.round(people.independence_gain, 6))
    assert gains == pytest.approx([-step, 0.0, step], abs=1e-6)
    assert providers.outcomes[0] == world.ledger.accounts["steps_to_independence"][0, 0]
    bound.step(1)
    assert world.book("steps_to_independence")[1] == 0
    assert providers.outcomes[0] == 0


def test_steps():
    """Chance of a step in a quarter at full effort and a quarter of need unmet. Binomial error, 4 standard errors."""
    check_steps(independence)


def test_steps_fail_if_hours_that_do_not_arrive_count():
    """Effort in hours that were not given is found out."""
    caught(check_steps, planted(independence, " * (1.0 - people.unmet_share[i])", ""), "steps_to_independence")


def _newcomers(mechanism, weeks, **numbers):
    """Newcomers who all go through reablement at once, with needs that fluctuate as they do."""
    numbers = {**NOBODY_LEAVES, "need_variation": 0.3, "need_persistence": 0.9, "need_correlation": 0.0, **numbers}
    numbers = {"hospital_admission_rate": 0.0, "entry_peak": 1.525135, "usual_reablement_share": 0.0, **numbers}
    numbers |= {"points_residual": 0.0, "costed_residual": 0.0}
    world = World(weeks=weeks, numbers=numbers, people=PEOPLE, donors=1)
    world.donors.package_minutes[0] = 2000.0
    world.people.is_new[:] = world.people.is_in_care[:] = 1
    world.people.donor[:] = 0
    world.people.line[:] = LINE.reablement
    need, own = world.bind(needs), world.bind(mechanism)
    for week in range(weeks):
        need.step(week)
        own.step(week)
        world.people.is_new[:] = 0
    return world


def check_pool_8(mechanism):
    """With no effect needs fall from a peak of 1.525 spreads as persistence^5 over six weeks; none is avoided."""
    world = _newcomers(mechanism, 6, reablement_hours_ratio=1.0)
    assert world.book("reablement_ends")[5] == PEOPLE
    assert world.book("became_independent").sum() == 0
    spread = math.sqrt(math.log(1.09))
    fell = world.book("reablement_after_minutes")[5] / world.book("reablement_before_minutes")[5]
    expected = math.exp(spread * (peak_left(1.525135, 0.9, 5.0) - 1.525135))
    need = world.people.at_home_minutes / world.people.at_home_minutes.mean()
    near(fell, expected, 2.0 * need.std() / math.sqrt(PEOPLE), "before and after")
    assert fell < 0.9
    assert world.book("reablement_avoided_minutes").sum() == 0, "recovery without help is counted as an effect"
    assert world.book("avoided_minutes").sum() == 0, "recovery without help is counted as an effect"


def test_pool_8_is_not_an_effect():
    """POOL-8: before and after shows a fall of a sixth that no service brought about. 40,000 people."""
    check_pool_8(independence)


def test_pool_8_fails_if_before_and_after_is_taken_for_the_effect():
    """Counting what people needed at first less what they need at the end is found out."""
    fault = planted(independence, "[week, part] += now - after", "[week, part] += people.entry_minutes[i] - after")
    caught(check_pool_8, fault, "recovery without help")


def check_reablement(mechanism):
    """A year on, those who ended and those who still need care together need the ratio of hours of others like them."""
    ratio, ending = 0.6, 0.5
    numbers = {"reablement_hours_ratio": ratio, "reablement_ending_share": ending, "entry_peak": 0.0}
    world = _newcomers(mechanism, 58, **numbers, need_variation=1e-6)
    gone = world.book("became_independent").sum() / PEOPLE
    near(gone, 0.2, share_error(0.2, PEOPLE), "share independent")
    assert world.people.is_here.sum() == PEOPLE * (1.0 - gone)
    assert world.book("support_endings").sum() == world.book("became_independent").sum()
    hours = world.people.needed_minutes.sum() / PEOPLE / 2000.0
    near(hours, ratio, share_error(0.2, PEOPLE), "hours a year on")
    here = world.people.is_here == 1
    avoided = 2000.0 * here.sum() - world.people.at_home_minutes.sum()
    assert world.book("avoided_minutes")[57] == pytest.approx(avoided, rel=0.02)
    assert world.book("reablement_starts")[0] == PEOPLE


def test_reablement():
    """The published ratio of hours a year on comes out, however it is split. 40,000 people, 4 standard errors."""
    check_reablement(independence)


def test_reablement_fails_if_gains_never_fade():
    """A gain that is as large after a year as at the end is found out."""
    caught(check_reablement, planted(independence, "+ usual) * kept - usual", "+ usual) - usual"), "hours a year on")


def check_stock(mechanism):
    """Recorded people who had reablement and newcomers in the long run have the same gains on average: no drift."""
    numbers = {"usual_reablement_share": 0.5, "reablement_hours_ratio": 0.5, "reablement_ending_share": 0.0}
    world = World(numbers=numbers, people=PEOPLE)
    world.people.is_here[:] = 1
    world.bind(mechanism).start()
    gains = world.people.independence_gain + world.council.usual_gain[0]
    rates = world.numbers.death_rate_65_plus + world.numbers.care_home_rate_65_plus + world.numbers.support_ends_rate
    leaves, kept = 1.0 - math.exp(-rates / 52.0), 0.5 ** (1.0 / world.numbers.gain_half_life_weeks)
    at_first = math.log(2.0) * 2.0 ** (52.0 / world.numbers.gain_half_life_weeks)
    ages = np.arange(5000)
    mean = 0.5 * at_first * (leaves * (1.0 - leaves) ** ages * kept**ages).sum()
    near_mean(gains, mean, "gain in the stock")
    assert np.exp(-world.people.independence_gain).mean() == pytest.approx(1.0, rel=1e-6)


def test_stock():
    """M/G/infinity: the age of a gain in the stock is geometric; orders of the recorded already reflect it."""
    check_stock(independence)


def test_stock_fails_if_all_gains_are_new():
    """Gains that have not faded at the start are found out."""
    caught(check_stock, planted(independence, "length_of_service(v[i], leaves)", "0"), "gain in the stock")


def test_contested_strengths_may_be_nothing():
    """Ranges include no effect of effort (the central value), of reablement, and staff who feel no saving."""
    for name, none in (("effort_effect", 0.0), ("reablement_hours_ratio", 1.0), ("saving_felt_share", 0.0)):
        low, high = parameters.parameters()[name].ends()
        assert low <= none <= high, name
    assert parameters.central().effort_effect == 0.0
    assert parameters.central().saving_felt_share < 1.0
