"""The area's market for care workers, against theory.md section 12 (WORK-2, WORK-3, WORK-6) and the pool's balance."""

import math

import numpy as np
import pytest
from alone import caught, near, planted, share_error
from staff import A_YEAR, CALM, FILLS, POSTS, all_filled, services

from insource.mechanisms import sector, workforce
from insource.rules.job_market import (
    entries,
    fill_chance_from,
    from_beyond_share,
    rival_pay,
    seekers_ratio,
    usual_seekers,
)
from insource.rules.turnover import conditions_factor, fill_chance, leaving_the_sector, leaving_to_rivals, quit_rate

pytestmark = pytest.mark.closed_form


def test_work_2():
    """WORK-2: turnover and vacancies together fix the fill chance: .059019 at 23.1% and 7%, .063107 at 24.7%."""
    assert fill_chance(0.231, 0.07) == pytest.approx(0.059019, abs=5e-7)
    assert fill_chance(0.247, 0.07) == pytest.approx(0.063107, abs=5e-7)
    assert 1.0 / fill_chance(0.231, 0.07) == pytest.approx(16.94, abs=5e-3)


def test_work_3_exactly():
    """WORK-3: elasticity 2, pay a tenth up: .247934 leave for .30, and staff grows to 1.4641 times."""
    quits = quit_rate(0.30, 1.1, 2.0, 1.0, 0.0, 1.0, 0.0)
    assert quits == pytest.approx(0.247934, abs=5e-7)
    assert 0.30 * 1.1**2 / quits == pytest.approx(1.4641, rel=1e-12)
    both = leaving_to_rivals(0.65, 1.1, 2.0) + leaving_the_sector(0.65, 1.1, 2.0)
    assert 0.30 * both == pytest.approx(quits, rel=1e-12)
    assert quit_rate(0.3, 1.0, 2.0, 1.25, -0.42, 1.0, 0.0) == pytest.approx(0.3 * 1.25**0.42, rel=1e-12)
    assert quit_rate(0.3, 1.0, 2.0, 1.0, 0.0, 0.2, 2.0) == pytest.approx(0.3 * 0.25, rel=1e-12)
    assert conditions_factor(1.25, 0.58, 1.2, 1.0) == pytest.approx(1.25**-0.58 * 1.2, rel=1e-12)


def check_work_3(mechanism):
    """Pay a tenth above the market with elasticity 2 divides quitting and multiplies filling by 1.21."""
    world = services(200, 1, parts=2, turnover_rate=A_YEAR * 5.0)
    world.providers.part[100:] = 1
    world.providers.offered_pay_pence[100:] = 1430.0
    world.workers.is_filled[::2] = 1
    world.providers.filled_posts[:] = POSTS // 2
    world.bind(mechanism).step(0)
    world.bind(workforce).step(0)
    quits, hires = world.ledger.accounts["quits"][0], world.ledger.accounts["hires"][0]
    held = 100 * POSTS // 2
    fills = fill_chance(A_YEAR * 5.0, CALM["vacancy_share"])
    for part, ratio in ((0, 1.0), (1, 1.1)):
        leaves = -math.expm1(-A_YEAR * 5.0 * ratio**-2 / 52.0)
        near(quits[part] / held, leaves, share_error(leaves, held), f"quits at pay ratio {ratio}")
        fill = fills * ratio**2
        near(hires[part] / held, fill, share_error(fill, held), f"hires at pay ratio {ratio}")


def test_work_3():
    """WORK-3 (elasticity 2, +10%), sector and workforce in a chain. 50,000 posts each, 4 standard errors."""
    check_work_3(sector)


def test_work_3_fails_if_pay_works_the_wrong_way():
    """Better pay that drives people out is found out."""
    fault = planted(sector, "pay_over_rivals, -elasticity", "pay_over_rivals, elasticity", rule="turnover")
    caught(check_work_3, fault, "quits at pay ratio 1.1")


def check_two_reasons(mechanism):
    """Pay against rivals moves leavers for rivals only, pay against other work leavers of care only."""
    world = services(2, 1, quit_elasticity=2.0, sector_elasticity=1.0, sector_stay_share=0.6, open_market_share=0.25)
    world.providers.offered_pay_pence[:] = [1300.0, 1690.0]
    world.council.floor_ratio[0] = 1.05
    world.bind(mechanism).step(0)
    mean = 1495.0
    rivals, outside = 0.25 * 1300.0 + 0.75 * mean, 1.05 * 1300.0
    for j, pay in enumerate((1300.0, 1690.0)):
        to_rivals, out = 0.6 * (rivals / pay) ** 2, 0.4 * outside / pay
        assert world.providers.quit_rate[j] == pytest.approx(A_YEAR * (to_rivals + out)), "rate of leaving"
        assert world.providers.rival_share[j] == pytest.approx(to_rivals / (to_rivals + out)), "share to rivals"


def test_two_reasons_to_leave():
    """The equation of the mechanism, exactly."""
    check_two_reasons(sector)
    assert rival_pay(1300.0, 1400.0, 0.25) == pytest.approx(1375.0)


def test_two_reasons_fail_if_there_is_one():
    """Rivals who always pay the market are found out."""
    fault = planted(sector, "rival_pay(market, mean_pay, numbers.open_market_share)", "market")
    caught(check_two_reasons, fault, "rate of leaving")


def check_protected(mechanism):
    """Who keeps better pay leaves as somebody who is paid it."""
    world = services(2, 1)
    world.providers.offered_pay_pence[:] = 1300.0
    world.providers.protected_pay_pence[0] = 1430.0
    world.bind(mechanism).step(0)
    kept = world.providers.protected_quit_rate
    assert kept[0] == pytest.approx(A_YEAR * 1.1**-2), "protected"
    assert kept[1] == pytest.approx(A_YEAR), "not protected"


def test_protected_pay_keeps_workers():
    """The same elasticity, the other pay."""
    check_protected(sector)


def test_protected_fails_if_it_has_no_effect():
    """Protection that keeps nobody is found out."""
    fault = planted(sector, "protected_pay_pence[j] > providers.offered_pay_pence[j]", "offered_pay_pence[j] < 0.0")
    caught(check_protected, fault, "protected")


CLOSED = {"open_market_share": 0.0, "seeking_weeks": 8.0, "gives_up_weeks": 26.0, "sector_stay_share": 0.65}


def _chain(world, mechanism, weeks):
    _all_in_post(world)
    market, moves = world.bind(mechanism), world.bind(workforce)
    market.start()
    for week in range(weeks):
        market.step(week)
        moves.step(week)


def _all_in_post(world):
    rng = np.random.default_rng(2)
    share = FILLS / (FILLS + A_YEAR / 52.0)
    world.workers.is_filled[:] = rng.random(len(world.workers.post)) < share
    world.providers.filled_posts[:] = world.workers.is_filled.reshape(len(world.providers.part), -1).sum(axis=1)
    world.providers.used_posts[:] = world.providers.last_post - world.providers.first_post


def check_balance(mechanism):
    """In a closed area at usual pay the pool holds its usual number and posts stay as full as turnover implies."""
    world = services(40, 300, **CLOSED)
    _chain(world, mechanism, 300)
    vacancies = 40 * POSTS * CALM["vacancy_share"]
    usual = usual_seekers(vacancies, FILLS * A_YEAR / 52.0 / (A_YEAR / 52.0), 8.0, 0.0)
    seekers = world.book("seekers")[50:]
    assert abs(seekers.mean() / usual - 1.0) < 0.05, "people who look"
    vacant = world.book("vacancy_weeks")[50:].mean() / (40 * POSTS)
    assert vacant == pytest.approx(CALM["vacancy_share"], rel=0.05), "vacancies"
    stock = np.diff(world.book("seekers"), prepend=0)
    flows = world.book("sector_entries") + world.book("quits_to_pool") - world.book("seekers_gone")
    assert (stock == flows - world.book("hires_from_pool")).all(), "pool in and out"
    assert world.book("hires_from_beyond").sum() == 0


def test_pool_in_balance():
    """40,000 posts over five years: means within a twentieth (the pool's relative spread is about a hundredth)."""
    check_balance(sector)


def test_balance_fails_without_entry():
    """A pool that nobody from outside enters is found out."""
    caught(
        check_balance,
        planted(sector, "council.entering[0] = poisson(come", "council.entering[0] = poisson(0.0 * come"),
        "people who look",
    )


def test_pool_rules():
    """Usual flows balance; at usual pay and seekers a vacancy fills as usual; openness 1 leaves the pool aside."""
    for open_share in (0.0, 0.4):
        usual = usual_seekers(100.0, 0.05, 6.0, open_share)
        assert usual == pytest.approx((1.0 - open_share) * 30.0)
        come = entries(100.0, 100.0, 0.7, 0.05, 0.65, 6.0 / 26.0, 1.0, 1.3, open_share)
        looked_here, gave_up, found = (1.0 - open_share) * 0.65 * 5.0, usual / 26.0, (1.0 - open_share) * 5.0
        assert come + looked_here == pytest.approx(gave_up + found, rel=1e-12)
        assert fill_chance_from(0.05, 1.0, 2.0, open_share, 1.0) == pytest.approx(0.05, rel=1e-12)
        assert from_beyond_share(open_share, 1.0) == pytest.approx(open_share, rel=1e-12)
        assert fill_chance_from(0.05, 1.1, 2.0, open_share, 0.0) == pytest.approx(0.05 * 1.21 * open_share, abs=1e-15)
    assert fill_chance_from(0.05, 1.0, 2.0, 1.0, 17.0) == 0.05
    assert from_beyond_share(1.0, 17.0) == 1.0
    assert entries(100.0, 150.0, 1.0, 0.05, 0.65, 0.0, 1.0, 1.3, 0.0) == pytest.approx(1.5 * 1.75)
    assert entries(100.0, 150.0, 0.0, 0.05, 0.65, 0.0, 1.1, 2.0, 0.0) == pytest.approx(1.75 * 1.21)
    assert entries(100.0, 150.0, 0.0, 0.05, 0.65, 0.0, 1.1, 0.0, 0.0) == pytest.approx(1.75)
    assert entries(100.0, 150.0, 1.0, 0.05, 0.65, 0.2, 1.1, 2.0, 1.0) == 0.0
    assert seekers_ratio(30.0, 20.0) == 1.5
    assert seekers_ratio(30.0, 0.0) == 1.0


def test_neutral_when_the_market_is_open():
    """With an open market every chance is the one turnover and vacancies give, whoever looks or pays what."""
    world = services(3, 2)
    world.providers.wanted_posts[:] = [10, 500, 90]
    world.providers.offered_pay_pence[2] = 2000.0
    world.council.seekers[0] = 5000
    all_filled(world)
    world.bind(sector).step(0)
    assert world.providers.fill_chance[:2].tolist() == pytest.approx([FILLS, FILLS], rel=1e-3)
    assert world.providers.quit_rate[:2].tolist() == pytest.approx([A_YEAR, A_YEAR], rel=1e-12)
    assert world.council.staff_supply_ratio[0] == 1.0
    assert world.council.from_beyond_share[0] == 1.0
    assert world.council.entering[0] == 0
