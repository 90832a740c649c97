"""Services with posts and workers, for the verification of what concerns staff."""

import math

import numpy as np
from alone import World

LEAVES, FILLS = 0.0055, 0.08
"""A chance of .0055 to leave and of .08 to fill in a week (theory.md section 12)."""
A_YEAR = -52.0 * math.log(1.0 - LEAVES)
POSTS = 1000
CALM = {
    "turnover_rate": A_YEAR,
    "vacancy_share": A_YEAR / 52.0 / (A_YEAR / 52.0 + FILLS),
    "quit_elasticity": 2.0,
    "sector_elasticity": 2.0,
    "first_year_quit_ratio": 1.0,
    "open_market_share": 1.0,
    "load_quit_exponent": 0.0,
    "zero_hours_quit_ratio": 1.0,
    "market_pay_pence": 1300.0,
    "wage_floor_pence": 0.0,
    "floor_growth_rate": 0.0,
    "statutory_sickness_days": 0.0,
}
"""Nobody sick, pay and contracts as usual, nothing that depends on tenure, workers for everybody."""


def services(count, weeks, posts=POSTS, parts=1, people=1, draw=0, **numbers):
    """Services that want `posts` posts each, and whose workers leave and vacancies fill at the chances above."""
    sizes = {"workers": count * posts, "providers": count, "parts": parts, "people": people}
    world = World(weeks=weeks, numbers={**CALM, **numbers}, draw=draw, **sizes)
    world.workers.post[:] = np.arange(count * posts)
    world.providers.first_post[:] = np.arange(count) * posts
    world.providers.last_post[:] = world.providers.first_post + posts
    world.providers.wanted_posts[:] = posts
    world.providers.demand_minutes[:] = 1e9
    world.providers.quit_rate[:] = world.providers.protected_quit_rate[:] = A_YEAR
    world.providers.leave_chance[:] = LEAVES
    world.providers.fill_chance[:] = FILLS
    world.providers.rival_share[:] = world.numbers.sector_stay_share
    world.providers.offered_pay_pence[:] = world.providers.pay_pence[:] = world.numbers.market_pay_pence
    return world


def all_filled(world):
    """Every post has somebody in it."""
    world.workers.is_filled[:] = 1
    world.providers.filled_posts[:] = world.providers.last_post - world.providers.first_post
    world.providers.used_posts[:] = world.providers.filled_posts
