"""What the models are worth under rival findings on what care does for people."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from insource.appraise.value import Question, Value
from insource.appraise.wellbeing import FUNCTIONS, benefit, gain_an_hour, gains
from insource.desk.result import Column, Sheet
from insource.report.doubt_sheets import others


def wellbeing_sheet(value: Value, titles: Mapping[str, str], asked: Question) -> Sheet:
    """One row for each finding and model against the first."""
    rows = []
    for function, about in FUNCTIONS.items():
        more = gains(value, function)
        net = benefit(value, function, asked.threshold, asked.purse)
        best = list(titles.values())[int(net.mean(axis=1).argmax())]
        for number, title in others(titles):
            low, high = (float(end) for end in np.quantile(more[number], (0.05, 0.95)))
            row = (f"{function} ({about})", title, float(more[number].mean()), low, high)
            rows.append((*row, float(net[number].mean()), float((net[number] > 0).mean()), best))
    columns = {
        "finding": Column("What care does for people"),
        "model": Column("Model"),
        "gain": Column("SC-QALYs more (mean)", "SC-QALYs", "number"),
        "gain_low": Column("SC-QALYs more: low end", "5% of draws below", "number"),
        "gain_high": Column("SC-QALYs more: high end", "5% of draws above", "number"),
        "net": Column("Net benefit (mean)", "pounds", "pounds"),
        "worth_it": Column("Worth it", "share of draws", "share"),
        "best": Column("Best on average"),
    }
    texts = ("finding", "model", "best")
    schema = {name: pl.String if name in texts else pl.Float64 for name in columns}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    note = (
        f"In proportion, a thousand hours that meet a need are {1000 * gain_an_hour():.3f} SC-QALYs whoever has them; "
        "the net benefit is at the same pounds for a SC-QALY."
    )
    return Sheet("rival wellbeing", "If care does more or less for people than we reckon", frame, columns, note)
