"""A finished comparison, to be taken further: its plan made again from its manifest, refused if it would differ."""

from dataclasses import replace
from typing import Any

from insource import delivery, scenario, strict_yaml, switches
from insource.compare.plan import Plan
from insource.compiled import source_hash
from insource.delivery import Delivery
from insource.errors import InputError, Problem
from insource.parameters import Override
from insource.place import Place, open_place
from insource.scenario import Scenario
from insource.simulate import NO_SCENARIO


def plan_again(manifest: dict[str, Any], place_given: str = "") -> Plan:
    """The plan of a run. Raises InputError where the place or the engine is not what it was."""
    if manifest["engine"] != source_hash():
        what = "the run was made by another version of insource, so that more runs would not belong to it"
        todo = "run 'insource compare' again with --overwrite, and then this"
        raise InputError(Problem("engine_changed", what, todo, file="run.json"))
    place = place_again(manifest, place_given)
    own = {override.name for override in place.records}
    given = [Override(**entry) for entry in manifest["overrides"]]
    return Plan(
        place_text=manifest["place"]["given"],
        place=place,
        models=tuple(model_again(entry, tuple(manifest["switched_off"])) for entry in manifest["models"]),
        texts={entry["name"]: entry["file"] for entry in manifest["models"]},
        years=manifest["years"],
        draws=manifest["draws"],
        seed=manifest["seed"],
        overrides=tuple(one for one in given if not (one.by == "records" and one.name in own)),
        burn_in=manifest["burn_in_weeks"],
        off=tuple(manifest["switched_off"]),
        scenario=scenario_again(manifest),
        scenario_text=manifest["scenario"]["file"],
    )


def place_again(manifest: dict[str, Any], given: str = "") -> Place:
    """The place of the run, refused if its files are no longer what they were."""
    try:
        place = open_place(given or manifest["place"]["given"])
    except InputError as fault:
        todo = "go to the folder in which the comparison was made, or say with --place where the place is now"
        raise InputError([replace(problem, todo=todo) for problem in fault.problems]) from None
    if place.fingerprint() != manifest["place"]["fingerprint"]:
        raise InputError(
            Problem(
                "place_changed",
                "the place is not what it was when the run was made",
                "run the comparison again, or put the files back",
                file=manifest["place"]["given"],
            )
        )
    return place


def model_again(entry: dict[str, Any], off: tuple[str, ...] = ()) -> Delivery:
    """The delivery model as it was in the run, from the text kept in the manifest, with what was switched off."""
    model = delivery.parse(entry["name"], strict_yaml.read_text(entry["file"], f"{entry['name']}.yaml"))
    return switches.without(model, switches.chosen(list(off)))


def scenario_again(manifest: dict[str, Any]) -> Scenario:
    """The scenario of the run, from the text kept in the manifest; none in runs made before there were any."""
    entry = manifest.get("scenario")
    if not entry or not entry["file"]:
        return NO_SCENARIO
    return scenario.parse(entry["name"], strict_yaml.read_text(entry["file"], f"{entry['name']}.yaml"))
