"""Who provides a service, at what price, and with what staffing and pay.

What the articles say
    Bodmer: prices are set by bidding below real cost; the winners then cut staffing and pay.

What happens
    Every service outside the council charges the fee for an hour of its line, staffs what it plans and pays what its
    terms say.

Equations
    price = fee of the line; pay_ratio = staffing_ratio = 1

Limiting case
    A fee that is set is the price of every service. tests/verify/test_tendering.py

Not modelled
    Bids.

Numbers
    data/parameters/tendering.yaml
"""

from insource.compiled import compiled
from insource.terms import CHOICES, KIND

READS = {
    "providers": ("part",),
    "parts": ("employer", "fee_pence"),
}
WRITES = {"providers": ("kind", "price_pence", "pay_ratio", "staffing_ratio")}
DRAWS = ()
POSTS = ()

COUNCIL = CHOICES.employer.council
OWN, FOR_PROFIT = KIND.council, KIND.for_profit


def start(area):
    """Every service begins at the fee."""
    set_fees(area.providers, area.parts)


@compiled
def step(week, area):
    set_fees(area.providers, area.parts)


@compiled
def set_fees(providers, parts):
    """The fee is the price of everybody outside the council."""
    for j in range(providers.part.shape[0]):
        is_own = parts.employer[providers.part[j]] == COUNCIL
        providers.kind[j] = OWN if is_own else FOR_PROFIT
        providers.price_pence[j] = 0.0 if is_own else parts.fee_pence[providers.part[j]]
        providers.pay_ratio[j] = 1.0
        providers.staffing_ratio[j] = 1.0
