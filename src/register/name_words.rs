//! The words that names of stations are made of without telling one station from another, and what signs mean.

/// Words that many stations share, wherever they stand in a name. Of words that begin alike the longest counts.
///
/// # Why these
/// They say who set the station up or whom it serves. One place can carry several of them in several registers: the
/// post of the sanitation department is 环卫驿站 in one and 工会驿站 in another. Words for the place itself stay, so
/// 党群服务中心, 支行 and 公园 are not here.
const GENERIC: &[&str] = &[
    "户外劳动者服务站点",
    "新就业形态劳动者",
    "户外劳动者",
    "户外工作者",
    "户外职工",
    "新就业群体",
    "劳动者",
    "环卫工人",
    "环卫工",
    "环卫",
    "快递小哥",
    "外卖小哥",
    "外卖骑手",
    "骑手",
    "小哥",
    "城市服务驿站",
    "城市驿站",
    "总工会",
    "工会",
    "工心",
    "职工驿站",
    "红色驿站",
    "先锋驿站",
    "爱心",
    "暖心",
    "暖新",
    "关爱",
    "服务站点",
    "服务驿站",
    "服务站",
    "服务点",
    "休息驿站",
    "休息点",
    "休息站",
    "歇脚点",
    "歇脚亭",
    "司机之家",
    "驿站",
    "站点",
    "示例",
];

/// Words that are taken away at the end only: inside a name they can be a place (小站镇).
const GENERIC_ENDS: &[&str] = &[
    "有限责任公司",
    "股份有限公司",
    "集团有限公司",
    "有限公司",
    "责任公司",
    "股份公司",
    "公司",
    "集团",
    "小站",
    "暖站",
    "港湾",
];

/// How a bracketed part begins that remarks on the station instead of naming it.
pub(super) const REMARKS: &[&str] = &[
    "原",
    "曾用名",
    "旧",
    "新增",
    "新建",
    "暂停",
    "停用",
    "关闭",
    "已",
    "待",
    "在建",
    "筹建",
    "24小时",
    "全天",
    "临时",
    "示例",
    "备用",
];

/// What follows a number that is written in Chinese numerals and means a number: 二号, 三期, 第二 …
pub(super) const UNITS: &[char] = &[
    '号', '楼', '栋', '幢', '期', '座', '层', '院', '店', '站', '附', '中', '小',
];

/// Firms that differ by two signs in the middle of a long name and stand side by side in a street: the names are made
/// such that they differ in more than they share. 中国银行 would else be an abbreviation of 中国农业银行.
pub(super) const FIRMS: &[(&str, &str)] = &[
    ("中国农业银行", "农业银行"),
    ("中国工商银行", "工商银行"),
    ("中国建设银行", "建设银行"),
    ("中国邮政储蓄银行", "邮政储蓄银行"),
    ("中国银行", "中银"),
    ("农行", "农业银行"),
    ("工行", "工商银行"),
    ("建行", "建设银行"),
    ("交行", "交通银行"),
    ("招行", "招商银行"),
    ("中国石化", "中石化"),
    ("中国石油", "中石油"),
];

/// Words that end in 区 or 市 and are no administrative area.
pub(super) const NO_DISTRICTS: &[&str] = &[
    "社区",
    "小区",
    "园区",
    "景区",
    "校区",
    "片区",
    "商区",
    "街区",
    "厂区",
    "院区",
    "库区",
    "站区",
    "辖区",
    "郊区",
    "矿区",
    "林区",
    "牧区",
    "灾区",
    "禁区",
    "住宅区",
    "生活区",
    "工业区",
    "服务区",
    "商务区",
    "步行区",
    "城市",
    "超市",
    "夜市",
    "菜市",
    "门市",
    "集市",
    "花市",
    "早市",
    "灯市",
    "市区",
];

/// Who runs stations under a name of its own. One place can be listed by several of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Systems(u8);

/// The words of each naming system.
const SYSTEMS: &[&[&str]] = &[
    &["工会", "职工", "工心"],
    &["环卫"],
    &["城市驿站", "城市服务驿站"],
    &["红色驿站", "先锋驿站", "党群驿站"],
    &["暖新", "小哥", "骑手", "新就业"],
];

impl Systems {
    /// The systems whose words stand in a name.
    pub(super) fn of(name: &str) -> Self {
        let bit = |(position, words): (usize, &&[&str])| {
            u8::from(words.iter().any(|word| name.contains(word))) << position
        };
        Self(
            SYSTEMS
                .iter()
                .enumerate()
                .map(bit)
                .fold(0, |bits, bit| bits | bit),
        )
    }

    /// Whether both names belong to systems and share none.
    pub(super) const fn differ(self, other: Self) -> bool {
        self.0 != 0 && other.0 != 0 && self.0 & other.0 == 0
    }
}

/// Takes the generic words away, the longest first at each place, until none is left.
pub(super) fn without_generic_words(text: &str) -> String {
    let mut left = text.to_owned();
    loop {
        let before = left.len();
        left = one_pass(&left);
        for end in GENERIC_ENDS {
            if let Some(shorter) = left.strip_suffix(end) {
                left = shorter.to_owned();
            }
        }
        if left.len() == before {
            return left;
        }
    }
}

/// The signs that generic words begin with, so that most places of a name are passed in one step.
const fn begins_generic_word(sign: char) -> bool {
    matches!(
        sign,
        '户' | '新'
            | '劳'
            | '环'
            | '快'
            | '外'
            | '骑'
            | '小'
            | '城'
            | '总'
            | '工'
            | '职'
            | '红'
            | '先'
            | '爱'
            | '暖'
            | '关'
            | '服'
            | '休'
            | '歇'
            | '司'
            | '驿'
            | '站'
            | '示'
    )
}

fn one_pass(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(sign) = rest.chars().next() {
        let words = if begins_generic_word(sign) { GENERIC } else { &[] };
        let word = words
            .iter()
            .filter_map(|word| rest.strip_prefix(word))
            .min_by_key(|after| after.len());
        rest = word.unwrap_or_else(|| {
            kept.push(sign);
            rest.strip_prefix(sign).unwrap_or_default()
        });
    }
    kept
}

/// The number that Chinese numerals stand for, up to 9,999: 十二 is 12, 一百零三 is 103, 一〇三 is 103.
pub(super) fn numeral_value(numerals: &[char]) -> Option<u32> {
    let digit = |sign: char| "零一二三四五六七八九".chars().position(|known| known == sign);
    let value_of = |sign: char| match sign {
        '〇' => Some(0),
        '两' => Some(2),
        _ => digit(sign).and_then(|value| u32::try_from(value).ok()),
    };
    let scale_of = |sign: char| match sign {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => None,
    };
    if numerals.is_empty() || numerals.len() > 8 {
        return None;
    }
    if numerals.iter().all(|sign| scale_of(*sign).is_none()) {
        return numerals.iter().try_fold(0_u32, |number, sign| {
            number.checked_mul(10)?.checked_add(value_of(*sign)?)
        });
    }
    let (mut sum, mut open) = (0_u32, None);
    for sign in numerals {
        match (scale_of(*sign), value_of(*sign)) {
            (Some(scale), _) => sum += open.take().unwrap_or(1) * scale,
            (None, value) => open = Some(value?),
        }
    }
    Some(sum + open.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_generic_word_begins_with_a_sign_that_is_looked_for() {
        let begins = |word: &&str| word.chars().next().is_some_and(begins_generic_word);
        assert!(GENERIC.iter().all(begins));
    }

    #[test]
    fn chinese_numerals_are_read() {
        for (text, number) in [
            ("二", 2),
            ("十", 10),
            ("十二", 12),
            ("二十", 20),
            ("二十三", 23),
            ("一百零三", 103),
            ("一〇三", 103),
            ("两百", 200),
            ("一千二百", 1200),
            ("二七", 27),
        ] {
            let signs: Vec<char> = text.chars().collect();
            assert_eq!(numeral_value(&signs), Some(number), "{text}");
        }
        assert_eq!(numeral_value(&[]), None);
        assert_eq!(numeral_value(&['九'; 9]), None);
    }

    #[test]
    fn the_longest_generic_word_goes_first_and_places_stay() {
        assert_eq!(without_generic_words("解放路户外劳动者服务站点"), "解放路");
        assert_eq!(without_generic_words("小站镇工会驿站"), "小站镇");
        assert_eq!(without_generic_words("城市广场城市驿站"), "城市广场");
        assert_eq!(
            without_generic_words("家可美家政服务有限公司爱心驿站"),
            "家可美家政服务"
        );
        assert_eq!(without_generic_words("工会驿站"), "");
    }
}
