"""insource: what it costs and what it does to buy care or to provide it."""

from importlib.metadata import PackageNotFoundError, version


def version_of_insource() -> str:
    """The installed version, or 'source' when run from a tree that was not installed."""
    try:
        return version("insource")
    except PackageNotFoundError:
        return "source"
