"""Names of suppliers: which may be printed, and how two spellings of one name are made alike.

Published payments name businesses, and sometimes people: sole traders, carers, people on direct payments. A name that
may be somebody's is never printed. The test leans to caution: two or three words of which none is a word of
organisations ("Leonard Cheshire") count as a person's name until the user says otherwise. Where a person trades under a
name ("Smith J T/A Ash House"), the trading name alone is kept.
"""

import csv
import re
from functools import cache
from importlib.resources import files

INDIVIDUALS = "individuals and names withheld"
TITLE_WITHHELD = "title withheld: it may name somebody"
MOST_WORDS_OF_A_PERSON = 4
TRADING_AS = re.compile(r"\b(?:t\s*/\s*as?|t\.a\.?|ta|trading\s+as|dba)\b[:\s]*", re.IGNORECASE)
IN_BRACKETS = re.compile(r"\(([^()]*)\)?")
PLURAL_SUFFIXES = ("care", "homes", "house", "lodge", "services", "support", "nursing")


@cache
def words(name: str) -> frozenset[str]:
    """One of the lists of words in data/desk/market_words.csv."""
    text = files("insource").joinpath("data/desk/market_words.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["list"] == name]
    return frozenset(word for row in rows for word in row["words"].split(";"))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(re.escape(word) for word in sorted(words(name)))})\b")


@cache
def keyed_words(name: str) -> dict[str, tuple[str, ...]]:
    """The lists of words of one kind by their key, in the order of the file."""
    text = files("insource").joinpath("data/desk/market_words.csv").read_text(encoding="utf-8")
    return {
        row["key"]: tuple(row["words"].split(";")) for row in csv.DictReader(text.splitlines()) if row["list"] == name
    }


@cache
def public_part(name: str) -> str:
    """The name without those parts of it that may be a person's: before "trading as", or between oblique strokes."""
    before, *after = TRADING_AS.split(name, maxsplit=1)
    if after and before.strip() and len(after[0].strip()) > 1 and is_person(before):
        name = after[0]
    name = IN_BRACKETS.sub(lambda found: "" if _has_initials(found.group(1)) else found.group(0), name)
    parts = [part.strip() for part in name.split("/")]
    if not any(is_person(part) for part in parts):
        return name.strip()
    kept = [part for part in parts if _is_organisation(part)]
    return "/".join(kept) or name.strip()


def _has_initials(text: str) -> bool:
    """True for "M.Butler" and "Mrs Butler", false for "South West"."""
    tokens = re.findall(r"[a-z]+", text.lower())
    return len(tokens) > 1 and (any(len(token) == 1 for token in tokens) or tokens[0] in words("title"))


@cache
def is_withheld(name: str) -> bool:
    """True for a blank, and for words that stand where a name was taken out."""
    text = " ".join(re.findall(r"[a-z0-9]+", name.lower()))
    return not text or bool(_pattern("withheld").search(text))


@cache
def is_person(name: str) -> bool:
    """True if the name may be a person's: it has a title or initials, or few words and none of organisations."""
    tokens = re.findall(r"[a-z0-9']+", name.lower().replace(".", " "))
    letters = [token for token in tokens if token.isalpha() or "'" in token]
    if not tokens or any(character.isdigit() for character in name):
        return False
    if tokens[0] in words("title") or any(token in ("mr", "mrs", "miss", "messrs") for token in tokens):
        return True
    if any(_is_of_organisations(token) for token in tokens):
        return False
    return 1 < len(letters) <= MOST_WORDS_OF_A_PERSON


def _is_organisation(name: str) -> bool:
    """True for a name with a word of organisations in it that is no person's."""
    has_word = any(_is_of_organisations(token) for token in re.findall(r"[a-z0-9']+", name.lower()))
    return has_word and not is_person(name)


def _is_of_organisations(token: str) -> bool:
    return token in words("no_person") or (token.endswith(PLURAL_SUFFIXES) and len(token) > len("house"))


@cache
def shown(name: str) -> str:
    """The name as it may be printed; INDIVIDUALS for those that may not."""
    public = public_part(name)
    return INDIVIDUALS if is_withheld(name) or is_person(public) else public


def without_people(text: str) -> str:
    """Free text such as the title of a contract as it may be printed: not where it has somebody's title (Mr, Mrs)."""
    tokens = set(re.findall(r"[a-z]+", text.lower()))
    return TITLE_WITHHELD if tokens & {"mr", "mrs", "ms", "miss", "master"} else text


@cache
def even(name: str) -> str:
    """A name without case, punctuation, legal form and small words, for comparing: "The Oaks Ltd." -> "oaks"."""
    text = name.lower().replace("&", " and ").replace("'", "")
    tokens = re.findall(r"[a-z0-9]+", text)
    kept = [token for token in tokens if token not in words("company")]
    return " ".join(kept or tokens)
