//! A register that was edited step by step answers byte for byte as one that was loaded whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use proptest::sample::Index;
use yizhan::domain::bounds::Bounds;
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::datum::Datum;
use yizhan::domain::filter::{StationFilter, WordSet};
use yizhan::domain::language::Language;
use yizhan::domain::station::{Station, StationId};
use yizhan::domain::units::{Meters, Travel, TravelMode};
use yizhan::export::geojson::{NearestPage, Source};
use yizhan::export::row::Row;
use yizhan::export::text::TextSource;
use yizhan::export::{OutDatum, Style, csv, geojson, text};
use yizhan::http::Published;
use yizhan::locator::{AlongRouteQuery, Conditions, ItemsQuery, NearestQuery, Snapshot, StationChange};

use crate::oracle::conditions;
use crate::world::{self, Ask, ask, place, snapshot, stations, time};

/// One random change: of which station, what record, whether it stays where it is, whether it goes.
type Edit = (Index, Index, bool, u8);

fn edits() -> impl Strategy<Value = Vec<Vec<Edit>>> {
    let edit = (any::<Index>(), any::<Index>(), any::<bool>(), 0_u8..8);
    prop::collection::vec(prop::collection::vec(edit, 0..6), 1..7)
}

type Register = BTreeMap<StationId, Station>;

/// The change that a random edit means, made in `register` as well.
fn change(edit: &Edit, register: &mut Register, spare: &[Station]) -> StationChange {
    let (which, what, stays, kind) = edit;
    let new = ["0-first", "驿500", "驿5", "龥-last"].map(|id| StationId::new(id).expect("an id"));
    let ids: Vec<StationId> = register.keys().cloned().chain(new).collect();
    let id = ids[which.index(ids.len())].clone();
    if *kind == 0 || spare.is_empty() {
        register.remove(&id);
        return StationChange::Remove(id);
    }
    let mut station = spare[what.index(spare.len())].clone();
    station.id = id.clone();
    if let Some(known) = register.get(&id).filter(|_| *stays) {
        station.location = known.location;
    }
    register.insert(id, station.clone());
    StationChange::Put(station)
}

struct Questions<'a> {
    ask: &'a Ask,
    origin: LonLat,
    now: DateTime<Utc>,
}

impl Questions<'_> {
    /// Everything that anybody may be told, by two ways of writing.
    fn answers(&self, published: &Published) -> Vec<String> {
        let snapshot = &published.snapshot;
        let mut answers = vec![
            geojson::register(snapshot, &published.parts),
            format!("{:?} {:?}", snapshot.extent(), snapshot.revision()),
            format!("{:?}", snapshot.district_table().names().collect::<Vec<_>>()),
            format!("{:?}", snapshot.district_table().find(&["无区"])),
        ];
        let plain = Conditions::default();
        let asked = conditions(snapshot, self.ask);
        for conditions in [Some(plain), asked].into_iter().flatten() {
            for (datum, language) in [(Datum::Wgs84, Language::Zh), (Datum::Bd09, Language::En)] {
                let style = Style {
                    datum: OutDatum(datum),
                    language,
                    ..Style::default()
                };
                self.push_answers(&mut answers, published, &conditions, &style);
            }
        }
        answers
    }

    fn push_answers(
        &self,
        answers: &mut Vec<String>,
        of: &Published,
        conditions: &Conditions,
        style: &Style,
    ) {
        let Published { snapshot, parts, .. } = of;
        let (now, travel) = (self.now, Travel::of(TravelMode::Ebike));
        let source = Source { snapshot, parts, now };
        let nearest = NearestQuery {
            origin: self.origin,
            limit: 20,
            radius: None,
            conditions: conditions.clone(),
            travel,
            now,
        };
        let found = snapshot.nearest(&nearest);
        let page = NearestPage {
            travel,
            found: &found,
            beyond: None,
        };
        answers.push(geojson::nearest(source, &page, style, &[]));
        let rows: Vec<Row> = found.iter().map(Row::nearest).collect();
        answers.push(csv::found(snapshot, parts, &rows, style));
        let text_source = TextSource {
            snapshot,
            travel: Some(travel),
            asked: conditions.filter.facilities,
            language: style.language,
        };
        answers.push(text::lines(&text_source, &rows));
        let along = AlongRouteQuery {
            vertices: vec![
                self.origin,
                place(self.origin.lon_deg(), self.origin.lat_deg() * 0.999),
            ],
            distance: Meters::new(300_000.0).expect("a length"),
            limit: 100,
            conditions: conditions.clone(),
            travel,
            now,
        };
        answers.push(geojson::along_route(
            source,
            travel,
            &snapshot.along_route(&along),
            style,
            &[],
        ));
        for bounds in [
            None,
            Some(Bounds::new(place(109.4, 18.2), place(109.5, 90.0)).expect("a box")),
        ] {
            let query = ItemsQuery {
                bounds,
                conditions: conditions.clone(),
                limit: 50,
                ..ItemsQuery::default()
            };
            let page = snapshot.items(&query);
            answers.push(geojson::items(source, &page, style, &[]));
            let rows: Vec<Row> = page.stations.iter().map(|&station| Row::item(station)).collect();
            answers.push(csv::items(snapshot, parts, &rows, style));
        }
    }
}

fn whole(register: &Register, revision: u64) -> Published {
    let like = snapshot(Vec::new());
    let stations = register.values().cloned().collect();
    Published::new(Snapshot::build(stations, like.reference().clone(), revision))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn an_edited_register_answers_as_one_that_was_loaded_whole(
        first in stations(), spare in stations(), edits in edits(), ask in ask(),
        (lon, lat) in (-180.0..=180.0, -90.0..=90.0), is_in_city in any::<bool>(), now in time(),
    ) {
        let origin = if is_in_city { place(109.5, 18.25) } else { place(lon, lat) };
        let questions = Questions { ask: &ask, origin, now };
        let mut register: Register = first.into_iter().map(|station| (station.id.clone(), station)).collect();
        let mut published = whole(&register, 1);
        for (edits, revision) in edits.iter().zip(2..) {
            let changes = edits.iter().map(|edit| change(edit, &mut register, &spare)).collect();
            let before = (published.parts.fingerprint(), geojson::register(&published.snapshot, &published.parts));
            // Asked for in between, so that an open state or a window made before the edit would be noticed.
            let answered = questions.answers(&published);
            let edited = published.with_changes(changes, revision);
            prop_assert_eq!(&answered, &questions.answers(&published), "the register before is as it was");
            let expected = whole(&register, revision);
            prop_assert_eq!(questions.answers(&edited), questions.answers(&expected));
            prop_assert_eq!(edited.parts.fingerprint(), expected.parts.fingerprint());
            let is_same = before.1 == geojson::register(&edited.snapshot, &edited.parts);
            prop_assert!(is_same || before.0 != edited.parts.fingerprint());
            published = edited;
        }
    }
}

fn city(count: u32) -> Vec<Station> {
    let at = |number: u32| {
        place(
            109.4 + f64::from(number % 50) * 0.004,
            18.2 + f64::from(number / 50) * 0.004,
        )
    };
    (0..count)
        .map(|number| world::station(&format!("s{number:04}"), at(number)))
        .collect()
}

#[test]
fn records_that_did_not_change_are_shared_and_those_before_are_as_they_were() {
    let before = snapshot(city(100));
    let mut station = city(100).swap_remove(40);
    station.name = "新名".into();
    let after = before.with_changes(vec![StationChange::Put(station)], 2);
    let is_shared = |ordinal: usize| Arc::ptr_eq(&before.stations()[ordinal], &after.stations()[ordinal]);
    assert_eq!(
        (0..100)
            .filter(|ordinal| !is_shared(*ordinal))
            .collect::<Vec<_>>(),
        [40]
    );
    assert_eq!(
        (&*before.stations()[40].name, &*after.stations()[40].name),
        ("驿站", "新名")
    );
    assert_eq!((before.revision(), after.revision()), (1, 2));
}

#[test]
fn the_later_of_two_changes_of_one_station_counts_and_removing_what_is_not_there_is_nothing() {
    let id = |text: &str| StationId::new(text).expect("an id");
    let before = snapshot(city(20));
    let put = || StationChange::Put(world::station("new", place(109.0, 18.0)));
    let none = before.with_changes(
        vec![
            put(),
            StationChange::Remove(id("new")),
            StationChange::Remove(id("x")),
        ],
        2,
    );
    assert_eq!(none.stations(), before.stations());
    let one = before.with_changes(vec![StationChange::Remove(id("new")), put()], 2);
    assert_eq!(one.find("new"), Some(0));
    assert_eq!(one.stations().len(), 21);
    let nobody = before.with_changes(
        city(20)
            .into_iter()
            .map(|s| StationChange::Remove(s.id))
            .collect(),
        3,
    );
    assert!(nobody.stations().is_empty() && nobody.extent().is_none());
    let again = nobody.with_changes(city(20).into_iter().map(StationChange::Put).collect(), 4);
    assert_eq!(again.stations(), before.stations());
}

#[test]
fn hours_that_nobody_has_any_more_do_not_pile_up() {
    let mut snapshot = snapshot(city(8));
    for number in 0..2_400 {
        let mut station = world::station("s0003", place(109.4, 18.2));
        let (hour, minute) = (number / 60 % 24, number % 60);
        station.hours.osm = Some(format!("Mo-Su 00:00-{hour:02}:{minute:02}; PH off \"{number}\"").into());
        snapshot = snapshot.with_changes(vec![StationChange::Put(station)], number + 2);
        assert!(snapshot.hours().count() < 1_100, "{number}");
    }
}

#[test]
fn the_planners_grid_is_kept_while_it_stays_the_same() {
    let published = Published::new(snapshot(city(30)));
    let grid = published.plan_base().expect("a grid over the districts");
    let put = |lon_deg: f64| vec![StationChange::Put(world::station("s0007", place(lon_deg, 18.2)))];
    let edited = published.with_changes(put(100.0), 2);
    assert!(Arc::ptr_eq(&grid, &edited.plan_base().expect("a grid")));

    // Without districts the grid lies over the extent of the stations.
    let mut reference = published.snapshot.reference().clone();
    reference.districts = Arc::new([]);
    let published = Published::new(Snapshot::build(city(30), reference, 1));
    let inside = published.with_changes(put(109.41), 2);
    let grid = inside.plan_base().expect("a grid over the extent");
    assert!(
        Arc::ptr_eq(&grid, &published.plan_base().expect("a grid")),
        "also the one made later"
    );
    let outside = inside.with_changes(put(109.9), 3);
    assert!(!Arc::ptr_eq(&grid, &outside.plan_base().expect("a grid")));
}

#[test]
fn a_place_that_differs_by_less_than_answers_show_changes_the_fingerprint() {
    let published = Published::new(snapshot(city(3)));
    let station = &published.snapshot.stations()[0];
    let (original, datum) = (station.location.original(), station.location.datum());
    let beside = place(original.lon_deg() + 2e-7, original.lat_deg());
    let mut station = Station::clone(station);
    station.location = yizhan::domain::station::Location::from_record(beside, original, datum);
    let edited = published.with_changes(vec![StationChange::Put(station)], 1);
    let texts = [&published, &edited].map(|of| geojson::register(&of.snapshot, &of.parts));
    assert_eq!(texts[0], texts[1]);
    assert_ne!(published.parts.fingerprint(), edited.parts.fingerprint());
}

#[test]
fn a_filter_finds_what_an_edit_made_true() {
    let before = snapshot(city(40));
    let facility = yizhan::domain::facility::Facility::Shower;
    let mut query = NearestQuery {
        origin: place(109.5, 18.3),
        limit: 5,
        radius: None,
        conditions: Conditions::default(),
        travel: Travel::of(TravelMode::Walk),
        now: world::instant("2026-11-20T04:00:00Z"),
    };
    query.conditions.filter = StationFilter {
        facilities: [facility].into_iter().collect(),
        hosts: WordSet::ALL,
        ..StationFilter::ANY
    };
    assert!(before.nearest(&query).is_empty());
    let mut station = city(40).swap_remove(17);
    station
        .facilities
        .set(facility, yizhan::domain::facility::FacilityState::Yes);
    let after = before.with_changes(vec![StationChange::Put(station)], 2);
    let found: Vec<u32> = after.nearest(&query).iter().map(|found| found.station).collect();
    assert_eq!(found, [17]);
}
