"""Recomputes covered areas with shapely and pyproj, knowing nothing of the Rust code, and fails where they differ.

Usage: python3 area.py CASES.json
Each case has a name, centres, a radius, an outline or null, and the area that is claimed. Discs are 720 places at the true
geodesic distance; union and intersection are done in Lambert's azimuthal equal-area projection around the middle of the
centres; the area is taken there and, along geodesics, by pyproj. Runs with shapely 1.8 and 2, pyproj 3.4 and later.
"""

import json
import math
import sys

from pyproj import Geod, Transformer
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.polygon import orient
from shapely.ops import transform, unary_union

GEOD = Geod(ellps="WGS84")
VERTICES = 720
MOST_OFF = 1e-3


def middle(centres):
    """The direction of the mean of the centres, as longitude and latitude."""
    sums = [0.0, 0.0, 0.0]
    for lon, lat in centres:
        lon, lat = math.radians(lon), math.radians(lat)
        sums[0] += math.cos(lat) * math.cos(lon)
        sums[1] += math.cos(lat) * math.sin(lon)
        sums[2] += math.sin(lat)
    lon = math.degrees(math.atan2(sums[1], sums[0]))
    return lon, math.degrees(math.atan2(sums[2], math.hypot(sums[0], sums[1])))


def disc(centre, radius_m, to_plane):
    azimuths = [-360.0 * step / VERTICES for step in range(VERTICES)]
    lon, lat = [centre[0]] * VERTICES, [centre[1]] * VERTICES
    lon, lat, _ = GEOD.fwd(lon, lat, azimuths, [radius_m] * VERTICES)
    return Polygon(list(zip(*to_plane.transform(lon, lat))))


def ring(places, to_plane):
    """A ring whose lines are straight on the map, with places between so that they stay so in the plane."""
    fine = []
    for (lon, lat), (to_lon, to_lat) in zip(places, places[1:]):
        pieces = max(1, math.ceil(max(abs(to_lon - lon), abs(to_lat - lat)) / 0.005))
        for piece in range(pieces):
            part = piece / pieces
            fine.append((lon + part * (to_lon - lon), lat + part * (to_lat - lat)))
    return list(zip(*to_plane.transform(*zip(*fine))))


def outline(polygons, to_plane):
    shapes = []
    for rings in polygons:
        exterior, *holes = [ring(places, to_plane) for places in rings]
        shapes.append(Polygon(exterior, holes).buffer(0))
    return unary_union(shapes)


def geodesic_m2(shape, to_plane):
    def back(x, y):
        return to_plane.transform(x, y, direction="INVERSE")

    polygons = shape.geoms if isinstance(shape, MultiPolygon) else [shape]
    total = 0.0
    for polygon in polygons:
        if not polygon.is_empty:
            total += GEOD.geometry_area_perimeter(transform(back, orient(polygon)))[0]
    return total


def areas_m2(case):
    lon, lat = middle(case["centres"])
    plane = f"+proj=laea +lon_0={lon!r} +lat_0={lat!r} +ellps=WGS84"
    to_plane = Transformer.from_crs("+proj=longlat +ellps=WGS84", plane, always_xy=True)
    shape = unary_union([disc(centre, case["radius_m"], to_plane) for centre in case["centres"]])
    if case["outline"] is not None:
        shape = shape.intersection(outline(case["outline"], to_plane))
    return shape.area, geodesic_m2(shape, to_plane)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    failed = 0
    for case in cases:
        for way, area in zip(("plane", "geodesic"), areas_m2(case)):
            off = abs(case["area_m2"] / area - 1)
            failed += off > MOST_OFF
            verdict = "DIFFERS" if off > MOST_OFF else "agrees"
            print(f"{verdict} {off:.1e} {way}: {case['name']}: claimed {case['area_m2']:.3f}, here {area:.3f} m2")
    if not cases or failed:
        sys.exit(f"{failed} of {len(cases)} cases differ by more than {MOST_OFF:.1%}")


main()
