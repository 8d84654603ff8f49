//! What a station's name says once the words that all such names share are taken away, and how alike two names are.
//!
//! # The normal form
//! 1. Full width becomes half width, letters become lower case, ② becomes 2, `2#` and `No.2` become `2号`, 二号 becomes
//!    `2号`, 02 becomes 2.
//! 2. Bracketed parts are set aside. One that is only a number (a number in a list) or a remark (`原…`, `24小时`) is
//!    dropped.
//! 3. Blanks and punctuation go, then the generic words (工会, 爱心, 户外劳动者, 环卫, 驿站, 服务站点 …) and endings of companies.
//! 4. Some firms get one name of the two that they go by (中国农业银行 and 农行).
//! 5. Districts in front go: `郑州市二七区铭功路` is `铭功路`, because some sheets write them and some do not.
//! 6. When nothing but a district or a short word is left, the bracketed part is the name: `工会驿站(嵩山医院)`.
//!
//! # Likeness
//! 1 is the same normal form, 0 contradicts, [`UNLIKE`] is nothing in common. In between it is the share of signs
//! that need no edit (Levenshtein), with three rules from how such names differ. A shorter form whose signs all stand
//! in the longer one is an abbreviation or leaves a detail out, so it counts [`ALIKE`] when it is long enough. Two or
//! more signs exchanged for others, as 黄河路 for 花园路, is another place however long the rest: at most [`EXCHANGED`].
//! Numbers or directions that differ contradict each other; one that only one name has leaves the two below
//! [`ALIKE`].

use super::name_form::{
    firms_folded, fold, is_number_or_remark, letters, numbers_folded, split_brackets, without_districts,
};
use super::name_words::{Systems, without_generic_words};

/// From this likeness on, two names are taken for one name in two wordings.
pub const ALIKE: f64 = 0.8;
/// From this likeness on, two names are worth a look when their places are near each other.
pub const SOMEWHAT_ALIKE: f64 = 0.6;
/// The most that names can be alike in which two or more neighbouring signs are exchanged for others.
pub const EXCHANGED: f64 = 0.55;
/// Between [`SOMEWHAT_ALIKE`] and [`ALIKE`]: something that tells stations apart stands in one name only.
const DETAIL_IN_ONE: f64 = 0.75;
/// The likeness of names without a sign in common: two wordings of one place can be that, so it is more than a
/// contradiction.
pub const UNLIKE: f64 = 0.05;
/// The likeness of names of which one says nothing of its own.
pub const SAYS_NOTHING: f64 = 0.5;
/// The fewest signs of an abbreviation that counts as alike; where the order differs too, two more.
const ABBREVIATION_SIGNS: usize = 3;
/// An abbreviation counts as alike from three fifths of the length on; below, it may well name the street that both
/// are in.
const ABBREVIATION_SHARE: (usize, usize) = (3, 5);

/// A name in its normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StationName {
    folded: Box<str>,
    key: Box<str>,
    /// Key and bracketed part, when the key is not made of the bracketed part.
    with_aside: Option<Box<str>>,
    numbers: Vec<u64>,
    directions: Vec<char>,
    systems: Systems,
    /// Signs of the key, and of the key with the bracketed part.
    key_signs: Signs,
    all_signs: Signs,
}

/// Which signs a text has, each as one of 64 bits, and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Signs {
    bits: u64,
    count: u32,
}

impl Signs {
    fn of(text: &str) -> Self {
        text.chars().fold(Self { bits: 0, count: 0 }, |signs, sign| Self {
            bits: signs.bits | 1 << (u32::from(sign).wrapping_mul(0x9e37_79b1) >> 26),
            count: signs.count + 1,
        })
    }

    /// At least so many signs of `self` do not stand in the other text.
    const fn missing_in(self, other: Self) -> u32 {
        (self.bits & !other.bits).count_ones()
    }
}

/// The normal form of a name: what is left when everything that names share is taken away; empty when nothing is left.
///
/// ```
/// use yizhan::register::names::normalised_name;
/// assert_eq!(normalised_name("郑州市二七区铭功路２号 户外劳动者爱心驿站（3）"), "铭功路2号");
/// assert_eq!(normalised_name("工会驿站(嵩山医院)"), "嵩山医院");
/// ```
pub fn normalised_name(name: &str) -> String {
    StationName::new(name).key.into()
}

impl StationName {
    /// Reads a name. O(signs).
    pub fn new(name: &str) -> Self {
        let folded = fold(name);
        let (outside, asides) = split_brackets(&folded);
        let core = without_generic_words(&firms_folded(&numbers_folded(&letters(&outside))));
        let aside: String = asides
            .iter()
            .map(|aside| letters(aside))
            .filter(|aside| !is_number_or_remark(aside))
            .map(|aside| without_generic_words(&firms_folded(&numbers_folded(&aside))))
            .collect();
        let (key, with_aside) = key_of(&core, &aside);
        let all = format!("{core}{aside}");
        Self {
            folded: letters(&folded).into(),
            numbers: numbers_in(&all),
            directions: directions_in(with_aside.as_deref().unwrap_or(&key)),
            systems: Systems::of(&folded),
            key_signs: Signs::of(&key),
            all_signs: Signs::of(with_aside.as_deref().unwrap_or(&key)),
            key: key.into(),
            with_aside: with_aside.map(Into::into),
        }
    }

    /// The normal form; empty for a name like 工会驿站 that many stations could have.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether the name says nothing that tells the station from others.
    pub fn is_generic(&self) -> bool {
        self.key.is_empty()
    }

    /// Whether both names are the same but for blanks, punctuation, width and case.
    pub fn is_same_text(&self, other: &Self) -> bool {
        self.folded == other.folded
    }

    /// Whether the names belong to different naming systems (工会, 环卫, 城市驿站 …), so that one place may carry both.
    pub fn is_of_other_system(&self, other: &Self) -> bool {
        self.systems.differ(other.systems)
    }

    /// Whether [`StationName::likeness`] can reach a limit: false is certain, true is not. A few instructions.
    ///
    /// Each sign of one name that the other does not have costs an edit, and an abbreviation has no such sign.
    pub(super) fn can_reach(&self, other: &Self, limit: f64) -> bool {
        let of_self = self.key_signs.missing_in(other.all_signs);
        let of_other = other.key_signs.missing_in(self.all_signs);
        let length = self.all_signs.count.max(other.all_signs.count);
        self.folded == other.folded
            || f64::from(of_self.min(of_other)) <= (1.0 - limit) * f64::from(length) + 1e-9
    }

    /// How alike two names are, 0 to 1; see the head of the file. [`SAYS_NOTHING`] when one of them is generic, unless
    /// both are the same text.
    pub fn likeness(&self, other: &Self) -> f64 {
        if self.folded == other.folded {
            return 1.0;
        }
        if self.is_generic() || other.is_generic() {
            return SAYS_NOTHING;
        }
        let of_wording = match (&self.with_aside, &other.with_aside) {
            (Some(one), Some(two)) => wording(one, two),
            (Some(one), None) => wording(&self.key, &other.key).max(wording(one, &other.key)),
            (None, Some(two)) => wording(&self.key, &other.key).max(wording(&self.key, two)),
            (None, None) => wording(&self.key, &other.key),
        };
        let of_numbers = most_for(&self.numbers, &other.numbers);
        let of_directions = most_for(&self.directions, &other.directions);
        of_wording.min(of_numbers).min(of_directions)
    }
}

/// What numbers or directions leave possible: everything when they agree, nothing when each name has one of its own.
fn most_for<T: PartialEq>(one: &[T], two: &[T]) -> f64 {
    let is_within = |few: &[T], many: &[T]| few.iter().all(|entry| many.contains(entry));
    match (is_within(one, two), is_within(two, one)) {
        (true, true) => 1.0,
        (false, false) => 0.0,
        _ => DETAIL_IN_ONE,
    }
}

/// How alike two normal forms are in their signs.
fn wording(one: &str, two: &str) -> f64 {
    if one == two {
        return 1.0;
    }
    let edits = strsim::normalized_levenshtein(one, two);
    let (one, two): (Vec<char>, Vec<char>) = (one.chars().collect(), two.chars().collect());
    let (short, long) = if one.len() <= two.len() {
        (one, two)
    } else {
        (two, one)
    };
    let is_long_enough = short.len() * ABBREVIATION_SHARE.1 >= long.len() * ABBREVIATION_SHARE.0;
    if stands_in_order(&short, &long) {
        let is_alike = short.len() >= ABBREVIATION_SIGNS && is_long_enough;
        return edits.max(if is_alike { ALIKE } else { SOMEWHAT_ALIKE });
    }
    if short.len() >= ABBREVIATION_SIGNS + 2 && is_long_enough && stands_anyhow(&short, &long) {
        return edits.max(ALIKE);
    }
    let same_before = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
    let room = short.len() - same_before;
    let same_behind = short
        .iter()
        .rev()
        .zip(long.iter().rev())
        .take(room)
        .take_while(|(a, b)| a == b)
        .count();
    let exchanged = room - same_behind;
    let most = if exchanged >= 2 { EXCHANGED } else { 1.0 };
    edits.clamp(UNLIKE, most)
}

/// Whether every sign of the short form stands in the long one, in order; not said of a single sign.
fn stands_in_order(short: &[char], long: &[char]) -> bool {
    let mut left = long.iter();
    short.len() >= 2 && short.iter().all(|sign| left.any(|other| other == sign))
}

/// Whether every sign of the short form stands in the long one, as often, in any order.
fn stands_anyhow(short: &[char], long: &[char]) -> bool {
    let mut left = long.to_vec();
    short.iter().all(|sign| {
        let at = left.iter().position(|other| other == sign);
        at.map(|at| left.swap_remove(at)).is_some()
    })
}

/// The key, and the key with the bracketed part where both say something.
fn key_of(core: &str, aside: &str) -> (String, Option<String>) {
    let (core_left, aside_left) = (without_districts(core), without_districts(aside));
    let is_short = core_left.chars().count() <= 2;
    if aside_left.is_empty() {
        return (core_left.to_owned(), None);
    }
    if core_left.is_empty() || (is_short && aside.starts_with(core_left)) {
        return (aside_left.to_owned(), None);
    }
    let both = format!("{core_left}{aside_left}");
    if is_short {
        (both, None)
    } else {
        (core_left.to_owned(), Some(both))
    }
}

fn numbers_in(text: &str) -> Vec<u64> {
    let mut numbers: Vec<u64> = text
        .split(|sign: char| !sign.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The directions in a text. 中 is one in front of 路, 街 and 段 only.
fn directions_in(text: &str) -> Vec<char> {
    let signs: Vec<char> = text.chars().collect();
    let mut found: Vec<char> = signs
        .iter()
        .zip(signs.iter().skip(1).map(Some).chain([None]))
        .filter(|(sign, next)| match sign {
            '东' | '西' | '南' | '北' => true,
            '中' => matches!(next, Some('路' | '街' | '段')),
            _ => false,
        })
        .map(|(sign, _)| *sign)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_step_of_the_normal_form_does_what_the_head_of_the_file_says() {
        for (name, key) in [
            ("郑州市二七区铭功路西后街户外劳动者爱心驿站", "铭功路西后街"),
            ("工会驿站(河南工会·嵩山医院)", "河南嵩山医院"),
            ("解放路驿站（12）", "解放路"),
            ("解放路０２＃驿站", "解放路2号"),
            ("解放路 No.2 驿站", "解放路2号"),
            ("解放路二号驿站", "解放路2号"),
            ("解放路驿站②", "解放路2"),
            ("第一人民医院工会驿站", "1人民医院"),
            ("中国农业银行月川支行驿站", "农业银行月川支行"),
            ("二七广场驿站", "二七广场"),
            ("金苑社区驿站", "金苑社区"),
            ("菜市场驿站", "菜市场"),
            ("市民中心工会驿站", "市民中心"),
            ("郑州工会驿站(郑州高新区王屋路工会驿站)", "王屋路"),
            ("车站驿站(南门)", "车站南门"),
            ("农商银行驿站(康泰路支行)", "农商银行"),
            ("解放路驿站(原二轻局)", "解放路"),
            ("新中路驿站【24小时】", "新中路"),
            ("ＡＢＣ  咖啡驿站", "abc咖啡"),
            ("工会驿站", ""),
            ("金水区工会驿站", ""),
            ("", ""),
        ] {
            assert_eq!(normalised_name(name), key, "{name}");
        }
    }

    proptest! {
        #[test]
        fn likeness_is_the_same_from_both_sides_and_whole_for_one_text(
            one in "[郑州市二七区路号1２三第东中（）(驿站工会 ]{0,12}", two in "\\PC{0,20}",
        ) {
            let (a, b) = (StationName::new(&one), StationName::new(&two));
            prop_assert_eq!(a.likeness(&b).to_bits(), b.likeness(&a).to_bits());
            prop_assert!((0.0..=1.0).contains(&a.likeness(&b)));
            prop_assert!(a.likeness(&StationName::new(&one)) >= 1.0);
            for limit in [ALIKE, SOMEWHAT_ALIKE] {
                let is_lower = a.likeness(&b) < limit || a.is_generic() || b.is_generic();
                prop_assert!(a.can_reach(&b, limit) || is_lower);
            }
        }

        #[test]
        fn no_name_that_is_alike_is_left_out_early(
            one in "[解放路胜利广场南北12号]{1,8}(\\([解放东门2店]{1,4}\\))?", two in "[解放路胜利广场南北12号]{1,8}(\\([解放东门2店]{1,4}\\))?",
        ) {
            let (a, b) = (StationName::new(&one), StationName::new(&two));
            for limit in [ALIKE, SOMEWHAT_ALIKE] {
                let is_lower = a.likeness(&b) < limit || a.is_generic() || b.is_generic();
                prop_assert!(a.can_reach(&b, limit) || is_lower);
            }
        }
    }
}
