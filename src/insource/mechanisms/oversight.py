"""Officers watch services: what they find out, and what concerns do to the time they have for it.

What the articles say
    Hunter, point 6: contract negotiation and compliance take staff, and it takes ongoing battles to get what is paid
    for; poor quality brings enquiries. Bodmer: bidders count on skeleton staffing not being noticed or punished.

What happens
    A council's officers spend so many hours a year on each service, whoever runs it. Concerns about a service beyond
    the usual draw more of their time to it, or take time away that they would have spent watching it: which of the two
    is a parameter with either sign. The hours spent watching decide how likely under-delivery is to be found and held
    against the service; whoever decides on staffing (see tendering) knows that chance.

Equations
    concerns' = concerns + (52 * concerns this week - concerns) * 2 / (concern_memory_weeks + 1)
    watching  = max(0, monitoring_hours + (concerns - usual_concern_rate * people in care) * concern_response_hours)
    detection_share = 1 - exp(-watching / hours_to_detect)
    paid      = watching, or monitoring_hours if concerns take time away: the hours are spent all the same

Limiting case
    Where concerns add no hours, officers spend what the terms say and detection is constant. With services that cut
    staff unless detection reaches what deters them (th*), the loop from oversight to quality and back ends as
    `oversight_outcome` says: honest, skeleton, either (by where it starts), or to and fro.
    tests/verify/test_oversight.py

Not modelled
    The national inspectorate and its ratings; officers' skill; warnings before penalties. The penalty, and who pays
    it, belong to what follows an award.

Numbers
    data/parameters/oversight.yaml
"""

import numpy as np

from insource.compiled import compiled
from insource.rules.oversight import detection_share, hours_after_concerns
from insource.rules.running_mean import running_mean
from insource.units import MINUTES_AN_HOUR, WEEKS_A_YEAR

READS = {
    "people": ("provider",),
    "providers": ("part", "concerns", "people_in_care"),
    "parts": ("monitoring_hours",),
}
WRITES = {
    "providers": ("concerns_a_year", "monitoring_minutes", "detection_share"),
}
DRAWS = ()
POSTS = ("monitoring_minutes",)


def start(area):
    """Officers begin with the hours that the terms say, and have heard of nothing unusual."""
    n = area.providers.part.shape[0]
    people = np.bincount(area.people.provider[area.people.provider >= 0], minlength=n)
    for j in range(n):
        hours = area.parts.monitoring_hours[area.providers.part[j]]
        area.providers.concerns_a_year[j] = area.numbers.usual_concern_rate * people[j]
        area.providers.detection_share[j] = detection_share(hours, area.numbers.hours_to_detect)


@compiled
def step(week, area):
    providers, parts, numbers, books = area.providers, area.parts, area.numbers, area.books
    for j in range(providers.part.shape[0]):
        part = providers.part[j]
        latest = float(providers.concerns[j] * WEEKS_A_YEAR)
        concerns = running_mean(providers.concerns_a_year[j], latest, numbers.concern_memory_weeks)
        providers.concerns_a_year[j] = concerns
        usual = numbers.usual_concern_rate * providers.people_in_care[j]
        hours, response = parts.monitoring_hours[part], numbers.concern_response_hours
        watching = hours_after_concerns(hours, concerns, usual, response)
        paid = hours_after_concerns(hours, concerns, usual, max(response, 0.0))
        providers.detection_share[j] = detection_share(watching, numbers.hours_to_detect)
        providers.monitoring_minutes[j] = paid * MINUTES_AN_HOUR / WEEKS_A_YEAR
        books.monitoring_minutes[week, part] += int(providers.monitoring_minutes[j])
