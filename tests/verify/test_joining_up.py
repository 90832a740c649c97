"""Services, faces and hand-offs around a person, against theory.md section 7 (FRAG-2 to FRAG-4 in the week)."""

import math

import numpy as np
import pytest
from alone import World, caught, near, planted, share_error

from insource.mechanisms import care, joining_up, needs
from insource.rules.fragmentation import another_service_chance, regular_share, services_needed

pytestmark = pytest.mark.closed_form

NEUTRAL = {"second_service_share": 0.0, "other_service_share": 0.0, "coordination_hours": 0.0}


def _service(people=1, staff=6, most_faces=0.0, weeks=1, services=1, **numbers):
    plain = {"statutory_leave_days": 0.0, "visit_minutes": 30.0, **NEUTRAL, **numbers}
    world = World(weeks=weeks, numbers=plain, people=people, providers=services)
    world.services(services)
    world.set_terms({"most_faces": most_faces})
    world.providers.filled_posts[:] = world.providers.present_posts[:] = staff
    world.people.is_in_care[:] = 1
    world.people.ordered_minutes[:] = world.people.scheduled_minutes[:] = 210
    return world


def check_neutral(mechanism):
    """One service a person, no errors, no time: one service each, nothing spent, dropped or added to need."""
    world = _service(500, hand_off_error_share=0.9)
    world.bind(mechanism).step(0)
    assert (world.people.services == 1).all()
    assert (world.people.parties == 1).all(), "one party"
    assert world.people.error_minutes.sum() == 0
    for name in ("coordination_minutes", "hand_off_errors", "error_minutes"):
        assert world.book(name)[0] == 0, name
    assert world.providers.coordination_minutes.sum() == world.council.coordination_minutes[0] == 0.0


def test_neutral():
    """Limiting case of the docstring."""
    check_neutral(joining_up)


def test_neutral_fails_if_everybody_has_another():
    """Another service around people whose chance of one is nothing is found out."""
    caught(check_neutral, planted(joining_up, "+ has_other", "+ 1"), "one party")


def check_frag_2(mechanism):
    """Whoever is free out of 6: COC 1/6; 14 visits in a fortnight, so 5.532681 faces."""
    world = _service(staff=6)
    world.bind(mechanism).step(0)
    assert world.providers.continuity[0] == pytest.approx(1.0 / 6.0, rel=1e-12), "COC"
    assert world.book("continuity")[0] == int(1e6 / 6.0)
    assert world.book("faces")[0] == pytest.approx(5.532681e6, abs=1.0), "faces"
    assert world.book("people_counted")[0] == world.book("people_visited")[0] == 1


def test_frag_2():
    """FRAG-2 through the week's own columns."""
    check_frag_2(joining_up)


def test_frag_2_fails_if_faces_are_visits():
    """A new face at every visit is found out."""
    fault = planted(joining_up, "workers * (1.0 - exp(visits * log_not_met))", "1.0 * visits", rule="fragmentation")
    caught(check_frag_2, fault, "faces")


def check_regular_team(mechanism):
    """A tenth of minutes moved, a tenth of staff away, a fifth agency: .648 by a regular team of 4, the rest by 16."""
    world = _service(people=2, staff=20, most_faces=4.0)
    world.providers.present_posts[:] = 18
    world.providers.agency_share[:] = 0.2
    world.people.ordered_minutes[:], world.people.scheduled_minutes[:] = (500, 400), (400, 500)
    world.providers.scheduled_minutes[:] = 900
    world.bind(mechanism).step(0)
    regular = (1.0 - 100.0 / 900.0) * 0.9 * 0.8
    assert regular_share(100.0 / 900.0, 0.1, 0.2) == pytest.approx(regular, rel=1e-12)
    expected = regular**2 / 4.0 + (1.0 - regular) ** 2 / 16.0
    assert world.providers.continuity[0] == pytest.approx(expected, rel=1e-9), "COC"
    rng = np.random.default_rng(5)
    chance = np.repeat([regular / 4.0, (1.0 - regular) / 16.0], [4, 16])
    pairs = rng.choice(20, (200_000, 2), p=chance)
    near((pairs[:, 0] == pairs[:, 1]).mean(), expected, share_error(expected, 200_000), "pairs drawn")


def test_frag_3_in_the_week():
    """FRAG-3 for a regular team, with the share that holidays, sickness, agencies and moved hours leave it."""
    check_regular_team(joining_up)


def test_frag_3_fails_if_moved_hours_bring_nobody_new():
    """Hours moved between people that bring no new face are found out: claims 4 and 7 would not trade off."""
    caught(check_regular_team, planted(joining_up, "moved[j] / max(", "0.0 * moved[j] / max("), "COC")


def check_services(mechanism):
    """Services wanted follow the size of the package; no more than terms allow or than work in the zone."""
    people, share = 100_000, 0.2
    for package, most, here, in_zone in ((1.0, 3, 6, 6), (2.0, 3, 6, 6), (2.0, 2, 2, 6), (2.0, 3, 1, 1)):
        world = _service(people, services=in_zone, second_service_share=share, usual_package_hours=10.0)
        world.set_terms({"most_services": most})
        world.people.ordered_minutes[:] = round(600 * package)
        world.bind(mechanism).step(0)
        chance = 1.0 - (1.0 - share) ** package
        two, three = (world.people.services >= 2).mean(), (world.people.services == 3).mean()
        allowed = min(most, here)
        name = f"package {package}, at most {most} of {in_zone}"
        expected = [chance if allowed >= 2 else 0.0, chance**2 if allowed >= 3 else 0.0]
        for found, right in zip((two, three), expected, strict=True):
            if right > 0.0:
                near(found, right, share_error(right, people), name)
            else:
                assert found == 0.0, name
        assert world.book("services_around")[0] == world.people.services.sum()
    assert another_service_chance(600.0, 600.0, 0.2) == pytest.approx(0.2, rel=1e-12)
    assert services_needed(0.03, 0.2, 3) == 3


def test_services():
    """The number of services, 100,000 people, 4 standard errors."""
    check_services(joining_up)


def test_services_fail_if_the_zone_does_not_matter():
    """A package split among services that are not there is found out."""
    fault = planted(
        joining_up, "min(parts.most_services[part], parts.services_per_zone[part])", "parts.most_services[part]"
    )
    caught(check_services, fault, "of 1")


def check_time(mechanism):
    """Three services and another: 6 links of .1 hours are 36 minutes each, a quarter of it the council's."""
    world = _service(10, coordination_hours=0.1, council_coordination_share=0.25)
    world.people.services[:], world.people.parties[:] = 3, 4
    world.bind(mechanism).step(0)
    assert world.book("coordination_minutes")[0] == 360, "minutes"
    assert world.council.coordination_minutes[0] == pytest.approx(90.0, rel=1e-12), "council"
    assert world.providers.coordination_minutes[0] == pytest.approx(270.0, rel=1e-12)
    assert world.book("continuity")[0] == 10 * (int(1e6 / 6.0) // 3)


def test_time():
    """Links n (n - 1) / 2, in minutes, and who spends them."""
    check_time(joining_up)


def test_time_fails_if_the_council_pays_all():
    """A council that does all of it is found out."""
    caught(check_time, planted(joining_up, "minutes * numbers.council_coordination_share", "minutes"), "council")


def check_frag_4(mechanism):
    """At .05 a link and week, all goes well with chance .95, .857375 or .95^6 around 2, 3 and 4 parties."""
    people = 100_000
    for parties, right in ((2, 0.95), (3, 0.857375), (4, 0.95**6)):
        world = _service(people, hand_off_error_share=0.05, hand_off_loss_minutes=30.0)
        world.people.services[:], world.people.parties[:] = min(parties, 3), parties
        world.bind(mechanism).step(0)
        found = (world.people.error_minutes == 0).mean()
        near(found, right, share_error(right, people), f"{parties} parties")
        assert world.book("error_minutes")[0] == 30 * world.book("hand_off_errors")[0]
        assert world.book("error_minutes")[0] == world.people.error_minutes.sum()


def test_frag_4():
    """FRAG-4, drawn: 100,000 people, 4 standard errors."""
    check_frag_4(joining_up)


def test_frag_4_fails_if_errors_do_not_grow_with_links():
    """One chance of error however many links is found out."""
    fault = planted(joining_up, "exp(links(services) * log(1.0 - error_chance))", "1.0 - error_chance", "fragmentation")
    caught(check_frag_4, fault, "3 parties")


def test_what_was_dropped_is_needed_a_week_later():
    """Error minutes add to the need of the week after, once."""
    world = World(weeks=2, numbers={"need_variation": 0.0, "hospital_admission_rate": 0.0}, people=2)
    world.numbers = world.numbers._replace(death_rate_18_64=0.0, care_home_rate_18_64=0.0, support_ends_rate=0.0)
    world.people.is_open[:] = world.people.is_here[:] = 1
    world.people.level[:] = math.log(600.0)
    bound = world.bind(needs)
    world.people.error_minutes[:] = (30, 0)
    bound.step(0)
    assert world.people.needed_minutes[0] - world.people.needed_minutes[1] == 30


def _flexing(reach, staff_each, services=4, people_each=40):
    """Care and joining up in a chain: services that may share hours, or not. Returns (share unmet, COC)."""
    count = services * people_each
    numbers = {"contract_hours": 30.0, "need_seen_share": 1.0, "agency_cover_share": 0.0, "stretch_share": 0.0}
    world = World(weeks=40, numbers={**NEUTRAL, **numbers}, people=count, providers=services)
    world.services(services)
    most = "zone" if reach == "zone" else "provider"
    world.set_terms({"hours_move_within": most, "order_changed_by": "team", "most_faces": 4, "training_hours": 0})
    if reach == "zone":
        world.providers.pool[:] = 0
    world.people.provider[:] = np.repeat(np.arange(services), people_each)
    for name in ("is_here", "is_in_care", "is_in_force"):
        getattr(world.people, name)[:] = 1
    world.people.ordered_minutes[:] = world.people.budget_minutes[:] = 840
    world.providers.present_posts[:] = world.providers.filled_posts[:] = staff_each
    chain = [world.bind(care), world.bind(joining_up)]
    rng = np.random.default_rng(11)
    for week in range(40):
        world.people.needed_minutes[:] = np.maximum(rng.normal(840.0, 400.0, count), 0.0)
        for bound in chain:
            bound.step(week)
    unmet = (world.book("unmet_minutes") + world.book("unpaid_minutes")).sum() / (840.0 * count * 40)
    return unmet, world.book("continuity").sum() / world.book("people_visited").sum() / 1e6


def test_claims_4_and_7_trade_off():
    """Section 7(c): the same staff pooled over four services leave less unmet and bring more faces. Both are reported.

    Not a matter of luck: the same needs and staff both times, and the gap in COC is the formula's.
    """
    apart, pooled = _flexing("provider", 26), _flexing("zone", 26)
    assert pooled[0] < apart[0], "pooling serves more"
    assert pooled[1] < apart[1], "and lowers continuity"
    nobody_regular = [_coc(m) for m in (10, 20, 40, 80)]
    assert nobody_regular == pytest.approx([1 / 10, 1 / 20, 1 / 40, 1 / 80], rel=1e-12)


def _coc(staff):
    world = _service(staff=staff)
    world.bind(joining_up).step(1)
    return world.providers.continuity[0]


def test_faces_of_large_packages_are_more():
    """Evidence (New York): people with most hours had least continuity; here they see more faces."""
    found = []
    for minutes in (210, 840, 3360):
        world = _service(staff=20, most_faces=4.0)
        world.providers.present_posts[:] = 17
        world.people.scheduled_minutes[:] = world.people.ordered_minutes[:] = minutes
        world.bind(joining_up).step(0)
        found.append(world.book("faces")[0])
    assert found == sorted(found)
    assert found[0] < found[-1]
