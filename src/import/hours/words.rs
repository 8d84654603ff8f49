//! The words that texts about opening hours are made of, in plain form.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::token::{Clock, Form, Period, Token};

const fn named(hour: u16) -> Token {
    Token::Clock(Clock {
        hour,
        minute: 0,
        form: Form::Named,
        period: None,
    })
}

const fn days(mask: u8) -> Token {
    Token::Days { mask, sure: true }
}

#[rustfmt::skip]
/// Each word with its token; of several that begin at a place the longest counts.
const WORDS: &[(Token, &[&str])] = &[
    (Token::Period(Period::Morning), &["早上", "早晨", "清晨", "早间", "早", "朝", "上午"]),
    (Token::Period(Period::Noon), &["中午", "午间"]),
    (Token::Period(Period::Afternoon), &["下午"]),
    (Token::Period(Period::Evening), &["傍晚", "晚上", "晚间", "夜晚", "晚", "夜间"]),
    (Token::Period(Period::Night), &["深夜", "夜里", "半夜"]),
    (Token::Period(Period::Dawn), &["凌晨"]),
    (Token::Period(Period::Am), &["午前"]),
    (Token::Period(Period::Pm), &["午后"]),
    (Token::NextDay, &["次日", "翌日", "第二天", "翌"]),
    (named(12), &["正午", "noon"]),
    (named(24), &["午夜", "midnight"]),
    (Token::Dash { guessed: false }, &["-", "至", "到", "to", "until", "till", "から"]),
    (Token::Comma, &[",", "/"]),
    (Token::Semicolon, &[";"]),
    (Token::Colon, &[":"]),
    (Token::Open, &["("]),
    (Token::Close, &[")"]),
    (days(0b110_0000), &["周末", "周末两天", "双休日", "周六周日", "weekends", "weekend", "土日", "土,日"]),
    (days(0b001_1111), &["weekdays", "weekday"]),
    (Token::EveryDay, &["每天", "每日", "天天", "daily", "everyday"]),
    (Token::Workday, &[
        "工作日", "法定工作日", "workingdays", "workdays", "businessdays", "workingday", "businessday",
    ]),
    (Token::NonWorkday, &["非工作日"]),
    (Token::PlainDay, &["平日"]),
    (Token::Statutory, &[
        "法定节假日", "国家法定节假日", "法定假日", "法定节日", "国家法定假日", "法定假期", "国定假日", "祝日", "publicholidays",
        "publicholiday", "nationalholidays", "bankholidays", "祝",
    ]),
    (Token::Holiday, &["节假日", "节日", "假日", "假期", "holidays"]),
    (Token::NamedHoliday, &["春节", "国庆节", "国庆", "元旦", "清明节", "清明", "劳动节", "端午节", "端午", "中秋节", "中秋", "除夕"]),
    (Token::NewYear, &["年末年始"]),
    (Token::Season, &[
        "夏季", "冬季", "春季", "秋季", "夏天", "冬天", "夏令时", "冬令时", "春夏季", "秋冬季", "夏秋季", "冬春季", "夏期", "冬期", "夏时制",
        "冬时制", "春夏", "秋冬", "夏令", "冬令",
    ]),
    (Token::OtherTimes, &["其他月份", "其它月份", "其余月份", "其他季节", "其他时间", "其它时间", "其余时间"]),
    (Token::Off, &[
        "休息", "闭馆", "不开放", "休", "闭园", "关闭", "停止开放", "不营业", "歇业", "闭站", "休馆", "休园", "休み", "关门", "定休", "放假",
        "不对外开放", "off",
    ]),
    (Token::Excepted, &["除外", "を除く", "excluded"]),
    (Token::OffBefore, &["closed", "closedon", "except", "excepton", "excluding", "定休日", "休息日:"]),
    (Token::Except, &["除", "除了"]),
    (Token::ExceptEnd, &["外", "以外", "之外"]),
    (Token::Usual, &["照常", "照常开放", "照常营业", "不休", "不休息", "无休", "正常开放", "正常营业", "不打烊", "照常服务", "也开放"]),
    (Token::NoRest, &["全年无休", "全年不休", "365天", "全年365天", "一年365天", "年中无休", "全年无休息日", "全年无假日"]),
    (Token::SingleRest, &["单休"]),
    (Token::DoubleRest, &["双休"]),
    (Token::Always, &[
        "24小时", "24小时全天", "全天24小时", "二十四小时", "24h", "24hrs", "24hours", "24hr", "24hour", "24/7", "24*7",
        "7*24", "7x24", "24x7", "7*24小时", "7x24小时", "7*24h", "7天24小时", "7天*24小时", "每周7天24小时", "24hoursaday",
        "24时间", "24个小时", "24小时不打烊", "24小时不间断", "roundtheclock", "24小时制开放",
    ]),
    (Token::AllDay, &["全天", "整天", "allday"]),
    (Token::RoundTheClock, &["全天候", "昼夜", "不分昼夜"]),
    (Token::Opened, &["开放", "营业", "服务", "对外开放", "对外营业", "免费开放", "对外服务", "open", "开门"]),
    (Token::Lunch, &["午休", "午休时间", "休息时间", "中午休息", "午间休息", "中午午休", "lunchbreak"]),
    (Token::Appointment, &[
        "需预约", "预约", "请提前预约", "需提前预约", "提前预约", "预约开放", "须预约", "要预约", "byappointment", "byappointmentonly",
    ]),
    (Token::Reservation, &[
        "特殊情况除外", "以现场公示为准", "以现场为准", "以公告为准", "如有变动另行通知", "如遇特殊情况另行通知", "以实际为准", "具体以现场公示为准", "如有变动以现场为准",
        "恶劣天气除外", "仅供参考", "以门店公示为准",
    ]),
    (Token::And, &["和", "及", "与", "以及", "并", "&", "+", "and"]),
    (Token::Filler, &[
        "开放时间", "营业时间", "服务时间", "工作时间", "办公时间", "上班时间", "对外开放时间", "时间", "开放日", "每", "逢", "均", "都", "为", "是",
        "期间", "的", "仅", "只", "仅限", "全年", "免费", "可", "on", "from", "the", "hours", "openinghours",
        "businesshours", "每年", "次年", "翌年", "第二年", "当日", "当天", "まで", "中午不休息", "中午不休", "午间不休息", "午间不休", "无午休",
        "中午不关门", "中午不打烊", "从", "自", "户外劳动者", "联系电话", "咨询电话", "服务电话", "电话", "手机", "热线", "tel", "phone", ".", "!",
        "from:",
    ]),
];

/// Days in English: the name, and the bit.
const ENGLISH_DAYS: [(&str, u8); 7] = [
    ("monday", 1),
    ("tuesday", 2),
    ("wednesday", 4),
    ("thursday", 8),
    ("friday", 16),
    ("saturday", 32),
    ("sunday", 64),
];

/// Months in English.
const ENGLISH_MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

fn begins_with(text: &[char], word: &str) -> Option<usize> {
    let mut length = 0;
    for c in word.chars() {
        if text.get(length) != Some(&c) {
            return None;
        }
        length += 1;
    }
    Some(length)
}

/// The words by their first character, longest first.
static BY_FIRST: LazyLock<HashMap<char, Vec<(&str, Token)>>> = LazyLock::new(|| {
    let mut by_first: HashMap<char, Vec<(&str, Token)>> = HashMap::new();
    for (token, words) in WORDS {
        for word in *words {
            if let Some(first) = word.chars().next() {
                by_first.entry(first).or_default().push((word, *token));
            }
        }
    }
    for words in by_first.values_mut() {
        words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    }
    by_first
});

/// The longest word at the beginning of `text`, and its length.
pub(super) fn word_at(text: &[char]) -> Option<(Token, usize)> {
    let words = BY_FIRST.get(text.first()?)?;
    let found = words
        .iter()
        .find_map(|(word, token)| Some((*token, begins_with(text, word)?)));
    found.filter(|(_, length)| ends_cleanly(text, *length))
}

/// A word of figures or Latin letters must not go on: `24h` is no word of `24hx`.
fn ends_cleanly(text: &[char], length: usize) -> bool {
    let last = length.checked_sub(1).and_then(|at| text.get(at));
    let next = text.get(length);
    !(last.is_some_and(char::is_ascii_digit) && next.is_some_and(char::is_ascii_digit))
}

/// An English day at the beginning of `text`, in full, in three or more letters or in the plural.
pub(super) fn english_day(text: &[char]) -> Option<(u8, usize)> {
    let letters = text.iter().take_while(|c| c.is_ascii_lowercase()).count();
    ENGLISH_DAYS.iter().find_map(|(name, bit)| {
        let plural = begins_with(text, &format!("{name}s"));
        let full = plural.or_else(|| begins_with(text, name));
        let short = || {
            let stem: String = name.chars().take(3).collect();
            let shared = ["tues", "thur", "thurs", "wednes"]
                .iter()
                .filter_map(|long| long.starts_with(&stem).then(|| begins_with(text, long)).flatten());
            shared.max().or_else(|| begins_with(text, &stem))
        };
        let length = full.or_else(short)?;
        let dotted = length + usize::from(text.get(length) == Some(&'.'));
        (letters >= 3).then_some((*bit, dotted))
    })
}

/// An English month at the beginning of `text`, in full or in three letters.
pub(super) fn english_month(text: &[char]) -> Option<(u8, usize)> {
    ENGLISH_MONTHS.iter().zip(1..).find_map(|(name, month)| {
        let stem: String = name.chars().take(3).collect();
        let length = begins_with(text, name).or_else(|| begins_with(text, &stem))?;
        Some((month, length))
    })
}
