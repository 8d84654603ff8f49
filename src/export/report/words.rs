//! Numbers, times and names as people read them, in both languages.

use chrono::DateTime;

use crate::domain::facility::Facility;
use crate::domain::language::Language;

/// Square metres in a square kilometre.
const SQUARE_KILOMETRE_M2: f64 = 1e6;

/// The text of a language.
pub(super) const fn pick(language: Language, zh: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

/// A share as a percentage with one decimal. What is neither nothing nor everything is never rounded to it.
pub(super) fn percent(share: Option<f64>, language: Language) -> String {
    match share.filter(|share| share.is_finite()) {
        None => pick(language, "无数据", "no data").to_owned(),
        Some(share) if share > 0.0 && share < 0.0005 => "<0.1%".to_owned(),
        Some(share) if (0.9995..1.0).contains(&share) => ">99.9%".to_owned(),
        Some(share) => format!("{:.1}%", positive_zero(share * 100.0)),
    }
}

/// A number with so many decimals and a comma at every third place.
pub(super) fn decimal(number: f64, decimals: usize) -> String {
    if !number.is_finite() {
        return "–".to_owned();
    }
    let plain = format!("{:.decimals$}", positive_zero(number));
    let (sign, rest) = plain
        .strip_prefix('-')
        .map_or(("", plain.as_str()), |rest| ("−", rest));
    let (whole, fraction) = rest
        .split_once('.')
        .map_or((rest, None), |(whole, part)| (whole, Some(part)));
    let mut out = sign.to_owned();
    for (digit, left) in whole.chars().zip((0..whole.len()).rev()) {
        out.push(digit);
        if left > 0 && left % 3 == 0 {
            out.push(',');
        }
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// A count with a comma at every third place.
pub(super) fn count(number: u64) -> String {
    decimal(number as f64, 0)
}

/// Metres, whole, without the unit.
pub(super) fn metres(length_m: f64) -> String {
    decimal(length_m, 0)
}

/// A length with its unit: metres below ten kilometres, kilometres above.
pub(super) fn length(length_m: f64, language: Language) -> String {
    let (number, zh, en) = if length_m < 10_000.0 {
        (decimal(length_m, 0), "米", "m")
    } else {
        (decimal(length_m / 1000.0, 1), "公里", "km")
    };
    with_unit(&number, zh, en, language)
}

/// Square metres as square kilometres, without the unit.
pub(super) fn square_kilometres(area_m2: f64) -> String {
    let area = area_m2 / SQUARE_KILOMETRE_M2;
    decimal(
        area,
        if area.abs() >= 100.0 {
            1
        } else if area.abs() >= 1.0 || area_m2 == 0.0 {
            2
        } else {
            3
        },
    )
}

fn with_unit(number: &str, zh: &str, en: &str, language: Language) -> String {
    match language {
        Language::Zh => format!("{number}{zh}"),
        Language::En => format!("{number}\u{a0}{en}"),
    }
}

const fn positive_zero(number: f64) -> f64 {
    if number == 0.0 { 0.0 } else { number }
}

/// A weight of the demand as people call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WeightName {
    /// Its name; one that the data made up stays as it is.
    pub name: String,
    /// Its unit; empty when it has none.
    pub unit: &'static str,
    is_area: bool,
}

/// Weights that are called by a name of their own: word, Chinese name and unit, English name and unit.
const KNOWN_WEIGHTS: &[(&str, &str, &str, &str, &str)] = &[
    ("area_m2", "面积", "平方公里", "area", "km²"),
    ("population", "人口", "人", "population", "people"),
    ("workers", "户外劳动者", "人", "outdoor workers", "people"),
    ("riders", "骑手", "人", "riders", "people"),
    ("couriers", "快递员", "人", "couriers", "people"),
    ("cleaners", "环卫工人", "人", "cleaners", "people"),
    (
        "sanitation_workers",
        "环卫工人",
        "人",
        "sanitation workers",
        "people",
    ),
    ("drivers", "司机", "人", "drivers", "people"),
    (
        "traffic_assistants",
        "交通协管员",
        "人",
        "traffic assistants",
        "people",
    ),
    ("weight", "需求", "", "demand", ""),
    ("count", "需求点", "个", "places of demand", ""),
];

impl WeightName {
    /// The name of a weight.
    pub fn of(word: &str, language: Language) -> Self {
        let known = KNOWN_WEIGHTS.iter().find(|known| known.0 == word);
        let (name, unit) = match (known, language) {
            (Some((_, name, unit, _, _)), Language::Zh) | (Some((_, _, _, name, unit)), Language::En) => {
                ((*name).to_owned(), *unit)
            }
            (None, _) => (format!("“{word}”"), ""),
        };
        Self {
            name,
            unit,
            is_area: word == "area_m2",
        }
    }

    /// An amount of it without the unit.
    pub fn amount(&self, amount: f64) -> String {
        if self.is_area {
            square_kilometres(amount)
        } else if amount.fract() == 0.0 || amount.abs() >= 100.0 {
            decimal(amount, 0)
        } else {
            decimal(amount, 1)
        }
    }

    /// An amount of it with the unit.
    pub fn amount_with_unit(&self, amount: f64, language: Language) -> String {
        if self.unit.is_empty() {
            return self.amount(amount);
        }
        with_unit(&self.amount(amount), self.unit, self.unit, language)
    }

    /// A column's heading: what comes first, then the unit.
    pub fn heading(&self, what: &str, language: Language) -> String {
        match (self.unit, language) {
            ("", _) => what.to_owned(),
            (unit, Language::Zh) => format!("{what}（{unit}）"),
            (unit, Language::En) => format!("{what} ({unit})"),
        }
    }
}

/// The days of a week, as hours of the week begin with them.
const DAYS: [(&str, &str, &str); 7] = [
    ("mo", "周一", "Mon"),
    ("tu", "周二", "Tue"),
    ("we", "周三", "Wed"),
    ("th", "周四", "Thu"),
    ("fr", "周五", "Fri"),
    ("sa", "周六", "Sat"),
    ("su", "周日", "Sun"),
];

/// The day of an hour such as `mo-04`; as it stands when it is not one.
pub(super) fn day(hour: &str, language: Language) -> String {
    let word = hour.split('-').next().unwrap_or(hour);
    DAYS.iter()
        .find(|day| day.0 == word)
        .map_or_else(|| word.to_owned(), |day| pick(language, day.1, day.2).to_owned())
}

/// The clock hour of an hour such as `mo-04` or `mo-04:00`.
pub(super) fn clock_hour(hour: &str) -> Option<usize> {
    let clock = hour.split('-').nth(1)?;
    clock
        .split(':')
        .next()?
        .parse()
        .ok()
        .filter(|hour: &usize| *hour < 24)
}

/// An hour of the week such as `mo-04`.
pub(super) fn hour(word: &str, language: Language) -> String {
    let Some(clock) = clock_hour(word) else {
        return word.to_owned();
    };
    let day = day(word, language);
    match language {
        Language::Zh => format!("{day}{clock}时"),
        Language::En => format!("{day} {clock:02}:00"),
    }
}

/// An instant with its offset; as it stands when it is not RFC 3339.
pub(super) fn instant(time: &str, language: Language) -> String {
    let Ok(time) = DateTime::parse_from_rfc3339(time) else {
        return time.to_owned();
    };
    let format = pick(
        language,
        "%Y年%-m月%-d日 %H:%M（UTC%:z）",
        "%-d %B %Y, %H:%M (UTC%:z)",
    );
    time.format(format).to_string()
}

/// A place as people copy it into a map: longitude, latitude, five decimals (about a metre).
pub(super) fn place([lon, lat]: [f64; 2]) -> String {
    format!("{lon:.5}, {lat:.5}")
}

/// Facilities by name, as one phrase.
pub(super) fn facilities(words: &[&str], language: Language) -> String {
    let labels: Vec<&str> = words
        .iter()
        .map(|word| Facility::from_word(word).map_or(*word, |facility| facility.label(language)))
        .collect();
    labels.join(comma(language))
}

/// What stands between the members of a list.
pub(super) const fn comma(language: Language) -> &'static str {
    pick(language, "、", ", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_to_everything_or_nothing_only_when_it_is_that() {
        let say = |share| percent(Some(share), Language::En);
        assert_eq!(say(0.0), "0.0%");
        assert_eq!(say(-0.0), "0.0%");
        assert_eq!(say(0.000_4), "<0.1%");
        assert_eq!(say(0.5), "50.0%");
        assert_eq!(say(0.999_6), ">99.9%");
        assert_eq!(say(1.0), "100.0%");
        assert_eq!(percent(None, Language::En), "no data");
        assert_eq!(percent(None, Language::Zh), "无数据");
        assert_eq!(percent(Some(f64::NAN), Language::Zh), "无数据");
    }

    #[test]
    fn numbers_have_a_comma_at_every_third_place() {
        assert_eq!(decimal(1_234_567.0, 0), "1,234,567");
        assert_eq!(decimal(-1234.56, 1), "−1,234.6");
        assert_eq!(decimal(999.0, 0), "999");
        assert_eq!(decimal(f64::INFINITY, 0), "–");
        assert_eq!(square_kilometres(1_919_000_000.0), "1,919.0");
        assert_eq!(square_kilometres(250_000.0), "0.250");
        assert_eq!(length(833.3, Language::Zh), "833米");
        assert_eq!(length(21_349.0, Language::En), "21.3\u{a0}km");
    }

    #[test]
    fn hours_and_instants_are_said_in_words_and_others_stay_as_they_are() {
        assert_eq!(hour("mo-04", Language::Zh), "周一4时");
        assert_eq!(hour("su-23:00", Language::En), "Sun 23:00");
        for odd in ["", "mo", "mo-24", "x-y-z"] {
            assert_eq!(hour(odd, Language::Zh), odd);
        }
        assert_eq!(
            instant("2026-11-22T09:05:00+08:00", Language::Zh),
            "2026年11月22日 09:05（UTC+08:00）"
        );
        assert_eq!(
            instant("2026-11-22T09:05:00+08:00", Language::En),
            "22 November 2026, 09:05 (UTC+08:00)"
        );
        assert_eq!(instant("soon", Language::En), "soon");
    }

    #[test]
    fn weights_that_data_made_up_keep_their_names() {
        let area = WeightName::of("area_m2", Language::En);
        assert_eq!(
            (area.name.as_str(), area.amount_with_unit(2e6, Language::En)),
            ("area", "2.00\u{a0}km²".to_owned())
        );
        let own = WeightName::of("night_shift", Language::Zh);
        assert_eq!(
            (own.name.as_str(), own.amount(12.25)),
            ("“night_shift”", "12.2".to_owned())
        );
        assert_eq!(own.heading("未覆盖", Language::Zh), "未覆盖");
    }
}
