"""What officers' hours find out, and what low quality does to those hours (loop L6).

An officer who spends h hours a year on a service finds under-staffing with chance 1 - exp(-h / hours_to_detect): finds
are a Poisson stream, each hour as likely to bring one as the next (a judgement on the form; more hours always help, and
each hour helps less). Somebody tempted to under-staff does not if detection is at least what they stand to gain over
the penalty (Becker 1968).
"""

import math

from insource.compiled import rule
from insource.numeric import exp, log


@rule
def detection_share(hours, hours_to_detect):
    """Chance in a year that under-delivery of a service is found and held against it."""
    return 1.0 - exp(-max(hours, 0.0) / hours_to_detect)


@rule
def hours_for_detection(share, hours_to_detect):
    """Officers' hours a year for a service that give this chance of detection."""
    return -hours_to_detect * log(1.0 - share) if share < 1.0 else math.inf


@rule
def hours_after_concerns(usual_hours, concerns, usual_concerns, response_hours):
    """Officers' hours a year for a service: those meant for it, and what concerns above the usual add.

    Concerns may draw officers to a service, or take up the time they would have spent watching it: then
    `response_hours`, the hours that each concern adds, is below zero. Never below zero in all.
    """
    return max(usual_hours + (concerns - usual_concerns) * response_hours, 0.0)


@rule
def oversight_outcome(hours_if_honest, hours_if_skeleton, hours_needed):
    """How L6 ends, with `hours_needed` for deterrence and what officers spend once services have settled either way.

    0: everybody staffs honestly. 1: everybody cuts. 2: it depends on where it starts (quality once lost is not won
    back). -1: neither lasts, and services go back and forth.
    """
    is_honest_lasting = hours_if_honest >= hours_needed
    is_skeleton_lasting = hours_if_skeleton < hours_needed
    if is_honest_lasting and is_skeleton_lasting:
        return 2
    if is_honest_lasting:
        return 0
    return 1 if is_skeleton_lasting else -1
