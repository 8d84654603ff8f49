//! Tickets, visits and inspections: what both databases must do with what is said of stations.
#![expect(
    clippy::unwrap_used,
    reason = "the tests are functions that a macro runs on both databases"
)]

use chrono::NaiveDate;
use yizhan::domain::facility::Facility;
use yizhan::domain::ticket::{ReportKind, TicketState};
use yizhan::storage::{
    Beside, MAX_SAYINGS, NewChange, NewInspection, NewReport, NewRevision, RevisionKind, StationStore,
    StorageError, TicketChange, TicketFilter, TicketRecord,
};

use super::{edit, items, new, on_postgres, replayed, sqlite};

on_both!(
    a_report_opens_a_ticket_and_the_next_counts_on_it,
    different_matters_are_different_tickets,
    a_hundred_reports_at_once_are_one_ticket,
    different_sayings_are_kept_up_to_a_number,
    tickets_are_listed_from_the_oldest_by_state_and_station,
    a_ticket_and_its_revision_are_written_together_or_not_at_all,
    a_closed_ticket_stays_as_it_is_and_the_next_report_opens_another,
    visits_are_counted_by_station_and_day,
    visits_at_once_are_all_counted_and_make_no_revision,
    inspections_are_listed_from_the_latest_day,
    an_inspection_and_its_revision_are_written_together_or_not_at_all,
    the_history_of_a_station_goes_on_before_a_revision,
    opening_again_keeps_what_was_said,
);

fn report(station: &str, kind: ReportKind, facility: Option<Facility>, text: Option<&str>) -> NewReport {
    NewReport {
        station: station.to_owned(),
        kind,
        facility,
        body: text.map(str::to_owned),
    }
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

async fn all(store: &StationStore) -> Vec<TicketRecord> {
    store.tickets(&TicketFilter::default(), 1_000).await.unwrap()
}

fn change(ticket: &TicketRecord, state: TicketState) -> TicketChange {
    TicketChange {
        id: ticket.id,
        version: ticket.version,
        state,
        note: Some(format!("记 '{state}'")),
        who: "小王".to_owned(),
    }
}

async fn a_report_opens_a_ticket_and_the_next_counts_on_it(store: StationStore) {
    let broken = |text| {
        report(
            "甲/'1",
            ReportKind::BrokenFacility,
            Some(Facility::Microwave),
            Some(text),
        )
    };
    let first = store
        .add_report(&broken(r#"{"text":"坏了 \"𠮷\""}"#))
        .await
        .unwrap();
    assert_eq!(
        (first.ticket, first.state, first.reports, first.is_kept),
        (1, TicketState::Open, 1, true)
    );
    let second = store.add_report(&broken(r#"{"text":"b"}"#)).await.unwrap();
    assert_eq!((second.ticket, second.reports), (1, 2));
    // The same words again count and are kept once.
    let third = store.add_report(&broken(r#"{"text":"b"}"#)).await.unwrap();
    assert_eq!((third.reports, third.is_kept), (3, true));
    let ticket = store.ticket(1).await.unwrap().unwrap();
    assert_eq!(
        (ticket.station.as_str(), ticket.kind, ticket.facility),
        ("甲/'1", ReportKind::BrokenFacility, Some(Facility::Microwave))
    );
    assert_eq!((ticket.reports, ticket.version, ticket.revision), (3, 1, None));
    assert!(ticket.opened_at <= ticket.reported_at && ticket.changed_at.is_none());
    let said: Vec<_> = ticket.sayings.iter().map(|saying| saying.body.as_str()).collect();
    assert_eq!(said, [r#"{"text":"坏了 \"𠮷\""}"#, r#"{"text":"b"}"#]);
    assert_eq!(all(&store).await, [ticket]);
    assert_eq!(store.revision().await.unwrap(), 0, "no report makes a revision");
    for nothing in [0, 2, i64::MAX.unsigned_abs()] {
        assert_eq!(store.ticket(nothing).await.unwrap(), None);
    }
}

async fn different_matters_are_different_tickets(store: StationStore) {
    let matters = [
        report("a", ReportKind::NoWater, None, None),
        report("b", ReportKind::NoWater, None, None),
        report("a", ReportKind::DoorLocked, None, None),
        report("a", ReportKind::BrokenFacility, Some(Facility::Toilet), None),
        report("a", ReportKind::BrokenFacility, Some(Facility::Ice), None),
    ];
    for (expected, matter) in (1..).zip(&matters) {
        assert_eq!(store.add_report(matter).await.unwrap().ticket, expected);
    }
    for (expected, matter) in (1..).zip(&matters) {
        let again = store.add_report(matter).await.unwrap();
        assert_eq!((again.ticket, again.reports, again.is_kept), (expected, 2, true));
    }
    assert!(all(&store).await.iter().all(|ticket| ticket.sayings.is_empty()));
}

async fn a_hundred_reports_at_once_are_one_ticket(store: StationStore) {
    let mut reporting = tokio::task::JoinSet::new();
    for number in 0..100 {
        let store = store.clone();
        reporting.spawn(async move {
            let text = format!("{{\"text\":\"{}\"}}", number % 7);
            let report = report("a", ReportKind::NoWater, None, Some(&text));
            store.add_report(&report).await.unwrap()
        });
    }
    let counted = reporting.join_all().await;
    let mut reports: Vec<u64> = counted.iter().map(|counted| counted.reports).collect();
    reports.sort_unstable();
    assert_eq!(reports, (1..=100).collect::<Vec<_>>());
    let tickets = all(&store).await;
    assert_eq!(
        (tickets.len(), tickets[0].reports, tickets[0].sayings.len()),
        (1, 100, 7)
    );
}

async fn different_sayings_are_kept_up_to_a_number(store: StationStore) {
    for number in 0..MAX_SAYINGS + 3 {
        let text = number.to_string();
        let counted = store
            .add_report(&report("a", ReportKind::Other, None, Some(&text)))
            .await
            .unwrap();
        assert_eq!(
            (counted.reports, counted.is_kept),
            (number + 1, number < MAX_SAYINGS)
        );
    }
    let known = report("a", ReportKind::Other, None, Some("0"));
    assert!(store.add_report(&known).await.unwrap().is_kept);
    assert_eq!(
        all(&store).await[0].sayings.len(),
        usize::try_from(MAX_SAYINGS).unwrap()
    );
}

async fn tickets_are_listed_from_the_oldest_by_state_and_station(store: StationStore) {
    for station in ["a", "b", "a", "b", "a"] {
        let known = all(&store).await;
        for ticket in known.iter().filter(|ticket| !ticket.state.is_final()) {
            let state = if ticket.id % 2 == 0 {
                TicketState::Rejected
            } else {
                TicketState::Resolved
            };
            store
                .write_beside(&Beside::Ticket(change(ticket, state)))
                .await
                .unwrap();
        }
        store
            .add_report(&report(station, ReportKind::NoWater, None, Some(station)))
            .await
            .unwrap();
    }
    let ids = async |filter: TicketFilter, limit| -> Vec<u64> {
        let tickets = store.tickets(&filter, limit).await.unwrap();
        assert!(
            tickets
                .iter()
                .all(|ticket| ticket.sayings[0].body == ticket.station)
        );
        tickets.iter().map(|ticket| ticket.id).collect()
    };
    let any = TicketFilter::default;
    assert_eq!(ids(any(), 10).await, [1, 2, 3, 4, 5]);
    assert_eq!(ids(TicketFilter { after: 2, ..any() }, 2).await, [3, 4]);
    let of = |state| TicketFilter {
        state: Some(state),
        ..any()
    };
    assert_eq!(ids(of(TicketState::Open), 10).await, [5]);
    assert_eq!(ids(of(TicketState::Resolved), 10).await, [1, 3]);
    assert_eq!(ids(of(TicketState::Rejected), 10).await, [2, 4]);
    assert!(ids(of(TicketState::Acknowledged), 10).await.is_empty());
    let b = TicketFilter {
        station: Some("b".to_owned()),
        after: 2,
        ..any()
    };
    assert_eq!(ids(b, 10).await, [4]);
    assert_eq!(store.tickets_under_way("a").await.unwrap(), (1, 0));
    assert_eq!(store.tickets_under_way("b").await.unwrap(), (0, 0));
}

/// A revision that sets the body of station `a`.
fn revision(expected: u64, body: &str) -> NewRevision {
    NewRevision {
        kind: RevisionKind::Ticket,
        ..edit(vec![NewChange {
            expected: Some(expected),
            ..new("a", body)
        }])
    }
}

async fn a_ticket_and_its_revision_are_written_together_or_not_at_all(store: StationStore) {
    store.commit(&edit(vec![new("a", "1")])).await.unwrap();
    store
        .add_report(&report("a", ReportKind::NoWater, None, None))
        .await
        .unwrap();
    let ticket = store.ticket(1).await.unwrap().unwrap();
    let resolve = Beside::Ticket(change(&ticket, TicketState::Resolved));
    // The station has changed: neither is written.
    let refused = store.commit_beside(&revision(7, "2"), &resolve).await;
    assert!(matches!(refused, Err(StorageError::Stale(_))), "{refused:?}");
    // The ticket has changed: neither is written.
    let stale = Beside::Ticket(TicketChange {
        version: 9,
        ..change(&ticket, TicketState::Resolved)
    });
    let refused = store.commit_beside(&revision(1, "2"), &stale).await;
    assert!(
        matches!(refused, Err(StorageError::StaleTicket(1))),
        "{refused:?}"
    );
    assert!(matches!(
        store.write_beside(&stale).await,
        Err(StorageError::StaleTicket(1))
    ));
    assert_eq!(store.ticket(1).await.unwrap().unwrap(), ticket);
    assert_eq!(items(&store).await.1["a"], (1, "1".to_owned()));
    assert_eq!(store.revision().await.unwrap(), 1);

    let (committed, id) = store.commit_beside(&revision(1, "2"), &resolve).await.unwrap();
    assert_eq!((committed.revision, id), (2, 1));
    let resolved = store.ticket(1).await.unwrap().unwrap();
    assert_eq!(
        (resolved.state, resolved.version, resolved.revision),
        (TicketState::Resolved, 2, Some(2))
    );
    assert_eq!(resolved.changed_by.as_deref(), Some("小王"));
    assert_eq!(resolved.note.as_deref(), Some("记 'resolved'"));
    assert!(resolved.changed_at >= Some(resolved.opened_at));
    assert_eq!(items(&store).await.1["a"], (2, "2".to_owned()));
    assert_eq!(replayed(&store, 10).await, items(&store).await.1);
}

async fn a_closed_ticket_stays_as_it_is_and_the_next_report_opens_another(store: StationStore) {
    let again = report("a", ReportKind::NoWater, None, None);
    store.add_report(&again).await.unwrap();
    let ticket = store.ticket(1).await.unwrap().unwrap();
    let acknowledge = TicketChange {
        note: None,
        ..change(&ticket, TicketState::Acknowledged)
    };
    store.write_beside(&Beside::Ticket(acknowledge)).await.unwrap();
    assert_eq!(store.tickets_under_way("a").await.unwrap(), (0, 1));
    let counted = store.add_report(&again).await.unwrap();
    assert_eq!((counted.ticket, counted.state), (1, TicketState::Acknowledged));
    let ticket = store.ticket(1).await.unwrap().unwrap();
    assert_eq!((ticket.version, ticket.reports, &ticket.note), (2, 2, &None));
    store
        .write_beside(&Beside::Ticket(change(&ticket, TicketState::Rejected)))
        .await
        .unwrap();
    let rejected = store.ticket(1).await.unwrap().unwrap();
    for state in TicketState::ALL {
        let refused = store
            .write_beside(&Beside::Ticket(change(&rejected, *state)))
            .await;
        assert!(matches!(refused, Err(StorageError::StaleTicket(1))), "{state}");
    }
    assert_eq!(store.add_report(&again).await.unwrap().ticket, 2);
    assert_eq!(store.ticket(1).await.unwrap().unwrap(), rejected);
}

async fn visits_are_counted_by_station_and_day(store: StationStore) {
    for (station, at) in [("a", 2), ("a", 1), ("a", 2), ("b", 2), ("a", 4)] {
        store.count_visit(station, day(at)).await.unwrap();
    }
    let visits = async |station: &str, from, to| -> Vec<(NaiveDate, u64)> {
        let days = store.visits(station, (day(from), day(to))).await.unwrap();
        days.iter().map(|day| (day.day, day.visits)).collect()
    };
    assert_eq!(visits("a", 1, 30).await, [(day(1), 1), (day(2), 2), (day(4), 1)]);
    assert_eq!(visits("a", 2, 2).await, [(day(2), 2)]);
    assert!(visits("a", 3, 3).await.is_empty() && visits("c", 1, 30).await.is_empty());
    assert_eq!(store.visits_in_all("a").await.unwrap(), 4);
    assert_eq!(store.visits_in_all("c").await.unwrap(), 0);
}

async fn visits_at_once_are_all_counted_and_make_no_revision(store: StationStore) {
    let mut visiting = tokio::task::JoinSet::new();
    for _ in 0..60 {
        let store = store.clone();
        visiting.spawn(async move { store.count_visit("a", day(1)).await.unwrap() });
    }
    visiting.join_all().await;
    assert_eq!(store.visits_in_all("a").await.unwrap(), 60);
    assert_eq!(store.revision().await.unwrap(), 0);
}

fn inspection(station: &str, at: u32, body: &str) -> Beside {
    Beside::Inspection(NewInspection {
        station: station.to_owned(),
        day: day(at),
        who: "小李".to_owned(),
        body: body.to_owned(),
    })
}

async fn inspections_are_listed_from_the_latest_day(store: StationStore) {
    for (expected, (station, at)) in (1..).zip([("a", 3), ("a", 5), ("b", 4), ("a", 3), ("a", 1)]) {
        let id = store.write_beside(&inspection(station, at, "{}")).await.unwrap();
        assert_eq!(id, expected);
    }
    let listed = async |before, limit| -> Vec<(NaiveDate, u64)> {
        let inspections = store.inspections("a", before, limit).await.unwrap();
        inspections
            .iter()
            .map(|inspection| (inspection.day, inspection.id))
            .collect()
    };
    let expected = [(day(5), 2), (day(3), 4), (day(3), 1), (day(1), 5)];
    assert_eq!(listed(None, 10).await, expected);
    assert_eq!(listed(None, 2).await, expected[..2]);
    for after in 0..expected.len() {
        assert_eq!(listed(Some(expected[after]), 10).await, expected[after + 1..]);
    }
    assert!(store.inspections("c", None, 10).await.unwrap().is_empty());
}

async fn an_inspection_and_its_revision_are_written_together_or_not_at_all(store: StationStore) {
    store.commit(&edit(vec![new("a", "1")])).await.unwrap();
    let found = inspection("a", 3, r#"{"remark":"好 '"}"#);
    let refused = store.commit_beside(&revision(7, "2"), &found).await;
    assert!(matches!(refused, Err(StorageError::Stale(_))));
    assert!(store.inspections("a", None, 10).await.unwrap().is_empty());
    let (committed, id) = store.commit_beside(&revision(1, "2"), &found).await.unwrap();
    let kept = &store.inspections("a", None, 10).await.unwrap()[0];
    assert_eq!(
        (kept.id, kept.revision, kept.who.as_str(), kept.body.as_str()),
        (id, Some(committed.revision), "小李", r#"{"remark":"好 '"}"#)
    );
    assert_eq!(items(&store).await.1["a"], (2, "2".to_owned()));
}

async fn the_history_of_a_station_goes_on_before_a_revision(store: StationStore) {
    for seen in 0..7_u64 {
        let change = NewChange {
            expected: (seen > 0).then_some(seen),
            ..new("a", &seen.to_string())
        };
        store.commit(&edit(vec![change])).await.unwrap();
    }
    let (mut told, mut before) = (Vec::new(), None);
    loop {
        let page = store.history_before("a", before, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.position.revision);
        told.extend(page.iter().map(|change| change.position.revision));
    }
    assert_eq!(told, [7, 6, 5, 4, 3, 2, 1]);
}

async fn opening_again_keeps_what_was_said(store: StationStore) {
    store
        .add_report(&report("a", ReportKind::WrongHours, None, Some("{}")))
        .await
        .unwrap();
    store.count_visit("a", day(1)).await.unwrap();
    store.write_beside(&inspection("a", 1, "{}")).await.unwrap();
    let (address, tickets) = (store.address().clone(), all(&store).await);
    store.close().await;
    let again = StationStore::open(&address).await.unwrap();
    assert_eq!(all(&again).await, tickets);
    assert_eq!(again.visits_in_all("a").await.unwrap(), 1);
    assert_eq!(again.inspections("a", None, 9).await.unwrap().len(), 1);
}
