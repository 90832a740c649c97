"""The NHS: visits to A&E, admissions and days in hospital that care at home, or the want of it, brings.

What the articles say
    Bodmer: spending more on prevention and care could relieve the strain on the NHS. The evidence conflicts, so that
    the rival findings are run as rivals.

What happens
    People with care at home go to A&E and are admitted at usual rates. Need that nobody meets, beyond the usual share,
    may add to them: by nothing (no consistent effect over 150 councils), by visits to A&E alone (a 31% fall in
    spending raised visits and did not move admissions), or by hospital spending of so much for each pound of care not
    given. Which of the three holds is drawn, with none the most likely. Some people who ask for help are in hospital:
    they stay there while no service can be found.

Equations
    pounds not given = (unmet minutes - usual_unmet_share * needed minutes) * care_hour_pounds / 60
    visits     = people * ae_visit_rate / 52 + [effect 1] ae_visits_a_pound * pounds not given
    admissions : those of `needs`, times [effect 2] 1 + slope * (unmet share - usual) for each person
    slope      = hospital_offset_ratio * care a year / admission_pounds / hospital_admission_rate
    delayed days = 7 * people waiting for a first service whose asking came from hospital

Limiting case
    With effect 0 the NHS pays the same whatever goes unmet; 100 pounds not given bring .024 visits with effect 1 and 35
    pounds of admissions with effect 2. What comes back as need (L7) is less than what it came from unless the share
    returning exceeds 1 - slack. tests/verify/test_nhs.py

Not modelled
    Beds, waiting in A&E, outpatients, GPs, ambulances, readmission; deaths that care prevents. People kept in hospital
    are counted as waiting at home too: their need there is unmet. Delays while an assessment is waited for.

Numbers
    data/parameters/nhs.yaml
"""

from insource.compiled import compiled, inner
from insource.draws import decisions, uniform
from insource.rules.hospital import admission_slope, visits_for_pounds
from insource.rules.leaving import by_age
from insource.units import DAYS_A_WEEK, MINUTES_AN_HOUR, PENCE_A_POUND, WEEKS_A_YEAR

READS = {
    "people": ("person", "is_here", "is_assessed", "provider", "order_weeks", "age_band"),
    "council": ("people_here", "needed_minutes", "unmet_minutes", "admitted_people"),
}
WRITES = {
    "council": ("admission_slope", "visits_carried"),
}
DRAWS = decisions("nhs", "from_hospital")
POSTS = ("ae_visits", "ae_pence", "admissions_pence", "delayed_days", "delayed_pence")

ON_VISITS, ON_ADMISSIONS = 1.0, 2.0


def start(area):
    """In the first week unmet need has done nothing yet."""
    area.council.admission_slope[0] = 0.0


@compiled
def step(week, area):
    council, numbers, books = area.council, area.numbers, area.books
    here, needed = council.people_here[0], council.needed_minutes[0]
    price = numbers.care_hour_pounds / MINUTES_AN_HOUR
    expected = here * numbers.ae_visit_rate / WEEKS_A_YEAR + council.visits_carried[0]
    if numbers.nhs_effect == ON_VISITS:
        not_given = (council.unmet_minutes[0] - numbers.usual_unmet_share * needed) * price
        expected = max(expected + visits_for_pounds(numbers.ae_visits_a_pound, not_given), 0.0)
    visits = int(expected)
    council.visits_carried[0] = expected - visits
    council.admission_slope[0] = 0.0
    if numbers.nhs_effect == ON_ADMISSIONS and here > 0:
        council.admission_slope[0] = admission_slope(
            numbers.hospital_offset_ratio,
            needed * price * WEEKS_A_YEAR / here,
            numbers.admission_pounds,
            numbers.hospital_admission_rate,
        )
    days = days_delayed(area)
    books.ae_visits[week, 0] += visits
    books.ae_pence[week, 0] += int(visits * numbers.ae_visit_pounds * PENCE_A_POUND)
    books.admissions_pence[week, 0] += int(council.admitted_people[0] * numbers.admission_pounds * PENCE_A_POUND)
    books.delayed_days[week, 0] += days
    books.delayed_pence[week, 0] += int(days * numbers.delayed_day_pounds * PENCE_A_POUND)


@inner
def days_delayed(area):
    """Days this week in hospital of people who came from there and for whom no first service has been found."""
    people, numbers, luck = area.people, area.numbers, area.luck
    waiting = 0
    for i in range(people.person.shape[0]):
        if people.provider[i] >= 0 or people.is_here[i] == 0 or people.is_assessed[i] == 0:
            continue
        share = by_age(people.age_band[i], numbers.from_hospital_share_18_64, numbers.from_hospital_share_65_plus)
        came = uniform(luck, DRAWS.from_hospital, people.person[i], 0) < share
        waiting += came & (people.order_weeks[i] == 0)
    return waiting * DAYS_A_WEEK
