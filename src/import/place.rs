//! Where a row says that its station is: numbers, datum, and the mistakes that put a station into the wrong ocean.

use super::columns::Column;
use super::coordinates::{self, Order};
use super::fields::{self, Fault, MAX_TEXT_BYTES, fault};
use super::item::Item;
use super::problem::{Fix, Severity};
use super::record::{Checker, Purpose, RawRecord};
use crate::domain::coordinate::{InvalidCoordinate, LonLat, looks_swapped};
use crate::domain::datum::{Datum, convert};
use crate::domain::geocode::{GeocodePrecision, GeocodeProvider, Geocoded};
use crate::domain::geodesic::karney;
use crate::domain::station::Location;

/// How far a recorded WGS-84 place may lie from its converted original before a warning, metres.
const MAX_ORIGINAL_SHIFT_M: f64 = 1.0;
/// What rounding to the six decimals of a geometry may change, degrees: half a unit, with room for binary fractions.
const ROUNDING_DEG: f64 = 0.5e-6 + 1e-12;

/// What a row says of its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// It is here.
    At(Location),
    /// Nothing: it can be found by its address later.
    Missing,
    /// Something that cannot be used; the log says why.
    Bad,
}

impl Place {
    /// The location, where there is one.
    pub(super) const fn location(&self) -> Option<Location> {
        match self {
            Self::At(location) => Some(*location),
            Self::Missing | Self::Bad => None,
        }
    }
}

/// A location that stands in for one that is not known; it never leaves this module's rows.
pub(super) fn nowhere() -> Option<Location> {
    let place = LonLat::new(0.0, 0.0).ok()?;
    Some(Location::new(place, Datum::Wgs84))
}

/// What was decided about the places of rows, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Notes {
    /// Rows whose own datum the options overrode.
    pub(super) datums_overridden: u64,
    /// Rows that say nothing of their datum and got one from the header or WGS-84.
    pub(super) datums_unstated: u64,
    /// Cells with latitude first, by the range of the numbers.
    pub(super) latitude_first: u64,
    /// Cells whose order the numbers do not tell; taken with longitude first.
    pub(super) order_assumed: u64,
}

impl Notes {
    /// Adds up the counts of two pieces of a file.
    pub(super) const fn add(&mut self, other: Self) {
        self.datums_overridden += other.datums_overridden;
        self.datums_unstated += other.datums_unstated;
        self.latitude_first += other.latitude_first;
        self.order_assumed += other.order_assumed;
    }
}

impl Checker<'_> {
    /// Where a row is; whatever keeps it from being a place is noted.
    pub(super) fn location(&mut self, record: &RawRecord<'_>) -> Place {
        let is_blank = |column| record.get(column).is_blank();
        if is_blank(Column::Lon) && is_blank(Column::Lat) {
            if is_blank(Column::Coordinates) {
                self.note_missing(record);
                return Place::Missing;
            }
            let Some(pair) = self.pair(record.get(Column::Coordinates)) else {
                return Place::Bad;
            };
            return self.located(pair, record);
        }
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
        if let Some(pair) = lon.zip(lat) {
            return self.located(pair, record);
        }
        // An unknown datum is noted all the same.
        self.datum(record);
        Place::Bad
    }

    fn located(&mut self, (lon_deg, lat_deg): (f64, f64), record: &RawRecord<'_>) -> Place {
        let datum = self.datum(record);
        if lon_deg == 0.0 && lat_deg == 0.0 {
            self.note_zero(record);
            return if self.context.purpose == Purpose::Changes {
                Place::Missing
            } else {
                Place::Bad
            };
        }
        let (Some(place), Some(datum)) = (self.place(lon_deg, lat_deg), datum) else {
            return Place::Bad;
        };
        match record.get(Column::Original) {
            Item::Null => Place::At(Location::new(place, datum)),
            original => self.with_original(place, original).map_or(Place::Bad, Place::At),
        }
    }

    /// The two numbers of one cell, longitude first.
    fn pair(&mut self, item: &Item<'_>) -> Option<(f64, f64)> {
        let text = item.as_text().and_then(coordinates::parse);
        let Some(pair) = text else {
            let expected = "`113.6,34.7`, `(34.7, 113.6)` or `POINT(113.6 34.7)`";
            let problem = fault(
                "bad_coordinates",
                &item.shown(),
                ("is no coordinate", expected),
                ("不是坐标", "`113.6,34.7`、`(34.7, 113.6)` 或 `POINT(113.6 34.7)`"),
            );
            self.note(Severity::Error, Some(Column::Coordinates), problem);
            return None;
        };
        let is_first = item
            .as_text()
            .is_some_and(|text| coordinates::first_number(text) == Some(pair.lat_deg));
        match pair.order {
            Order::ByRange if is_first => self.places.latitude_first += 1,
            Order::Assumed => self.places.order_assumed += 1,
            Order::ByRange | Order::Stated => {}
        }
        Some((pair.lon_deg, pair.lat_deg))
    }

    fn note_missing(&mut self, record: &RawRecord<'_>) {
        let has_columns = self.columns.all.is_empty() || self.columns.has_place();
        if self.context.purpose == Purpose::Changes && !has_columns {
            // The file has no coordinates at all, which is said once.
            return;
        }
        let fault = Fault {
            code: "missing_coordinate",
            en: "the row has no coordinate; expected longitude and latitude in degrees".to_owned(),
            zh: "该行没有坐标；应有经度和纬度（度）".to_owned(),
        };
        self.note(Severity::Error, Some(self.place_column()), fault);
        self.fix_last(None, geocode(record));
    }

    fn note_zero(&mut self, record: &RawRecord<'_>) {
        let (not, not_zh) = ("is where missing coordinates end up", "是缺失坐标的默认值");
        let problem = fault(
            "null_island",
            "0,0",
            (not, "the coordinate of the station"),
            (not_zh, "站点的坐标"),
        );
        self.note(Severity::Error, Some(self.place_column()), problem);
        self.fix_last(Some("0,0".to_owned()), geocode(record));
    }

    /// The column under which problems with the whole coordinate are shown.
    fn place_column(&self) -> Column {
        if self.columns.has(Column::Coordinates) && !self.columns.has(Column::Lon) {
            Column::Coordinates
        } else {
            Column::Lon
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
        let is_swapped = problem.code == "swapped_axes";
        let column = if self.place_column() == Column::Coordinates {
            Column::Coordinates
        } else {
            column
        };
        self.note(Severity::Error, Some(column), problem);
        if is_swapped {
            self.fix_last(Some(given()), swap(lon_deg, lat_deg));
        }
        None
    }

    /// The datum of the row: the options or the mapping say it for the whole file, else the row's own column, else the
    /// header, else WGS-84.
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
                None if self.fixed_datum().is_some() => None,
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
        if let Some(datum) = self.fixed_datum() {
            self.places.datums_overridden += u64::from(own.is_some_and(|own| own != datum));
            return Some(datum);
        }
        self.places.datums_unstated += u64::from(own.is_none());
        Some(own.or(self.columns.datum_hint).unwrap_or(Datum::Wgs84))
    }

    /// The datum that holds for all rows, whatever they say.
    pub(super) fn fixed_datum(&self) -> Option<Datum> {
        self.context.options.datum.or(self.context.mapping.datum)
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
        let geocoded = match original.member("geocoded") {
            None | Some(Item::Null) => Some(None),
            Some(item) => geocoded(item).map(Some),
        };
        let Some(((given, datum), geocoded)) = given.zip(datum).zip(geocoded) else {
            let expected = "an object with lon, lat (degrees) and datum (wgs84, gcj02 or bd09), and with geocoded only \
                            as provider and precision";
            let problem = fault(
                "bad_original",
                &original.shown(),
                ("is no original coordinate", expected),
                (
                    "不是原始坐标",
                    "含 lon、lat、datum 的对象；geocoded 须含 provider 和 precision",
                ),
            );
            self.note(Severity::Error, Some(Column::Original), problem);
            return None;
        };
        let converted = convert(given, datum, Datum::Wgs84);
        let is_rounded = (converted.lon_deg() - place.lon_deg()).abs() <= ROUNDING_DEG
            && (converted.lat_deg() - place.lat_deg()).abs() <= ROUNDING_DEG;
        if is_rounded {
            // The geometry is the converted original in six decimals, so that the original says more.
            return Some(noted(Location::new(given, datum), geocoded));
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
        Some(noted(Location::from_record(place, given, datum), geocoded))
    }
}

/// Who found a place, as our own format says it.
fn geocoded(item: &Item<'_>) -> Option<Geocoded> {
    let word = |name| item.member(name).and_then(Item::as_text);
    let precision = GeocodePrecision::from_word(word("precision")?)?;
    (precision != GeocodePrecision::Area).then_some(Geocoded {
        provider: GeocodeProvider::from_word(word("provider")?)?,
        precision,
    })
}

fn noted(location: Location, geocoded: Option<Geocoded>) -> Location {
    geocoded.map_or(location, |geocoded| location.geocoded_by(geocoded))
}

/// What to do about exchanged numbers.
pub(super) fn swap(lon_deg: f64, lat_deg: f64) -> Fix {
    Fix::new(
        format!("swap longitude and latitude: {lat_deg},{lon_deg}"),
        format!("对调经度和纬度：{lat_deg},{lon_deg}"),
    )
}

/// What to do about a row without a coordinate: its address may tell the place.
fn geocode(record: &RawRecord<'_>) -> Fix {
    let address = fields::text(record.get(Column::Address), MAX_TEXT_BYTES)
        .ok()
        .flatten();
    address.map_or_else(
        || {
            Fix::new(
                "fill in longitude and latitude, or an address to find them by",
                "填写经度和纬度，或填写地址以便查找",
            )
        },
        |address| {
            let address = super::problem::shown(&address);
            Fix::new(
                format!("fill in longitude and latitude, or find them by the address `{address}`"),
                format!("填写经度和纬度，或按地址 `{address}` 查找"),
            )
        },
    )
}
