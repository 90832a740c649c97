"""Places in metres: latitude and longitude onto the national grid, postcodes by a file of the user's.

Ellipsoid, datum and projection are those of the Ordnance Survey's guide to coordinate systems in Great Britain; the
result is within some 5 metres of the exact one, which is nothing to a carer.
"""

import math

import numpy as np
import polars as pl

WGS84 = (6378137.0, 6356752.3141)
AIRY = (6377563.396, 6356256.909)
SHIFT_METRES = (-446.448, 125.157, -542.060)
SCALE_PARTS = 20.4894e-6
TURN_SECONDS = (-0.1502, -0.2470, -0.8421)
CENTRAL_SCALE, ORIGIN_LATITUDE, ORIGIN_LONGITUDE = 0.9996012717, 49.0, -2.0
FALSE_EASTING, FALSE_NORTHING = 400_000.0, -100_000.0


def on_the_grid(latitude: np.ndarray, longitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Easting and northing in metres of places in degrees (as phones and maps give them)."""
    phi, lam = _airy(np.radians(latitude), np.radians(longitude))
    a, b = AIRY
    e2, n = 1 - (b / a) ** 2, (a - b) / (a + b)
    phi0, lam0 = math.radians(ORIGIN_LATITUDE), math.radians(ORIGIN_LONGITUDE)
    sine, cosine, tangent = np.sin(phi), np.cos(phi), np.tan(phi)
    nu = a * CENTRAL_SCALE / np.sqrt(1 - e2 * sine**2)
    rho = nu * (1 - e2) / (1 - e2 * sine**2)
    eta2 = nu / rho - 1
    d, s = phi - phi0, phi + phi0
    arc = (
        (1 + n + 1.25 * n**2 + 1.25 * n**3) * d
        - (3 * n + 3 * n**2 + 2.625 * n**3) * np.sin(d) * np.cos(s)
        + (1.875 * n**2 + 1.875 * n**3) * np.sin(2 * d) * np.cos(2 * s)
        - (35 / 24) * n**3 * np.sin(3 * d) * np.cos(3 * s)
    )
    east = lam - lam0
    northing = (
        b * CENTRAL_SCALE * arc
        + FALSE_NORTHING
        + nu / 2 * sine * cosine * east**2
        + nu / 24 * sine * cosine**3 * (5 - tangent**2 + 9 * eta2) * east**4
        + nu / 720 * sine * cosine**5 * (61 - 58 * tangent**2 + tangent**4) * east**6
    )
    easting = (
        FALSE_EASTING
        + nu * cosine * east
        + nu / 6 * cosine**3 * (nu / rho - tangent**2) * east**3
        + nu / 120 * cosine**5 * (5 - 18 * tangent**2 + tangent**4 + 14 * eta2 - 58 * tangent**2 * eta2) * east**5
    )
    return easting, northing


def _airy(phi: np.ndarray, lam: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Latitude and longitude (radians) on the ellipsoid of the national grid."""
    a, b = WGS84
    e2 = 1 - (b / a) ** 2
    nu = a / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    point = np.array([nu * np.cos(phi) * np.cos(lam), nu * np.cos(phi) * np.sin(lam), (1 - e2) * nu * np.sin(phi)])
    rx, ry, rz = (math.radians(turn / 3600) for turn in TURN_SECONDS)
    turn = np.array([[1.0, -rz, ry], [rz, 1.0, -rx], [-ry, rx, 1.0]])
    x, y, z = (1 + SCALE_PARTS) * (turn @ point) + np.array(SHIFT_METRES)[:, None]
    a, b = AIRY
    e2 = 1 - (b / a) ** 2
    p = np.hypot(x, y)
    found = np.arctan2(z, p * (1 - e2))
    for _ in range(6):
        nu = a / np.sqrt(1 - e2 * np.sin(found) ** 2)
        found = np.arctan2(z + e2 * nu * np.sin(found), p)
    return found, np.arctan2(y, x)


def placed(frame: pl.DataFrame, postcodes: pl.DataFrame | None) -> pl.DataFrame:
    """The frame with `x` and `y` in metres wherever any of its columns tells; null elsewhere."""
    if postcodes is not None:
        known = projected(postcodes).select(
            _even("postcode").alias("even"), pl.col("x").alias("px"), pl.col("y").alias("py")
        )
        known = known.drop_nulls().unique("even", keep="first", maintain_order=True)
        frame = frame.with_columns(_even("postcode").alias("even")).join(
            known, on="even", how="left", maintain_order="left"
        )
    else:
        frame = frame.with_columns(pl.lit(None, pl.Float64).alias("px"), pl.lit(None, pl.Float64).alias("py"))
    frame = projected(frame)
    is_known = pl.col("x").is_not_null() & pl.col("y").is_not_null()
    return frame.with_columns(
        pl.when(is_known).then("x").otherwise("px").alias("x"), pl.when(is_known).then("y").otherwise("py").alias("y")
    ).drop("px", "py", "even", strict=False)


def projected(frame: pl.DataFrame) -> pl.DataFrame:
    """`x` and `y` from latitude and longitude where they are not given; nought and nought is nowhere."""
    east, north = on_the_grid(
        frame["latitude"].fill_null(ORIGIN_LATITUDE).to_numpy(),
        frame["longitude"].fill_null(ORIGIN_LONGITUDE).to_numpy(),
    )
    has_grid = pl.col("x").is_not_null() & pl.col("y").is_not_null() & ~((pl.col("x") == 0) & (pl.col("y") == 0))
    has_degrees = pl.col("latitude").is_not_null() & pl.col("longitude").is_not_null()
    return frame.with_columns(
        pl.when(has_grid).then(pl.col(name)).when(has_degrees).then(pl.lit(pl.Series(values))).alias(name)
        for name, values in (("x", east), ("y", north))
    )


def _even(name: str) -> pl.Expr:
    return pl.col(name).str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
