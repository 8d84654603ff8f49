//! The same areas by `tests/oracle/area.py`, which knows nothing of this crate: shapely unites, pyproj measures.
//!
//! The interpreter is `YIZHAN_PYTHON`, else `python3`. Without shapely and pyproj the test says so and passes, but with
//! `CI=true` it fails.

use std::path::Path;
use std::process::Command;

use geo::{LineString, MultiPolygon, Polygon, polygon};
use serde_json::{Value, json};
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::ellipsoid_area::area_m2;
use yizhan::planner::area::clip::clip;

use super::{covered, place, spread};

/// A case for the script: what is covered, in an outline or everywhere, with the area that we claim.
fn case(name: &str, centres: &[LonLat], radius_m: f64, outline: Option<&MultiPolygon<f64>>) -> Value {
    let shape = covered(centres, radius_m).shape;
    let area = outline.map_or_else(|| area_m2(&shape), |outline| area_m2(&clip(&shape, outline)));
    let centres: Vec<[f64; 2]> = centres.iter().map(|at| [at.lon_deg(), at.lat_deg()]).collect();
    let places = |ring: &LineString<f64>| ring.coords().map(|at| [at.x, at.y]).collect::<Vec<_>>();
    let rings = |polygon: &Polygon<f64>| {
        let all = core::iter::once(polygon.exterior()).chain(polygon.interiors());
        all.map(places).collect::<Vec<_>>()
    };
    let outline = outline.map(|outline| outline.iter().map(rings).collect::<Vec<_>>());
    json!({"name": name, "centres": centres, "radius_m": radius_m, "outline": outline, "area_m2": area})
}

fn cases() -> Vec<Value> {
    let mut cases = Vec::new();
    for (seed, lat_deg) in (1..).zip([0.0, 18.25, 34.7, 53.0, -70.0, 89.2, 90.0]) {
        for (radius_m, wide) in [(10.0, 6.0), (833.33, 9.0), (20_000.0, 7.0), (100_000.0, 5.0)] {
            for lon_deg in [113.6, -179.99] {
                let centres = spread(seed, 20, place(lon_deg, lat_deg), (radius_m, wide));
                let name = format!("20 discs of {radius_m} m at {lon_deg},{lat_deg}");
                cases.push(case(&name, &centres, radius_m, None));
            }
        }
    }
    cases.push(case("one disc", &[place(109.5, 18.25)], 1000.0, None));
    cases.push(case(
        "100 discs in a crowd",
        &spread(9, 100, place(113.6, 34.7), (833.0, 8.0)),
        833.0,
        None,
    ));
    let district = MultiPolygon::new(vec![
        polygon! {
            exterior: [(x: 113.4, y: 34.6), (x: 113.8, y: 34.55), (x: 113.75, y: 34.85), (x: 113.5, y: 34.8)],
            interiors: [[(x: 113.58, y: 34.68), (x: 113.6, y: 34.74), (x: 113.64, y: 34.7)]],
        },
        polygon![(x: 113.85, y: 34.6), (x: 113.95, y: 34.6), (x: 113.9, y: 34.7)],
    ]);
    for (radius_m, wide) in [(833.33, 60.0), (3000.0, 18.0), (8000.0, 8.0)] {
        let centres = spread(10, 80, place(113.65, 34.7), (radius_m, wide));
        cases.push(case(
            &format!("a district with a hole, {radius_m} m"),
            &centres,
            radius_m,
            Some(&district),
        ));
    }
    let over = MultiPolygon::new(vec![
        polygon![(x: 179.8, y: -17.0), (x: 180.0, y: -17.1), (x: 180.0, y: -16.4), (x: 179.7, y: -16.3)],
        polygon![(x: -180.0, y: -17.1), (x: -179.7, y: -17.0), (x: -179.8, y: -16.3), (x: -180.0, y: -16.4)],
    ]);
    let centres = spread(11, 60, place(180.0, -16.7), (5000.0, 15.0));
    cases.push(case(
        "a district across the date line",
        &centres,
        5000.0,
        Some(&over),
    ));
    let wide = MultiPolygon::new(vec![
        polygon![(x: 100.0, y: 38.0), (x: 112.0, y: 38.0), (x: 112.0, y: 44.0), (x: 100.0, y: 44.0)],
    ]);
    let centres = spread(12, 60, place(106.0, 38.0), (60_000.0, 14.0));
    cases.push(case("a box over half a country", &centres, 60_000.0, Some(&wide)));
    cases
}

#[test]
fn areas_agree_with_shapely_and_pyproj() {
    let python = std::env::var("YIZHAN_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has_libraries = Command::new(&python)
        .args(["-c", "import shapely, pyproj"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !has_libraries {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "`{python}` has no shapely and pyproj; on Debian: python3-shapely python3-pyproj"
        );
        println!("skipped: `{python}` has no shapely and pyproj");
        return;
    }
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("area-cases.json");
    std::fs::write(&path, serde_json::to_vec(&cases()).unwrap()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/area.py");
    let output = Command::new(&python).arg(script).arg(&path).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
