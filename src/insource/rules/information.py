"""What somebody choosing a service knows about its quality (Thurstone 1927: choice by a noisy signal)."""

import math

from insource.compiled import rule


@rule
def signal(quality, correlation, z):
    """What is seen of a standardised quality through a signal with this correlation to it (0 to 1)."""
    return correlation * quality + math.sqrt(1.0 - correlation * correlation) * z


@rule
def signal_correlation(correlation, is_advice_allowed, advice_gain):
    """Correlation of what is seen with quality: higher where those who know may say so; never above 1."""
    return min(correlation + advice_gain * is_advice_allowed, 1.0)
