//! Places that are on the earth and still doubtful: far from all others of the file, or outside of their district.
//!
//! Nothing is moved. Each doubt is a warning that names the row and, where one of the usual mistakes explains it, the fix.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::columns::Column;
use super::header::Columns;
use super::parsed::Parsed;
use super::place::swap;
use super::problem::{Fix, RowProblem, Severity, letter, shown};
use super::stated::ReadRow;
use crate::domain::coordinate::LonLat;
use crate::domain::datum::{Datum, convert};
use crate::domain::district::District;
use crate::domain::geodesic::karney;
use crate::domain::outline::Outline;
use crate::domain::station::Location;

/// The fewest places that can say what is far from the rest.
const MIN_PLACES: usize = 5;
/// How many times farther from the middle than three of four places a place must be to be doubtful.
const FAR_TIMES: f64 = 8.0;
/// The least distance from the middle that is doubtful, metres: a city is that large.
const MIN_FAR_M: f64 = 50_000.0;
/// How far outside an outline a place may lie: outlines are simplified, and places are of rooms at their edge, metres.
const OUTLINE_TOLERANCE_M: f64 = 200.0;

/// Notes doubtful places. O(places × log places), and per place a look at its district.
pub(super) fn note(columns: &Columns, parsed: &mut Parsed, file: &Arc<str>, districts: &[District]) {
    let names = PlaceNames::new(columns);
    let surroundings = Surroundings::of(&parsed.taken);
    let areas = Areas::new(districts);
    let doubts: Vec<Vec<RowProblem>> = parsed
        .taken
        .par_iter()
        .map(|row| {
            let doubt = if areas.is_empty() {
                surroundings.as_ref().and_then(|around| around.doubt(row))
            } else {
                areas.doubt(row)
            };
            doubt
                .into_iter()
                .map(|doubt| doubt.problem(row, file, &names))
                .collect()
        })
        .collect();
    for problem in doubts.into_iter().flatten() {
        parsed.log.push(problem);
    }
}

/// How the file names the column that problems with places are shown under.
struct PlaceNames {
    header: String,
    letter: Option<String>,
}

impl PlaceNames {
    fn new(columns: &Columns) -> Self {
        let found = columns
            .find(Column::Lon)
            .or_else(|| columns.find(Column::Coordinates));
        Self {
            header: found
                .map_or(Column::Lon.word(), |(_, column)| column.name.as_ref())
                .to_owned(),
            letter: found.map(|(at, _)| letter(at)),
        }
    }
}

/// What is doubtful about a place.
struct Doubt {
    code: &'static str,
    en: String,
    zh: String,
    fix: Option<Fix>,
}

impl Doubt {
    fn problem(self, row: &ReadRow, file: &Arc<str>, names: &PlaceNames) -> RowProblem {
        let problem = RowProblem::new(file, row.number, Severity::Warning, self.code);
        let mut problem = problem.saying(self.en, self.zh);
        problem.field = Some(names.header.clone());
        problem.letter.clone_from(&names.letter);
        problem.value = Some(given(&row.station.location));
        problem.fix = self.fix;
        problem
    }
}

fn given(location: &Location) -> String {
    format!(
        "{},{}",
        location.original().lon_deg(),
        location.original().lat_deg()
    )
}

/// The usual mistakes with a coordinate, each with what it should have been: exchanged axes, a lost sign, a shifted point,
/// another datum.
fn mistakes(location: &Location) -> Vec<(Location, Fix)> {
    let (lon, lat, datum) = (
        location.original().lon_deg(),
        location.original().lat_deg(),
        location.datum(),
    );
    let mut found = Vec::new();
    let mut add = |new_lon: f64, new_lat: f64, fix: Fix| {
        if let Ok(place) = LonLat::new(new_lon, new_lat) {
            found.push((Location::new(place, datum), fix));
        }
    };
    add(lat, lon, swap(lon, lat));
    for (new_lon, new_lat) in [(-lon, lat), (lon, -lat), (-lon, -lat)] {
        let fix = Fix::new(
            format!("put the sign right: {new_lon},{new_lat}"),
            format!("更正正负号：{new_lon},{new_lat}"),
        );
        add(new_lon, new_lat, fix);
    }
    for (lon_times, lat_times) in [
        (10.0, 1.0),
        (0.1, 1.0),
        (1.0, 10.0),
        (1.0, 0.1),
        (10.0, 10.0),
        (0.1, 0.1),
    ] {
        let (new_lon, new_lat) = (rounded(lon * lon_times), rounded(lat * lat_times));
        let fix = Fix::new(
            format!("put the decimal point right: {new_lon},{new_lat}"),
            format!("更正小数点：{new_lon},{new_lat}"),
        );
        add(new_lon, new_lat, fix);
    }
    found
}

/// Without the dust of a multiplication in binary.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e9).round() / 1e9
}

/// The other datums that a coordinate may be in.
fn datums(location: &Location) -> impl Iterator<Item = (LonLat, Fix)> {
    let (original, datum) = (location.original(), location.datum());
    let others = Datum::ALL.iter().copied().filter(move |other| *other != datum);
    others.map(move |other| {
        let fix = Fix::new(
            format!("read the coordinates as {other} in place of {datum}"),
            format!("按 {other} 而不是 {datum} 读取坐标"),
        );
        (convert(original, other, Datum::Wgs84), fix)
    })
}

/// Where most places of a file lie.
struct Surroundings {
    middle: LonLat,
    far_m: f64,
}

impl Surroundings {
    /// The middle by the median of each axis; `None` for few places.
    fn of(rows: &[ReadRow]) -> Option<Self> {
        if rows.len() < MIN_PLACES {
            return None;
        }
        let place = |row: &ReadRow| row.station.location.place();
        let first = rows.first().map(place)?;
        // Unrolled around the first place, so that a file across ±180° has one middle.
        let turn = |lon: f64| first.lon_deg() + (lon - first.lon_deg() + 540.0).rem_euclid(360.0) - 180.0;
        let lon = median(rows.iter().map(|row| turn(place(row).lon_deg())).collect())?;
        let lat = median(rows.iter().map(|row| place(row).lat_deg()).collect())?;
        let middle = LonLat::from_computed(lon, lat);
        let mut distances: Vec<f64> = rows
            .par_iter()
            .map(|row| karney(middle, place(row)).get())
            .collect();
        distances.sort_unstable_by(f64::total_cmp);
        let three_of_four = distances.get(distances.len() * 3 / 4)?;
        Some(Self {
            middle,
            far_m: (three_of_four * FAR_TIMES).max(MIN_FAR_M),
        })
    }

    fn is_far(&self, place: LonLat) -> bool {
        karney(self.middle, place).get() > self.far_m
    }

    fn doubt(&self, row: &ReadRow) -> Option<Doubt> {
        let location = &row.station.location;
        if !self.is_far(location.place()) {
            return None;
        }
        let km = karney(self.middle, location.place()).get() / 1000.0;
        let mut explained = mistakes(location)
            .into_iter()
            .filter(|(other, _)| !self.is_far(other.place()));
        let (at, most) = (given(location), self.far_m / 1000.0);
        Some(Doubt {
            code: "far_from_the_rest",
            en: format!(
                "`{at}` lies {km:.0} km from the middle of the file; expected at most {most:.0} km, as for the other rows"
            ),
            zh: format!("`{at}` 距文件中各站点的中心{km:.0}公里；应与其他行一样不超过{most:.0}公里"),
            fix: explained.next().map(|(_, fix)| fix),
        })
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    let middle = values.len() / 2;
    if middle >= values.len() {
        return None;
    }
    let (_, median, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    Some(*median)
}

/// The districts with outlines made ready, found by name and by code.
struct Areas<'d> {
    districts: Vec<(&'d District, Outline)>,
    by_word: HashMap<&'d str, usize>,
}

impl<'d> Areas<'d> {
    fn new(districts: &'d [District]) -> Self {
        let mut by_word = HashMap::new();
        for (at, district) in districts.iter().enumerate() {
            for word in [Some(district.name.as_ref()), district.adcode.as_deref()]
                .into_iter()
                .flatten()
            {
                by_word.entry(word).or_insert(at);
            }
        }
        Self {
            districts: districts
                .iter()
                .map(|district| (district, Outline::new(district.outline())))
                .collect(),
            by_word,
        }
    }

    fn is_empty(&self) -> bool {
        self.districts.is_empty()
    }

    /// The first district that holds a place.
    fn around(&self, place: LonLat) -> Option<&'d District> {
        self.districts
            .iter()
            .find(|(_, outline)| is_in(outline, place))
            .map(|(district, _)| *district)
    }

    /// The district that a row names, by its code or else by its name; `None` for one without an outline.
    fn stated(&self, row: &ReadRow) -> Option<&(&'d District, Outline)> {
        let words = [row.station.adcode.as_deref(), row.station.district.as_deref()];
        let at = words
            .into_iter()
            .flatten()
            .find_map(|word| self.by_word.get(word))?;
        self.districts.get(*at)
    }

    fn doubt(&self, row: &ReadRow) -> Option<Doubt> {
        let location = &row.station.location;
        let at = given(location);
        if let Some((district, outline)) = self.stated(row) {
            if is_in(outline, location.place()) {
                return None;
            }
            let name = shown(&district.name);
            let real = self.around(location.place());
            let (in_en, in_zh) = real.map_or(
                ("in no known district".to_owned(), "不在任何已知区县".to_owned()),
                |real| {
                    (
                        format!("in {}", shown(&real.name)),
                        format!("而在{}", shown(&real.name)),
                    )
                },
            );
            let by_place = fix(location, &|place| is_in(outline, place));
            let by_name = real.map(|real| {
                let real = shown(&real.name);
                Fix::new(
                    format!("put the district right: {real}"),
                    format!("更正区县：{real}"),
                )
            });
            return Some(Doubt {
                code: "outside_district",
                en: format!(
                    "`{at}` lies outside {name}, {in_en}; expected a place in the district that the row states"
                ),
                zh: format!("`{at}` 不在{name}内，{in_zh}；应在该行所写的区县内"),
                fix: by_place.or(by_name),
            });
        }
        if self.around(location.place()).is_some() {
            return None;
        }
        Some(Doubt {
            code: "outside_all_districts",
            en: format!("`{at}` lies outside all districts; expected a place in one of them"),
            zh: format!("`{at}` 不在任何区县内；应在已知区县之内"),
            fix: fix(location, &|place| self.around(place).is_some()),
        })
    }
}

/// The first of the usual mistakes, other datums included, that explains a place.
fn fix(location: &Location, is_right: &dyn Fn(LonLat) -> bool) -> Option<Fix> {
    let mistakes = mistakes(location)
        .into_iter()
        .map(|(other, fix)| (other.place(), fix));
    let mut fixes = mistakes
        .chain(datums(location))
        .filter(|(place, _)| is_right(*place));
    fixes.next().map(|(_, fix)| fix)
}

fn is_in(outline: &Outline, place: LonLat) -> bool {
    outline.contains(place) || outline.distance_m(place, OUTLINE_TOLERANCE_M).is_some()
}
