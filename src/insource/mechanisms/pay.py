"""What services pay their care workers: a scale, the wage floor by year, and what people keep when terms fall.

What the articles say
    Bodmer: skilled workers leave because pay is poor; who wins on price then cuts pay and terms. Hunter, point 1: good
    services need properly paid staff.

What happens
    A service offers what its scale says, times its own pay ratio, and never less than the National Living Wage. The
    floor rises year by year over the general rise of prices; market pay and councils' scales follow it by some share of
    the rise, and are lifted to it where they would fall below. When what a service offers falls, those in post keep
    what they had (the law on transfers) as far as the terms say so; whoever starts later is paid what is offered now.

Equations
    floor      = wage_floor * (1 + floor_growth_rate)^years
    scale      = (market_pay, or council_pay * (1 + unsocial_hours_share))
                 * (1 + pay_follows_floor_share * rise of the floor)
    offered    = max(scale * pay ratio of the service, floor)
    mean pay   = offered + protected share of staff * max(protected pay - offered, 0)

Limiting case
    With no growth of the floor pay is what it was. Protected workers who leave at rate s and are replaced on new terms
    leave a protected share of (1 - s)^t and mean pay new + (old - new) (1 - s)^t (LOW-5). tests/verify/test_pay.py

Not modelled
    Increments, individual pay, ages below 21, pay below the legal minimum; a second cut while some are still protected
    from a first protects all at the higher pay.

Numbers
    data/parameters/pay.yaml
"""

from insource.compiled import compiled, inlined, inner
from insource.draws import decisions, uniform
from insource.rules.pay_and_prices import following_pay, mean_pay, years_after
from insource.rules.rates import grown
from insource.terms import CHOICES
from insource.units import WEEKS_A_YEAR

READS = {
    "workers": ("post", "is_filled"),
    "providers": ("part", "pay_ratio", "first_post", "last_post", "filled_posts"),
    "council": ("first_week",),
    "parts": ("pay_scale", "protected_share"),
}
WRITES = {
    "workers": ("is_protected",),
    "providers": ("offered_pay_pence", "protected_pay_pence", "pay_pence"),
    "council": ("floor_ratio", "market_pay_ratio"),
}
DRAWS = decisions("pay", "keeps")
POSTS = ()

COUNCIL_PAY = CHOICES.pay_scale.council


@inlined
def offered_pay(j, floor_ratio, providers, parts, numbers):
    """Pay for an hour in pence that one service offers, never below the floor."""
    part = providers.part[j]
    scale = numbers.market_pay_pence
    if parts.pay_scale[part] == COUNCIL_PAY:
        scale = numbers.council_pay_pence * (1.0 + numbers.unsocial_hours_share)
    scale = following_pay(scale, floor_ratio, numbers.pay_follows_floor_share) * providers.pay_ratio[j]
    return max(scale, numbers.wage_floor_pence * floor_ratio)


@inlined
def set_floor(week, council, numbers):
    """The floor, and what the market pays, over what they were when the comparison began."""
    years = years_after(week, council.first_week[0])
    ratio = grown(numbers.floor_growth_rate, years * WEEKS_A_YEAR)
    follows = following_pay(numbers.market_pay_pence, ratio, numbers.pay_follows_floor_share)
    council.floor_ratio[0] = ratio
    council.market_pay_ratio[0] = max(follows, numbers.wage_floor_pence * ratio) / numbers.market_pay_pence
    return ratio


def start(area):
    """Nobody is protected before the first week: everybody is paid what is offered."""
    pay_what_is_offered(area.providers, area.parts, area.numbers)


@compiled
def pay_what_is_offered(providers, parts, numbers):
    """What every service offers, and pays, at the start."""
    for j in range(providers.part.shape[0]):
        providers.offered_pay_pence[j] = offered_pay(j, 1.0, providers, parts, numbers)
        providers.pay_pence[j] = providers.offered_pay_pence[j]


@compiled
def step(week, area):
    providers, council = area.providers, area.council
    floor_ratio = set_floor(week, council, area.numbers)
    for j in range(providers.part.shape[0]):
        offered = offered_pay(j, floor_ratio, providers, area.parts, area.numbers)
        before = providers.offered_pay_pence[j]
        keeps = share = 0.0
        if offered < before:
            providers.protected_pay_pence[j] = max(providers.protected_pay_pence[j], before)
            keeps = area.parts.protected_share[providers.part[j]]
        if providers.protected_pay_pence[j] > 0.0:
            share = protected_share(j, week, offered, keeps, area)
        providers.offered_pay_pence[j] = offered
        providers.pay_pence[j] = mean_pay(offered, providers.protected_pay_pence[j], share)


@inner
def protected_share(j, week, offered, keeps, area):
    """Share of one service's workers on protected pay: those in post at a cut who keep theirs, less who left since.

    Nobody is once what is offered has caught up.
    """
    workers, providers = area.workers, area.providers
    is_better = providers.protected_pay_pence[j] > offered
    if not is_better:
        providers.protected_pay_pence[j] = 0.0
    count = 0
    for k in range(providers.first_post[j], providers.last_post[j]):
        is_kept = keeps > 0.0 and uniform(area.luck, DRAWS.keeps, workers.post[k], week) < keeps
        workers.is_protected[k] = is_better & (workers.is_filled[k] == 1) & ((workers.is_protected[k] == 1) | is_kept)
        count += workers.is_protected[k]
    return count / providers.filled_posts[j] if providers.filled_posts[j] > 0 else 0.0
