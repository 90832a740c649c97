"""Need as a few states that people pass through, and as episodes that come and go (closed forms).

Kemeny & Snell (1960), "Finite Markov Chains", for states; Poisson arrivals with any length for episodes (M/G/infinity).
For a desk and for checks: the weekly model lets need move without steps. Arrays are plain NumPy.
"""

import numpy as np

from insource.compiled import rule
from insource.numeric import exp


def weeks_in_states(stay: np.ndarray) -> np.ndarray:
    """Expected weeks in each state (columns) by state of entry (rows): (I - Q)^-1, Q the chances between states."""
    return np.linalg.inv(np.eye(len(stay)) - stay)


def weeks_until_end(stay: np.ndarray) -> np.ndarray:
    """Expected weeks until an end of any kind, by state of entry."""
    return weeks_in_states(stay).sum(axis=1)


def spread_of_weeks(stay: np.ndarray) -> np.ndarray:
    """Standard deviation of those weeks: sqrt((2 N - I) t - t^2)."""
    weeks = weeks_until_end(stay)
    return np.sqrt((2.0 * weeks_in_states(stay) - np.eye(len(stay))) @ weeks - weeks**2)


def shares_of_ends(stay: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Share of people (by state of entry, rows) who come to each end (columns): N R."""
    return weeks_in_states(stay) @ end


def standing_stock(stay: np.ndarray, arrivals: np.ndarray) -> np.ndarray:
    """People in each state in the long run when so many arrive in each state a week: a N."""
    return arrivals @ weeks_in_states(stay)


@rule
def episode_mean(episodes_a_week, weeks, extra):
    """Mean extra need of one person whose episodes begin at this rate and last so many weeks on average."""
    return episodes_a_week * weeks * extra


@rule
def episode_variance(episodes_a_week, weeks, extra):
    """Variance of the same: episodes that overlap add up, and how many there are is Poisson."""
    return episodes_a_week * weeks * extra * extra


@rule
def share_in_episode(episodes_a_week, weeks):
    """Share of people who are in at least one episode: 1 - exp(-rate * weeks)."""
    return 1.0 - exp(-episodes_a_week * weeks)
