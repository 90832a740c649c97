"""The micro-model that every peer is given: people whose needs drift, posts that empty and fill, services that ration.

Week by week, for N people, 0.8 N posts and N / 60 services:
 1 each person's deviation of need moves as an AR(1); some go into hospital or come home; some leave and are replaced;
 2 each post empties or fills;
 3 a service serves its people in proportion to what its filled posts can give;
 4 somebody who has been short for more than four weeks in a row moves to another service at a small chance.
What is kept: minutes needed and delivered, moves, posts filled, week by week.
"""

from dataclasses import dataclass

import numpy as np

PERSISTENCE, SPREAD, MEAN_MINUTES = 0.8, 0.2, 840.0
ADMITTED, RETURNS, LEAVES = 0.017, 0.69, 0.0075
QUITS, FILLS, POSTS_A_PERSON, MINUTES_A_POST = 0.005, 0.06, 0.8, 1080.0
PEOPLE_A_SERVICE, PATIENCE, MOVES, SHORT_BELOW = 60, 4, 0.1, 0.95


@dataclass
class Totals:
    """What a run left behind: one number for each week."""

    needed: np.ndarray
    delivered: np.ndarray
    moves: np.ndarray
    filled: np.ndarray

    @classmethod
    def of(cls, weeks: int) -> "Totals":
        """Nothing yet."""
        return cls(*(np.zeros(weeks) for _ in range(4)))

    def means(self) -> dict[str, float]:
        """Means over the second half of the run, by which implementations are held against one another."""
        half = len(self.needed) // 2
        needed, delivered = self.needed[half:].sum(), self.delivered[half:].sum()
        return {
            "needed a week": needed / (len(self.needed) - half),
            "share delivered": delivered / needed,
            "moves a week": self.moves[half:].mean(),
            "posts filled": self.filled[half:].mean(),
        }
