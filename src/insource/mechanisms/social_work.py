"""Social workers' hours: who is seen this week, who waits, and what time is left for people.

What the articles say
    Hunter, point 6: buying care takes the time of highly trained social workers for shopping around, negotiating,
    battles to get what is paid for, and safeguarding enquiries; little is left for working with people.

What happens
    The team has fixed hours. Other duties and a floor of direct work come off first. The rest goes, in this order, to
    safeguarding enquiries, assessments, reviews, and finding services beyond what brokers have time for. What is then
    left is direct work as well. Whoever cannot be seen waits; the longest wait goes first. A review falls due a year
    after the last, or when much of somebody's need has gone unmet. When reablement ends its team
    says what lasting care is needed; its time is in its visits.

Equations
    team minutes = people / 1000 * social_workers_per_1000 * social_worker_hours * 60 / 52
    casework     = team minutes * (1 - other_work_share - direct_work_floor_share)
    seen         = whole cases that fit; time too short for one more is progress on it
    direct work  = team minutes - other - enquiries - assessments - reviews - finding services

Limiting case
    Time adds up to the team's hours in every week (CASE-1). A team with more hours than work has no queue; with fewer,
    the people waiting grow by arrivals less the cases that fit. tests/verify/test_social_work.py

Not modelled
    Disputes with services, procurement work, financial assessments, carers' assessments and deprivation of liberty:
    they are part of `other_work_share`. Social workers' own vacancies.

Numbers
    data/parameters/social_work.yaml
"""

import numpy as np

from insource.compiled import compiled, inlined, inner
from insource.draws import decisions
from insource.queues import is_seen, queue_cut
from insource.rules.rates import grown
from insource.rules.staff_time import casework_minutes, team_minutes, time_spent, whole_cases
from insource.units import MINUTES_AN_HOUR, WEEKS_A_YEAR

READS = {
    "people": ("person", "is_here", "is_new", "is_moved", "is_in_care", "is_concern_raised", "unmet_share"),
    "council": ("people_at_start", "sought_minutes"),
    "donors": ("since_review_weeks",),
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
        "broker_minutes",
        "brokerage_minutes",
    ),
}
DRAWS = decisions("social_work", "assessment", "review")
POSTS = (
    "assessment_minutes",
    "review_minutes",
    "enquiry_minutes",
    "shopping_minutes",
    "direct_work_minutes",
    "other_work_minutes",
    "assessments",
    "reviews",
    "waiting_assessment",
    "reviewed_in_year",
    "known_a_year",
)

NOT_WAITING = -1
ASSESSED = 1
REVIEWED = 2


def start(area):
    """Recorded people have been assessed; the age of their last review is recorded, or assumed by the place."""
    people, council, numbers = area.people, area.council, area.numbers
    n = area.donors.since_review_weeks.shape[0]
    people.is_assessed[:n] = 1
    people.known_weeks[:n] = WEEKS_A_YEAR
    people.since_review_weeks[:n] = area.donors.since_review_weeks
    overdue = area.donors.since_review_weeks - WEEKS_A_YEAR
    people.review_wait_weeks[:n] = np.where(overdue >= 0, overdue, NOT_WAITING)
    size_teams(0, council, numbers)
    council.brokerage_minutes[0] = council.broker_minutes[0]


@inlined
def size_teams(week, council, numbers):
    """Teams grow as demand is expected to, so that no model is starved of them as years pass."""
    people = council.people_at_start[0] * grown(numbers.demand_growth_rate, week)
    hours = numbers.social_worker_hours
    council.social_work_minutes[0] = team_minutes(people, numbers.social_workers_per_1000, hours)
    council.broker_minutes[0] = team_minutes(people, numbers.brokers_per_1000, hours)


@compiled
def step(week, area):
    people, council, numbers, luck, books = area.people, area.council, area.numbers, area.luck, area.books
    concerns = join_queues(people, numbers)
    size_teams(week, council, numbers)
    total = council.social_work_minutes[0]
    left = casework_minutes(total, numbers.other_work_share, numbers.direct_work_floor_share)

    council.enquiry_minutes[0] += concerns * numbers.enquiry_hours * MINUTES_AN_HOUR
    enquiries = min(council.enquiry_minutes[0], left)
    council.enquiry_minutes[0] -= enquiries
    left -= enquiries

    each = numbers.assessment_hours * numbers.assessments_per_start * MINUTES_AN_HOUR
    places = whole_cases(left + council.assessment_progress_minutes[0], each)
    first_cut, first_draw, assessed, waiting = queue_cut(
        people.assessment_wait_weeks, people.person, places, luck, DRAWS.assessment, week
    )
    assessments, progress = time_spent(left, council.assessment_progress_minutes[0], each, assessed, waiting)
    council.assessment_progress_minutes[0] = progress
    left = max(left - assessments, 0.0)

    each = numbers.review_hours * MINUTES_AN_HOUR
    places = whole_cases(left + council.review_progress_minutes[0], each)
    second_cut, second_draw, reviewed, overdue = queue_cut(
        people.review_wait_weeks, people.person, places, luck, DRAWS.review, week
    )
    reviews, progress = time_spent(left, council.review_progress_minutes[0], each, reviewed, overdue)
    council.review_progress_minutes[0] = progress
    left = max(left - reviews, 0.0)
    see(week, people, first_cut, first_draw, second_cut, second_draw, luck, books)

    shopping = min(max(council.sought_minutes[0] - council.broker_minutes[0], 0.0), left)
    council.brokerage_minutes[0] = council.broker_minutes[0] + left
    other = int(total * numbers.other_work_share)
    direct = int(total) - other - int(enquiries) - int(assessments) - int(reviews) - int(shopping)

    books.enquiry_minutes[week, 0] += int(enquiries)
    books.assessment_minutes[week, 0] += int(assessments)
    books.review_minutes[week, 0] += int(reviews)
    books.shopping_minutes[week, 0] += int(shopping)
    books.direct_work_minutes[week, 0] += direct
    books.other_work_minutes[week, 0] += other
    books.assessments[week, 0] += assessed
    books.reviews[week, 0] += reviewed
    books.waiting_assessment[week, 0] += waiting


@inner
def join_queues(people, numbers):
    """Weeks pass for everybody; newcomers join the queue for assessment, people whose review is due that for review.

    Returns how many safeguarding concerns last week's care raised. Written with & and | and without branches, so that
    several people are worked out at once.
    """
    concerns = 0
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
    return concerns


@inner
def see(week, people, first_cut, first_draw, second_cut, second_draw, luck, books):
    """Those before the cuts are assessed or reviewed; count who was reviewed in the last year."""
    known = reviewed = 0
    for i in range(people.person.shape[0]):
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
