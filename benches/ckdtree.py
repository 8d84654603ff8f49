"""Times scipy's cKDTree on two threads over points that benches/coverage.rs wrote: prints the shortest of three, seconds."""

import sys
import time

import numpy
from scipy.spatial import cKDTree

places, stations = (numpy.fromfile(name, dtype="<f8").reshape(-1, 3) for name in sys.argv[1:3])
tree = cKDTree(stations)
times = []
for _ in range(3):
    start = time.perf_counter()
    tree.query(places, workers=2)
    times.append(time.perf_counter() - start)
print(min(times))
