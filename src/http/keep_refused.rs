//! Why a token or a feed is not made, ended or fetched as an administrator or an editor asks; the status of each.

use actix_web::http::StatusCode;
use thiserror::Error;

/// Why something of the register's keeping is refused; nothing was changed.
#[derive(Debug, Error)]
pub enum KeepRefused {
    /// Nobody ends the token that he asks with.
    #[error("token `{0}` is the one that asks; expected another one, or another administrator to end it")]
    OwnToken(String),
    /// A feed has the name.
    #[error("there is a feed `{0}` already; expected another name, or that one to be removed first")]
    FeedExists(String),
    /// Somebody is fetching the feed in this moment.
    #[error("feed `{0}` is being fetched in this moment; expected to be looked at again in a few seconds")]
    FeedBusy(String),
    /// No file waits.
    #[error("no file of feed `{0}` waits for a person; expected a feed of /v1/feeds with `waits`")]
    NothingWaits(String),
}

impl KeepRefused {
    /// Status, code and Chinese title.
    pub(super) const fn description(&self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::OwnToken(_) => (S::CONFLICT, "own_token", "不能吊销自己的令牌"),
            Self::FeedExists(_) => (S::CONFLICT, "feed_exists", "已有同名的定期来源"),
            Self::FeedBusy(_) => (S::CONFLICT, "feed_busy", "正在获取，请稍候"),
            Self::NothingWaits(_) => (S::CONFLICT, "nothing_waits", "没有待确认的文件"),
        }
    }
}
