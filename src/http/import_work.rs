//! The long work of imports: reading, comparing, keeping, committing, taking back; off the threads that serve.
//!
//! The work runs on a thread that may be busy, and asks the store from there. A client that leaves ends it; what is written
//! is written in one step at its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::web::Bytes;
use chrono::{SubsecRound as _, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use tokio::runtime::Handle;

use super::error::{ApiError, shortened};
use super::import_refused::ImportRefused;
use super::plan::PlanAnswer;
use super::respond::JSON;
use super::state::ApiState;
use crate::domain::language::Language;
use crate::import::{self, CopyFormat};
use crate::planner::watch::Watch;
use crate::register::dry_run::{Asked, Waiting, WorkedOut, work_out};
use crate::register::edit::Author;
use crate::register::feed::{self, FeedError};
use crate::register::intake::Basis;
use crate::register::keeper::Keeper;
use crate::register::row_remark;
use crate::register::row_report::RowReport;
use crate::register::undo::UndoError;
use crate::storage::{DryRun, DryRunEntry, DryRunPage, Kept, StorageError};

/// Days after which a dry run is forgotten.
pub const KEPT_DAYS: i64 = 7;
/// Rows that an import shows beside its summary.
const FIRST_ROWS: usize = 20;

/// What the work needs of the server.
#[derive(Debug, Clone)]
pub struct ImportWork {
    /// What readers see.
    pub state: ApiState,
    /// The register.
    pub keeper: Arc<Keeper>,
    /// Where the store is asked.
    pub handle: Handle,
}

/// Whoever waits for a dry run over HTTP.
struct Watched<'w> {
    watch: &'w Watch,
    percent: AtomicU64,
}

impl<'w> Watched<'w> {
    fn new(watch: &'w Watch) -> Self {
        watch.expect(100);
        Self {
            watch,
            percent: AtomicU64::new(0),
        }
    }
}

impl Waiting for Watched<'_> {
    fn progress(&self, percent: u64) {
        let before = self.percent.fetch_max(percent, Ordering::Relaxed);
        let more = usize::try_from(percent.saturating_sub(before)).unwrap_or(0);
        // Whether to go on is asked apart from this.
        self.watch.advance(more).unwrap_or_default();
    }

    fn is_wanted(&self) -> bool {
        !self.watch.is_cancelled()
    }
}

impl ImportWork {
    /// Waits for the store.
    fn wait<T>(&self, work: impl Future<Output = Result<T, StorageError>>) -> Result<T, ApiError> {
        self.handle
            .block_on(work)
            .map_err(|error| ApiError::of_storage(&error))
    }

    /// A dry run that has not expired.
    fn entry(&self, id: &str) -> Result<DryRunEntry, ApiError> {
        let entry = self.wait(self.keeper.store().dry_run(id, Utc::now()))?;
        entry.ok_or_else(|| not_here(id))
    }

    fn file(&self, id: &str) -> Result<Vec<u8>, ApiError> {
        let file = self.wait(self.keeper.store().dry_run_file(id))?;
        file.ok_or_else(|| not_here(id))
    }

    /// Works a dry run out on the register as readers see it; with the revision of that.
    fn work_out(
        &self,
        (asked, bytes): (&Asked, &[u8]),
        author: Option<(&Author, String)>,
        watch: &Watch,
    ) -> Result<(WorkedOut, u64), ApiError> {
        let watched = Watched::new(watch);
        let snapshot = &self.state.published()?.snapshot;
        let stations = (snapshot.stations().to_vec(), snapshot.revision());
        let districts = Arc::clone(&snapshot.reference().districts);
        let basis = Basis::beside(stations, self.keeper.store(), &asked.source);
        let basis = self.wait(basis)?;
        let worked_out = work_out(&basis, (asked, bytes), (&districts, author), &watched)?;
        Ok((worked_out, basis.revision))
    }

    /// Makes a dry run of a file and keeps it.
    pub fn make(
        &self,
        (id, who): (String, String),
        (asked, bytes): (&Asked, &Bytes),
        watch: &Watch,
    ) -> Result<PlanAnswer, ApiError> {
        let (worked_out, base) = self.work_out((asked, bytes), None, watch)?;
        let made_at = Utc::now().trunc_subsecs(3);
        let run = DryRun {
            id,
            made_at,
            expires_at: made_at + TimeDelta::days(KEPT_DAYS),
            who,
            version: 1,
            base,
            asked: asked.to_json(),
            summary: worked_out.summary,
            digest: worked_out.digest,
        };
        let kept = Kept {
            run: &run,
            pages: &worked_out.pages,
        };
        given_up(watch)?;
        self.wait(self.keeper.store().keep_dry_run(kept, bytes))?;
        self.document(run, &worked_out.pages)
    }

    /// Works a dry run out anew, after `change` has made something of what it was asked.
    pub fn change(
        &self,
        (id, version): (&str, Option<u64>),
        change: impl FnOnce(&mut Asked, &Value) -> Result<(), ApiError>,
        watch: &Watch,
    ) -> Result<PlanAnswer, ApiError> {
        let entry = self.entry(id)?;
        check_version(&entry, version)?;
        if let Some(revision) = entry.committed {
            return Err(ImportRefused::Committed { revision }.into());
        }
        let corrupt = |error: StorageError| ApiError::of_storage(&error);
        let mut asked = Asked::from_json(&entry.run.asked).map_err(corrupt)?;
        let summary: Value = serde_json::from_str(&entry.run.summary).unwrap_or_default();
        change(&mut asked, summary.get("mapping").unwrap_or(&Value::Null))?;
        let bytes = self.file(id)?;
        let (worked_out, base) = self.work_out((&asked, &bytes), None, watch)?;
        let run = DryRun {
            version: entry.run.version + 1,
            base,
            asked: asked.to_json(),
            summary: worked_out.summary,
            digest: worked_out.digest,
            ..entry.run
        };
        let kept = Kept {
            run: &run,
            pages: &worked_out.pages,
        };
        given_up(watch)?;
        if !self.wait(self.keeper.store().replace_dry_run(kept))? {
            let version = self.entry(id)?.run.version;
            return Err(ImportRefused::AnotherVersion { version }.into());
        }
        self.document(run, &worked_out.pages)
    }

    /// Writes what a dry run says, when that is still what would be written; the same answer however often it is asked.
    pub fn commit(
        &self,
        (id, version): (&str, Option<u64>),
        author: &Author,
        watch: &Watch,
    ) -> Result<PlanAnswer, ApiError> {
        let entry = self.entry(id)?;
        if entry.committed.is_some() {
            self.settle_feed(&entry)?;
            return self.committed(&entry);
        }
        check_version(&entry, version)?;
        let corrupt = |error: StorageError| ApiError::of_storage(&error);
        let asked = Asked::from_json(&entry.run.asked).map_err(corrupt)?;
        let bytes = self.file(id)?;
        let author = Some((author, entry.run.request()));
        let (worked_out, _) = self.work_out((&asked, &bytes), author, watch)?;
        if worked_out.is_datum_open {
            return Err(ImportRefused::DatumNotStated.into());
        }
        let moved = || ImportRefused::BaseMoved { base: entry.run.base };
        if worked_out.digest != entry.run.digest {
            return self.again_or(id, moved().into());
        }
        given_up(watch)?;
        if let Some(revision) = &worked_out.revision {
            match self.handle.block_on(self.keeper.commit(revision)) {
                Ok(_committed) => {}
                Err(StorageError::Stale(_)) => return self.again_or(id, moved().into()),
                Err(error) => return Err(ApiError::of_storage(&error)),
            }
        }
        let entry = self.entry(id)?;
        self.settle_feed(&entry)?;
        self.committed(&entry)
    }

    /// A feed whose file this was waits for nobody any more. What is written is written: a failure here is only logged, and
    /// the same commit again makes up for it.
    fn settle_feed(&self, entry: &DryRunEntry) -> Result<(), ApiError> {
        let corrupt = |error: StorageError| ApiError::of_storage(&error);
        let source = Asked::from_json(&entry.run.asked).map_err(corrupt)?.source;
        let store = self.keeper.store();
        let noted = async {
            let feeds = store.feeds().await?;
            let waits = feeds.iter().any(|feed| feed.name == source && feed.has_file);
            if waits
                && entry.undone.is_none()
                && let Some(bytes) = store.dry_run_file(&entry.run.id).await?
            {
                feed::note_committed(store, (&source, &bytes), entry.committed).await?;
            }
            Ok::<_, FeedError>(())
        };
        if let Err(error) = self.handle.block_on(noted) {
            tracing::warn!(%error, feed = source, "A feed does not know yet that its file was committed");
        }
        Ok(())
    }

    /// What was committed by somebody else in this moment, else the error.
    fn again_or(&self, id: &str, error: ApiError) -> Result<PlanAnswer, ApiError> {
        let entry = self.entry(id)?;
        if entry.committed.is_some() {
            return self.committed(&entry);
        }
        Err(error)
    }

    /// The answer to a commit: made from what is stored, so that it is the same every time.
    fn committed(&self, entry: &DryRunEntry) -> Result<PlanAnswer, ApiError> {
        let made = self.wait(self.keeper.store().committed(&entry.run.request()))?;
        let summary: Value = serde_json::from_str(&entry.run.summary).unwrap_or_default();
        answer(
            &json!({ "import": entry.run.id, "revision": made.map(|made| made.revision),
            "at": made.map(|made| made.at), "counts": summary.get("counts") }),
        )
    }

    /// Takes a revision back; the same answer however often it is asked.
    pub fn undo(&self, revision: u64, author: &Author) -> Result<PlanAnswer, ApiError> {
        let done = self.handle.block_on(self.keeper.undo(revision, author));
        let by = match done {
            Ok(by) | Err(UndoError::Already { by, .. }) => by,
            Err(UndoError::NothingThere(revision)) => {
                return Err(ApiError::NotFound {
                    what: "revision",
                    given: revision.to_string(),
                    expected: "one that changed stations, as /v1/changes lists them",
                });
            }
            Err(UndoError::Refused { refused, later }) => {
                return Err(ImportRefused::LaterEdits { refused, later }.into());
            }
            Err(UndoError::Storage(StorageError::Stale(stale))) => {
                tracing::info!(stations = stale.len(), "An undo met an edit in the same moment");
                return Err(ApiError::Busy);
            }
            Err(UndoError::Storage(error)) => return Err(ApiError::of_storage(&error)),
        };
        answer(&json!({ "revision": by.revision, "at": by.at, "undone": revision }))
    }

    /// A copy of the sheet with remarks.
    pub fn copy(&self, id: &str, (format, language): (CopyFormat, Language)) -> Result<PlanAnswer, ApiError> {
        let entry = self.entry(id)?;
        let corrupt = |error: StorageError| ApiError::of_storage(&error);
        let asked = Asked::from_json(&entry.run.asked).map_err(corrupt)?;
        let bytes = self.file(id)?;
        let districts = Arc::clone(&self.state.published()?.snapshot.reference().districts);
        let bad = ImportRefused::BadFile;
        let mut input = bytes.as_slice();
        let file = import::read(
            &asked.filename,
            &mut input,
            &asked.options(&districts),
            &|_done| {},
        );
        let mut reports: Vec<RowReport> = Vec::new();
        let mut from = 0;
        while let Some((page, rows)) = self.wait(self.keeper.store().dry_run_page(id, (from, u32::MAX)))? {
            let lines = rows.body.lines();
            reports.extend(lines.filter_map(|line| serde_json::from_str(line).ok()));
            from = page + 1;
        }
        let body = row_remark::copy((&file.map_err(bad)?, &bytes), reports, (format, language));
        Ok(PlanAnswer {
            media_type: match format {
                CopyFormat::Csv => "text/csv; charset=utf-8",
                CopyFormat::Xlsx => XLSX,
            },
            body: body.map_err(bad)?,
        })
    }

    fn document(&self, run: DryRun, pages: &[DryRunPage]) -> Result<PlanAnswer, ApiError> {
        let entry = DryRunEntry {
            run,
            committed: None,
            undone: None,
        };
        let revision = self.state.published()?.snapshot.revision();
        answer(&Value::Object(whole(&entry, revision, pages.first())))
    }
}

/// Media type of a workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn given_up(watch: &Watch) -> Result<(), ApiError> {
    if watch.is_cancelled() {
        return Err(ApiError::GivenUp);
    }
    Ok(())
}

fn check_version(entry: &DryRunEntry, seen: Option<u64>) -> Result<(), ApiError> {
    let version = entry.run.version;
    if seen.is_some_and(|seen| seen != version) {
        return Err(ImportRefused::AnotherVersion { version }.into());
    }
    Ok(())
}

/// The error for an import that is not there.
pub fn not_here(id: &str) -> ApiError {
    ApiError::NotFound {
        what: "import",
        given: shortened(id),
        expected: "an id of /v1/imports; they are forgotten after 7 days",
    }
}

fn answer(document: &Value) -> Result<PlanAnswer, ApiError> {
    Ok(PlanAnswer {
        media_type: JSON,
        body: serde_json::to_vec(document).map_err(|error| {
            tracing::error!(%error, "A document could not be written");
            ApiError::Internal
        })?,
    })
}

/// What a list says of an import. `revision` is that of the register.
pub fn short(entry: &DryRunEntry, revision: u64) -> Map<String, Value> {
    let summary: Value = serde_json::from_str(&entry.run.summary).unwrap_or_default();
    members(entry, (&summary, revision))
}

/// Everything that is said of an import, with its first rows.
pub fn whole(entry: &DryRunEntry, revision: u64, first: Option<&DryRunPage>) -> Map<String, Value> {
    let summary: Value = serde_json::from_str(&entry.run.summary).unwrap_or_default();
    let asked: Value = serde_json::from_str(&entry.run.asked).unwrap_or_default();
    let mut document = members(entry, (&summary, revision));
    for name in ["file", "columns", "mapping", "datum", "notes"] {
        document.insert(name.to_owned(), summary.get(name).cloned().unwrap_or_default());
    }
    document.insert(
        "decisions".to_owned(),
        asked.get("decisions").cloned().unwrap_or_default(),
    );
    let lines = first.map(|page| page.body.lines().take(FIRST_ROWS));
    let rows = lines.into_iter().flatten();
    let rows: Vec<Value> = rows.filter_map(|line| serde_json::from_str(line).ok()).collect();
    document.insert("rows".to_owned(), rows.into());
    document
}

fn members(entry: &DryRunEntry, (summary, revision): (&Value, u64)) -> Map<String, Value> {
    let run = &entry.run;
    let asked: Value = serde_json::from_str(&run.asked).unwrap_or_default();
    let flag = |name: &str| summary.get(name).and_then(Value::as_bool).unwrap_or_default();
    let state = if entry.undone.is_some() {
        "undone"
    } else if entry.committed.is_some() {
        "committed"
    } else if flag("is_open") {
        "to_decide"
    } else if flag("is_empty") {
        "nothing_to_write"
    } else {
        "ready"
    };
    let document = json!({
        "id": run.id, "state": state, "version": run.version, "filename": asked.get("filename"),
        "source": asked.get("source"), "coord": asked.get("coord"), "who": run.who, "made_at": run.made_at,
        "expires_at": run.expires_at, "base_revision": run.base, "is_current": run.base == revision,
        "committed_revision": entry.committed, "undone_by": entry.undone, "counts": summary.get("counts"),
    });
    match document {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
