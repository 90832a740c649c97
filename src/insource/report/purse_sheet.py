"""Who pays more and who gets more under each model, purse by purse, at present value."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from insource.appraise.value import Value, paid_by_residents
from insource.desk.result import Column, Sheet
from insource.report.doubt_sheets import others
from insource.report.value_words import PURSE_WORDS

RESIDENTS = "People in care homes pay, and their families"


def purse_sheet(value: Value, titles: Mapping[str, str], drawn: Mapping[str, np.ndarray]) -> Sheet:
    """Every purse against the first model. `drawn` holds each parameter's values, shape (draws,)."""
    presents = {words: value.present(measure) for measure, words in PURSE_WORDS.items()}
    presents[RESIDENTS] = paid_by_residents(value, drawn)
    rows = []
    for words, present in presents.items():
        for number, title in others(titles):
            more = present[number] - present[0]
            low, high = (float(end) for end in np.quantile(more, (0.05, 0.95)))
            rows.append((words, title, float(present[0].mean()), float(more.mean()), low, high))
    columns = {
        "purse": Column("Purse"),
        "model": Column("Model"),
        "first": Column("Under the first model", "pounds", "pounds"),
        "mean": Column("Difference (mean)", "pounds", "pounds"),
        "low": Column("Difference: low end", "5% of draws below", "pounds"),
        "high": Column("Difference: high end", "5% of draws above", "pounds"),
    }
    frame = pl.DataFrame(rows, schema=list(columns), orient="row")
    note = (
        "Pay and surpluses are transfers: part of what the council pays. They are not added to it. Penalties are an "
        "income of the council: what it pays less these is what it is left with. People in care "
        "homes pay charges where the council pays for them and everything where it does not; charges for care at home "
        "are not in the model."
    )
    return Sheet("purses", "Who pays and who gets, present values", frame, columns, note)
