"""A run whose area empties or explodes stops with a clear message, not with a figure."""

import pytest

from insource import delivery, parameters
from insource.compare import Plan, run
from insource.draws import luck
from insource.errors import InputError
from insource.parameters import Override
from insource.place import synthetic
from insource.simulate import prepare, refuse_runaway, simulate

pytestmark = pytest.mark.property


def _stopped(**numbers):
    place, model = synthetic(400, 1), delivery.read("framework")
    with pytest.raises(InputError) as caught:
        simulate(place, model, parameters.central()._replace(**numbers), luck(1, 0), 780, 52)
    (problem,) = caught.value.problems
    assert problem.code == "runaway"
    assert problem.file.startswith("framework, week ")
    return problem


def test_an_area_that_empties():
    """Demand that falls by two thirds a year leaves nobody."""
    assert "emptied" in _stopped(demand_growth_rate=-0.67, death_rate_18_64=0.3).what


def test_an_area_that_explodes():
    """Four times the people that were to be expected."""
    place, model = synthetic(400, 1), delivery.read("framework")
    simulation = prepare(place, model, parameters.central(), luck(1, 0), 52, 0, room=40.0)
    simulation.advance(8)
    simulation.tables["people"]["is_here"][:1700] = 1
    with pytest.raises(InputError, match="exploded"):
        refuse_runaway(simulation.tables, simulation.numbers, 8, model.name)


def test_growth_that_was_asked_for_is_no_explosion():
    """Demand that was set to grow may grow."""
    numbers = parameters.central()._replace(demand_growth_rate=0.25)
    simulate(synthetic(400, 1), delivery.read("framework"), numbers, luck(1, 0), 260, 26)


def test_a_comparison_names_the_draw(tmp_path):
    """In a comparison the message says which draw and which model."""
    names = ("framework", "in_house")
    plan = Plan(
        place_text="synthetic:400:1",
        place=synthetic(400, 1),
        models=tuple(delivery.read(name) for name in names),
        texts=dict.fromkeys(names, ""),
        years=15,
        draws=1,
        overrides=(
            Override("demand_growth_rate", -0.67, "a planted fault"),
            Override("death_rate_18_64", 0.3, "another"),
        ),
    )
    with pytest.raises(InputError) as caught:
        run(plan, tmp_path / "result")
    assert caught.value.problems[0].file.startswith("draw 0, framework, week ")
