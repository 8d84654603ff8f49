//! The same areas by `tests/oracle/area.py`, which knows nothing of this crate: shapely unites, pyproj measures.
