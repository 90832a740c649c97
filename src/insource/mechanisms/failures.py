"""Services that give up: who hands back, how long nobody takes their place, and who runs them meanwhile.

What the articles say
    Hunter: bought services fail, and people pay for it in upheaval. Bodmer: bids below real cost end in contracts that
    are handed back or in services that fold.

What happens
    A service whose terms allow it gives all its packages back at a small chance a week; a service that cannot pay its
    way any longer does so whatever its terms say. No order with it is then in force, its people look for another, and
    for some time neither it nor another in its place takes anybody. Where the terms provide for step-in the council
    runs the service instead: people and staff stay, and the council pays what it costs until somebody takes it over.

Equations
    hand-back : chance 1 - exp(-hand_back_rate / 52) for each service that may
    closed    = closed_weeks after a hand-back without step-in;  run by the council = step_in_weeks with it

Limiting case
    Hand-backs are Poisson with rate hand_back_rate for each service and year; with step-in nobody moves and no order
    lapses; without hand-backs and failures step-in changes nothing. tests/verify/test_failures.py

Not modelled
    Warnings before a service gives up; a service that gives back some packages and keeps others.

Numbers
    data/parameters/failures.yaml
"""

from insource.compiled import compiled
from insource.draws import decisions, uniform
from insource.rules.rates import chance_in_a_week

READS = {
    "providers": ("part", "is_failing", "is_new_holder"),
    "parts": ("is_hand_back_allowed", "is_step_in"),
}
WRITES = {
    "providers": ("is_handing_back", "closed_weeks", "step_in_weeks"),
}
DRAWS = decisions("failures", "hand_back")
POSTS = ("hand_backs", "step_ins")


def start(area):
    """Every service is running when the run starts."""
    area.providers.closed_weeks[:] = 0


@compiled
def step(week, area):
    providers, parts, numbers, luck, books = area.providers, area.parts, area.numbers, area.luck, area.books
    chance = chance_in_a_week(numbers.hand_back_rate)
    for j in range(providers.part.shape[0]):
        part = providers.part[j]
        providers.closed_weeks[j] = max(providers.closed_weeks[j] - 1, 0)
        providers.step_in_weeks[j] = max(providers.step_in_weeks[j] - 1, 0)
        is_asked = uniform(luck, DRAWS.hand_back, j, week) < chance
        gives_up = (is_asked & (parts.is_hand_back_allowed[part] == 1.0)) | (providers.is_failing[j] == 1)
        gives_up &= providers.step_in_weeks[j] == 0
        is_kept_open = gives_up & (parts.is_step_in[part] == 1.0)
        if is_kept_open:
            providers.step_in_weeks[j] = int(numbers.step_in_weeks)
        gives_back = gives_up & (not is_kept_open)
        providers.is_handing_back[j] = gives_back
        if gives_back:
            providers.closed_weeks[j] = int(numbers.closed_weeks)
        elif providers.is_new_holder[j] == 1:
            providers.closed_weeks[j] = max(providers.closed_weeks[j], int(numbers.mobilisation_weeks))
        books.hand_backs[week, part] += gives_up
        books.step_ins[week, part] += is_kept_open
