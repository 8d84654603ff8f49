//! `items` against a look at every station, page by page, also while records change between the pages.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use geo::{Coord, LineString, MultiPolygon, Polygon};
use proptest::prelude::*;
use yizhan::domain::bounds::Bounds;
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::station::Station;
use yizhan::domain::text::TextQuery;
use yizhan::locator::{ItemsPage, ItemsQuery, Period, Snapshot};

use crate::oracle::{Oracle, conditions};
use crate::world::{Ask, Open, ask, instant, place, snapshot, station, stations};

/// Random questions, in plain words.
#[derive(Debug, Clone)]
struct Question {
    /// West, south, east, north; west beyond east crosses ±180°.
    edges: Option<[f64; 4]>,
    /// Rings, of which the first is the outer one; a place inside of an odd number of them is inside.
    rings: Option<Vec<Vec<(f64, f64)>>>,
    /// First and last day.
    period: Option<(Option<NaiveDate>, Option<NaiveDate>)>,
    ask: Ask,
}

fn edges() -> impl Strategy<Value = [f64; 4]> {
    let anywhere = (-180.0..=180.0, -90.0..=90.0_f64, -180.0..=180.0, 0.0..90.0_f64)
        .prop_map(|(west, south, east, height)| [west, south, east, (south + height).min(90.0)]);
    let city = (109.35..109.6, 18.15..18.4, 0.0..0.2, 0.0..0.2)
        .prop_map(|(west, south, width, height)| [west, south, west + width, south + height]);
    let across = (-1.0..1.0, -25.0..0.0, 0.0..30.0).prop_map(|(shift, south, height)| {
        [179.7 + shift * 0.2, south, -179.7 + shift * 0.2, south + height]
    });
    prop_oneof![anywhere, city, across]
}

/// A star around a centre, at times with a smaller one cut out.
fn rings() -> impl Strategy<Value = Vec<Vec<(f64, f64)>>> {
    let city = (109.4..109.6, 18.2..18.4).prop_map(|centre| (centre, 0.12));
    let grid = (-0.02..0.02, -0.02..0.02).prop_map(|centre| (centre, 0.03));
    let large = (-60.0..60.0, -30.0..30.0).prop_map(|centre| (centre, 50.0));
    let radii = prop::collection::vec(0.3..1.0, 3..12);
    (prop_oneof![city, grid, large], radii, any::<bool>()).prop_map(
        |(((lon, lat), size), radii, has_hole)| {
            let ring = |scale: f64| -> Vec<(f64, f64)> {
                let turn = std::f64::consts::TAU / radii.len() as f64;
                let corner = |(number, radius): (usize, &f64)| {
                    let (sin, cos) = (0.1 + turn * number as f64).sin_cos();
                    (
                        lon + size * scale * radius * cos,
                        lat + size * scale * radius * sin,
                    )
                };
                radii.iter().enumerate().map(corner).collect()
            };
            let mut rings = vec![ring(1.0)];
            if has_hole {
                rings.push(ring(0.5));
            }
            rings
        },
    )
}

fn question() -> impl Strategy<Value = Question> {
    let day = || {
        (0_u64..2200)
            .prop_map(|days| NaiveDate::from_ymd_opt(2021, 1, 1).expect("a day") + chrono::Days::new(days))
    };
    let period = (prop::option::of(day()), prop::option::of(day()));
    let on_arrival_means_nothing_here = |mut ask: Ask| {
        if let Open::OnArrival(_) = ask.open {
            ask.open = Open::Any;
        }
        ask
    };
    let parts = (
        prop::option::weighted(0.5, edges()),
        prop::option::weighted(0.4, rings()),
        prop::option::weighted(0.3, period),
        ask().prop_map(on_arrival_means_nothing_here),
    );
    parts.prop_map(|(edges, rings, period, ask)| Question {
        edges,
        rings,
        period,
        ask,
    })
}

/// The question as the code under test takes it; `None` when it asks for a district that nobody knows.
fn query(snapshot: &Snapshot, question: &Question) -> Option<ItemsQuery> {
    let bounds = |[west, south, east, north]: [f64; 4]| {
        Bounds::new(place(west, south), place(east, north)).expect("a box")
    };
    let ring =
        |ring: &Vec<(f64, f64)>| -> LineString<f64> { ring.iter().map(|&(x, y)| Coord { x, y }).collect() };
    let outline = |rings: &Vec<Vec<(f64, f64)>>| {
        let mut rings = rings.iter().map(ring);
        let exterior = rings.next().expect("an outer ring");
        MultiPolygon::new(vec![Polygon::new(exterior, rings.collect())])
    };
    Some(ItemsQuery {
        bounds: question.edges.map(bounds),
        outline: question.rings.as_ref().map(outline),
        period: question.period.map(|(from, to)| Period { from, to }),
        text: None,
        conditions: conditions(snapshot, &question.ask)?,
        after: None,
        limit: 10_000,
    })
}

fn is_in_box(at: LonLat, [west, south, east, north]: [f64; 4]) -> bool {
    let (lon, lat) = (at.lon_deg(), at.lat_deg());
    // The same meridian may be written as 180° and −180°; at a pole all meridians meet.
    let ways: Vec<f64> = match (lon.abs() >= 180.0, lat.abs() >= 90.0) {
        (_, true) => vec![west],
        (true, _) => vec![-180.0, 180.0],
        _ => vec![lon],
    };
    let is_between = |lon: &f64| {
        if west > east {
            *lon >= west || *lon <= east
        } else {
            (west..=east).contains(lon)
        }
    };
    (south..=north).contains(&lat) && ways.iter().any(is_between)
}

/// Inside by the number of edges that a ray to the east crosses.
fn is_in_rings(at: LonLat, rings: &[Vec<(f64, f64)>]) -> bool {
    let (lon, lat) = (at.lon_deg(), at.lat_deg());
    let mut crossed = 0;
    for ring in rings {
        for (&(x, y), &(next_x, next_y)) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            let crosses_latitude = (y > lat) != (next_y > lat);
            if crosses_latitude && lon < x + (lat - y) / (next_y - y) * (next_x - x) {
                crossed += 1;
            }
        }
    }
    crossed % 2 == 1
}

fn matches(oracle: &mut Oracle, station: &Station, question: &Question) -> bool {
    let at = station.location.place();
    let in_period = |(_, to): (_, Option<NaiveDate>)| match (station.opened_on, to) {
        (Some(opened_on), Some(last_day)) => opened_on <= last_day,
        _ => true,
    };
    question.edges.is_none_or(|edges| is_in_box(at, edges))
        && question.rings.as_ref().is_none_or(|rings| is_in_rings(at, rings))
        && question.period.is_none_or(in_period)
        && oracle.meets(station, &question.ask, instant("2026-11-20T00:00:00Z"))
}

fn ids(snapshot: &Snapshot, page: &ItemsPage) -> Vec<String> {
    let id = |ordinal: &u32| snapshot.stations()[*ordinal as usize].id.as_str().to_owned();
    page.stations.iter().map(id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_pages_together_are_what_a_look_at_every_station_finds(
        stations in stations(), question in question(), limits in prop::collection::vec(1_usize..40, 1..5),
    ) {
        let snapshot = snapshot(stations);
        let Some(mut query) = query(&snapshot, &question) else { return Ok(()) };
        let mut oracle = Oracle::default();
        let expected: Vec<String> = snapshot
            .stations()
            .iter()
            .filter(|station| matches(&mut oracle, station, &question))
            .map(|station| station.id.as_str().to_owned())
            .collect();
        prop_assert!(expected.is_sorted());
        let mut found = Vec::new();
        for limit in limits.iter().cycle() {
            query.limit = *limit;
            let page = snapshot.items(&query);
            prop_assert_eq!(page.matched, expected.len());
            prop_assert!(page.stations.len() <= *limit);
            prop_assert!(page.stations.len() == *limit || !page.has_more);
            found.extend(ids(&snapshot, &page));
            if !page.has_more {
                break;
            }
            query.after = found.last().map(|id| id.as_str().into());
        }
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn what_stays_is_neither_repeated_nor_missed_while_records_come_and_go(
        stations in stations(), question in question(), limit in 1_usize..20,
        changes in prop::collection::vec(prop::collection::vec(any::<bool>(), 120), 1..8),
    ) {
        // Every page is asked of another register; a station that all of them hold must be found exactly once.
        let registers: Vec<Snapshot> = changes
            .iter()
            .map(|keeps| {
                let kept = stations.iter().zip(keeps).enumerate();
                let kept = kept.filter(|(number, (_, keeps))| number % 3 != 0 || **keeps);
                snapshot(kept.map(|(_, (station, _))| station.clone()).collect())
            })
            .collect();
        let (mut found, mut after, mut oracle) = (Vec::new(), None, Oracle::default());
        for (number, register) in registers.iter().cycle().enumerate() {
            let Some(mut query) = query(register, &question) else { return Ok(()) };
            (query.limit, query.after) = (limit, after.clone());
            let page = register.items(&query);
            found.extend(ids(register, &page));
            if !page.has_more {
                break;
            }
            after = found.last().map(|id| Box::from(id.as_str()));
            prop_assert!(number < 1_000, "the pages never end");
        }
        let unique: BTreeSet<&String> = found.iter().collect();
        prop_assert_eq!(unique.len(), found.len(), "a station was repeated: {:?}", &found);
        let stays = |id: &str| registers.iter().all(|register| register.find(id).is_some());
        let staying = stations.iter().filter(|station| stays(station.id.as_str()));
        for station in staying {
            let is_wanted = matches(&mut oracle, station, &question);
            prop_assert_eq!(unique.contains(&station.id.as_str().to_owned()), is_wanted, "{}", station.id.as_str());
        }
    }
}

#[test]
fn a_page_after_an_id_that_is_gone_goes_on_with_the_next_one() {
    let stations = ["a", "b", "d"].map(|id| station(id, place(109.5, 18.25)));
    let snapshot = snapshot(stations.to_vec());
    let page = |after: &str| {
        let query = ItemsQuery {
            after: Some(after.into()),
            limit: 1,
            ..ItemsQuery::default()
        };
        let page = snapshot.items(&query);
        (ids(&snapshot, &page), page.has_more, page.matched)
    };
    assert_eq!(page("a"), (vec!["b".to_owned()], true, 3));
    assert_eq!(page("c"), (vec!["d".to_owned()], false, 3));
    assert_eq!(page("d"), (Vec::new(), false, 3));
    assert_eq!(page(""), (vec!["a".to_owned()], true, 3));
}

/// So many stations of a Chinese city, each with texts in every place where words are looked for.
fn told(count: u32) -> Vec<Station> {
    let told = |number: u32| {
        let at = place(
            109.0 + f64::from(number % 1_000) * 1e-3,
            18.0 + f64::from(number / 1_000) * 1e-3,
        );
        let mut told = station(&format!("zy-{number:06}"), at);
        told.name = format!("紫荆区第{number}号户外劳动者服务站点").into();
        told.aliases = vec!["爱心驿站".into()];
        told.address = Some(format!("迎宾路{}号ＡＢＣ大厦一层", number % 777).into());
        told.district = Some(
            if number.is_multiple_of(3) {
                "天涯区"
            } else {
                "吉阳区"
            }
            .into(),
        );
        told.operator = Some("市总工会 Trade Union".into());
        told.phone = Some(format!("0898-{number:08}").into());
        told
    };
    (0..count).map(told).collect()
}

#[test]
fn words_are_counted_over_all_pages_and_hold_beside_every_other_condition() {
    let snapshot = snapshot(told(600));
    let query = |text: &str, bounds| ItemsQuery {
        text: Some(TextQuery::new(text)),
        bounds,
        limit: 10,
        ..ItemsQuery::default()
    };
    for (text, matched) in [
        ("紫荆", 600),
        ("天涯区 abc union", 200),
        ("zy-00059", 10),
        ("０８９８-00000599", 1),
        ("天涯区 吉阳区", 0),
    ] {
        let page = snapshot.items(&query(text, None));
        assert_eq!((page.matched, page.has_more), (matched, matched > 10), "{text}");
        assert_eq!(page.stations.len(), matched.min(10), "{text}");
    }
    let west = Bounds::new(place(108.9, 17.9), place(109.0995, 18.1)).expect("a box");
    assert_eq!(snapshot.items(&query("天涯区", Some(west))).matched, 34);
}

#[test]
#[ignore = "a measurement: cargo test --release --test locator words_in -- --ignored --nocapture"]
fn words_in_two_hundred_thousand_records() {
    let snapshot = snapshot(told(200_000));
    for text in ["", "紫荆", "天涯区 abc union", "zy-199999", "没有这样的站"] {
        let query = ItemsQuery {
            text: (!text.is_empty()).then(|| TextQuery::new(text)),
            limit: 100,
            ..ItemsQuery::default()
        };
        let begun = std::time::Instant::now();
        let pages = (0..20)
            .map(|_| snapshot.items(&query).matched)
            .collect::<Vec<_>>();
        let one_ms = begun.elapsed().as_secs_f64() * 1e3 / pages.len() as f64;
        println!("`{text}`: {} of 200,000 in {one_ms:.1} ms", pages[0]);
    }
}

#[test]
fn an_empty_register_has_one_empty_page() {
    let page = snapshot(Vec::new()).items(&ItemsQuery {
        limit: 10,
        ..ItemsQuery::default()
    });
    assert_eq!(page, ItemsPage::default());
}
