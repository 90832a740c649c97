"""Delivery models that stand between two: some groups of terms from the one, the others from the other.

A group is a heading of the list of terms. Who employs the care workers and what is paid for go together, because a
council's own service can only be paid for by salary. How people are shared out among arrangements, and when that
changes, is a group of its own: where the two models have different parts, terms come from the part of the other model
that stands in the same place, or from its largest one.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace

from insource.delivery import Delivery, Part
from insource.delivery.model import Change
from insource.delivery.values import contradictions
from insource.terms import TERMS

JOINED = {"who": "who employs and what is paid for", "paid for": "who employs and what is paid for"}
SHARED_OUT = "who is cared for under which arrangement"


def group_of(term: str) -> str:
    """The group that a term goes with."""
    own = TERMS[term].group
    return JOINED.get(own, own)


def every_group() -> tuple[str, ...]:
    """All groups, in the order of the list of terms."""
    return tuple(dict.fromkeys((*(group_of(name) for name in TERMS), SHARED_OUT)))


@dataclass(frozen=True)
class Between:
    """Two models and the groups in which they differ (`groups`) and do not (`alike`)."""

    first: Delivery
    second: Delivery
    groups: tuple[str, ...]
    alike: tuple[str, ...]

    def model(self, chosen: Set[str]) -> Delivery:
        """The first model with these groups from the second; both ends are the models themselves."""
        if not chosen & set(self.groups):
            return self.first
        if chosen >= set(self.groups):
            return self.second
        return crossed(self.first, self.second, chosen)

    def terms(self, group: str) -> tuple[str, ...]:
        """The terms of a group that differ in any part or at any time, as a reader would name them."""
        others = set(self.groups) - {group}
        pairs: tuple[tuple[set[str], set[str]], ...] = ((set(), {group}), (others, {*others, group}))
        found: dict[str, None] = {}
        for without, with_it in pairs:
            before, after = (list(_stages(crossed(self.first, self.second, one))) for one in (without, with_it))
            if len(before) == len(after):
                for one, other in zip(before, after, strict=True):
                    found |= {name: None for name in TERMS if one[name] != other[name] and group_of(name) == group}
        return tuple(found)


def between(first: Delivery, second: Delivery) -> Between:
    """The groups in which two models differ; one that changes nothing, whatever the others are, is `alike`."""
    everything = set(every_group())
    differing = []
    for group in every_group():
        bare, full = crossed(first, second, {group}), crossed(first, second, everything - {group})
        if not (_alike(bare, crossed(first, second, set())) and _alike(full, crossed(first, second, everything))):
            differing.append(group)
    return Between(first, second, tuple(differing), tuple(one for one in every_group() if one not in differing))


def crossed(first: Delivery, second: Delivery, chosen: Set[str]) -> Delivery:
    """The first model with the chosen groups as in the second, part by part and change by change."""
    frame = second if SHARED_OUT in chosen else first
    parts = []
    for part, position in frame.positions():
        of_first, of_second = (_counterpart(frame, one, part.line, position)[0].terms for one in (first, second))
        own = {name: (of_second if group_of(name) in chosen else of_first)[name] for name in TERMS}
        parts.append(replace(part, terms=own))
    changes = [
        Change(one.from_week, one.part, {}, one.line, one.shares) for one in frame.changes if one.shares is not None
    ]
    for donor, is_second in ((first, False), (second, True)):
        changes += _changes(frame, donor, {group for group in every_group() if (group in chosen) == is_second})
    model = replace(first, name=f"{first.name} to {second.name}", parts=tuple(parts), changes=tuple(changes))
    found = contradictions(model.stages(), model.name)
    assert not found, found[0].text()  # employer and what is paid for are one group, so it cannot be
    return model


def _changes(frame: Delivery, donor: Delivery, groups: Set[str]) -> Iterator[Change]:
    """The later changes of a donor's terms of these groups, for the parts of the frame that they are for."""
    for change in donor.changes:
        own = {name: value for name, value in change.terms.items() if group_of(name) in groups}
        if not own:
            continue
        for part, position in frame.positions():
            _, counterpart = _counterpart(frame, donor, part.line, position)
            if change.is_for(part.line, counterpart):
                yield Change(change.from_week, position, own, part.line)


def _counterpart(frame: Delivery, donor: Delivery, line: str, position: int) -> tuple[Part, int]:
    """The donor's part in the same place of a line, or its largest one where the two have other parts."""
    parts = donor.of_line(line)
    if len(parts) == len(frame.of_line(line)):
        return parts[position], position
    places = [number for number, part in enumerate(donor.parts) if part.line == line]
    shares = donor.shares(0.0)[places]
    largest = int(shares.argmax())
    return parts[largest], largest


def _stages(model: Delivery) -> Iterator[dict[str, float]]:
    return model.stages()


def _alike(one: Delivery, other: Delivery) -> bool:
    return _plain(one) == _plain(other)


def _plain(model: Delivery) -> tuple[object, object]:
    """Parts, and for each part and change of terms what is in force when; changes in the order in which they happen."""
    parts = [(part.share, part.line, part.terms) for part in model.parts]
    changes = []
    for part, position in model.positions():
        changes += [
            (part.line, position, change.from_week, change.terms, change.shares)
            for change in sorted(model.changes, key=lambda one: one.from_week)
            if change.is_for(part.line, position) and (change.terms or change.shares)
        ]
    return parts, changes
