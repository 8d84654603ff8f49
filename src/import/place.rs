//! Where a row says that its station is: numbers, datum, and the mistakes that put a station into the wrong ocean.

use super::columns::Column;
use super::fields::{self, Fault, MAX_TEXT_BYTES, fault};
use super::item::Item;
use super::problem::Severity;
use super::record::{Checker, RawRecord};
use crate::domain::coordinate::{InvalidCoordinate, LonLat, looks_swapped};
use crate::domain::datum::{Datum, convert};
use crate::domain::geodesic::karney;
use crate::domain::station::Location;

/// How far a recorded WGS-84 place may lie from its converted original before a warning, metres.
const MAX_ORIGINAL_SHIFT_M: f64 = 1.0;
/// What rounding to the six decimals of a geometry may change, degrees: half a unit, with room for binary fractions.
const ROUNDING_DEG: f64 = 0.5e-6 + 1e-12;

impl Checker<'_> {
    /// The location of a row, or `None` with an error noted.
    pub(super) fn location(&mut self, record: &RawRecord<'_>) -> Option<Location> {
        let lon = self.required(
            Column::Lon,
            fields::decimal(record.get(Column::Lon)),
            ("degrees east", "经度（度）"),
        );
        let lat = self.required(
            Column::Lat,
            fields::decimal(record.get(Column::Lat)),
            ("degrees north", "纬度（度）"),
        );
        let datum = self.datum(record);
        let place = self.place(lon?, lat?)?;
        let datum = datum?;
        match record.get(Column::Original) {
            Item::Null => Some(Location::new(place, datum)),
            original => self.with_original(place, original),
        }
    }

    fn place(&mut self, lon_deg: f64, lat_deg: f64) -> Option<LonLat> {
        let given = || format!("{lon_deg},{lat_deg}");
        let (column, problem) = match LonLat::new(lon_deg, lat_deg) {
            Ok(_) | Err(InvalidCoordinate::SwappedAxes { .. }) if looks_swapped(lon_deg, lat_deg) => {
                let expected = format!("longitude,latitude: did you mean `{lat_deg},{lon_deg}`");
                let expected_zh = format!("经度,纬度，是不是 `{lat_deg},{lon_deg}`");
                (
                    Column::Lat,
                    fault(
                        "swapped_axes",
                        &given(),
                        ("has latitude first", &expected),
                        ("经纬度颠倒", &expected_zh),
                    ),
                )
            }
            Ok(_) if lon_deg == 0.0 && lat_deg == 0.0 => {
                let (not, not_zh) = ("is where missing coordinates end up", "是缺失坐标的默认值");
                (
                    Column::Lon,
                    fault(
                        "null_island",
                        &given(),
                        (not, "the coordinate of the station"),
                        (not_zh, "站点的坐标"),
                    ),
                )
            }
            Ok(place) => return Some(place),
            Err(InvalidCoordinate::Latitude(_) | InvalidCoordinate::SwappedAxes { .. }) => {
                let (not, not_zh) = ("is out of range", "超出范围");
                (
                    Column::Lat,
                    fault(
                        "out_of_range",
                        &lat_deg.to_string(),
                        (not, "-90 to 90 degrees"),
                        (not_zh, "-90到90度"),
                    ),
                )
            }
            Err(InvalidCoordinate::Longitude(_) | InvalidCoordinate::NotFinite { .. }) => {
                let (not, not_zh) = ("is out of range", "超出范围");
                (
                    Column::Lon,
                    fault(
                        "out_of_range",
                        &lon_deg.to_string(),
                        (not, "-180 to 180 degrees"),
                        (not_zh, "-180到180度"),
                    ),
                )
            }
        };
        self.note(Severity::Error, Some(column), problem);
        None
    }

    /// The datum of the row: the options say it for the whole file, else the row's own column, else WGS-84.
    fn datum(&mut self, record: &RawRecord<'_>) -> Option<Datum> {
        let stated = match fields::text(record.get(Column::Coord), MAX_TEXT_BYTES) {
            Ok(stated) => stated,
            Err(problem) => {
                self.note(Severity::Error, Some(Column::Coord), problem);
                return None;
            }
        };
        let own = match stated {
            None => None,
            Some(word) => match Datum::from_any_word(&word) {
                Some(datum) => Some(datum),
                None if self.context.options.datum.is_some() => None,
                None => {
                    let expected = "wgs84, gcj02 or bd09";
                    let problem = fault(
                        "unknown_datum",
                        &word,
                        ("is no known datum", expected),
                        ("不是已知坐标系", "wgs84、gcj02 或 bd09"),
                    );
                    self.note(Severity::Error, Some(Column::Coord), problem);
                    return None;
                }
            },
        };
        match (self.context.options.datum, own) {
            (Some(datum), own) => {
                self.datums_overridden += u64::from(own.is_some_and(|own| own != datum));
                Some(datum)
            }
            (None, own) => Some(own.unwrap_or(Datum::Wgs84)),
        }
    }

    /// A location of our own format, which records both the WGS-84 place and what it was made from.
    fn with_original(&mut self, place: LonLat, original: &Item<'_>) -> Option<Location> {
        let number = |name| {
            original
                .member(name)
                .and_then(|item| fields::decimal(item).ok().flatten())
        };
        let datum = original
            .member("datum")
            .and_then(Item::as_text)
            .and_then(Datum::from_any_word);
        let given = number("lon")
            .zip(number("lat"))
            .and_then(|(lon, lat)| LonLat::new(lon, lat).ok());
        let Some((given, datum)) = given.zip(datum) else {
            let expected = "an object with lon, lat (degrees) and datum (wgs84, gcj02 or bd09)";
            let problem = fault(
                "bad_original",
                &original.shown(),
                ("is no original coordinate", expected),
                ("不是原始坐标", "含 lon、lat、datum 的对象"),
            );
            self.note(Severity::Error, Some(Column::Original), problem);
            return None;
        };
        let converted = convert(given, datum, Datum::Wgs84);
        let is_rounded = (converted.lon_deg() - place.lon_deg()).abs() <= ROUNDING_DEG
            && (converted.lat_deg() - place.lat_deg()).abs() <= ROUNDING_DEG;
        if is_rounded {
            // The geometry is the converted original in six decimals, so that the original says more.
            return Some(Location::new(given, datum));
        }
        let shift_m = karney(converted, place).get();
        if shift_m > MAX_ORIGINAL_SHIFT_M {
            let (lon_deg, lat_deg) = (given.lon_deg(), given.lat_deg());
            let en = format!(
                "`{lon_deg},{lat_deg}` lies {shift_m:.1} m from the geometry; expected the same place, the geometry counts"
            );
            let zh =
                format!("`{lon_deg},{lat_deg}` 与几何位置相差{shift_m:.1}米；应为同一地点，以几何位置为准");
            self.note(
                Severity::Warning,
                Some(Column::Original),
                Fault {
                    code: "original_disagrees",
                    en,
                    zh,
                },
            );
        }
        Some(Location::from_record(place, given, datum))
    }
}
