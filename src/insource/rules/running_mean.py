"""A running mean that remembers about so many weeks."""

from insource.compiled import rule


@rule
def running_mean(present, latest, weeks):
    """Exponentially weighted mean with centre of mass as for a plain mean of `weeks`: weight 2 / (weeks + 1)."""
    return present + (latest - present) * 2.0 / (weeks + 1.0)
