//! Why a token or a feed is not made, ended or fetched as an administrator or an editor asks; the status of each.

use actix_web::http::StatusCode;
use thiserror::Error;

/// Why something of the register's keeping is refused; nothing was changed.
#[derive(Debug, Error)]
pub enum KeepRefused {
    /// Nobody ends the token that he asks with.
    #[error("token `{0}` is the one that asks; expected another one, or another administrator to end it")]
    OwnToken(String),
}

impl KeepRefused {
    /// Status, code and Chinese title.
    pub(super) const fn description(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::OwnToken(_) => (StatusCode::CONFLICT, "own_token", "不能吊销自己的令牌"),
        }
    }
}
