"""What somebody choosing a service knows about its quality (Thurstone 1927: choice by a noisy signal)."""

import math

from insource.compiled import rule
from insource.numeric import exp


@rule
def in_spreads(quality, spread):
    """Quality in the unit it is talked about in: spreads between services; nothing where they do not differ."""
    return quality / spread if spread > 0.0 else 0.0


@rule
def signal(quality, correlation, z):
    """What is seen of a standardised quality through a signal with this correlation to it (0 to 1)."""
    return correlation * quality + math.sqrt(1.0 - correlation * correlation) * z


@rule
def signal_correlation(correlation, is_advice_allowed, advice_gain):
    """Correlation of what is seen with quality: higher where those who know may say so; never above 1."""
    return min(correlation + advice_gain * is_advice_allowed, 1.0)


@rule
def stale_correlation(fresh_correlation, weeks, fading_weeks):
    """Correlation with quality today of a verdict so many weeks old.

    Quality that wanders about a mean (a first-order autoregression) keeps exp(-weeks / fading_weeks) of it.
    """
    return fresh_correlation * exp(-weeks / fading_weeks)


@rule
def expected_quality(own_signal, own_correlation, published_signal, published_correlation):
    """What is to be expected of a service's quality, in spreads, from two signals whose errors have nothing in common.

    Each signal is standardised. Weighted by what each tells (Bayes for normals): for correlations a and b
    (a s (1 - b^2) + b t (1 - a^2)) / (1 - a^2 b^2). With one signal alone it is that signal times its correlation.
    """
    own, published = own_correlation * own_correlation, published_correlation * published_correlation
    if own >= 1.0:
        return own_signal
    told = own_correlation * own_signal * (1.0 - published) + published_correlation * published_signal * (1.0 - own)
    return told / (1.0 - own * published)


@rule
def combined_correlation(own_correlation, published_correlation):
    """Correlation with quality of what is expected from both signals together."""
    own, published = own_correlation * own_correlation, published_correlation * published_correlation
    if own >= 1.0 or published >= 1.0:
        return 1.0
    return math.sqrt((own * (1.0 - published) + published * (1.0 - own)) / (1.0 - own * published))
