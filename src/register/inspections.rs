//! What inspectors find: kept as they say it, and nothing of it applied but the day on which somebody looked.

use chrono::NaiveDate;
use serde::Serialize;

use super::edit::{Author, EditError};
use super::keeper::Keeper;
use super::record;
use crate::domain::facility::{Facility, FacilityState};
use crate::domain::inspection::ItemResult;
use crate::domain::standard::{Requirement, Standard};
use crate::domain::station::Station;
use crate::storage::{
    Beside, InspectionRecord, NewChange, NewInspection, NewRevision, Record, RevisionKind, StorageError,
};

/// How often a revision is worked out again when somebody else was quicker.
const ATTEMPTS: u32 = 5;

/// What was found of one item of a standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The item of the standard.
    pub item: String,
    /// Whether it is as the standard asks.
    pub result: ItemResult,
    /// The state of its facility, where the inspector says it.
    pub state: Option<FacilityState>,
    /// In words.
    pub remark: Option<String>,
}

/// One inspection of one station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// Its day.
    pub date: NaiveDate,
    /// Who looked, by role and not by name.
    pub inspector: String,
    /// The id of the standard.
    pub standard: String,
    /// What was found of each item of the standard, in its order.
    pub results: Vec<Finding>,
    /// In words, of the station as a whole.
    pub remark: Option<String>,
}

/// What a finding says of a facility that the record does not say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// The item of the standard.
    pub item: String,
    /// The facility.
    pub facility: Facility,
    /// What the record says.
    pub recorded: FacilityState,
    /// What it could say; one of them.
    pub suggested: Vec<FacilityState>,
}

/// An inspection that is durable.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspected {
    /// Its number.
    pub id: u64,
    /// The revision that moved the station's day of verification; `None` where a later check was known.
    pub revision: Option<u64>,
    /// The station as it is then.
    pub station: Station,
}

impl Keeper {
    /// Keeps an inspection. Where it is later than the last check, the station's day of verification moves with it, in one
    /// transaction and one revision.
    pub async fn inspect(
        &self,
        id: &str,
        inspection: &Inspection,
        author: &Author,
    ) -> Result<Inspected, EditError> {
        let beside = Beside::Inspection(NewInspection {
            station: id.to_owned(),
            day: inspection.date,
            who: author.name.clone(),
            // Texts, words and days, which always can be written.
            body: serde_json::to_string(inspection).unwrap_or_default(),
        });
        let mut attempt = 1;
        loop {
            let known = self.note(self.store().record(id).await)?;
            let known = known.ok_or_else(|| EditError::NotFound(id.to_owned()))?;
            match self
                .write_inspection(known, inspection.date, (&beside, author))
                .await
            {
                Err(StorageError::Stale(_)) if attempt < ATTEMPTS => attempt += 1,
                result => return result.map_err(EditError::from),
            }
        }
    }

    /// The inspections of a station, the latest day first, at most `limit`; those before a day and number.
    pub async fn inspections(
        &self,
        id: &str,
        before: Option<(NaiveDate, u64)>,
        limit: u32,
    ) -> Result<Vec<InspectionRecord>, StorageError> {
        self.note(self.store().inspections(id, before, limit).await)
    }

    async fn write_inspection(
        &self,
        known: Record,
        day: NaiveDate,
        (beside, author): (&Beside, &Author),
    ) -> Result<Inspected, StorageError> {
        let (id, seen) = (known.id.clone(), known.revision);
        let corrupt = || StorageError::Corrupt {
            what: format!("station `{id}`"),
            reason: "it is no station".to_owned(),
        };
        let station = record::stations(vec![known])?.into_iter().next();
        let mut station = station.ok_or_else(corrupt)?;
        if station.verified_at.is_some_and(|last| last >= day) {
            let id = self.note(self.store().write_beside(beside).await)?;
            return Ok(Inspected {
                id,
                revision: None,
                station,
            });
        }
        station.verified_at = Some(day);
        let revision = NewRevision {
            who: author.name.clone(),
            kind: RevisionKind::Inspection,
            why: author.why.clone(),
            request: None,
            changes: vec![NewChange {
                id: id.clone(),
                expected: Some(seen),
                after: Some(record::body(&station)),
            }],
            bases: None,
        };
        let (committed, id) = self.commit_beside(&revision, beside).await?;
        station.revision = committed.revision;
        station.updated_at = Some(committed.at);
        Ok(Inspected {
            id,
            revision: Some(committed.revision),
            station,
        })
    }
}

/// What the findings say of facilities that the record does not say, in the order of the findings. Nothing of it is applied.
pub fn suggestions(standard: &Standard, findings: &[Finding], station: &Station) -> Vec<Suggestion> {
    let mut suggestions = Vec::new();
    for finding in findings {
        let item = standard.items.iter().find(|item| *item.id == *finding.item);
        let Some(item) = item else { continue };
        let suggested = suggested(finding);
        for facility in facilities(&item.requirement, finding.result) {
            let recorded = station.facilities.state(*facility);
            if !suggested.is_empty() && !suggested.contains(&recorded) {
                suggestions.push(Suggestion {
                    item: finding.item.clone(),
                    facility: *facility,
                    recorded,
                    suggested: suggested.clone(),
                });
            }
        }
    }
    suggestions
}

/// The states that a finding leaves possible; none where it says nothing.
fn suggested(finding: &Finding) -> Vec<FacilityState> {
    match (finding.result, finding.state) {
        (_, Some(state)) => vec![state],
        (ItemResult::Pass, None) => vec![FacilityState::Yes],
        (ItemResult::Fail, None) => vec![FacilityState::No, FacilityState::OutOfOrder],
        (ItemResult::Unknown, None) => Vec::new(),
    }
}

/// The facilities that an item is about: where any of several will do, a pass does not say which one is there.
fn facilities(requirement: &Requirement, result: ItemResult) -> &[Facility] {
    match requirement {
        Requirement::Facility(facility) => core::slice::from_ref(facility),
        Requirement::AnyOf(facilities) if result == ItemResult::Fail || facilities.len() == 1 => facilities,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::coordinate::LonLat;
    use crate::domain::datum::Datum;
    use crate::domain::standard::{BilingualName, Level, StandardItem};
    use crate::domain::station::{Location, StationId};

    fn standard() -> Standard {
        let name = || BilingualName {
            zh: "项".into(),
            en: "item".into(),
        };
        let item = |id: &str, requirement| StandardItem {
            id: id.into(),
            name: name(),
            requirement,
            level: Level::Required,
        };
        Standard {
            id: "s".into(),
            name: name(),
            issuer: "".into(),
            source: "".into(),
            items: vec![
                item("toilet", Requirement::Facility(Facility::Toilet)),
                item(
                    "cool",
                    Requirement::AnyOf(vec![Facility::Heating, Facility::AirConditioning]),
                ),
                item("sign", Requirement::NotRecorded("sign".into())),
            ],
        }
    }

    fn told(item: &str, result: ItemResult, state: Option<FacilityState>) -> Vec<String> {
        let place = Location::new(LonLat::new(109.5, 18.25).unwrap(), Datum::Wgs84);
        let mut station = Station::new(StationId::new("a").unwrap(), "甲", place);
        station.facilities.set(Facility::Toilet, FacilityState::Yes);
        station.facilities.set(Facility::Heating, FacilityState::No);
        let finding = Finding {
            item: item.to_owned(),
            result,
            state,
            remark: None,
        };
        suggestions(&standard(), &[finding], &station)
            .iter()
            .map(|suggestion| {
                let words: Vec<_> = suggestion.suggested.iter().map(|state| state.word()).collect();
                format!(
                    "{} {} {}",
                    suggestion.facility,
                    suggestion.recorded,
                    words.join("|")
                )
            })
            .collect()
    }

    #[test]
    fn a_finding_suggests_what_the_record_does_not_say_and_no_more() {
        use FacilityState as S;
        use ItemResult as R;
        assert!(told("toilet", R::Pass, None).is_empty(), "the record says so");
        assert_eq!(told("toilet", R::Fail, None), ["toilet yes no|out_of_order"]);
        assert_eq!(
            told("toilet", R::Fail, Some(S::OutOfOrder)),
            ["toilet yes out_of_order"]
        );
        assert!(
            told("toilet", R::Fail, Some(S::Yes)).is_empty(),
            "there, but not good enough"
        );
        assert!(told("toilet", R::Unknown, None).is_empty());
        assert!(told("cool", R::Pass, None).is_empty(), "it does not say which");
        assert_eq!(
            told("cool", R::Fail, None),
            ["air_conditioning unknown no|out_of_order"],
            "the record says no heating"
        );
        assert!(told("sign", R::Fail, None).is_empty());
        assert!(told("elsewhere", R::Fail, None).is_empty());
    }
}
