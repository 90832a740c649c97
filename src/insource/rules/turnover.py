"""Why care workers leave and how vacancies fill (constant-elasticity quits; Manning 2003, "Monopsony in Motion").

Two kinds of leaver are kept apart, because a pay rise does different things to them: one goes to a rival and stays in
the sector, the other leaves the sector. They compete at constant rates, as the reasons to leave care do.
"""

from insource.compiled import rule
from insource.numeric import exp, log
from insource.units import WEEKS_A_YEAR


@rule
def power(base, exponent):
    """A positive number to a power."""
    return exp(log(base) * exponent)


@rule
def conditions_factor(zero_hours_ratio, guaranteed_gap, load_ratio, load_exponent):
    """How many times as fast workers leave for their contract and their load: 1 at the usual contract and a load of 1.

    zero_hours_ratio^-(guaranteed share above the usual) * load^exponent, with load not counted below a half.
    """
    by_contract = power(zero_hours_ratio, -guaranteed_gap)
    return by_contract * power(max(load_ratio, 1.0 / 2.0), load_exponent)


@rule
def quit_rate(turnover_rate, pay_ratio, pay_elasticity, zero_hours_ratio, guaranteed_gap, load_ratio, load_exponent):
    """Rate a year at which workers leave one employer among many: turnover * pay_ratio^-elasticity * conditions."""
    conditions = conditions_factor(zero_hours_ratio, guaranteed_gap, load_ratio, load_exponent)
    return turnover_rate * power(pay_ratio, -pay_elasticity) * conditions


@rule
def leaving_to_rivals(stay_share, pay_over_rivals, elasticity):
    """Leaving for another care employer, against leaving in all at usual pay: falls with pay over what rivals pay."""
    return stay_share * power(pay_over_rivals, -elasticity)


@rule
def leaving_the_sector(stay_share, pay_over_outside, elasticity):
    """Leaving care work, against leaving in all at usual pay: falls with pay over what other work pays."""
    return (1.0 - stay_share) * power(pay_over_outside, -elasticity)


@rule
def mean_quit_rate(later_rate, first_year_ratio):
    """Mean rate a year of leaving, if in their first year workers leave `first_year_ratio` times as fast as later.

    One over the mean length of service: (1 - exp(-r)) / r + exp(-r) / later_rate, with r the rate in the first year.
    """
    first = later_rate * first_year_ratio
    if first <= 0.0:
        return 0.0
    left = exp(-first)
    return 1.0 / ((1.0 - left) / first + left / later_rate)


@rule
def later_quit_rate(mean_rate, first_year_ratio):
    """The rate after the first year at which workers leave at `mean_rate` on average: `mean_quit_rate` turned round.

    By halving until two neighbouring numbers are left. The mean lies between the two rates, which bounds the search.
    """
    if first_year_ratio == 1.0:
        return mean_rate
    low = mean_rate * min(1.0 / first_year_ratio, 1.0)
    high = mean_rate * max(1.0 / first_year_ratio, 1.0)
    middle = (low + high) / 2.0
    while low < middle < high:
        if mean_quit_rate(middle, first_year_ratio) < mean_rate:
            low = middle
        else:
            high = middle
        middle = (low + high) / 2.0
    return middle


@rule
def fill_chance(turnover_rate, vacancy_share):
    """Chance a week that a vacancy is filled: the one that gives this vacancy share at this turnover, f = s (1-v)/v."""
    return turnover_rate / WEEKS_A_YEAR * (1.0 - vacancy_share) / vacancy_share


@rule
def filled_share(quit_chance, fill_chance_a_week):
    """Share of posts filled in the long run, where a post left this week may fill next week: f / (f + s)."""
    return fill_chance_a_week / (fill_chance_a_week + quit_chance)


@rule
def filled_share_same_week(quit_chance, fill_chance_a_week):
    """The same where a post left this week may fill in this week: f / (1 - (1 - s) (1 - f))."""
    return fill_chance_a_week / (1.0 - (1.0 - quit_chance) * (1.0 - fill_chance_a_week))


@rule
def length_of_service(u, quit_chance):
    """Weeks served so far by a worker in the long run: geometric, P(weeks >= m) = (1 - chance)^m; falls with u."""
    if quit_chance <= 0.0 or quit_chance >= 1.0:
        return 0
    return int(log(u) / log(1.0 - quit_chance))


@rule
def service_with_first_year(u, later_chance, first_year_chance):
    """Weeks served so far by a worker in the long run, if the chance to leave is another in the first year.

    Workers present have served m weeks in proportion to the chance to have stayed so long: two geometric pieces. With
    both chances s, P(weeks >= m) = (1 - s)^m. Falls with u.
    """
    if min(later_chance, first_year_chance) <= 0.0 or max(later_chance, first_year_chance) >= 1.0:
        return 0
    past_first = exp(log(1.0 - first_year_chance) * WEEKS_A_YEAR)
    first_stock, later_stock = (1.0 - past_first) / first_year_chance, past_first / later_chance
    later_share = later_stock / (first_stock + later_stock)
    if u < later_share:
        return WEEKS_A_YEAR + int(log(u / later_share) / log(1.0 - later_chance))
    rank = (u - later_share) / (1.0 - later_share)
    stayed = past_first + rank * (1.0 - past_first)
    return min(int(log(stayed) / log(1.0 - first_year_chance)), WEEKS_A_YEAR - 1)


@rule
def share_of_leavers_kind(share_of_starters, own_chance, other_chance):
    """Share of those employed who are of one kind, when starters come in two kinds that leave at different chances.

    Movers and stayers: the stock holds (p_a / s_a) / (p_a / s_a + p_b / s_b) of kind a. A rate that seems to fall with
    length of service may be nothing but the quick leavers having left.
    """
    own, other = share_of_starters / own_chance, (1.0 - share_of_starters) / other_chance
    return own / (own + other)


@rule
def chance_of_two_kinds(share_of_starters, own_chance, other_chance):
    """Chance a week that a worker leaves, over both kinds together: 1 / (p_a / s_a + p_b / s_b)."""
    return 1.0 / (share_of_starters / own_chance + (1.0 - share_of_starters) / other_chance)


@rule
def pay_over_worth(supply_elasticity):
    """What an employer who looks to its profit pays over what the last hour brings in: 1 / (1 + 1 / elasticity).

    Monopsony (Manning 2003). In the long run the elasticity of staff is that of recruiting plus that of leaving.
    """
    return 1.0 / (1.0 + 1.0 / supply_elasticity)


@rule
def cheapest_pay(leaver_cost, hours_a_year, elasticity, turnover_rate, usual_pay):
    """Pay for an hour at which pay and the cost of replacing leavers are together least (Salop 1979).

    Leavers a year = turnover * (pay / usual pay)^-elasticity, so pay* = (T / h * eps * s0 * w0^eps)^(1 / (1 + eps)).
    """
    scale = leaver_cost / hours_a_year * elasticity * turnover_rate * power(usual_pay, elasticity)
    return power(scale, 1.0 / (1.0 + elasticity))
