"""Neutral settings that need parameters only (see test_neutral.py, which has those that need more).

Mechanism, why, the parameters that make it neutral, and the parameters and terms that then do not matter.
"""

PLAIN = (
    (
        "social_work",
        "nothing is disputed, so neither how long a dispute takes nor what makes more of them matters",
        {"dispute_rate": 0.0},
        {"dispute_hours": 20.0, "dispute_stale_effect": 3.0},
        {},
    ),
    (
        "office_work",
        "tenders take no time, so what officers are paid does not matter",
        {"tender_hours": 0.0, "bid_hours": 0.0},
        {"buyer_hour_pounds": 90.0},
        {},
    ),
    (
        "office_work",
        "finding services takes no time, so a team of any ratio to it is nobody",
        {"placement_hours": 0.0, "call_hours": 0.0},
        {"brokers_to_work_ratio": 3.0, "usual_room_share": 0.9},
        {},
    ),
    (
        "allocation",
        "every plan is costed, so bands do not matter",
        {"budget_corrected_share": 1.0},
        {},
        {"allocation_basis": "bands", "budget_bands": 2},
    ),
    (
        "allocation",
        "budgets are what plans cost, so nothing is there to be moved",
        {"points_residual": 0.0, "costed_residual": 0.0},
        {},
        {"is_budget_transferable": "yes"},
    ),
    (
        "ratings",
        "ratings tell nothing, so whether they are published and how they age does not matter",
        {"rating_correlation": 0.0},
        {"rating_fading_weeks": 10.0},
        {"is_quality_published": "no"},
    ),
    (
        "allocation",
        "a score tells as much as a costed plan and takes as long",
        {"points_residual": 0.25, "costed_residual": 0.25, "costing_hours": 0.0},
        {"budget_corrected_share": 0.0},
        {"allocation_basis": "costed", "is_corrected_at_review": "no"},
    ),
    (
        "social_work",
        "no concerns, no enquiries",
        {"usual_concern_rate": 0.0},
        {"enquiry_hours": 90.0, "concern_effect": 2.0},
        {},
    ),
    (
        "needs",
        "nobody declines in hospital",
        {"decline_after_hospital_share": 0.0},
        {"decline_lift": 2.0, "recovery_weeks": 40.0},
        {},
    ),
    (
        "needs",
        "no fluctuation",
        {"need_variation": 0.0},
        {"need_persistence": 0.1, "need_correlation": 0.9, "entry_peak": 1.5},
        {},
    ),
    ("paid_time", "both kinds of holiday are the same", {"council_leave_days": 28.0}, {}, {"holiday": "council"}),
)
