"""Need in states and in episodes, against theory.md section 14 (NEED-2, NEED-3)."""

import math

import numpy as np
import pytest
from alone import caught, near, near_mean, share_error

from insource.draws import decision_number, fill_uniform, luck, poisson, uniform
from insource.rules import need_states

pytestmark = pytest.mark.closed_form

STAY = np.array([[0.975, 0.010, 0.0], [0.008, 0.974, 0.012], [0.0, 0.006, 0.982]])
END = np.array([[0.010, 0.005], [0.002, 0.004], [0.0, 0.012]])
"""Low, medium and high need; recovered, and died or moved."""
WALK, EPISODE, LENGTH = (decision_number(f"test.{name}") for name in ("walk", "episode", "length"))


def test_need_2_exactly():
    """NEED-2: weeks until an end, who recovers, their spread, and the stock that arrivals of 3, 1.5 and .5 keep up."""
    assert need_states.weeks_until_end(STAY) == pytest.approx([82.2695, 105.6738, 90.7801], abs=5e-5)
    assert need_states.shares_of_ends(STAY, END)[:, 0] == pytest.approx([0.510638, 0.276596, 0.092199], abs=5e-7)
    assert need_states.shares_of_ends(STAY, END).sum(axis=1) == pytest.approx(1.0, rel=1e-12)
    assert need_states.spread_of_weeks(STAY)[0] == pytest.approx(89.013, abs=5e-4)
    stock = need_states.standing_stock(STAY, np.array([3.0, 1.5, 0.5]))
    assert stock == pytest.approx([168.794, 152.482, 129.433], abs=5e-4)


def _walks(people, end):
    """Weeks until the end and which end it is, for people who enter with low need, by keyed draws."""
    state, weeks, ended = np.zeros(people, int), np.zeros(people), np.full(people, -1)
    chances = np.cumsum(np.hstack([STAY, end]), axis=1)
    who, u = np.arange(1, people + 1), np.empty(people)
    for week in range(4000):
        fill_uniform(luck(1, 0), WALK, who, week, u)
        here = ended < 0
        to = (u[:, None] >= chances[state]).sum(axis=1)
        weeks += here
        ended = np.where(here & (to > 2), to - 3, ended)
        state = np.where(here & (to < 3), to, state)
    assert (ended >= 0).all()
    return weeks, ended


def check_need_2(end):
    """People who move by chance between the states stay as long, and recover as often, as the closed form says."""
    weeks, ended = _walks(20_000, end)
    near_mean(weeks, 82.2695, "weeks until the end")
    near(np.mean(ended == 0), 0.510638, share_error(0.510638, 20_000), "share recovered")


def test_need_2():
    """NEED-2 by simulation: 20,000 people who enter with low need; 4 standard errors."""
    check_need_2(END)


def test_need_2_fails_with_fewer_recoveries():
    """People of whom a fifth die in the week in which they should recover are found out."""
    caught(check_need_2, END + 0.2 * END[:, :1] * [-1.0, 1.0], "share recovered")


def test_need_3_exactly():
    """NEED-3: mean .84, variance 5.88, 120 of 1,000 in an episode with spread 10.9545; one person in one .113080."""
    assert need_states.episode_mean(0.02, 6.0, 7.0) == pytest.approx(0.84, rel=1e-12)
    assert need_states.episode_variance(0.02, 6.0, 7.0) == pytest.approx(5.88, rel=1e-12)
    assert need_states.episode_mean(0.02, 6.0, 1000.0) == pytest.approx(120.0, rel=1e-12)
    assert math.sqrt(need_states.episode_mean(0.02, 6.0, 1000.0)) == pytest.approx(10.9545, abs=5e-5)
    assert need_states.share_in_episode(0.02, 6.0) == pytest.approx(0.113080, abs=5e-7)


def check_need_3(rate):
    """Episodes begun by keyed Poisson draws, of geometric length, give mean, variance and share of section 14."""
    people, weeks, key = 6000, 80, luck(3, 0)
    running = np.zeros((people, weeks + 200), int)
    for i in range(people):
        for week in range(weeks):
            for k in range(poisson(rate, key, EPISODE, i + 1, week)):
                lasts = 1 + int(math.log(uniform(key, LENGTH, i + 1, week, k)) / math.log(1.0 - 1.0 / 6.0))
                running[i, week : week + lasts] += 1
    extra = 7.0 * running[:, weeks - 1]
    near_mean(extra, 0.84, "mean extra need")
    near_mean((extra - 0.84) ** 2, 5.88, "variance of extra need")
    near(np.mean(extra > 0), 0.113080, share_error(0.113080, people), "share in an episode")


def test_need_3():
    """NEED-3 by simulation: 6,000 people after 80 weeks; 4 standard errors."""
    check_need_3(0.02)


def test_need_3_fails_with_too_few_episodes():
    """Half as many episodes are found out."""
    caught(check_need_3, 0.01, "mean extra need")
