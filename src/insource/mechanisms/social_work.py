"""Social workers' hours: who is seen this week, who waits, and what time is left for people.

What the articles say
    Hunter, point 6: buying care takes the time of highly trained social workers for shopping around, negotiating,
    battles to get what is paid for, and safeguarding enquiries; little is left for working with people.

What happens
    Other duties and a floor of direct work come off the team's hours first. The rest goes, in this order (PRIORITY), to
    safeguarding enquiries (somebody may be coming to harm), assessments (nobody gets anything without one), disputes
    over bills and orders (left alone, somebody stops paying or delivering), finding services beyond what brokers have
    time for (somebody has nobody), and reviews (somebody has a service, if perhaps the wrong one). Some of what is left
    before reviews is kept for direct work, and so is what is left after. The longest wait goes first. A review falls
    due a year after the last, or when much need has gone unmet. Bills are disputed more where orders are out of date.
    When reablement ends its team says what lasting care is needed; its time is in its visits.

Equations
    team minutes = people / 1000 * social_workers_per_1000 * social_worker_hours * 60 / 52
    casework     = team minutes * (1 - other_work_share - direct_work_floor_share)
    disputes     = Poisson(orders billed * dispute_rate * (1 + dispute_stale_effect * stale share) / 52)
    for reviews  = (casework - enquiries - assessments - disputes - finding services) * (1 - direct_work_rest_share)
    seen         = whole cases that fit; time too short for one more is progress on it
    direct work  = team minutes - other - enquiries - assessments - disputes - finding services - reviews

Limiting case
    Time adds up to the team's hours in every week (CASE-1). A team with more hours than work has no queue; with fewer,
    the people waiting grow by arrivals less the cases that fit. Reviews fall behind or catch up as their utilisation
    is above or below 1 (L4). tests/verify/test_social_work.py

Not modelled
    Carers' and financial assessments, deprivation of liberty: part of `other_work_share`. Vacancies. Who wins.

Numbers
    data/parameters/social_work.yaml
"""

import numpy as np

from insource.compiled import compiled, inlined, inner
from insource.draws import decisions, poisson
from insource.queues import before_cuts, is_seen, queue_cut
from insource.rules.rates import grown
from insource.rules.staff_time import (
    assessment_minutes,
    casework_minutes,
    disputes_a_week,
    team_minutes,
    time_spent,
    whole_cases,
)
from insource.terms import CHOICES
from insource.units import MINUTES_AN_HOUR, WEEKS_A_YEAR

READS = {
    "people": ("person", "is_here", "is_new", "is_moved", "is_in_care", "is_concern_raised", "unmet_share"),
    "providers": ("part", "people_in_care"),
    "council": ("people_at_start", "sought_minutes", "broker_minutes", "costed_share"),
    "donors": ("since_review_weeks",),
    "parts": ("payment_basis",),
}
WRITES = {
    "people": (
        "is_assessed",
        "assessment_wait_weeks",
        "review_wait_weeks",
        "since_review_weeks",
        "known_weeks",
        "contact",
    ),
    "council": (
        "enquiry_minutes",
        "assessment_progress_minutes",
        "review_progress_minutes",
        "social_work_minutes",
        "brokerage_minutes",
        "dispute_minutes",
        "stale_share",
    ),
}
DRAWS = decisions("social_work", "assessment", "review", "dispute")
POSTS = (
    "assessment_minutes",
    "review_minutes",
    "enquiry_minutes",
    "dispute_minutes",
    "shopping_minutes",
    "direct_work_minutes",
    "other_work_minutes",
    "assessments",
    "reviews",
    "reviews_due",
    "disputes",
    "waiting_assessment",
    "reviewed_in_year",
    "known_a_year",
)

PRIORITY = ("enquiries", "assessments", "disputes", "finding services", "reviews", "direct work")
"""What social workers' hours go to, in this order; `insource week` prints it."""
SALARY = CHOICES.payment_basis.salary
NOT_WAITING = -1
ASSESSED, REVIEWED = 1, 2


def start(area):
    """Recorded people have been assessed; the age of their last review is recorded, or assumed by the place."""
    people, council, since_review_weeks = area.people, area.council, area.donors.since_review_weeks
    n = since_review_weeks.shape[0]
    people.is_assessed[:n] = 1
    people.known_weeks[:n] = WEEKS_A_YEAR
    people.since_review_weeks[:n] = since_review_weeks
    overdue = since_review_weeks - WEEKS_A_YEAR
    people.review_wait_weeks[:n] = np.where(overdue >= 0, overdue, NOT_WAITING)
    size_teams(0, council, area.numbers)
    council.brokerage_minutes[0] = council.broker_minutes[0]


@inlined
def size_teams(week, council, numbers):
    """The team grows as demand is expected to, so that no model is starved of it as years pass."""
    people = council.people_at_start[0] * grown(numbers.demand_growth_rate, week)
    council.social_work_minutes[0] = team_minutes(people, numbers.social_workers_per_1000, numbers.social_worker_hours)


@compiled
def step(week, area):
    people, council, numbers, luck, books = area.people, area.council, area.numbers, area.luck, area.books
    concerns, due = join_queues(people, numbers)
    size_teams(week, council, numbers)
    total = council.social_work_minutes[0]
    left = casework_minutes(total, numbers.other_work_share, numbers.direct_work_floor_share)
    council.enquiry_minutes[0] += concerns * numbers.enquiry_hours * MINUTES_AN_HOUR
    enquiries = min(council.enquiry_minutes[0], left)
    council.enquiry_minutes[0] -= enquiries
    left -= enquiries
    each = assessment_minutes(
        numbers.assessment_hours, numbers.costing_hours, council.costed_share[0], numbers.budget_corrected_share
    )
    each *= numbers.assessments_per_start
    places = whole_cases(left + council.assessment_progress_minutes[0], each)
    first_cut, first_draw, assessed, waiting = queue_cut(
        people.assessment_wait_weeks, people.person, places, luck, DRAWS.assessment, week
    )
    assessments, progress = time_spent(left, council.assessment_progress_minutes[0], each, assessed, waiting)
    council.assessment_progress_minutes[0] = progress
    left = max(left - assessments, 0.0)

    council.dispute_minutes[0] += raise_disputes(week, area) * numbers.dispute_hours * MINUTES_AN_HOUR
    disputes = min(council.dispute_minutes[0], left)
    council.dispute_minutes[0] -= disputes
    left -= disputes
    shopping = min(max(council.sought_minutes[0] - council.broker_minutes[0], 0.0), left)
    council.brokerage_minutes[0] = council.broker_minutes[0] + left
    left = (left - shopping) * (1.0 - numbers.direct_work_rest_share)
    each = numbers.review_hours * MINUTES_AN_HOUR
    places = whole_cases(left + council.review_progress_minutes[0], each)
    second_cut, second_draw, reviewed, overdue = queue_cut(
        people.review_wait_weeks, people.person, places, luck, DRAWS.review, week
    )
    reviews, progress = time_spent(left, council.review_progress_minutes[0], each, reviewed, overdue)
    council.review_progress_minutes[0] = progress
    council.stale_share[0] = see(week, people, first_cut, first_draw, second_cut, second_draw, luck, books)

    other = int(total * numbers.other_work_share)
    direct = int(total) - other - int(enquiries) - int(assessments) - int(disputes) - int(shopping) - int(reviews)

    books.enquiry_minutes[week, 0] += int(enquiries)
    books.assessment_minutes[week, 0] += int(assessments)
    books.dispute_minutes[week, 0] += int(disputes)
    books.review_minutes[week, 0] += int(reviews)
    books.reviews_due[week, 0] += due
    books.shopping_minutes[week, 0] += int(shopping)
    books.direct_work_minutes[week, 0] += direct
    books.other_work_minutes[week, 0] += other
    books.assessments[week, 0] += assessed
    books.reviews[week, 0] += reviewed
    books.waiting_assessment[week, 0] += waiting


@inner
def raise_disputes(week, area):
    """How many bills are disputed this week: where services bill the council, and more where orders are out of date."""
    providers, parts, council, numbers, books = area.providers, area.parts, area.council, area.numbers, area.books
    orders = np.zeros(parts.payment_basis.shape[0])
    for j in range(providers.part.shape[0]):
        orders[providers.part[j]] += providers.people_in_care[j]
    disputes = 0
    for part in range(orders.shape[0]):
        if parts.payment_basis[part] == SALARY:
            continue
        mean = disputes_a_week(orders[part], numbers.dispute_rate, council.stale_share[0], numbers.dispute_stale_effect)
        raised = poisson(mean, area.luck, DRAWS.dispute, part, week)
        books.disputes[week, part] += raised
        disputes += raised
    return disputes


@inner
def join_queues(people, numbers):
    """Weeks pass for everybody; newcomers join the queue for assessment, people whose review is due that for review.

    Returns how many concerns last week's care raised and how many reviews fell due. No branches, so that several people
    are worked out at once.
    """
    concerns = due = 0
    for i in range(people.person.shape[0]):
        concerns += people.is_concern_raised[i]
        is_here = people.is_here[i] == 1
        is_new = people.is_new[i] == 1
        is_moved = (people.is_moved[i] == 1) & is_here
        people.contact[i] = ASSESSED * is_moved
        is_known = is_here & (not is_new) & (people.is_assessed[i] == 1)
        is_waiting = is_here & (not is_known)
        people.is_assessed[i] = is_known
        people.known_weeks[i] = people.known_weeks[i] + 1 if is_known else 0
        since = people.since_review_weeks[i] + 1 if is_known & (not is_moved) else 0
        people.since_review_weeks[i] = since
        waited = people.assessment_wait_weeks[i]
        people.assessment_wait_weeks[i] = (0 if is_new else waited + 1) if is_waiting else NOT_WAITING
        is_unmet = (people.unmet_share[i] > numbers.review_trigger_share) & (since >= numbers.review_gap_weeks)
        falls_due = is_known & (people.is_in_care[i] == 1) & ((since >= WEEKS_A_YEAR) | is_unmet)
        overdue = people.review_wait_weeks[i]
        still_due = is_known & (overdue >= 0) & (not is_moved)
        people.review_wait_weeks[i] = overdue + 1 if still_due else (0 if falls_due else NOT_WAITING)
        due += falls_due & (not still_due)
    return concerns, due


@inner
def see(week, people, first_cut, first_draw, second_cut, second_draw, luck, books):
    """Those before the cuts are assessed or reviewed. Returns the share in care not seen in the last year."""
    known = reviewed = 0
    for i in before_cuts(people.assessment_wait_weeks, first_cut, people.review_wait_weeks, second_cut):
        waited, overdue, who = people.assessment_wait_weeks[i], people.review_wait_weeks[i], people.person[i]
        if is_seen(waited, who, first_cut, first_draw, luck, DRAWS.assessment, week):
            people.is_assessed[i] = 1
            people.assessment_wait_weeks[i] = NOT_WAITING
            people.since_review_weeks[i] = 0
            people.contact[i] = ASSESSED
        elif is_seen(overdue, who, second_cut, second_draw, luck, DRAWS.review, week):
            people.review_wait_weeks[i] = NOT_WAITING
            people.since_review_weeks[i] = 0
            people.contact[i] = REVIEWED
    for i in range(people.person.shape[0]):
        in_care = (people.is_here[i] == 1) & (people.is_in_care[i] == 1)
        is_known = in_care & (people.known_weeks[i] >= WEEKS_A_YEAR)
        known += is_known
        reviewed += is_known & (people.since_review_weeks[i] < WEEKS_A_YEAR)
    books.known_a_year[week, 0] += known
    books.reviewed_in_year[week, 0] += reviewed
    return 1.0 - reviewed / known if known > 0 else 0.0
