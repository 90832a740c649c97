"""Why care workers leave and how vacancies fill (constant-elasticity quits; Manning 2003, "Monopsony in Motion")."""

from insource.compiled import rule
from insource.numeric import exp, log
from insource.units import WEEKS_A_YEAR


@rule
def power(base, exponent):
    """A positive number to a power."""
    return exp(log(base) * exponent)


@rule
def quit_rate(turnover_rate, pay_ratio, pay_elasticity, zero_hours_ratio, guaranteed_gap, load_ratio, load_exponent):
    """Rate a year at which workers of one service leave.

    turnover_rate * pay_ratio^-elasticity * zero_hours_ratio^-(guaranteed share above the usual) * load^exponent, with
    load not counted below a half. Each factor is 1 at the usual pay, the usual contract and a load of 1.
    """
    by_pay = power(pay_ratio, -pay_elasticity)
    by_contract = power(zero_hours_ratio, -guaranteed_gap)
    by_load = power(max(load_ratio, 1.0 / 2.0), load_exponent)
    return turnover_rate * by_pay * by_contract * by_load


@rule
def fill_chance(turnover_rate, vacancy_share):
    """Chance a week that a vacancy is filled: the one that gives this vacancy share at this turnover, f = s (1-v)/v."""
    return turnover_rate / WEEKS_A_YEAR * (1.0 - vacancy_share) / vacancy_share


@rule
def filled_share(quit_chance, fill_chance_a_week):
    """Share of posts filled in the long run: f / (f + s)."""
    return fill_chance_a_week / (fill_chance_a_week + quit_chance)


@rule
def length_of_service(u, quit_chance):
    """Weeks served so far by a worker in the long run: geometric, P(weeks >= m) = (1 - chance)^m; falls with u."""
    if quit_chance <= 0.0 or quit_chance >= 1.0:
        return 0
    return int(log(u) / log(1.0 - quit_chance))
