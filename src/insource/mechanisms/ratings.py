"""Inspection: which services have a published rating, how old it is, and what it still tells.

What the articles say
    Hunter, point 4: people must choose between services with little or no reliable information about them.

What happens
    An inspector visits each service now and then, and publishes what was found: a verdict that goes with the service's
    quality on that day, and no more than that. From then on the verdict stands, while quality moves on. Some services
    have no rating: they were registered, or registered again under another name or owner, since the last visit.
    Whoever looks for a service sees the verdict and its age, if it is published.

Equations
    verdict     = r * quality / quality_spread + sqrt(1 - r^2) * z, with r = rating_correlation
    a visit or a new registration comes with chance 1 / rating_age_weeks; unrated_share of them are new registrations
    tells today = r * exp(-age / rating_fading_weeks); nothing without a rating, or where none is published

Limiting case
    unrated_share of services are without a rating at any time, and the ages of the others are geometric with mean
    rating_age_weeks. A verdict on quality that moves as an autoregression tells today what the equation says.
    tests/verify/test_ratings.py

Not modelled
    Inspections that follow complaints, ratings in four grades and by key question, what inspection does to a service.

Numbers
    data/parameters/ratings.yaml
"""

from insource.compiled import compiled, inlined
from insource.draws import decisions, normal, uniform
from insource.numeric import log
from insource.rules.information import in_spreads, signal, stale_correlation
from insource.rules.rates import chance_of_ending

READS = {
    "providers": ("part", "quality"),
    "parts": ("is_quality_published", "rating_age_weeks"),
}
WRITES = {
    "providers": ("rating_weeks", "verdict", "rating_correlation"),
}
DRAWS = decisions("ratings", "visit", "verdict", "age")
POSTS = ("inspections", "registrations", "unrated_weeks", "rating_ages_weeks")

NO_RATING = -1


def start(area):
    """Services begin with ratings as old as such ratings are, of the quality they begin with; some with none."""
    begin(area.providers, area.parts, area.numbers, area.luck)


@compiled
def begin(providers, parts, numbers, luck):
    """The first rating of every service."""
    for j in range(providers.part.shape[0]):
        part = providers.part[j]
        weeks = int(-parts.rating_age_weeks[part] * log(uniform(luck, DRAWS.age, j, 0)))
        providers.verdict[j] = verdict(0, j, providers.quality[j], numbers, luck)
        is_unrated = uniform(luck, DRAWS.age, j, 1) < numbers.unrated_share
        providers.rating_weeks[j] = NO_RATING if is_unrated else weeks
        is_published = parts.is_quality_published[part] == 1.0
        providers.rating_correlation[j] = told(providers.rating_weeks[j], is_published, numbers)


@inlined
def verdict(week, j, quality, numbers, luck):
    """What an inspector finds on the day."""
    z = normal(luck, DRAWS.verdict, j, week)
    return signal(in_spreads(quality, numbers.quality_spread), numbers.rating_correlation, z)


@inlined
def told(weeks, is_published, numbers):
    """How far a rating so many weeks old, if there is one and it is published, goes with a service's quality today."""
    fading = stale_correlation(numbers.rating_correlation, weeks, numbers.rating_fading_weeks)
    return fading if (weeks != NO_RATING) & is_published else 0.0


@compiled
def step(week, area):
    providers, parts, numbers, luck, books = area.providers, area.parts, area.numbers, area.luck, area.books
    for j in range(providers.part.shape[0]):
        part = providers.part[j]
        chance = chance_of_ending(parts.rating_age_weeks[part])
        u = uniform(luck, DRAWS.visit, j, week)
        if providers.rating_weeks[j] != NO_RATING:
            providers.rating_weeks[j] += 1
        if u < chance * numbers.unrated_share:
            providers.rating_weeks[j] = NO_RATING
            books.registrations[week, part] += 1
        elif u < chance:
            providers.rating_weeks[j] = 0
            providers.verdict[j] = verdict(week, j, providers.quality[j], numbers, luck)
            books.inspections[week, part] += 1
        is_published = parts.is_quality_published[part] == 1.0
        providers.rating_correlation[j] = told(providers.rating_weeks[j], is_published, numbers)
        books.unrated_weeks[week, part] += providers.rating_weeks[j] == NO_RATING
        books.rating_ages_weeks[week, part] += max(providers.rating_weeks[j], 0)
