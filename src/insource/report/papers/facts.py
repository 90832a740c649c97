"""What a finished run tells a paper: its summary, its present values, its models, and which run it is."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from insource import delivery, strict_yaml
from insource.appraise.designed import Designed
from insource.appraise.drawn import drawn_in
from insource.appraise.drivers import Driver, drivers
from insource.appraise.summary import Summary, summarise
from insource.appraise.value import Question, Value, value_of
from insource.compare.run import of_draws, read_manifest, refuse_unusable
from insource.delivery import Delivery
from insource.desk.result import Result
from insource.report.designed_sheets import designs_of
from insource.report.value_result import appraisal

SHORT = 12


@dataclass(frozen=True)
class Facts:
    """A finished run and how it is to be valued."""

    folder: Path
    manifest: dict[str, Any]
    question: Question

    @property
    def run(self) -> str:
        """The short name of the run: the beginning of its fingerprint."""
        return str(self.manifest["fingerprint"])[:SHORT]

    @property
    def place(self) -> dict[str, Any]:
        """What the manifest says of the place."""
        return dict(self.manifest["place"])

    @property
    def names(self) -> tuple[str, ...]:
        """The models by name, the first is what the others are set against."""
        return tuple(model["name"] for model in self.manifest["models"])

    @property
    def titles(self) -> dict[str, str]:
        """The models' titles by name."""
        return {model["name"]: model["title"] for model in self.manifest["models"]}

    @property
    def line(self) -> str:
        """Which run every figure is from, in a sentence."""
        of = self.manifest
        return (
            f"Every figure is from run {self.run}: {self.place['name']}, {self.place['people']:,} people, "
            f"{of['years']} years, {of['draws']} paired draws, seed {of['seed']}, prices of "
            f"{self.place['base_date']}, insource {of['insource']}. A figure is the mean over the draws; the range in "
            f"brackets holds 90% of them. {of_draws(of)}".rstrip()
        )

    @cached_property
    def models(self) -> tuple[Delivery, ...]:
        """The models as they were run."""
        return tuple(
            delivery.parse(model["name"], strict_yaml.read_text(model["file"], model["name"]))
            for model in self.manifest["models"]
        )

    @cached_property
    def ledger(self) -> pl.LazyFrame:
        """The books of every draw."""
        return pl.scan_parquet(self.folder / "ledger.parquet")

    def drivers(self, outcome: str, model: str, outcomes: int, most: int = 6) -> list[Driver]:
        """What goes with a model's difference in an outcome more than luck would; of so many `outcomes` looked at."""
        looked_at = outcomes * (len(self.names) - 1)
        return drivers(self.summary, self.drawn, outcome, model, most, looked_at)

    @cached_property
    def summary(self) -> Summary:
        """Every outcome of every model, worked out from the books again."""
        return summarise(self.ledger, self.names, self.manifest["years"])

    @cached_property
    def value(self) -> Value:
        """Flows by year and their present values."""
        return value_of(self.ledger, self.names, self.question.edition, self.question.timing)

    @cached_property
    def appraised(self) -> Result:
        """What 'insource value' says of this run."""
        return appraisal(self.folder, self.manifest, self.titles, self.question)

    @cached_property
    def published(self) -> Result:
        """The same with small numbers of people withheld: what a paper may show of groups of people."""
        return self.appraised.published()

    @cached_property
    def designs(self) -> dict[str, Designed]:
        """What 'insource doubt' has run on purpose for this run, by kind: 'ends', 'crossed' and others."""
        return designs_of(self.folder, self.manifest["fingerprint"])

    @property
    def has_groups(self) -> bool:
        """Whether 'insource doubt --groups' has gathered who gains and who loses in this run."""
        return any(sheet.name == "who gains" for sheet in self.appraised.sheets)

    @cached_property
    def drawn(self) -> dict[str, np.ndarray]:
        """The parameters of every draw, by name."""
        return drawn_in(self.folder)

    def drawn_range(self, parameter: str) -> tuple[float, float]:
        """The middle 90% of what a parameter was over the draws."""
        if parameter not in self.drawn:
            return float("nan"), float("nan")
        low, high = np.quantile(self.drawn[parameter], (0.05, 0.95))
        return float(low), float(high)


def facts_of(folder: Path, question: Question) -> Facts:
    """Open a run; raises InputError if there is none or it has no results yet."""
    refuse_unusable(folder)
    return Facts(folder, read_manifest(folder), question)
