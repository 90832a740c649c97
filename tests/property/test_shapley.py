"""What a fair sharing out must be (Shapley 1953), for any game of whole numbers; and that faults would be seen."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insource.appraise import attribution
from insource.draws import luck

pytestmark = pytest.mark.property
AMOUNTS = st.integers(-(10**12), 10**12)


@st.composite
def games(draw, least=1, most=5):
    """A number of causes and the value of every set of them."""
    causes = draw(st.integers(least, most))
    values = draw(st.lists(AMOUNTS, min_size=1 << causes, max_size=1 << causes))
    return dict(enumerate(values)), causes


def swapped(chosen, one, other):
    """A set with two causes in each other's place."""
    bits = [chosen >> one & 1, chosen >> other & 1]
    return chosen & ~(1 << one | 1 << other) | bits[0] << other | bits[1] << one


@given(games())
def test_shares_add_up(given_game):
    """Efficiency: to the whole difference, from all sets and from any orders, with nothing left over."""
    game, causes = given_game
    whole = game[(1 << causes) - 1] - game[0]
    assert sum(attribution.exact(game, causes)) == whole
    chosen = attribution.orders([f"cause {k}" for k in range(causes)], 3, luck(1, 0))
    assert sum(attribution.shares_from_orders(game, chosen).values) == whole


@given(games(), st.data())
def test_what_changes_nothing_gets_nothing(given_game, data):
    """Null player: exactly nothing, whichever orders are drawn, and no interaction with anything."""
    game, causes = given_game
    idle = data.draw(st.integers(0, causes - 1))
    game = {chosen: game[chosen & ~(1 << idle)] for chosen in game}
    assert attribution.exact(game, causes)[idle] == 0
    chosen = attribution.orders([f"cause {k}" for k in range(causes)], 2, luck(2, 0))
    assert attribution.shares_from_orders(game, chosen).values[idle] == 0
    assert all(value == 0 for pair, value in attribution.together(game, causes).items() if idle in pair)


@given(games(least=2), st.data())
def test_what_does_the_same_gets_the_same(given_game, data):
    """Symmetry: two causes that may be exchanged in every set."""
    game, causes = given_game
    one, other = data.draw(st.permutations(range(causes)))[:2]
    even = {chosen: game[chosen] + game[swapped(chosen, one, other)] for chosen in game}
    shares = attribution.exact(even, causes)
    assert shares[one] == shares[other]
    renamed = {swapped(chosen, one, other): value for chosen, value in game.items()}
    first, second = attribution.exact(game, causes), attribution.exact(renamed, causes)
    assert (first[one], first[other]) == (second[other], second[one])


@given(games(), st.data())
def test_shares_of_a_sum_are_sums_of_shares(given_game, data):
    """Additivity: so accounts may be shared out one by one."""
    game, causes = given_game
    more = dict(enumerate(data.draw(st.lists(AMOUNTS, min_size=1 << causes, max_size=1 << causes))))
    both = {chosen: game[chosen] + more[chosen] for chosen in game}
    apart = zip(attribution.exact(game, causes), attribution.exact(more, causes), strict=True)
    assert attribution.exact(both, causes) == [one + other for one, other in apart]


@given(games())
def test_all_orders_say_what_all_sets_say(given_game):
    """The mean over every order, by brute force, is what the weights of sets give."""
    from itertools import permutations

    game, causes = given_game
    every = list(permutations(range(causes)))
    steps = [attribution.added(game, order) for order in every]
    means = [Fraction(sum(column), len(every)) for column in zip(*steps, strict=True)]
    assert means == attribution.exact(game, causes)


@given(st.lists(st.fractions(max_denominator=10**6), min_size=1, max_size=9))
def test_whole_units_add_up_and_are_near(parts):
    """Each part moves by less than one unit and the sum is the rounded sum."""
    whole = attribution.in_whole_units(parts)
    assert sum(whole) == round(sum(parts))
    assert all(abs(one - part) <= 1 for one, part in zip(whole, parts, strict=True))


def test_a_wrong_weight_would_be_seen():
    """Planted fault: with every set weighted alike (Banzhaf) shares of an all-or-nothing game do not add up."""
    game = {chosen: int(chosen == 7) * 12 for chosen in range(8)}
    alike = [Fraction(sum(game[s | 1 << k] - game[s] for s in game if not s >> k & 1), 4) for k in range(3)]
    assert sum(alike) == 9
    assert attribution.exact(game, 3) == [4, 4, 4]
