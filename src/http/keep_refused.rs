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

    /// The same in Chinese.
    pub(super) fn detail_zh(&self) -> String {
        match self {
            Self::OwnToken(id) => {
                format!("令牌 `{id}` 正是本次请求所用的令牌；请换一个令牌，或请另一位管理员来吊销")
            }
            Self::FeedExists(name) => format!("已有定期来源 `{name}`；请换一个名称，或先删除原有的来源"),
            Self::FeedBusy(name) => format!("正在获取定期来源 `{name}`；请过几秒再看"),
            Self::NothingWaits(name) => {
                format!("定期来源 `{name}` 没有待确认的文件；应为 `/v1/feeds` 中带 `waits` 的来源")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::error_tests::assert_says_the_same;

    #[test]
    fn each_refusal_says_the_same_in_chinese() {
        let name = || "x".to_owned();
        for refused in [
            KeepRefused::OwnToken(name()),
            KeepRefused::FeedExists(name()),
            KeepRefused::FeedBusy(name()),
            KeepRefused::NothingWaits(name()),
        ] {
            assert_says_the_same(&refused.to_string(), &refused.detail_zh());
        }
    }
}
