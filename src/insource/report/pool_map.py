"""Where the rounds go and when: a map without map tiles and a timeline, in one page that needs no network."""

import math
from collections.abc import Sequence
from html import escape

import polars as pl

from insource.planner.cells import said_minute
from insource.planner.day import places_of
from insource.planner.planned import Planned, metrics
from insource.planner.team import Team
from insource.report.pool_page import render

MAP_WIDTH, MAP_EDGE, MOST_HEIGHT = 1000.0, 30.0, 900.0
ROW_HEIGHT, LEFT, TIMELINE_WIDTH = 18.0, 90.0, 1000.0
COLOURS = ("#14507a", "#8a2d0b", "#2f6b2f", "#6b3fa0", "#7a5c00", "#0b6e6e", "#9b1c5a", "#444444")
DASHES = ("", "6 3", "2 3", "9 3 2 3")
"""Neighbouring rounds differ in colour and in dashes, so that colour is never the only sign."""
METRES_A_KM = 1000.0


def map_page(team: Team, days: Sequence[Planned]) -> str:
    """The page as text: a map and a timeline for each day, and the figures of all days together."""
    found = metrics(days)
    pictures = [
        {
            "title": f"{one.date:%A %d/%m/%Y}",
            "id": f"day-{one.date.isoformat()}",
            "map": _map(team, one),
            "timeline": _timeline(one),
            "unserved": one.unserved.height,
            "carers": one.visits["carer"].unique().sort().to_list(),
        }
        for one in days
    ]
    return render(
        "pool_map.html",
        title="Rounds: map and timeline",
        lead=f"Team {team.name}. Straight lines between doors; travel times follow roads as far as the rules tell.",
        figures=figures(found),
        days=pictures,
    )


def figures(found: dict[str, float]) -> list[tuple[str, str]]:
    """The figures of plans as they are printed, with units."""
    return [
        ("visits asked for", f"{found['visits_asked']:,.0f}"),
        ("visits nobody makes", f"{found['visits_unserved']:,.0f}"),
        ("travel for each visit of a carer, min", f"{found['travel_a_leg']:.1f}"),
        ("care, hours", f"{found['contact'] / 60:,.0f}"),
        ("travel between visits, hours", f"{found['travel'] / 60:,.0f}"),
        ("from and to home, hours", f"{found['home_travel'] / 60:,.0f}"),
        ("waiting and gaps, hours", f"{(found['wait'] + found['gap']) / 60:,.0f}"),
        ("on duty for each minute of care, min", f"{found['on_duty_per_care_minute']:.2f}"),
        ("carers a person sees", f"{found['faces_a_person']:.1f}"),
        ("within 15 min of preferred", f"{100 * found['in_time_share']:.0f}%"),
    ]


def frame_of(points: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    """West edge, north edge, scale (units a metre) and height of a map that holds the points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    width, height = max(max(xs) - min(xs), 1.0), max(max(ys) - min(ys), 1.0)
    scale = min((MAP_WIDTH - 2 * MAP_EDGE) / width, (MOST_HEIGHT - 2 * MAP_EDGE) / height)
    return min(xs), max(ys), scale, height * scale + 2 * MAP_EDGE


def scale_bar(scale: float, height: float) -> str:
    """A bar of a round number of kilometres."""
    most = MAP_WIDTH / 5 / scale / METRES_A_KM
    km = 10 ** math.floor(math.log10(most)) if most > 0 else 1.0
    km = next((km * times for times in (5, 2, 1) if km * times <= most), km)
    width = km * METRES_A_KM * scale
    y = height - MAP_EDGE / 3
    bar = f'<path d="M{MAP_EDGE:.0f} {y:.0f}h{width:.1f}" stroke="#1c2126" stroke-width="3"/>'
    return f'{bar}<text x="{MAP_EDGE + width + 6:.0f}" y="{y + 4:.0f}" font-size="14">{km:g} km</text>'


def _map(team: Team, day: Planned) -> str:
    places, names = places_of(team)
    home = {name: (float(x), float(y)) for name, (x, y) in zip(names, places, strict=True)}
    lost = set(day.unserved["person"])
    visited = day.visits.sort("carer", "shift", "start")
    used = set(visited["carer"])
    shown = [home[name] for name in names if name in used or name in lost or name in set(visited["person"])]
    if not shown:
        return "<p>Nothing to show.</p>"
    west, north, scale, height = frame_of(shown)

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return MAP_EDGE + (point[0] - west) * scale, MAP_EDGE + (north - point[1]) * scale

    parts = []
    for number, ((carer, _), rows) in enumerate(visited.group_by("carer", "shift", maintain_order=True)):
        stops = [home[str(carer)], *zip(rows["x"], rows["y"], strict=True), home[str(carer)]]
        path = " L".join(f"{x:.1f} {y:.1f}" for x, y in map(at, stops))
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number // len(COLOURS) % len(DASHES)]
        x, y = at(home[str(carer)])
        label = f"Carer {carer}: {rows.height} visits"
        parts.append(
            f'<g class="run-of" data-carer="{escape(str(carer))}"><title>{escape(label)}</title>'
            f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.4" stroke-dasharray="{dash}"/>'
            f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{colour}"/></g>'
        )
    for person, x, y in visited.unique("person", maintain_order=True).select("person", "x", "y").iter_rows():
        px, py = at((x, y))
        title = f"<title>Person {escape(person)}</title>"
        parts.append(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="4" fill="#fff" stroke="#1c2126">{title}</circle>')
    for person in sorted(lost):
        px, py = at(home[person])
        parts.append(
            f'<path d="M{px - 6:.1f} {py - 6:.1f}l12 12m0 -12l-12 12" stroke="#b00020" stroke-width="3">'
            f"<title>Person {escape(person)}: a visit that nobody makes</title></path>"
        )
    said = f"Map of {len(used)} carers' rounds to {visited['person'].n_unique()} people"
    return (
        f'<svg viewBox="0 0 {MAP_WIDTH:.0f} {height:.0f}" role="img" aria-label="{said}">'
        f"{''.join(parts)}{scale_bar(scale, height)}</svg>"
    )


def _timeline(day: Planned) -> str:
    shifts = day.shifts.filter(pl.col("visits") > 0).sort("carer", "on_from")
    low = math.floor(float(str(shifts["on_from"].min() or 0)) / 60) * 60
    high = math.ceil(float(str(shifts["on_to"].max() or 1440)) / 60) * 60
    scale = (TIMELINE_WIDTH - LEFT - 10) / max(high - low, 60)
    carers = shifts["carer"].unique(maintain_order=True).to_list()
    height = ROW_HEIGHT * (len(carers) + 2)
    parts = []
    for hour in range(low // 60, high // 60 + 1):
        x = LEFT + (hour * 60 - low) * scale
        parts.append(f'<path d="M{x:.1f} 16V{height:.0f}" stroke="#d5dade"/>')
        parts.append(f'<text x="{x:.1f}" y="12" font-size="11" text-anchor="middle">{hour:02d}</text>')
    by_shift = {int(str(key[0])): rows for key, rows in day.visits.sort("start").group_by("shift", maintain_order=True)}
    for row, carer in enumerate(carers):
        y = ROW_HEIGHT * (row + 1.2)
        bars = [f'<text x="4" y="{y + 11:.1f}" font-size="12">{escape(str(carer)[:12])}</text>']
        for shift, start, end in (
            shifts.filter(pl.col("carer") == carer).select("shift", "on_from", "on_to").iter_rows()
        ):
            x, width = LEFT + (start - low) * scale, (end - start) * scale
            bars.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="14" fill="#eef2f5"/>')
            for one in by_shift[int(shift)].iter_rows(named=True):
                bx, bw = LEFT + (one["start"] - low) * scale, (one["end"] - one["start"]) * scale
                way = one["travel"] * scale
                edge = ' stroke="#1c2126" stroke-width="1.5"' if one["carers"] > 1 else ""
                said = f"{one['visit']}, {said_minute(one['start'])} to {said_minute(one['end'])}, carer {carer}"
                bars.append(f'<path d="M{bx - way:.1f} {y + 7:.1f}h{way:.1f}" stroke="#5a646e" stroke-width="2"/>')
                bars.append(
                    f'<rect x="{bx:.1f}" y="{y + 1:.1f}" width="{bw:.1f}" height="12" fill="#6fa3c7"{edge}>'
                    f"<title>{escape(said)}</title></rect>"
                )
        parts.append(f'<g class="run-of" data-carer="{escape(str(carer))}">{"".join(bars)}</g>')
    said = f"Timeline of {len(carers)} carers' visits"
    view = f"0 0 {TIMELINE_WIDTH:.0f} {height:.0f}"
    return f'<svg viewBox="{view}" style="min-width:46rem" role="img" aria-label="{said}">{"".join(parts)}</svg>'
