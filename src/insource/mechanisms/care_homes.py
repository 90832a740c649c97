"""Care homes: where some people move, and what that goes on to cost the council.

What the articles say
    Nothing of care homes. They are the line of service that takes half of spending on older people and that people
    come to when help at home no longer does, so a budget without them would be wrong.

What happens
    People who move to a care home leave the area's home care and live on there. Two kinds of stay, short and long, are
    counted by their expected numbers; both end by death. The council pays a share of the price for those who cannot
    pay themselves. The run begins with as many residents as the recorded people's moves would keep there.

Equations
    short' = short * (1 - 1 / care_home_short_weeks) + care_home_short_share * moved
    long'  = long * (1 - 1 / care_home_long_weeks) + (1 - care_home_short_share) * moved
    pounds = residents * care_home_week_pounds * council_funded_share * (1 - care_home_charge_share)

Limiting case
    With m moves a week there are m times the mean stay (Little's law); after a year 55% and after three years 27% of
    those who moved in are still there. tests/verify/test_care_homes.py

Not modelled
    Moves that depend on care at home; who delivers care in the home; stays that are meant to be short; people who run
    out of money there; people who move in without having had help at home; quality of life there.

Numbers
    data/parameters/care_homes.yaml
"""

from insource.compiled import compiled
from insource.rules.care_homes import council_pounds_a_week, next_residents
from insource.rules.leaving import by_age
from insource.units import PENCE_A_POUND, WEEKS_A_YEAR

READS = {
    "council": ("moved_people",),
    "donors": ("age_band",),
}
WRITES = {
    "council": ("short_residents", "long_residents", "care_home_spend_pence"),
}
DRAWS = ()
POSTS = ("care_home_weeks", "care_home_deaths", "care_home_pence")


def start(area):
    """As many residents as the moves of people like those recorded would keep there."""
    numbers = area.numbers
    moves = moves_a_year(area.donors.age_band, numbers) / WEEKS_A_YEAR
    area.council.short_residents[0] = moves * numbers.care_home_short_share * numbers.care_home_short_weeks
    area.council.long_residents[0] = moves * (1.0 - numbers.care_home_short_share) * numbers.care_home_long_weeks


@compiled
def moves_a_year(age_bands, numbers):
    """Moves of people of these ages."""
    moves = 0.0
    for age_band in age_bands:
        moves += by_age(age_band, numbers.care_home_rate_18_64, numbers.care_home_rate_65_plus)
    return moves


@compiled
def step(week, area):
    council, numbers, books = area.council, area.numbers, area.books
    moved = council.moved_people[0]
    before = whole(council.short_residents[0] + council.long_residents[0])
    council.short_residents[0] = next_residents(
        council.short_residents[0], numbers.care_home_short_share * moved, numbers.care_home_short_weeks
    )
    council.long_residents[0] = next_residents(
        council.long_residents[0], (1.0 - numbers.care_home_short_share) * moved, numbers.care_home_long_weeks
    )
    residents = whole(council.short_residents[0] + council.long_residents[0])
    pounds = council_pounds_a_week(
        numbers.care_home_week_pounds, numbers.council_funded_share, numbers.care_home_charge_share
    )
    council.care_home_spend_pence[0] = int(residents * pounds * PENCE_A_POUND + 1.0 / 2.0)
    books.care_home_weeks[week, 0] += residents
    books.care_home_deaths[week, 0] += before + moved - residents
    books.care_home_pence[week, 0] += council.care_home_spend_pence[0]


@compiled
def whole(residents):
    """Residents as whole people."""
    return int(residents + 1.0 / 2.0)
