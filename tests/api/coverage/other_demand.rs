//! Demand of the operator's own: tags know it, and tables of too many places are refused.

use std::sync::Arc;

use yizhan::domain::demand::{DemandKind, DemandRecords, WeightColumn};
use yizhan::http::{ApiState, Published};
use yizhan::locator::{Clock, Reference, Snapshot};
use yizhan::planner::base::PlanBase;
use yizhan::planner::demand::Demand;
use yizhan::planner::watch::Watch;

use crate::client::Service;
use crate::world;

/// A service with one district and some places of demand, each of the same weight.
fn service(places: u32, weight: f64) -> Service {
    let place = |number: u32| {
        let (east, north) = (f64::from(number % 1000), f64::from(number / 1000));
        yizhan::domain::coordinate::LonLat::new(109.4 + east * 1e-5, 18.2 + north * 1e-5).expect("a place")
    };
    let column = WeightColumn {
        name: "people".into(),
        values: vec![weight; places as usize],
    };
    let places = (0..places).map(place).collect();
    let records = DemandRecords::new("test", DemandKind::Points, places, vec![column]);
    let demand = Demand::build(records, &[], None, &Watch::default()).expect("demand");
    let reference = Reference {
        calendar: Arc::new(yizhan::domain::work_calendar::WorkCalendar::bundled()),
        clock: Clock::default(),
        districts: Arc::new([]),
        standards: Arc::new([]),
    };
    let snapshot = Snapshot::build(vec![world::station("one", 109.4, 18.2)], reference, 1);
    let state = ApiState::default();
    let base = PlanBase::new(Arc::new([]), demand);
    state.publish(Published::new(snapshot).with_demand(Arc::new(base)));
    Service::start(state)
}

#[test]
fn a_tag_does_not_stand_for_the_same_question_about_other_demand() {
    let (one, same, heavier, more) = (service(4, 1.0), service(4, 1.0), service(4, 2.0), service(5, 1.0));
    for path in ["/v1/coverage", "/v1/coverage/gaps", "/v1/coverage/by-hour"] {
        // The minute may end between two requests, but not again and again.
        let is_known = (0..3).any(|_| {
            let tag = one.get(path).header("etag").to_owned();
            for other in [&heavier, &more] {
                assert_eq!(
                    other.get_with(path, &[("if-none-match", &tag)]).status,
                    200,
                    "{path}"
                );
            }
            same.get_with(path, &[("if-none-match", &tag)]).status == 304
        });
        assert!(is_known, "{path}");
    }
}

#[test]
fn a_table_of_more_places_than_a_text_may_hold_is_refused_with_what_to_ask_instead() {
    let (at_limit, above) = (service(300_000, 1.0), service(300_001, 1.0));
    let table = "/v1/coverage?f=csv&table=cells&radius_m=500";
    assert_eq!(at_limit.get(table).status, 200);
    for path in [table, "/v1/coverage?f=geojson&shape=cells&radius_m=500"] {
        let refused = above.get(path);
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (400, "answer_too_large")
        );
        assert!(
            refused.text().contains("300000") && refused.text().contains("f=fgb"),
            "{}",
            refused.text()
        );
    }
    assert_eq!(above.get("/v1/coverage?f=fgb&radius_m=500").status, 200);
}
