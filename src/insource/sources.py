"""Where the numbers come from: `data/sources.yaml`."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from insource import strict_yaml


@dataclass(frozen=True)
class Source:
    """A publication, a data set, or a signed judgement."""

    key: str
    title: str
    publisher: str
    year: int
    address: str

    def text(self) -> str:
        """As it is cited in a report."""
        return f"{self.title.rstrip('.')}. {self.publisher}, {self.year}"


@cache
def sources() -> dict[str, Source]:
    """Every source by its key."""
    text = files("insource").joinpath("data/sources.yaml").read_text(encoding="utf-8")
    content = strict_yaml.read_text(text, "sources.yaml")
    return {
        key: Source(key, entry["title"], entry["publisher"], entry["year"], entry["address"])
        for key, entry in content.items()
    }
