//! What an inspector found, item by item of a standard.

use super::words::vocabulary;

vocabulary! {
    /// What an inspector says of one item of a standard.
    ItemResult, "result" {
        Pass = "pass", "合格", "pass";
        Fail = "fail", "不合格", "fail";
        Unknown = "unknown", "未查", "not looked at";
    }
}
