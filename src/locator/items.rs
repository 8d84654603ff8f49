//! Stations by box, outline, district and filter, page by page in the order of ids.

use chrono::NaiveDate;
use geo::{Intersects as _, MultiPolygon, Point};

use super::Conditions;
use super::snapshot::Snapshot;
use super::time::OpenAsk;
use crate::domain::bounds::Bounds;
use crate::domain::station::Station;
use crate::domain::text::TextQuery;

/// A stretch of days, both ends included; `None` is open-ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
}

impl Period {
    /// Whether a station was in service on some day of the period. A station that states no opening day matches, as
    /// OGC API – Features asks for things without a time.
    fn meets(self, station: &Station) -> bool {
        // Service has no known end, so only the last day of the period can rule a station out.
        match (station.opened_on, self.to) {
            (Some(opened_on), Some(last)) => opened_on <= last,
            _ => true,
        }
    }
}

/// A question for a page of stations.
#[derive(Debug, Clone, Default)]
pub struct ItemsQuery {
    /// The box that stations must lie in, edges included.
    pub bounds: Option<Bounds>,
    /// The outline that stations must lie in or on, WGS-84 degrees.
    pub outline: Option<MultiPolygon<f64>>,
    /// The days on one of which they must have been in service.
    pub period: Option<Period>,
    /// The words that their records must contain.
    pub text: Option<TextQuery>,
    /// What each must meet; [`OpenAsk::OnArrival`] has no meaning here and is not offered.
    pub conditions: Conditions,
    /// Only stations whose id comes after this one.
    pub after: Option<Box<str>>,
    /// At most this many.
    pub limit: usize,
}

/// A page of stations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemsPage {
    /// Ordinals in the order of ids.
    pub stations: Vec<u32>,
    /// How many stations match over all pages.
    pub matched: usize,
    /// Whether more follow after the last one of this page.
    pub has_more: bool,
}

impl Snapshot {
    /// Finds a page of stations. The order is by id and the page starts after an id, so that no station is repeated or
    /// missed while records change. O(log n + stations in the box).
    pub fn items(&self, query: &ItemsQuery) -> ItemsPage {
        let mut matching = Matching::new(self.stations().len());
        self.candidates(query, |station| matching.insert(station));
        let first = query.after.as_ref().map_or(0, |after| {
            self.stations()
                .partition_point(|station| station.id.as_str() <= &**after)
        });
        let mut page = ItemsPage {
            matched: matching.count(),
            ..ItemsPage::default()
        };
        let mut following = matching.from(first);
        page.stations.extend(following.by_ref().take(query.limit));
        page.has_more = following.next().is_some();
        page
    }

    fn candidates(&self, query: &ItemsQuery, mut found: impl FnMut(u32)) {
        let conditions = &query.conditions;
        let window = match conditions.open {
            OpenAsk::At { moment, .. } => self.hours().window(moment.minute),
            OpenAsk::Any | OpenAsk::OnArrival { .. } => {
                self.hours().window(self.moment(self.loaded_at()).minute)
            }
        };
        let outline_bounds = query.outline.as_ref().and_then(bounds_of);
        let mut scratch = String::new();
        let mut passes = |ordinal: u32| {
            let station = &self.stations()[ordinal as usize];
            let place = station.location.place();
            query.bounds.is_none_or(|bounds| bounds.contains(place))
                && query.period.is_none_or(|period| period.meets(station))
                && self.meets(&window, ordinal, conditions)
                && query
                    .outline
                    .as_ref()
                    .is_none_or(|outline| outline.intersects(&Point::new(place.lon_deg(), place.lat_deg())))
                && query
                    .text
                    .as_ref()
                    .is_none_or(|text| text.matches(station, &mut scratch))
        };
        match outline_bounds.or(query.bounds) {
            Some(bounds) => self.index().within(&bounds, conditions.wanted(), |slot| {
                let ordinal = self.index().ordinal(slot);
                if passes(ordinal) {
                    found(ordinal);
                }
            }),
            None => {
                for (station, ordinal) in self.stations().iter().zip(0_u32..) {
                    if conditions
                        .filter
                        .matches(&station.facilities, station.host, station.status)
                        && passes(ordinal)
                    {
                        found(ordinal);
                    }
                }
            }
        }
    }
}

fn bounds_of(outline: &MultiPolygon<f64>) -> Option<Bounds> {
    use crate::domain::coordinate::LonLat;
    Bounds::around(outline.iter().flat_map(|polygon| {
        polygon
            .exterior()
            .coords()
            .map(|corner| LonLat::from_computed(corner.x, corner.y))
    }))
}

/// A set of ordinals that gives them back in order: one bit each, so that no sort is needed.
struct Matching(Vec<u64>);

impl Matching {
    fn new(stations: usize) -> Self {
        Self(vec![0; stations.div_ceil(64)])
    }

    fn insert(&mut self, ordinal: u32) {
        self.0[ordinal as usize / 64] |= 1 << (ordinal % 64);
    }

    fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The ordinals from `first` on, ascending.
    fn from(&self, first: usize) -> impl Iterator<Item = u32> {
        let words = self.0.iter().zip((0_u32..).step_by(64)).skip(first / 64);
        words
            .flat_map(|(&word, base)| {
                let mut rest = word;
                core::iter::from_fn(move || {
                    let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                    rest &= rest - 1;
                    Some(base + bit)
                })
            })
            .skip_while(move |&ordinal| (ordinal as usize) < first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_gives_its_ordinals_back_in_order_from_any_start() {
        let mut set = Matching::new(300);
        for ordinal in [299, 0, 64, 63, 128, 65] {
            set.insert(ordinal);
        }
        assert_eq!(set.count(), 6);
        assert_eq!(set.from(0).collect::<Vec<_>>(), [0, 63, 64, 65, 128, 299]);
        assert_eq!(set.from(64).collect::<Vec<_>>(), [64, 65, 128, 299]);
        assert_eq!(set.from(300).count(), 0);
        assert_eq!(Matching::new(0).from(0).count(), 0);
    }

    #[test]
    fn a_station_opened_after_the_period_is_out_and_one_without_a_day_is_in() {
        use crate::domain::{
            coordinate::LonLat,
            datum::Datum,
            station::{Location, StationId},
        };
        let place = Location::new(LonLat::new(109.5, 18.25).unwrap(), Datum::Wgs84);
        let mut station = Station::new(StationId::new("a").unwrap(), "a", place);
        let period = Period {
            from: None,
            to: "2024-12-31".parse().ok(),
        };
        assert!(period.meets(&station));
        station.opened_on = "2025-01-01".parse().ok();
        assert!(!period.meets(&station));
        assert!(
            Period {
                from: "2026-01-01".parse().ok(),
                to: None
            }
            .meets(&station)
        );
    }
}
