"""Neutral settings of tendering and what goes with it, for test_neutral.py."""

from typing import Any

AWARDS: tuple[dict[str, Any], ...] = (
    {
        "mechanism": "tendering",
        "why": "under an open fee nobody competes",
        "numbers": {"tender_hours": 0.0, "bid_hours": 0.0},
        "terms": {"procedure": "open_fee"},
        "other_numbers": {"own_cost_share": 0.2, "bidders_a_place": 6.0, "marks_spread": 0.0, "bid_cost_share": 0.02},
        "other_terms": {
            "award_formula": "price_a_point",
            "price_weight": 0.9,
            "contract_weeks": 26,
            "quality_floor": 60,
        },
        "control": {"procedure": "sealed_bids"},
    },
    {
        "mechanism": "tendering",
        "why": "all bidders are honest, so what the dishonest do does not matter",
        "numbers": {"slick_writer_share": 0.0, "low_baller_share": 0.0},
        "terms": {"procedure": "sealed_bids"},
        "other_numbers": {"slick_marks": 25.0, "cost_uncertainty_share": 0.2, "low_baller_assets_share": 0.1},
        "always": {"slick_writer_share": 0.4, "low_baller_share": 0.3},
        "control": {"procedure": "sealed_bids"},
    },
    {
        "mechanism": "fees",
        "why": "the council runs every service, so what an outside one should cost does not matter",
        "other_numbers": {"employment_cost_ratio": 1.9, "real_living_wage_pence": 1500.0, "marks_from_pay_share": 1.0},
        "model": "in_house",
    },
    {
        "mechanism": "fees",
        "why": "marks reward nothing but writing, so what they are worth does not matter",
        "numbers": {"marks_from_pay_share": 0.0},
        "terms": {"procedure": "sealed_bids", "award_formula": "priced_quality", "price_ceiling_ratio": 2.0},
        "other_numbers": {"mark_cost_pence": 1.0},
        "control": {"procedure": "sealed_bids", "award_formula": "priced_quality", "price_ceiling_ratio": 2.0},
    },
    {
        "mechanism": "after_award",
        "why": "nobody gives up for want of money, so what owners can lose does not matter",
        "numbers": {"failure_share": 0.0},
        "other_numbers": {"assets_share": 0.0, "spot_premium_share": 0.4},
        "always": {"failure_share": 0.2, "external_price_pounds": 18.0},
    },
    {
        "mechanism": "after_award",
        "why": "no place passes to another firm",
        "terms": {"procedure": "open_fee"},
        "other_numbers": {"staff_transfer_share": 0.1, "mobilisation_weeks": 13.0, "variation_granted_share": 1.0},
        "other_terms": {"tupe_honoured_share": 0, "penalty_ratio": 9},
        "control": {"procedure": "sealed_bids", "price_weight": 0.0, "contract_weeks": 26},
    },
)
