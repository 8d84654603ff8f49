//! A coordinate in one cell: `113.6,34.7`, `(34.7, 113.6)`, `POINT(113.6 34.7)`, `E113.6 N34.7`.

use super::number;
use crate::domain::text::half_width;

/// The two numbers of a cell, and how their order was decided.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    pub(super) lon_deg: f64,
    pub(super) lat_deg: f64,
    pub(super) order: Order,
}

/// How it was decided which of two numbers is the longitude.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// The cell says it: well-known text, or letters or words beside the numbers.
    Stated,
    /// Only one order gives a place on the earth, or only one gives a place in China.
    ByRange,
    /// Both orders are possible; longitude first, as most map services write it.
    Assumed,
}

/// Reads a cell with two numbers; `None` when it has none, one or three of them.
pub(super) fn parse(text: &str) -> Option<Pair> {
    let plain: String = text
        .trim()
        .chars()
        .map(half_width)
        .flat_map(char::to_lowercase)
        .collect();
    if let Some(inside) = well_known(&plain) {
        let (first, second) = two_numbers(inside, char::is_whitespace)?;
        return Some(pair(first, second, Order::Stated));
    }
    let bare = plain.trim_matches(['(', ')', '[', ']', '{', '}', '【', '】', ' ']);
    let is_lat_first = find_mark(bare, &["n", "lat", "北纬", "纬度", "纬"]);
    let is_lon_first = find_mark(bare, &["e", "lon", "lng", "东经", "经度", "经"]);
    let numbers: String = bare
        .chars()
        .map(|c| if is_part_of_number(c) { c } else { ' ' })
        .collect();
    let (first, second) = two_numbers(&numbers, char::is_whitespace)?;
    match (is_lat_first, is_lon_first) {
        (Some(lat), Some(lon)) if lat < lon => Some(pair(second, first, Order::Stated)),
        (Some(_), Some(_)) => Some(pair(first, second, Order::Stated)),
        (None, None) if !bare.chars().any(is_foreign) => Some(by_range(first, second)),
        _ => None,
    }
}

/// The first number of a cell.
pub(super) fn first_number(text: &str) -> Option<f64> {
    let plain: String = text.chars().map(half_width).collect();
    let number: String = plain
        .chars()
        .skip_while(|c| !is_part_of_number(*c))
        .take_while(|c| is_part_of_number(*c))
        .collect();
    number::parse(&number)
}

const fn pair(lon_deg: f64, lat_deg: f64, order: Order) -> Pair {
    Pair {
        lon_deg,
        lat_deg,
        order,
    }
}

/// What stands between the brackets of `POINT(x y)`, `SRID=4326;POINT (x y)` and `POINT Z (x y z)`, without a height.
fn well_known(plain: &str) -> Option<&str> {
    let (_, behind) = plain.split_once("point")?;
    let (kind, inside) = behind.split_once('(')?;
    let inside = inside.strip_suffix(')')?.trim();
    match kind.trim() {
        "" => Some(inside),
        "z" | "m" => inside.rsplit_once(' ').map(|(place, _)| place),
        _ => None,
    }
}

fn two_numbers(text: &str, is_between: impl Fn(char) -> bool) -> Option<(f64, f64)> {
    let mut numbers = text.split(is_between).filter(|part| !part.is_empty());
    let (first, second) = (numbers.next()?, numbers.next()?);
    if numbers.next().is_some() {
        return None;
    }
    number::parse(first).zip(number::parse(second))
}

const fn is_part_of_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | '-' | '+')
}

/// Whether a sign has no business between two numbers.
fn is_foreign(c: char) -> bool {
    !is_part_of_number(c)
        && !c.is_whitespace()
        && !matches!(c, ',' | ';' | '/' | '|' | '、' | '°' | '，' | '；')
}

fn find_mark(text: &str, marks: &[&str]) -> Option<usize> {
    marks.iter().filter_map(|mark| text.find(mark)).min()
}

/// Decides by what the numbers can be: a latitude is at most 90°, and a place in China has one order only.
fn by_range(first: f64, second: f64) -> Pair {
    let is_latitude = |degrees: f64| degrees.abs() <= 90.0;
    if !is_latitude(first) || crate::domain::coordinate::looks_swapped(second, first) {
        return pair(first, second, Order::ByRange);
    }
    if !is_latitude(second) || crate::domain::coordinate::looks_swapped(first, second) {
        return pair(second, first, Order::ByRange);
    }
    pair(first, second, Order::Assumed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_read_in_either_order_with_any_brackets() {
        for text in [
            "113.6,34.7",
            "34.7,113.6",
            "(34.7, 113.6)",
            "（113.6，34.7）",
            "[113.6, 34.7]",
            "113.6 34.7",
            "113.6、34.7",
            "１１３．６，３４．７",
            "113.6/34.7",
            "113.6°, 34.7°",
            "113.6;34.7",
        ] {
            assert_eq!(parse(text), Some(pair(113.6, 34.7, Order::ByRange)), "{text}");
        }
        for text in [
            "POINT(113.6 34.7)",
            "point z (113.6 34.7 12)",
            "SRID=4326;POINT (113.6 34.7)",
            "N34.7, E113.6",
            "E113.6 N34.7",
            "东经113.6 北纬34.7",
            "北纬34.7°，东经113.6°",
            "lat:34.7,lng:113.6",
            "经度:113.6,纬度:34.7",
            "113.6°E 34.7°N",
        ] {
            assert_eq!(parse(text), Some(pair(113.6, 34.7, Order::Stated)), "{text}");
        }
        assert_eq!(parse("24.94,60.17"), Some(pair(24.94, 60.17, Order::Assumed)));
        assert_eq!(parse("-51.18 -30.03"), Some(pair(-51.18, -30.03, Order::Assumed)));
        assert_eq!(
            parse("-30.03, 133.2").unwrap().lon_deg.to_bits(),
            133.2_f64.to_bits()
        );
    }

    #[test]
    fn a_cell_without_exactly_two_numbers_is_no_pair() {
        for text in [
            "",
            "113.6",
            "1,2,3",
            "河东路1号",
            "建设路12号5楼",
            "POINT(1)",
            "POLYGON((1 2,3 4))",
            "N34.7",
            "113.6,x",
            "1.2.3,4",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
