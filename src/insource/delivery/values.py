"""The values of terms in a delivery file, and terms that cannot go together."""

from collections.abc import Iterable

from insource.errors import InputError, Problem, unknown
from insource.terms import CHOICES, TERMS

RECORDED = -1.0
"""Stands for a value that the place's own records tell (or the base value where they do not)."""


def base_terms() -> dict[str, float]:
    """Every term at its base value."""
    return {name: _number(name, _plain(term.base)) for name, term in TERMS.items()}


def _plain(word: str) -> object:
    try:
        return float(word)
    except ValueError:
        return word


def _number(name: str, value: object) -> float:
    number = TERMS[name].number(value)
    if isinstance(number, Problem):
        raise InputError(number)
    return number


def terms_from(content: object, file: str, problems: list[Problem]) -> dict[str, float]:
    """Terms by name as numbers; what is wrong with them is added to `problems`."""
    if not isinstance(content, dict):
        problems.append(
            Problem("terms", "'terms' should hold names and values", "write lines such as 'notice_weeks: 1'", file=file)
        )
        return {}
    found: dict[str, float] = {}
    for name, value in content.items():
        if name not in TERMS:
            problems.append(unknown("term", name, TERMS, file=file))
            continue
        if value == "recorded" and name == "providers_per_zone":
            found[name] = RECORDED
            continue
        number = TERMS[name].number(value, file)
        if isinstance(number, Problem):
            problems.append(number)
        else:
            found[name] = number
    return found


def contradictions(stages: Iterable[dict[str, float]], file: str) -> list[Problem]:
    """Terms that cannot go together, among the terms of parts at any time."""
    return list(dict.fromkeys(problem for terms in stages for problem in _contradiction(terms, file)))


def _contradiction(terms: dict[str, float], file: str) -> list[Problem]:
    is_council = terms["employer"] == CHOICES.employer.council
    is_salary = terms["payment_basis"] == CHOICES.payment_basis.salary
    is_company = terms["employer"] == CHOICES.employer.council_company
    if is_council == is_salary or (is_company and is_salary):
        return []
    return [
        Problem(
            "employer_and_payment",
            "a council's own service is paid for by salary, its company may be, others are not",
            "set 'employer: council' and 'payment_basis: salary' together",
            file=file,
            column="payment_basis",
            found=f"employer {TERMS['employer'].words(terms['employer'])}, payment_basis "
            f"{TERMS['payment_basis'].words(terms['payment_basis'])}",
        )
    ]
