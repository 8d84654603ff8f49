//! The members of a small JSON body, read by name; every member that cannot be used is named at once.

use core::ops::RangeInclusive;

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::error::{ApiError, shortened};
use super::params::WordError;

/// A member of a body that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// Where it stands, for example `results[3].remark`.
    pub field: String,
    /// A stable word for the kind of problem.
    pub code: &'static str,
    /// What is wrong and what was expected, in English.
    pub message: String,
    /// The same in Chinese.
    pub message_zh: String,
}

/// The members of a body that nobody has read yet, and the problems so far.
#[derive(Debug)]
pub struct Fields {
    members: Map<String, Value>,
    /// What stands before each name in problems.
    prefix: String,
    problems: Vec<FieldProblem>,
}

impl Fields {
    /// Takes a body that must be a JSON object.
    pub fn read(document: &[u8], expected: &'static str) -> Result<Self, ApiError> {
        let refused = |problem: String| ApiError::InvalidBody { problem, expected };
        match serde_json::from_slice(document) {
            Ok(Value::Object(members)) => Ok(Self::of(members, String::new())),
            Ok(_) => Err(refused("it is no object".to_owned())),
            Err(error) => Err(refused(shortened(&error.to_string()))),
        }
    }

    /// Takes an object within a body; `prefix` stands before its names in problems.
    pub const fn of(members: Map<String, Value>, prefix: String) -> Self {
        Self {
            members,
            prefix,
            problems: Vec::new(),
        }
    }

    /// Notes a problem with a member.
    pub fn problem(&mut self, name: &str, code: &'static str, (en, zh): (String, String)) {
        self.problems.push(FieldProblem {
            field: format!("{}{name}", self.prefix),
            code,
            message: en,
            message_zh: zh,
        });
    }

    /// Takes over the problems of an object within the body.
    pub fn absorb(&mut self, inner: Self) {
        self.problems.extend(inner.into_problems());
    }

    /// Whether the member is there and not `null`, and was not read yet.
    pub fn has(&self, name: &str) -> bool {
        self.members.get(name).is_some_and(|value| !value.is_null())
    }

    /// Ends the reading: an error with every problem, members that nobody asked for among them.
    pub fn finish(self, what: &'static str) -> Result<(), ApiError> {
        let problems = self.into_problems();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(ApiError::BadFields { what, problems })
        }
    }

    /// A member as it is; `None` when it is missing or `null`.
    pub fn any(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name).filter(|value| !value.is_null())
    }

    /// A member that must be there.
    pub fn needed<T>(&mut self, name: &str, read: impl FnOnce(&mut Self, &str) -> Option<T>) -> Option<T> {
        if !self.has(name) {
            self.members.remove(name);
            let words = (format!("`{name}` is missing"), format!("缺少 `{name}`"));
            self.problem(name, "missing", words);
            return None;
        }
        read(self, name)
    }

    /// A text of 1 to `limit` characters without control characters, without blanks around it.
    pub fn text(&mut self, name: &str, limit: usize) -> Option<String> {
        let text = self.string(name, "a text", "文字")?;
        let text = text.trim();
        let count = text.chars().count();
        if text.is_empty() {
            let en = format!("`{name}` is empty; expected a text, or no such member");
            self.problem(
                name,
                "empty",
                (en, format!("`{name}` 为空，请填写文字，或去掉这一项")),
            );
        } else if count > limit {
            let en = format!("`{name}` has {count} characters; expected at most {limit}");
            self.problem(
                name,
                "too_long",
                (en, format!("`{name}` 有 {count} 个字符，最多 {limit} 个")),
            );
        } else if let Some(sign) = text.chars().find(|sign| sign.is_control()) {
            let code = u32::from(sign);
            let en =
                format!("`{name}` has the control character U+{code:04X}; expected one line of plain text");
            let zh = format!("`{name}` 含有控制字符 U+{code:04X}，应为一行普通文字");
            self.problem(name, "control_character", (en, zh));
        } else {
            return Some(text.to_owned());
        }
        None
    }

    /// A word of a vocabulary.
    pub fn word<T: core::str::FromStr<Err: WordError>>(&mut self, name: &str) -> Option<T> {
        let text = self.string(name, "a word", "一个词")?;
        match text.parse() {
            Ok(word) => Some(word),
            Err(error) => {
                let (given, expected) = (shortened(&text), WordError::expectation(&error));
                let en = format!("`{name}` is `{given}`; expected {expected}");
                let words = expected.trim_start_matches("one of ");
                let zh = format!("`{name}` 是 `{given}`，应为其中之一：{words}");
                self.problem(name, "unknown_word", (en, zh));
                None
            }
        }
    }

    /// A day.
    pub fn day(&mut self, name: &str) -> Option<NaiveDate> {
        let text = self.string(name, "a day", "日期")?;
        // The library also reads `2026-1-2`, which sorts wrongly as a text.
        let day = text
            .parse::<NaiveDate>()
            .ok()
            .filter(|day| day.to_string() == text);
        if day.is_none() {
            let given = shortened(&text);
            let en = format!("`{name}` is `{given}`; expected a day such as 2026-11-02");
            self.problem(
                name,
                "bad_day",
                (en, format!("`{name}` 是 `{given}`，应为日期，如 2026-11-02")),
            );
        }
        day
    }

    /// A number.
    pub fn number(&mut self, name: &str) -> Option<f64> {
        let value = self.any(name)?;
        let number = value.as_f64();
        if number.is_none() {
            self.wrong_kind(name, &value, ("a number", "数字"));
        }
        number
    }

    /// A number between two limits, both included.
    pub fn number_in(&mut self, name: &str, limits: RangeInclusive<f64>) -> Option<f64> {
        let number = self.number(name)?;
        if limits.contains(&number) {
            return Some(number);
        }
        let (least, most) = limits.into_inner();
        self.out_of_range(
            name,
            number,
            (&format!("{least} to {most}"), &format!("{least} 到 {most}")),
        );
        None
    }

    /// A whole number between two limits, both included.
    pub fn whole(&mut self, name: &str, limits: RangeInclusive<u32>) -> Option<u32> {
        let number = self.number(name)?;
        let (least, most) = limits.into_inner();
        if number.fract() == 0.0 && (f64::from(least)..=f64::from(most)).contains(&number) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "whole, and between two numbers of this kind"
            )]
            return Some(number as u32);
        }
        let en = format!("a whole number from {least} to {most}");
        self.out_of_range(name, number, (&en, &format!("{least} 到 {most} 的整数")));
        None
    }

    fn out_of_range(&mut self, name: &str, number: f64, (en, zh): (&str, &str)) {
        let en = format!("`{name}` is `{number}`; expected {en}");
        self.problem(
            name,
            "out_of_range",
            (en, format!("`{name}` 是 `{number}`，应为 {zh}")),
        );
    }

    /// `true` or `false`; `false` when it is missing.
    pub fn flag(&mut self, name: &str) -> bool {
        match self.any(name) {
            None => false,
            Some(Value::Bool(flag)) => flag,
            Some(value) => {
                self.wrong_kind(name, &value, ("true or false", "true 或 false"));
                false
            }
        }
    }

    /// An object.
    pub fn object(&mut self, name: &str) -> Option<Map<String, Value>> {
        match self.any(name)? {
            Value::Object(object) => Some(object),
            value => {
                self.wrong_kind(name, &value, ("an object", "对象"));
                None
            }
        }
    }

    /// A list.
    pub fn list(&mut self, name: &str) -> Option<Vec<Value>> {
        match self.any(name)? {
            Value::Array(entries) => Some(entries),
            value => {
                self.wrong_kind(name, &value, ("a list", "列表"));
                None
            }
        }
    }

    fn string(&mut self, name: &str, en: &str, zh: &str) -> Option<String> {
        match self.any(name)? {
            Value::String(text) => Some(text),
            value => {
                self.wrong_kind(name, &value, (en, zh));
                None
            }
        }
    }

    fn wrong_kind(&mut self, name: &str, given: &Value, (en, zh): (&str, &str)) {
        let given = shortened(&given.to_string());
        let en = format!("`{name}` is `{given}`; expected {en}");
        self.problem(
            name,
            "wrong_kind",
            (en, format!("`{name}` 是 `{given}`，应为{zh}")),
        );
    }

    fn into_problems(mut self) -> Vec<FieldProblem> {
        let unread: Vec<String> = self.members.keys().map(|name| shortened(name)).collect();
        for name in unread {
            let words = (
                format!("`{name}` is not known here; expected no such member"),
                format!("没有 `{name}` 这一项"),
            );
            self.problem(&name, "unknown_field", words);
        }
        self.problems
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::domain::ticket::ReportKind;

    fn fields(value: Value) -> Fields {
        let Value::Object(members) = value else {
            panic!("an object")
        };
        Fields::of(members, String::new())
    }

    fn codes(fields: Fields) -> Vec<(String, &'static str)> {
        let problems = fields.into_problems().into_iter();
        problems.map(|problem| (problem.field, problem.code)).collect()
    }

    #[test]
    fn every_problem_is_told_at_once_in_both_languages() {
        let mut given = fields(
            json!({ "kind": "fire", "text": "a\u{7}", "lon": "1", "on": 1, "day": "2026-1-2", "list": {}, "x": null }),
        );
        assert_eq!(given.needed::<ReportKind>("kind", Fields::word), None);
        assert_eq!(given.text("text", 5), None);
        assert_eq!((given.number("lon"), given.flag("on")), (None, false));
        assert_eq!((given.day("day"), given.list("list")), (None, None));
        assert_eq!(given.needed("gone", |fields, name| fields.text(name, 1)), None);
        assert!(
            given
                .problems
                .iter()
                .all(|problem| !problem.message_zh.is_empty())
        );
        let expected = [
            ("kind", "unknown_word"),
            ("text", "control_character"),
            ("lon", "wrong_kind"),
            ("on", "wrong_kind"),
            ("day", "bad_day"),
            ("list", "wrong_kind"),
            ("gone", "missing"),
            ("x", "unknown_field"),
        ];
        assert_eq!(codes(given), expected.map(|(name, code)| (name.to_owned(), code)));
    }

    #[test]
    fn numbers_are_taken_up_to_both_limits_and_not_beyond() {
        let whole = |value: Value| fields(json!({ "n": value })).whole("n", 1..=3_650);
        assert_eq!((whole(json!(1)), whole(json!(3650.0))), (Some(1), Some(3_650)));
        for bad in [
            json!(0),
            json!(3_651),
            json!(1.5),
            json!(-1),
            json!(1e300),
            json!("1"),
        ] {
            let mut given = fields(json!({ "n": bad }));
            assert_eq!(given.whole("n", 1..=3_650), None, "{bad}");
            assert_eq!(codes(given).len(), 1, "{bad}");
        }
        let share = |value: f64| fields(json!({ "n": value })).number_in("n", 0.0..=1.0);
        assert_eq!((share(0.0), share(1.0)), (Some(0.0), Some(1.0)));
        assert_eq!((share(-0.001), share(1.001)), (None, None));
    }

    #[test]
    fn a_text_is_counted_in_characters_and_trimmed() {
        let read = |text: &str| fields(json!({ "t": text })).text("t", 3);
        assert_eq!(read(" 驿站𠮷 ").as_deref(), Some("驿站𠮷"));
        for bad in ["驿站𠮷𠮷", "", "  \u{3000}", "a\nb", "\u{85}a\u{85}b"] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn any_member_is_read_or_named(text in ".{0,20}", number in proptest::num::f64::ANY) {
            let mut given = fields(json!({ "t": text, "n": number, "w": text, "d": text }));
            let read = [
                given.text("t", 10).is_some(),
                given.number("n").is_some() || !number.is_finite(),
                given.word::<ReportKind>("w").is_some(),
                given.day("d").is_some(),
            ];
            prop_assert_eq!(read.iter().filter(|is_read| !**is_read).count(), codes(given).len());
        }
    }
}
