"""Maps of arrangements: the rounds of a day, each part with a colour, dashes and a shape of its own; no map tiles."""

from collections.abc import Sequence

import numpy as np

from insource.planner.compared import Tried
from insource.planner.day import places_of
from insource.planner.team import Team
from insource.report.pool_map import COLOURS, DASHES, MAP_EDGE, MAP_WIDTH, frame_of, scale_bar
from insource.report.pool_page import render

RADIUS = 5.0


def maps_page(team: Team, tried: Sequence[Tried]) -> str:
    """A map of the first day under each arrangement."""
    maps = [
        {
            "title": f"{one.arrangement.parts} {one.arrangement.name}"
            if one.arrangement.parts > 1
            else one.arrangement.name.capitalize(),
            "map": _map(team, one),
            "caption": f"{one.figures['travel_a_leg']:.1f} minutes of travel for each visit; "
            f"{100 * one.figures['unserved_share']:.1f}% of visits not made.",
        }
        for one in tried
    ]
    lead = "Rounds of the first day. Parts differ in colour, dashes and shape; lines begin and end at carers' homes."
    return render("pool_compare_maps.html", title=f"Maps of arrangements: team {team.name}", lead=lead, maps=maps)


def _map(team: Team, one: Tried) -> str:
    places, names = places_of(team)
    at = dict(zip(names, places, strict=True))
    west, north, scale, height = frame_of([(float(x), float(y)) for x, y in places])

    def shown(place: np.ndarray) -> tuple[float, float]:
        return MAP_EDGE + (float(place[0]) - west) * scale, MAP_EDGE + (north - float(place[1])) * scale

    part_of_carer = dict(zip(team.carers["carer"], one.arrangement.carers.tolist(), strict=True))
    lines = []
    for plan in (part.planned for part in one.days[0]):
        for (carer, _), rows in plan.visits.sort("carer", "shift", "start").group_by(
            "carer", "shift", maintain_order=True
        ):
            part = int(part_of_carer[str(carer)])
            home = at[str(carer)]
            stops = [shown(stop) for stop in (home, *rows.select("x", "y").to_numpy(), home)]
            path = " L".join(f"{x:.1f} {y:.1f}" for x, y in stops)
            dash = DASHES[part // len(COLOURS) % len(DASHES)] if part >= len(COLOURS) else DASHES[part % len(DASHES)]
            lines.append(
                f'<path d="M{path}" fill="none" stroke="{COLOURS[part % len(COLOURS)]}" stroke-dasharray="{dash}"/>'
            )
    marks = [
        _mark(*shown(place), part)
        for place, part in zip(places[: team.people.height], one.arrangement.people.tolist(), strict=True)
    ]
    said = f"Map of {one.arrangement.parts} parts"
    return (
        f'<svg viewBox="0 0 {MAP_WIDTH:.0f} {height:.0f}" role="img" aria-label="{said}">'
        f"{''.join(lines)}{''.join(marks)}{scale_bar(scale, height)}</svg>"
    )


def _mark(x: float, y: float, part: int) -> str:
    """A ring, a square, a diamond or a triangle in the part's colour."""
    colour, r = COLOURS[part % len(COLOURS)], RADIUS
    look = f'fill="#fff" stroke="{colour}" stroke-width="2"'
    match part % 4:
        case 0:
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" {look}/>'
        case 1:
            return f'<rect x="{x - r:.1f}" y="{y - r:.1f}" width="{2 * r}" height="{2 * r}" {look}/>'
        case 2:
            return f'<path d="M{x:.1f} {y - r:.1f}l{r} {r}l{-r} {r}l{-r} {-r}z" {look}/>'
    return f'<path d="M{x:.1f} {y - r:.1f}l{r} {2 * r}h{-2 * r}z" {look}/>'
