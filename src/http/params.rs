//! Query parameters: read once, each at most once, nothing unknown, every value checked.

use std::borrow::Cow;
use std::str::FromStr;

use percent_encoding::percent_decode_str;

use super::error::{ApiError, shortened};

/// The longest query string that is read, in bytes.
pub const MAX_QUERY_BYTES: usize = 200_000;
/// The most entries of a list parameter.
const MAX_LIST: usize = 200;

/// The parameters of one request.
#[derive(Debug)]
pub struct Params<'q> {
    pairs: Vec<(Cow<'q, str>, Cow<'q, str>)>,
}

impl<'q> Params<'q> {
    /// Reads a query string. Anything that is in none of the `allowed` lists, or there twice, is an error.
    pub fn parse(query: &'q str, allowed: &[&[&str]]) -> Result<Self, ApiError> {
        if query.len() > MAX_QUERY_BYTES {
            return Err(ApiError::invalid(
                "query",
                query,
                format!("at most {MAX_QUERY_BYTES} bytes"),
            ));
        }
        let mut pairs: Vec<(Cow<'q, str>, Cow<'q, str>)> = Vec::with_capacity(8);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decoded("query", name)?;
            if !allowed.iter().any(|names| names.contains(&&*name)) {
                return Err(ApiError::UnknownParameter {
                    name: shortened(&name),
                    expected: known(allowed),
                });
            }
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(ApiError::DuplicateParameter {
                    name: name.into_owned(),
                });
            }
            let value = decoded(&name, value)?;
            if value.trim().is_empty() {
                return Err(ApiError::invalid(name, &value, "a value, or no such parameter"));
            }
            pairs.push((name, value));
        }
        Ok(Self { pairs })
    }

    /// The value of a parameter.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| &**value)
    }

    /// The value of a parameter as a finite number between two limits, both included.
    pub fn number(&self, name: &'static str, low: f64, high: f64) -> Result<Option<f64>, ApiError> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let number = text
            .trim()
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite());
        let fits = number.filter(|number| (low..=high).contains(number));
        fits.map(Some)
            .ok_or_else(|| ApiError::invalid(name, text, format!("a number from {low} to {high}")))
    }

    /// The `limit`: at least 1; above the maximum it counts as the maximum, as OGC API – Features asks.
    pub fn limit(&self, default: usize, maximum: usize) -> Result<usize, ApiError> {
        let Some(text) = self.text("limit") else {
            return Ok(default);
        };
        let digits = text.strip_prefix('+').unwrap_or(text);
        if digits.is_empty()
            || !digits.bytes().all(|byte| byte.is_ascii_digit())
            || digits.bytes().all(|b| b == b'0')
        {
            return Err(ApiError::invalid(
                "limit",
                text,
                format!("a whole number from 1 to {maximum}"),
            ));
        }
        // More digits than a number can hold is far above the maximum.
        Ok(digits.parse::<usize>().unwrap_or(usize::MAX).min(maximum))
    }

    /// The value of a parameter as a word of a vocabulary.
    pub fn word<T: FromStr>(&self, name: &'static str) -> Result<Option<T>, ApiError>
    where
        T::Err: WordError,
    {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        text.parse::<T>()
            .map(Some)
            .map_err(|error| ApiError::invalid(name, text, error.expectation()))
    }

    /// The value of a parameter as a list of words of a vocabulary, separated by commas.
    pub fn words<T: FromStr>(&self, name: &'static str) -> Result<Option<Vec<T>>, ApiError>
    where
        T::Err: WordError,
    {
        let Some(entries) = self.list(name)? else {
            return Ok(None);
        };
        let read = |entry: &&str| {
            entry
                .parse::<T>()
                .map_err(|error| ApiError::invalid(name, entry, error.expectation()))
        };
        entries.iter().map(read).collect::<Result<_, _>>().map(Some)
    }

    /// The value of a parameter as a list of texts, separated by commas, none of them empty.
    pub fn list(&self, name: &'static str) -> Result<Option<Vec<&str>>, ApiError> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let entries: Vec<&str> = text.split(',').map(str::trim).collect();
        if entries.len() > MAX_LIST || entries.iter().any(|entry| entry.is_empty()) {
            return Err(ApiError::invalid(
                name,
                text,
                format!("1 to {MAX_LIST} entries separated by commas, none empty"),
            ));
        }
        Ok(Some(entries))
    }

    /// `true` or `false`.
    pub fn flag(&self, name: &'static str) -> Result<bool, ApiError> {
        match self.text(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(text) => Err(ApiError::invalid(name, text, "true or false")),
        }
    }
}

/// An error that can say what was expected.
pub trait WordError {
    /// What was expected, for a person.
    fn expectation(&self) -> String;
}

impl WordError for crate::domain::words::UnknownWord {
    fn expectation(&self) -> String {
        format!("one of {}", self.expected)
    }
}

fn known(allowed: &[&[&str]]) -> String {
    if allowed.is_empty() {
        "no parameters".to_owned()
    } else {
        format!("some of {}", allowed.concat().join(", "))
    }
}

fn decoded<'q>(name: &str, text: &'q str) -> Result<Cow<'q, str>, ApiError> {
    let spaced = if text.contains('+') {
        Cow::Owned(text.replace('+', " "))
    } else {
        Cow::Borrowed(text)
    };
    let failed = |_| ApiError::invalid(name, text, "percent-encoded UTF-8");
    match spaced {
        Cow::Borrowed(text) => percent_decode_str(text).decode_utf8().map_err(failed),
        Cow::Owned(text) => percent_decode_str(&text)
            .decode_utf8()
            .map(|t| Cow::Owned(t.into_owned()))
            .map_err(failed),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::facility::Facility;

    fn code(result: Result<impl Sized, ApiError>) -> &'static str {
        result.err().expect("an error").code()
    }

    #[test]
    fn unknown_repeated_and_empty_parameters_are_errors() {
        assert_eq!(code(Params::parse("a=1&b=2", &[&["a"]])), "unknown_parameter");
        assert_eq!(code(Params::parse("a=1&a=1", &[&["a"]])), "duplicate_parameter");
        assert_eq!(code(Params::parse("a=", &[&["a"]])), "invalid_parameter");
        assert_eq!(code(Params::parse("a=%FF", &[&["a"]])), "invalid_parameter");
        assert!(Params::parse("", &[]).is_ok());
    }

    #[test]
    fn limits_are_lowered_above_and_refused_below() {
        let limit = |text: &str| Params::parse(text, &[&["limit"]]).unwrap().limit(10, 100);
        assert_eq!(limit("").unwrap(), 10);
        assert_eq!(limit("limit=100").unwrap(), 100);
        assert_eq!(limit("limit=101").unwrap(), 100);
        assert_eq!(limit("limit=99999999999999999999999999").unwrap(), 100);
        for bad in ["limit=0", "limit=-1", "limit=ten", "limit=1.5", "limit=00"] {
            assert_eq!(code(limit(bad)), "invalid_parameter", "{bad}");
        }
    }

    #[test]
    fn numbers_outside_the_limits_or_not_finite_are_refused() {
        let number = |text: &str| Params::parse(text, &[&["x"]]).unwrap().number("x", -1.0, 1.0);
        assert_eq!(number("x=1").unwrap(), Some(1.0));
        for bad in ["x=1.000001", "x=NaN", "x=inf", "x=1e400", "x=one"] {
            assert_eq!(code(number(bad)), "invalid_parameter", "{bad}");
        }
    }

    #[test]
    fn a_list_names_the_word_that_is_not_known() {
        let params = Params::parse("f=toilet,sauna", &[&["f"]]).unwrap();
        let error = params.words::<Facility>("f").unwrap_err().to_string();
        assert!(
            error.starts_with("parameter `f` is `sauna`; expected one of indoor_rest"),
            "{error}"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_without_a_panic(query in ".{0,200}") {
            drop(Params::parse(&query, &[&["a", "b"]]));
        }
    }
}
