"""Levers that must work in one direction, on the same people and the same luck.

Each lever changes one parameter or term and names an outcome that may then only move one way, with the reason. The
outcome is added up over several draws of luck, so that a single unlucky week decides nothing; some draws must really
move, so that a lever that is not connected is found out.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest

from insource import delivery, parameters
from insource.draws import luck
from insource.simulate import simulate

pytestmark = pytest.mark.property

DRAWS, WEEKS, BURN_IN = 6, 78, 26


@dataclass(frozen=True)
class Lever:
    """What is changed, the outcome that follows, the way it may go (+1 up, -1 down), and why."""

    why: str
    outcome: str
    way: int
    numbers: dict[str, float] = field(default_factory=dict)
    terms: dict[str, Any] = field(default_factory=dict)
    models: tuple[str, ...] = ("framework", "in_house")
    always: dict[str, float] = field(default_factory=dict)
    """Parameters before and after, so that there is something to move."""
    minus: str = ""
    """An account taken off the outcome: what is left of one after the other."""


OUT, OWN = ("framework",), ("in_house",)
LEVERS = (
    Lever("more posts planned give more hours", "unmet_minutes", -1, {"planned_slack_share": 0.2}),
    Lever("posts that fill faster give more hours", "unmet_minutes", -1, {"vacancy_share": 0.02}, models=OUT),
    Lever("better pay keeps workers", "quits", -1, {"council_pay_pence": 1600.0}, models=OWN),
    Lever("better pay keeps workers", "quits", -1, terms={"pay_scale": "council"}, models=OUT),
    Lever("a market that pays more draws workers away", "quits", 1, {"market_pay_pence": 1400.0}, models=OWN),
    Lever("workers who leave faster leave more often", "quits", 1, {"turnover_rate": 0.6}),
    Lever("less experienced workers, more concerns", "safeguarding_concerns", 1, {"turnover_rate": 0.9}),
    Lever("more social workers see people sooner", "waiting_assessment", -1, {"social_workers_per_1000": 40.0}),
    Lever(
        "more social workers leave fewer reviews overdue",
        "known_a_year",
        -1,
        {"social_workers_per_1000": 32.0},
        minus="reviewed_in_year",
    ),
    Lever(
        "fewer brokers find services later",
        "waiting_care",
        1,
        {"brokers_to_work_ratio": 0.1},
        always={"social_workers_per_1000": 18.0},
    ),
    Lever("longer notice is paid for longer", "run_on_minutes", 1, terms={"notice_weeks": 8}),
    Lever("a longer minimum term is paid for longer", "run_on_minutes", 1, terms={"minimum_term_weeks": 104}),
    Lever("places held longer cost more", "retained_minutes", 1, terms={"retainer_days": 28}),
    Lever("a higher price is a higher bill", "care_payments_pence", 1, {"external_price_pounds": 30.0}, models=OUT),
    Lever("more visits missed, fewer needs met", "used_minutes", -1, {"usual_missed_share": 0.12}),
    Lever("failure adds to need", "needed_minutes", 1, {"repeat_share": 0.3, "usual_missed_share": 0.12}),
    Lever("unpaid carers who do more leave less unmet", "unmet_minutes", -1, {"unpaid_backstop_share": 0.6}),
    Lever(
        "agencies that cover more leave less unmet",
        "unmet_minutes",
        -1,
        {"agency_cover_share": 0.9},
        models=OUT,
        always={"stretch_share": 0.0, "planned_slack_share": 0.0},
    ),
    Lever("in hospital nothing is ordered at home", "ordered_minutes", -1, {"hospital_admission_rate": 2.5}),
    Lever("more services give up, more people move", "people_handed_back", 1, {"hand_back_rate": 1.0}, models=OUT),
    Lever("gaps between visits are paid for", "idle_minutes", 1, {"shift_idle_ratio": 0.45}, models=OWN),
    Lever("sicker workers are off more", "absent_staff_weeks", 1, {"statutory_sickness_days": 25.0}, models=OUT),
    Lever("sicker workers are off more", "absent_staff_weeks", 1, {"occupational_sickness_days": 35.0}, models=OWN),
    Lever("needs that are seen are met", "unmet_minutes", -1, {"need_seen_share": 1.0}, models=OWN),
    Lever("what is dropped between services adds to need", "needed_minutes", 1, {"hand_off_error_share": 0.5}),
    Lever("more services take more time", "coordination_minutes", 1, {"second_service_share": 0.6}, models=OUT),
    Lever("whoever is free comes: less continuity", "continuity", -1, terms={"most_faces": 0}),
    Lever("hours that move bring other faces", "continuity", -1, terms={"hours_move_within": "zone"}, models=OUT),
    Lever("overheads are paid", "council_overhead_pence", 1, {"council_overhead_share": 0.3}, models=OWN),
)


def _total(lever, run):
    total = run.ledger.total(lever.outcome, run.burn_in)
    return total - run.ledger.total(lever.minus, run.burn_in) if lever.minus else total


CASES = [(lever, name) for lever in LEVERS for name in lever.models]


@pytest.mark.parametrize(("lever", "name"), CASES, ids=[f"{lever.why}, {name}" for lever, name in CASES])
def test_lever(lever, name, town):
    """The outcome over six draws moves the way it must (never the other), and moves in at least half of them."""
    model = delivery.read(name)
    differences = []
    for draw in range(DRAWS):
        numbers = parameters.central() if draw == 0 else parameters.draw(4, draw)
        numbers = numbers._replace(**lever.always)
        before = simulate(town, model, numbers, luck(4, draw), WEEKS, BURN_IN)
        pulled = numbers._replace(**lever.numbers)
        after = simulate(town, model.with_terms(**lever.terms), pulled, luck(4, draw), WEEKS, BURN_IN)
        differences.append(lever.way * (_total(lever, after) - _total(lever, before)))
    assert sum(differences) >= 0, f"{lever.outcome} went the wrong way: {differences}"
    assert sum(difference != 0 for difference in differences) >= DRAWS // 2, "the lever is not connected"
