//! How sure it is that two records mean one station: from distance, normalised name and telephone number.

use crate::domain::coordinate::LonLat;
use crate::domain::geodesic::{EULER_LIMIT_M, EarthCentred, chord_2, earth_centred, euler, karney};
use crate::domain::language::Language;
use crate::domain::station::Station;
use crate::domain::units::Meters;
use crate::domain::words::vocabulary;

use super::names::{ALIKE, SAYS_NOTHING, SOMEWHAT_ALIKE, StationName};

/// Two records within this distance can be one place whatever their names, metres. An address that is looked up
/// twice, or a pin that is put by hand, is rarely better than this.
pub const SAME_PLACE_M: f64 = 30.0;
/// Within this distance a name or a telephone number decides, metres: a house and its yard. A chain has no two branches
/// so near each other, and no register has two stations of one name there.
pub const NEAR_M: f64 = 100.0;
/// Within this distance a name that is only somewhat alike is worth a look, metres.
pub const LOOK_M: f64 = 200.0;
/// Within this distance the same name or number still means the same station, metres.
///
/// A coordinate in the wrong datum is off by 0.3 to 0.7 km (GCJ-02) or 0.9 to 1.4 km (BD-09) in China; a corrected one
/// moves by as much.
pub const FAR_M: f64 = 1500.0;

vocabulary! {
    /// How sure a match is.
    Confidence, "confidence" {
        Possible = "possible", "存疑", "possible";
        Likely = "likely", "较可靠", "likely";
        Sure = "sure", "可靠", "sure";
    }
}

vocabulary! {
    /// What a match rests on.
    Basis, "basis" {
        Decision = "decision", "人工指定", "decided by a person";
        SourceId = "source_id", "该来源的编号", "id of the source";
        Id = "id", "编号", "id";
        Name = "name", "名称与位置", "name and place";
        Phone = "phone", "电话与位置", "telephone number and place";
        Place = "place", "位置", "place";
    }
}

/// Why two records are taken for one station.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// What decided.
    pub basis: Basis,
    /// How sure it is.
    pub confidence: Confidence,
    /// How far apart the two are.
    pub distance: Meters,
    /// How alike their names are, 0 to 1.
    pub likeness: f64,
    /// Whether both have one telephone number; where the number decides, one that no other record has.
    pub same_phone: bool,
}

impl Evidence {
    /// The reason in a few words, for example `name 92 % alike, 31 m apart, same telephone number`.
    pub fn sentence(&self, language: Language) -> String {
        let (percent, metres) = ((self.likeness * 100.0).floor(), self.distance.get());
        let basis = self.basis.label(language);
        match language {
            Language::Zh => {
                let phone = if self.same_phone { "，电话相同" } else { "" };
                format!("依据{basis}：名称相似{percent:.0}%，相距{metres:.0}米{phone}")
            }
            Language::En => {
                let phone = if self.same_phone {
                    ", same telephone number"
                } else {
                    ""
                };
                format!("by {basis}: name {percent:.0} % alike, {metres:.0} m apart{phone}")
            }
        }
    }

    /// How far the evidence is from perfect, in metres: the names count for up to 300 m, so that 10 % of likeness
    /// weighs 30 m, and a telephone number of its own for 100 m.
    pub(super) fn cost_m(&self) -> f64 {
        let phone_m = if self.same_phone { 0.0 } else { 100.0 };
        self.distance.get() + 300.0 * (1.0 - self.likeness) + phone_m
    }
}

/// What the comparison needs of a record, worked out once.
#[derive(Debug, Clone)]
pub(super) struct Profile {
    pub(super) place: LonLat,
    pub(super) point: EarthCentred,
    /// The name and the aliases.
    pub(super) names: Vec<StationName>,
    pub(super) phones: Vec<Box<str>>,
}

impl Profile {
    pub(super) fn new(station: &Station) -> Self {
        let place = station.location.place();
        let aliases = station.aliases.iter().map(|alias| StationName::new(alias));
        Self {
            place,
            point: earth_centred(place),
            names: core::iter::once(StationName::new(&station.name))
                .chain(aliases)
                .collect(),
            phones: phones_in(station.phone.as_deref().unwrap_or_default()),
        }
    }

    /// Adds the names and numbers of an earlier record of the same station; the place stays.
    pub(super) fn with_base(mut self, base: &Station) -> Self {
        for name in Self::new(base).names {
            if !self.names.contains(&name) {
                self.names.push(name);
            }
        }
        self
    }

    pub(super) fn distance(&self, other: &Self) -> Meters {
        if chord_2(&self.point, &other.point) <= EULER_LIMIT_M * EULER_LIMIT_M {
            euler(&self.point, &other.point)
        } else {
            karney(self.place, other.place)
        }
    }

    /// Compares two records; `None` when nothing speaks for one station.
    ///
    /// # The rule, first line that fits
    /// | confidence | name | telephone | distance |
    /// | --- | --- | --- | --- |
    /// | sure | same normal form | | [`NEAR_M`] |
    /// | sure | somewhat alike, or one says nothing | same | [`NEAR_M`] |
    /// | likely | same normal form | | [`FAR_M`] |
    /// | likely | somewhat alike | same | [`FAR_M`] |
    /// | likely | any | same | [`NEAR_M`] |
    /// | likely | alike | | [`NEAR_M`] |
    /// | likely | says nothing, but the same text | | [`SAME_PLACE_M`] |
    /// | possible | somewhat alike | | [`LOOK_M`] |
    /// | possible | any that does not contradict | | [`SAME_PLACE_M`] |
    /// | possible | any | same | any |
    ///
    /// Names of different systems (环卫驿站 and 工会驿站) are at most possible without a telephone number: one place can
    /// carry both, and so can two neighbours.
    pub(super) fn compare(&self, other: &Self, same_phone: bool) -> Option<Evidence> {
        let distance = self.distance(other);
        // Most neighbours go here: no line of the table is left for them.
        let is_apart = distance.get() > SAME_PLACE_M && !same_phone;
        if is_apart && !self.can_reach(other, SOMEWHAT_ALIKE) {
            return None;
        }
        let names = self.compare_names(other);
        let within = |limit_m: f64| distance.get() <= limit_m;
        let is_same = names.says_something && names.likeness >= 1.0;
        let is_alike = names.says_something && names.likeness >= ALIKE;
        let is_somewhat = names.says_something && names.likeness >= SOMEWHAT_ALIKE;
        let is_one_system = same_phone || !names.is_of_other_system;
        let (confidence, basis) = if is_same && within(NEAR_M) && is_one_system {
            (Confidence::Sure, Basis::Name)
        } else if same_phone && within(NEAR_M) && (is_somewhat || !names.says_something) {
            (Confidence::Sure, Basis::Phone)
        } else if is_same && within(FAR_M) && is_one_system {
            (Confidence::Likely, Basis::Name)
        } else if same_phone && (within(NEAR_M) || (is_somewhat && within(FAR_M))) {
            (Confidence::Likely, Basis::Phone)
        } else if (is_alike && within(NEAR_M) && is_one_system)
            || (names.is_same_text && within(SAME_PLACE_M))
        {
            (Confidence::Likely, Basis::Name)
        } else if is_somewhat && within(LOOK_M) {
            (Confidence::Possible, Basis::Name)
        } else if within(SAME_PLACE_M) && names.likeness > 0.0 {
            (Confidence::Possible, Basis::Place)
        } else if same_phone {
            (Confidence::Possible, Basis::Phone)
        } else {
            return None;
        };
        Some(Evidence {
            basis,
            confidence,
            distance,
            likeness: names.likeness,
            same_phone,
        })
    }

    /// Whether a pair of names can reach a likeness: false is certain, true is not.
    pub(super) fn can_reach(&self, other: &Self, limit: f64) -> bool {
        let reaches = |one: &StationName| other.names.iter().any(|two| one.can_reach(two, limit));
        self.names.iter().any(reaches)
    }

    /// The likest pair of names; a pair in which both say something goes before one in which one does not.
    pub(super) fn compare_names(&self, other: &Self) -> NameComparison {
        let mut best = NameComparison::NOTHING;
        for one in &self.names {
            for two in &other.names {
                let pair = NameComparison {
                    likeness: one.likeness(two),
                    says_something: !one.is_generic() && !two.is_generic(),
                    is_same_text: one.is_same_text(two),
                    is_of_other_system: one.is_of_other_system(two),
                };
                if pair.rank() > best.rank() {
                    best = pair;
                }
            }
        }
        best
    }
}

/// How two sets of names compare.
#[derive(Debug, Clone, Copy)]
pub(super) struct NameComparison {
    pub(super) likeness: f64,
    pub(super) says_something: bool,
    is_same_text: bool,
    pub(super) is_of_other_system: bool,
}

impl NameComparison {
    const NOTHING: Self = Self {
        likeness: SAYS_NOTHING,
        says_something: false,
        is_same_text: false,
        is_of_other_system: false,
    };

    /// Likeness in millionths, so that pairs are put in one order from both sides.
    fn rank(&self) -> (bool, u32, bool, bool) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and a million"
        )]
        let millionths = (self.likeness * 1e6) as u32;
        (
            self.says_something,
            millionths,
            self.is_same_text,
            !self.is_of_other_system,
        )
    }
}

/// The digits of each telephone number in a text; of a landline the last seven, because some write the area code and
/// some do not. Short service numbers and masked ones say nothing and are left out.
pub(super) fn phones_in(text: &str) -> Vec<Box<str>> {
    let parts = text.split(['/', '、', ',', '，', ';', '；', '|', '\n']);
    let mut phones: Vec<Box<str>> = parts.filter_map(phone_of).collect();
    phones.sort_unstable();
    phones.dedup();
    phones
}

/// The fewest digits of a telephone number without its area code in China.
const LOCAL_DIGITS: usize = 7;

fn phone_of(part: &str) -> Option<Box<str>> {
    let number = part.split(['转', 'x', 'X']).next()?;
    if number.contains(['*', '＊', '•']) {
        return None;
    }
    let digits: String = number
        .chars()
        .filter_map(|sign| {
            let half = match sign {
                '０'..='９' => char::from_u32(u32::from(sign) - 0xfee0)?,
                _ => sign,
            };
            half.is_ascii_digit().then_some(half)
        })
        .collect();
    let is_with_country = number.trim_start().starts_with(['+', '＋']) || digits.starts_with("0086");
    let digits = if is_with_country {
        digits
            .trim_start_matches("00")
            .strip_prefix("86")
            .unwrap_or(&digits)
    } else {
        &digits
    };
    let is_landline = digits.starts_with('0') || digits.len() <= LOCAL_DIGITS + 1;
    let from = if is_landline {
        digits.len().checked_sub(LOCAL_DIGITS)?
    } else {
        0
    };
    digits.get(from..).map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_numbers_are_read_as_people_write_them() {
        for (text, phones) in [
            ("0898-88886666", &["8886666"][..]),
            ("（0898）88886666", &["8886666"]),
            ("+86 138 0000 1234", &["13800001234"]),
            ("１３８００００１２３４", &["13800001234"]),
            ("138****1234", &[]),
            ("12351", &[]),
            ("88886666转8012", &["8886666"]),
            ("0371-67888888、13800001234", &["13800001234", "7888888"]),
            ("", &[]),
        ] {
            let found = phones_in(text);
            let found: Vec<&str> = found.iter().map(AsRef::as_ref).collect();
            assert_eq!(found, phones, "{text}");
        }
    }
}
