"""What every test may use: the tiny named world, a small town, and the rule that every test says what kind it is."""

import pytest
from hypothesis import settings

from insource import delivery, parameters
from insource.draws import luck
from insource.place import Place, synthetic

KINDS = {"worked", "closed_form", "property", "published", "baseline", "house"}

settings.register_profile("insource", deadline=None)
settings.load_profile("insource")
"""How long an example takes says how busy the machine is, and not whether the rule holds."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test that is not exactly one of the kinds."""
    for item in items:
        kinds = KINDS & {mark.name for mark in item.iter_markers()}
        if len(kinds) != 1:
            raise pytest.UsageError(f"{item.nodeid} must be marked with exactly one of {sorted(KINDS)}; has {kinds}")


@pytest.fixture(scope="session")
def town() -> Place:
    """A made-up town of 400 people."""
    return synthetic(400, seed=3, name="town")


@pytest.fixture(scope="session")
def numbers():
    """Every parameter at its central value."""
    return parameters.central()


@pytest.fixture(scope="session")
def some_luck():
    """The luck of draw 0 of seed 1."""
    return luck(1, 0)


@pytest.fixture(params=sorted(delivery.bundled()))
def model(request: pytest.FixtureRequest) -> delivery.Delivery:
    """Each delivery model that comes with the product."""
    return delivery.read(request.param)
