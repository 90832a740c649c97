"""A finished comparison, to be taken further: its plan made again from its manifest, refused if it would differ."""

from pathlib import Path
from typing import Any

from insource import delivery, scenario, strict_yaml, switches
from insource.compare.plan import Plan
from insource.compiled import source_hash
from insource.delivery import Delivery
from insource.errors import InputError, Problem
from insource.parameters import Override
from insource.place import Place, folder_of, is_ours, open_place
from insource.scenario import Scenario
from insource.simulate import NO_SCENARIO


def plan_again(manifest: dict[str, Any], folder: Path, place_given: str = "") -> Plan:
    """The plan of the run in a folder. Raises InputError where the place or the engine is not what it was."""
    if manifest["engine"] != source_hash():
        what = "the run was made by another version of insource, so that more runs would not belong to it"
        todo = "run 'insource compare' again with --overwrite, and then this"
        raise InputError(Problem("engine_changed", what, todo, file="run.json"))
    place = place_again(manifest, folder, place_given)
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


def place_again(manifest: dict[str, Any], folder: Path, given: str = "") -> Place:
    """The place of the run in a folder, refused if it is not found or its files are no longer what they were.

    It is looked for where `given` says, or else where it was as seen from the run's folder, or else (in runs that do
    not tell) as it was written then, from the working directory.
    """
    told = manifest["place"]
    kept = str((folder / told["folder"]).resolve()) if "folder" in told else ""
    text = given or (kept if folder_of(kept) else told["given"])
    todo = "say with --place where it is now"
    if not given and not is_ours(text) and not folder_of(text):
        found = kept or f"{text}, as seen from the working directory"
        todo += "" if kept else ", or go to the folder in which the comparison was made"
        raise _no_place(
            "place_not_found", "the place of this run is not where it was", todo, folder, f"nothing at {found}"
        )
    place = open_place(text)
    if place.fingerprint() != told["fingerprint"]:
        what = "the place is not what it was when the run was made"
        what += "" if text == kept else ", or it is another one"
        todo = f"put the files back, {todo}, or run the comparison again"
        raise _no_place("place_changed", what, todo, folder, text)
    return place


def _no_place(code: str, what: str, todo: str, folder: Path, found: str) -> InputError:
    return InputError(Problem(code, what, todo, file=str(folder / "run.json"), found=found))


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
