//! Why an import is not taken, not decided, not committed, or a revision not taken back; the status of each.

use actix_web::http::StatusCode;
use serde_json::{Value, json};
use thiserror::Error;

use crate::import::ImportError;
use crate::register::apply::Refused;
use crate::register::decisions::DecisionError;
use crate::register::dry_run::DryRunError;
use crate::register::row::InvalidDecision;
use crate::storage::LoggedChange;

/// Why an import or an undo is refused; nothing was written.
#[derive(Debug, Error)]
pub enum ImportRefused {
    /// The file is none that can be read.
    #[error("{}{}", .0, cause(.0))]
    BadFile(ImportError),
    /// Decisions that cannot be read.
    #[error(transparent)]
    BadDecisions(#[from] DecisionError),
    /// A decision that does not fit the rows and the register.
    #[error(transparent)]
    UnfitDecision(#[from] InvalidDecision),
    /// The register has changed, and the file would now do something else.
    #[error(
        "the register has moved on from revision {base}, and this import would now do something else; expected it to be \
         worked out anew with PATCH and the body {{}}, looked at and committed"
    )]
    BaseMoved {
        /// The revision that the dry run was worked out from.
        base: u64,
    },
    /// Somebody else has decided something.
    #[error("the import is of version {version} by now; expected that to be looked at first")]
    AnotherVersion {
        /// The version that it has.
        version: u64,
    },
    /// Nobody has said in which datum the coordinates are.
    #[error(
        "the datum of the coordinates is not stated; expected it to be said with PATCH and the body \
         {{\"coord\": \"gcj02\"}}, `wgs84` or `bd09`; `datum` of the import has the evidence"
    )]
    DatumNotStated,
    /// It is written already.
    #[error(
        "the import was committed as revision {revision}; expected a new import, or the revision to be taken back"
    )]
    Committed {
        /// The revision.
        revision: u64,
    },
    /// Later edits would be lost.
    #[error("{refused}")]
    LaterEdits {
        /// Which stations.
        refused: Refused,
        /// What was done to them.
        later: Vec<LoggedChange>,
    },
}

/// Why the file is not read, in brackets.
fn cause(error: &ImportError) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(" ({cause})"));
    cause.unwrap_or_default()
}

impl ImportRefused {
    /// Status, code and Chinese title.
    pub(super) const fn description(&self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::BadFile(_) => (S::BAD_REQUEST, "bad_file", "文件无法读取"),
            Self::BadDecisions(_) | Self::UnfitDecision(_) => (S::BAD_REQUEST, "bad_decision", "决定无效"),
            Self::BaseMoved { .. } => (S::CONFLICT, "base_moved", "登记已变化，请重新比对"),
            Self::AnotherVersion { .. } => (S::CONFLICT, "another_version", "导入已被他人修改"),
            Self::DatumNotStated => (S::CONFLICT, "datum_not_stated", "未说明坐标系"),
            Self::Committed { .. } => (S::CONFLICT, "committed", "导入已提交"),
            Self::LaterEdits { .. } => (S::CONFLICT, "later_edits", "之后有修改，无法撤销"),
        }
    }

    /// Members that only some problems have.
    pub(super) fn more(&self) -> Vec<(&'static str, Value)> {
        match self {
            Self::BaseMoved { base } => vec![("base_revision", json!(base))],
            Self::AnotherVersion { version } => vec![("version", json!(version))],
            Self::Committed { revision } => vec![("revision", json!(revision))],
            Self::LaterEdits { later, .. } => {
                let later = later.iter().map(|change| {
                    json!({ "id": change.id, "revision": change.position.revision, "at": change.at,
                        "who": change.who, "kind": change.kind, "why": change.why })
                });
                vec![("later", later.collect())]
            }
            Self::BadFile(_) | Self::BadDecisions(_) | Self::UnfitDecision(_) | Self::DatumNotStated => {
                Vec::new()
            }
        }
    }
}

impl From<DryRunError> for super::ApiError {
    fn from(error: DryRunError) -> Self {
        match error {
            DryRunError::File(error) => ImportRefused::BadFile(error).into(),
            DryRunError::Decision(error) => ImportRefused::UnfitDecision(error).into(),
            DryRunError::GivenUp => Self::GivenUp,
        }
    }
}
