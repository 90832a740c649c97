"""Numbers outside the simulation, for desk tools and the planner: files of defaults, each number with its papers."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from insource import strict_yaml
from insource.sources import sources

YOURS = "given by the user"


@dataclass(frozen=True)
class Default:
    """A number with its papers. `where` is the page of the source, or the reason of a judgement."""

    name: str
    what: str
    unit: str
    value: float
    low: float
    high: float
    source: str
    where: str

    def text(self) -> str:
        """Where the number is from, as it is printed."""
        title = "A judgement" if self.source == "judgement" else sources()[self.source].text()
        return f"{title}. {self.where}"


@cache
def defaults_in(name: str) -> dict[str, Default]:
    """The numbers of a file that comes with insource, such as data/desk/needs.yaml, by name."""
    content = strict_yaml.read_text(files("insource").joinpath(name).read_text(encoding="utf-8"), name)
    return {
        key: Default(
            key,
            entry["what"],
            entry["unit"],
            float(entry["value"]),
            float(entry["range"][0]),
            float(entry["range"][1]),
            entry["source"]["key"],
            entry["source"]["where"],
        )
        for key, entry in content.items()
    }
