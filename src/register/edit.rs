//! One station at a time: new, replaced, changed in part, removed; each checked as an import is, and each one revision.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use thiserror::Error;

use super::keeper::Keeper;
use super::{random, record};
use crate::domain::datum::Datum;
use crate::domain::station::Station;
use crate::export::properties::PROPERTIES;
use crate::import::{self, ImportError, ImportFormat, ImportOptions, RowProblem, Severity};
use crate::storage::{Committed, NewChange, NewRevision, Record, RevisionKind, StaleRecord, StorageError};

/// Properties of answers that nobody states: they are worked out, or come from the store.
const WORKED_OUT: &[&str] = &["links", "updated_at", "revision"];

/// Who edits, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The name that the log keeps.
    pub name: String,
    /// Why, in the author's words.
    pub why: Option<String>,
}

/// Which record an edit was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// The record that the register had at this revision.
    SeenAt(u64),
    /// Whichever there is.
    Any,
}

/// A record before and after an edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The record that is there now; `None` when it was removed.
    pub record: Option<Record>,
    /// The register's revision; of an edit that changed nothing, the record's.
    pub revision: u64,
    /// When.
    pub at: DateTime<Utc>,
}

/// Why an edit was not made; nothing was written.
#[derive(Debug, Error)]
pub enum EditError {
    /// There is no such station.
    #[error("station `{0}` is not here")]
    NotFound(String),
    /// Another station has the id.
    #[error("id `{}` is taken", .0.id)]
    Taken(Record),
    /// Somebody else has changed the station.
    #[error("station `{}` has changed meanwhile", .0.id)]
    Stale(StaleRecord),
    /// The station as given is not usable; every bad field is listed.
    #[error("the station has {} problems", .0.len())]
    Refused(Vec<RowProblem>),
    /// The document is no Feature at all.
    #[error("the document is not usable: {0}")]
    NotAFeature(String),
    /// The store.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// How coordinates in a document are to be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DocumentOptions {
    /// The datum of the geometry; WGS-84 when nothing is said.
    pub datum: Option<Datum>,
}

/// What is to be made of a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document<'d> {
    /// A Feature that takes its place; what it leaves out becomes unknown.
    Whole(&'d [u8]),
    /// A JSON merge patch (RFC 7396) of its Feature. One of the geometry takes the original coordinate of the old place
    /// away, unless it brings its own.
    Patch(&'d [u8]),
}

/// Reads a new station; without an id it gets a random one.
pub fn read_new(document: &[u8], options: DocumentOptions) -> Result<Station, EditError> {
    let mut feature = object(document)?;
    if feature.get("id").is_none_or(Value::is_null) {
        feature.insert("id".to_owned(), Value::String(random::letters('s', 8)));
    }
    station(feature, options)
}

impl Keeper {
    /// Writes a new station. Whether a similar one is there already was asked before.
    pub async fn create(&self, station: &Station, author: &Author) -> Result<Edited, EditError> {
        let change = NewChange {
            id: station.id.as_str().to_owned(),
            expected: None,
            after: Some(record::body(station)),
        };
        match self.write(change, author).await {
            Err(EditError::Stale(StaleRecord {
                found: Some(record), ..
            })) => Err(EditError::Taken(record)),
            result => result,
        }
    }

    /// Changes a station by a document. A record that stays as it was is no new revision.
    pub async fn change(
        &self,
        (id, expected): (&str, Expected),
        (document, options): (Document<'_>, DocumentOptions),
        author: &Author,
    ) -> Result<Edited, EditError> {
        let known = self.known(id, expected).await?;
        let feature = match document {
            Document::Whole(whole) => object(whole)?,
            Document::Patch(patch) => patched(&known, vec![object(patch)?])?,
        };
        let body = checked(&known, feature, options)?;
        if body == known.body {
            let (revision, at) = (known.revision, known.at);
            return Ok(Edited {
                record: Some(known),
                revision,
                at,
            });
        }
        let change = NewChange {
            id: known.id,
            expected: Some(known.revision),
            after: Some(body),
        };
        self.write(change, author).await
    }

    /// Removes a station; the log keeps a tombstone.
    pub async fn remove(&self, id: &str, expected: Expected, author: &Author) -> Result<Edited, EditError> {
        let known = self.known(id, expected).await?;
        let change = NewChange {
            id: id.to_owned(),
            expected: Some(known.revision),
            after: None,
        };
        self.write(change, author).await
    }

    /// The record that is to be edited, when it is the one that the author saw.
    async fn known(&self, id: &str, expected: Expected) -> Result<Record, EditError> {
        let found = self.note(self.store().record(id).await)?;
        let known = found.ok_or_else(|| EditError::NotFound(id.to_owned()))?;
        match expected {
            Expected::SeenAt(revision) if revision < known.revision => Err(EditError::Stale(StaleRecord {
                id: id.to_owned(),
                expected: Some(revision),
                found: Some(known),
            })),
            Expected::SeenAt(_) | Expected::Any => Ok(known),
        }
    }

    async fn write(&self, change: NewChange, author: &Author) -> Result<Edited, EditError> {
        let revision = NewRevision {
            who: author.name.clone(),
            kind: RevisionKind::Edit,
            why: author.why.clone(),
            request: None,
            changes: vec![change.clone()],
            bases: None,
        };
        match self.commit(&revision).await {
            Ok(Committed { revision, at, .. }) => Ok(Edited {
                record: change.after.map(|body| Record {
                    id: change.id,
                    revision,
                    at,
                    body,
                }),
                revision,
                at,
            }),
            Err(StorageError::Stale(mut stale)) if stale.len() == 1 => Err(EditError::Stale(stale.remove(0))),
            Err(error) => Err(error.into()),
        }
    }
}

/// The Feature of a record with merge patches (RFC 7396) applied, one after the other.
pub(super) fn patched(
    known: &Record,
    patches: Vec<Map<String, Value>>,
) -> Result<Map<String, Value>, EditError> {
    let mut feature = object(known.body.as_bytes()).map_err(|error| StorageError::Corrupt {
        what: format!("station `{}`", known.id),
        reason: error.to_string(),
    })?;
    for patch in patches {
        if patch.contains_key("geometry")
            && let Some(Value::Object(properties)) = feature.get_mut("properties")
        {
            properties.remove("original");
        }
        merge(&mut feature, patch);
    }
    Ok(feature)
}

/// The body of the record that a Feature makes of a known one.
pub(super) fn checked(
    known: &Record,
    mut feature: Map<String, Value>,
    options: DocumentOptions,
) -> Result<String, EditError> {
    let id = Value::String(known.id.clone());
    if feature
        .get("id")
        .is_some_and(|given| *given != id && !given.is_null())
    {
        return Err(EditError::NotAFeature(format!(
            "its id is not that of the path; expected `{}` or none",
            known.id
        )));
    }
    feature.insert("id".to_owned(), id);
    Ok(record::body(&station(feature, options)?))
}

fn object(document: &[u8]) -> Result<Map<String, Value>, EditError> {
    match serde_json::from_slice(document) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(EditError::NotAFeature(
            "it is no object; expected a Feature".to_owned(),
        )),
        Err(error) => Err(EditError::NotAFeature(format!("{error}; expected a Feature"))),
    }
}

/// The station that a Feature states; whatever an import would only warn of is a problem here.
fn station(mut feature: Map<String, Value>, options: DocumentOptions) -> Result<Station, EditError> {
    if let Some(Value::Object(properties)) = feature.get_mut("properties") {
        properties.retain(|name, _| {
            let is_dynamic = PROPERTIES
                .iter()
                .any(|property| property.is_dynamic && property.name == name);
            !is_dynamic && !WORKED_OUT.contains(&name.as_str())
        });
    }
    let document = Value::Array(vec![Value::Object(feature)]).to_string();
    let options = ImportOptions {
        datum: options.datum,
        ..ImportOptions::default()
    };
    let imported = import::parse(
        document.as_bytes(),
        "station",
        Some(ImportFormat::GeoJson),
        &options,
    )
    .map_err(|error: ImportError| EditError::NotAFeature(error.to_string()))?;
    let mut stations = imported.stations;
    match stations.pop() {
        Some(station) if imported.problems.is_empty() => Ok(station),
        _ => {
            let mut problems = imported.problems;
            problems.sort_by_key(|problem| problem.severity == Severity::Warning);
            Err(EditError::Refused(problems))
        }
    }
}

/// RFC 7396: `null` takes a member away, objects are merged, everything else replaces.
pub(super) fn merge(target: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (name, value) in patch {
        match value {
            Value::Null => {
                target.remove(&name);
            }
            Value::Object(inner) => {
                let mut member = match target.remove(&name) {
                    Some(Value::Object(member)) => member,
                    _ => Map::new(),
                };
                merge(&mut member, inner);
                target.insert(name, Value::Object(member));
            }
            value => {
                target.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn merged(target: Value, patch: Value) -> Value {
        let (Value::Object(mut target), Value::Object(patch)) = (target, patch) else {
            panic!("objects")
        };
        merge(&mut target, patch);
        Value::Object(target)
    }

    #[test]
    fn patches_merge_as_the_examples_of_rfc_7396_do() {
        for (target, patch, expected) in [
            (json!({"a":"b"}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"b"}), json!({"b":"c"}), json!({"a":"b","b":"c"})),
            (json!({"a":"b"}), json!({"a":null}), json!({})),
            (json!({"a":"b","b":"c"}), json!({"a":null}), json!({"b":"c"})),
            (json!({"a":["b"]}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"c"}), json!({"a":["b"]}), json!({"a":["b"]})),
            (
                json!({"a":{"b":"c"}}),
                json!({"a":{"b":"d","c":null}}),
                json!({"a":{"b":"d"}}),
            ),
            (json!({"a":[{"b":"c"}]}), json!({"a":[1]}), json!({"a":[1]})),
            (json!({"e":null}), json!({"a":1}), json!({"e":null,"a":1})),
            (
                json!({}),
                json!({"a":{"bb":{"ccc":null}}}),
                json!({"a":{"bb":{}}}),
            ),
        ] {
            assert_eq!(merged(target, patch), expected);
        }
    }

    #[test]
    fn every_bad_field_is_named_at_once() {
        let document = json!({"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[109.5, 18.2]},
            "properties":{"name":"","status":"weird","seats":-1,"opened_on":"yesterday","colour":"red"}});
        let error = read_new(document.to_string().as_bytes(), DocumentOptions::default()).unwrap_err();
        let EditError::Refused(problems) = error else {
            panic!("{error:?}")
        };
        let fields: Vec<_> = problems
            .iter()
            .filter_map(|problem| problem.field.as_deref())
            .collect();
        for field in ["name", "status"] {
            assert!(fields.contains(&field), "{fields:?}");
        }
        assert!(problems.iter().all(|problem| !problem.message_zh.is_empty()));
    }

    #[test]
    fn ids_are_made_up_where_none_is_given_and_differ() {
        let document = br#"{"type":"Feature","geometry":{"type":"Point","coordinates":[109.5,18.2]},"properties":{"name":"n"}}"#;
        let id = || read_new(document, DocumentOptions::default()).unwrap().id;
        assert_ne!(id(), id());
        assert_eq!(id().as_str().len(), 9);
    }
}
