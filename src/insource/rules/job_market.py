"""One area's pool of care workers who look for a job: who comes into it, and how fast vacancies fill from it.

The pool stands beside a wider market (care homes, other councils' areas, other work) that takes and gives any number.
`open_share` is the share of leavers and starters who go to and come from there: at 1 the pool is of no consequence.
"""

from insource.compiled import rule
from insource.rules.turnover import power


@rule
def rival_pay(market_pay, area_pay, open_share):
    """What a worker could earn with another care employer: the wider market's pay and the area's mean, by openness."""
    return open_share * market_pay + (1.0 - open_share) * area_pay


@rule
def usual_seekers(vacancies, fill_chance_a_week, seeking_weeks, open_share):
    """People looking for a job here when this many vacancies fill at the usual chance, each after `seeking_weeks`."""
    return (1.0 - open_share) * vacancies * fill_chance_a_week * seeking_weeks


@rule
def seekers_ratio(seekers, usual):
    """People looking for a job over the usual number for these vacancies; 1 where nobody is expected to look."""
    return seekers / usual if usual > 0.0 else 1.0


@rule
def fill_chance_from(usual_chance, pay_over_rivals, elasticity, open_share, ratio):
    """Chance a week that a vacancy fills: usual * pay^elasticity * (open + (1 - open) * seekers over the usual).

    So the jobs found in the pool go to services in proportion to their vacancies and by pay, and all of them together
    are as many as the people who look, over the weeks they look for.
    """
    by_pool = open_share + (1.0 - open_share) * ratio
    return min(usual_chance * power(pay_over_rivals, elasticity) * by_pool, 1.0)


@rule
def from_beyond_share(open_share, ratio):
    """Share of starters who come from the wider market and not from the area's pool."""
    by_pool = open_share + (1.0 - open_share) * ratio
    return open_share / by_pool if by_pool > 0.0 else 1.0


@rule
def entries(
    usual_vacancies,
    vacancies,
    vacancy_exponent,
    fill_chance_a_week,
    stay_share,
    lost_share,
    pay_over_outside,
    elasticity,
    open_share,
):
    """People who begin to look for care work in a week, having done other work or none.

    At usual pay and vacancies they make good those who leave the sector and the share of seekers (`lost_share` for each
    job found) who give up looking; they rise with vacancies and with pay against the outside option.
    """
    by_vacancies = usual_vacancies * power(max(vacancies, 1.0) / max(usual_vacancies, 1.0), vacancy_exponent)
    made_good = 1.0 - stay_share + lost_share
    by_pay = power(pay_over_outside, elasticity)
    return (1.0 - open_share) * by_vacancies * fill_chance_a_week * made_good * by_pay
