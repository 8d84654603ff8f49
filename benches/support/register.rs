//! A made-up register for benches: stations at populated places, with hours and facilities as registers have them.

use std::sync::Arc;

use yizhan::domain::coordinate::LonLat;
use yizhan::domain::datum::Datum;
use yizhan::domain::facility::{Facility, FacilityState};
use yizhan::domain::station::{Host, Location, StatedHours, Station, StationId};
use yizhan::domain::work_calendar::WorkCalendar;
use yizhan::locator::{Clock, Reference};

use crate::support::{Populated, Seeded};

const HOURS: [&str; 4] = [
    "Mo-Fr 08:30-12:00,14:30-17:30; PH off",
    "24/7",
    "Mo-Su,PH 07:00-22:00",
    "Mo-Su 08:00-20:00",
];

/// The bundled calendar, China Standard Time, no districts and no standards.
pub fn reference() -> Reference {
    Reference {
        calendar: Arc::new(WorkCalendar::bundled()),
        clock: Clock::default(),
        districts: Arc::from([]),
        standards: Arc::from([]),
    }
}

/// Stations at the populated places, again and again with a small shift when there are more stations than places.
pub fn stations(size: usize, places: &[Populated]) -> Vec<Station> {
    let mut random = Seeded::new(4);
    (0..size)
        .map(|i| {
            let place = places[i * 7919 % places.len()].place;
            let (east, north) = ((random.unit() - 0.5) * 0.02, (random.unit() - 0.5) * 0.02);
            let place = LonLat::new(
                (place.lon_deg() + east).clamp(-180.0, 180.0),
                (place.lat_deg() + north).clamp(-90.0, 90.0),
            );
            let location = Location::new(place.expect("a place"), Datum::Wgs84);
            let id = StationId::new(&format!("b-{i:07}")).expect("an id");
            let mut station = Station::new(id, &format!("测试区第{i}号示例驿站"), location);
            station.address = Some("测试市测试区示例路（示例地址）".into());
            station.district = Some("测试区".into());
            station.host = Some(Host::SanitationPost);
            station.hours = StatedHours {
                osm: HOURS.get(i % 5).map(|osm| (*osm).into()),
                text: None,
            };
            station.synthetic = true;
            for (facility, number) in Facility::ALL.iter().zip(0..10) {
                if (i + number) % 7 != 0 {
                    station.facilities.set(*facility, FacilityState::Yes);
                }
            }
            station
        })
        .collect()
}
