"""Published ratings: how many, how old, and what they still tell (theory.md section 2: correlation of what is seen)."""

import numpy as np
import pytest
from alone import World, caught, mean_error, near, near_correlation, near_mean, planted, share_error

from insource.mechanisms import ratings

pytestmark = pytest.mark.closed_form

SERVICES = 20_000
SPREAD = 0.2


def _services(mechanism, weeks=1, **terms):
    numbers = {
        "unrated_share": 0.3,
        "rating_correlation": 0.6,
        "rating_fading_weeks": 50.0,
        "quality_spread": SPREAD,
    }
    world = World(weeks=weeks, numbers=numbers, providers=SERVICES)
    world.set_terms({"rating_age_weeks": 40, **terms})
    world.providers.quality[:] = SPREAD * np.random.default_rng(3).standard_normal(SERVICES)
    bound = world.bind(mechanism)
    bound.start()
    return world, bound


def _check_ages(world, week):
    is_rated = world.providers.rating_weeks >= 0
    near(np.mean(~is_rated), 0.3, share_error(0.3, SERVICES), f"services without a rating, week {week}")
    ages = world.providers.rating_weeks[is_rated]
    near_mean(ages, 39.5, f"age of ratings, week {week}")
    beyond = np.exp(-60.0 / 40.0)
    near(np.mean(ages >= 60), beyond, share_error(beyond, len(ages)), f"old ratings, week {week}")


def check_ages(mechanism):
    """The share without a rating and the ages of the others are what they should be, at the start and later."""
    world, bound = _services(mechanism, weeks=60)
    _check_ages(world, 0)
    for week in range(60):
        bound.step(week)
    _check_ages(world, 60)
    expected = SERVICES * 60 * 0.7 / 40.0
    near(world.book("inspections").sum(), expected, np.sqrt(expected), "inspections")
    expected = SERVICES * 60 * 0.3 / 40.0
    near(world.book("registrations").sum(), expected, np.sqrt(expected), "registrations")
    assert world.book("unrated_weeks")[59] == (world.providers.rating_weeks < 0).sum()
    assert world.book("rating_ages_weeks")[59] == np.maximum(world.providers.rating_weeks, 0).sum()


def test_ages_of_ratings():
    """Renewal: geometric ages with the mean of the term, the unrated share of the parameter. 4 standard errors."""
    check_ages(ratings)


def test_ages_fail_if_ratings_do_not_age():
    """Ratings that stay as they are are found out."""
    caught(check_ages, planted(ratings, "providers.rating_weeks[j] += 1", "providers.rating_weeks[j] += 0"), "week 60")


def check_what_they_tell(mechanism):
    """Quality that moves as an autoregression is told by old verdicts as the equation says."""
    world, bound = _services(mechanism, weeks=80, rating_age_weeks=60)
    rng, kept = np.random.default_rng(4), np.exp(-1.0 / 50.0)
    for week in range(80):
        quality = world.providers.quality / SPREAD
        bound.step(week)
        moved = kept * quality + np.sqrt(1.0 - kept**2) * rng.standard_normal(SERVICES)
        world.providers.quality[:] = SPREAD * moved
    recent = world.providers.rating_weeks >= 0
    recent &= world.providers.rating_weeks < 80
    assert world.providers.rating_correlation[~recent & (world.providers.rating_weeks < 0)].sum() == 0.0
    for low, high in ((0, 5), (20, 30), (50, 79)):
        some = recent & (world.providers.rating_weeks >= low) & (world.providers.rating_weeks <= high)
        told = world.providers.rating_correlation[some].mean()
        near_correlation(quality[some], world.providers.verdict[some], told, f"ratings of {low} to {high} weeks")


def test_what_ratings_tell():
    """Correlation with quality today falls as exp(-age / rating_fading_weeks). 4 standard errors."""
    check_what_they_tell(ratings)


def test_what_ratings_tell_fails_if_they_never_fade():
    """A rating said to tell for ever what it told on the day is found out."""
    fault = planted(ratings, "* exp(-weeks / fading_weeks)", "", rule="information")
    caught(check_what_they_tell, fault, "ratings of")


def test_unpublished_ratings_tell_nothing():
    """Where quality is not published nobody is told, though inspectors know."""
    world, bound = _services(ratings, is_quality_published="no")
    bound.step(0)
    assert world.providers.rating_correlation.tolist() == [0.0] * SERVICES
    assert (world.providers.rating_weeks >= 0).any()
    assert mean_error(world.providers.verdict) > 0.0
