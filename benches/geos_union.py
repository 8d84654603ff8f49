"""The union of the same discs by GEOS, through shapely: the centres come from `cargo bench --bench union`.

Usage: python benches/geos_union.py [folder with union-*.csv, target by default] [what their names begin with]
Discs are buffers with 64 vertices in metres, on a sphere unrolled per disc: east is scaled by the cosine of latitude.
Times are medians of three by the clock, and of processor time in brackets (GEOS uses one thread); `polygons` and
`buffers` are two ways to make the discs, and are not part of the unions; `unary` is unary_union, `disjoint` the union that splits by disjoint subsets first.
"""

import glob
import os
import statistics
import sys
import time

import numpy
import shapely


def timed(function):
    times, processor, result = [], [], None
    for _ in range(3):
        begin, begin_processor = time.perf_counter(), time.process_time()
        result = function()
        times.append(time.perf_counter() - begin)
        processor.append(time.process_time() - begin_processor)
    return f"{statistics.median(times):.3f} s ({statistics.median(processor):.3f})", result


def discs(lon, lat, radius_m):
    """Polygons in degrees with 64 vertices each, as arrays in one go."""
    angle = numpy.arange(65) % 64 * (2 * numpy.pi / 64)
    degree_m = 111_195.0
    x = lon[:, None] + radius_m * numpy.cos(angle) / (degree_m * numpy.cos(numpy.radians(lat)))[:, None]
    y = lat[:, None] + radius_m * numpy.sin(angle) / degree_m
    return shapely.polygons(numpy.stack([x, y], axis=2))


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else "target"
    names = sys.argv[2] if len(sys.argv) > 2 else ""
    print(f"shapely {shapely.__version__}, GEOS {shapely.geos_version_string}")
    for path in sorted(glob.glob(os.path.join(folder, f"union-{names}*.csv"))):
        lon, lat = numpy.loadtxt(path, delimiter=",", skiprows=1, unpack=True)
        for radius_m in (833.0, 5000.0):
            built, polygons = timed(lambda: discs(lon, lat, radius_m))
            buffered, _ = timed(lambda: shapely.buffer(shapely.points(lon, lat), radius_m / 111_195.0, quad_segs=16))
            line = f"{os.path.basename(path)[6:-4]:>18} {radius_m:6.0f} m: polygons {built}, buffers {buffered}"
            for name, way in (("unary", "unary_union"), ("disjoint", "disjoint_subset_union_all")):
                if not hasattr(shapely, way):
                    continue
                took, shape = timed(lambda way=way: getattr(shapely, way)(polygons))
                line += f", {name} {took} ({shapely.get_num_geometries(shape)} polygons)"
            print(line, flush=True)


main()
