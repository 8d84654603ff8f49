//! The words that say what a station offers, in plain form, and those around them.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::facility::Facility;

/// A word with a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Facility(Facility),
    /// 无, before what it negates or behind it.
    No,
    /// 有, before or behind.
    Yes,
    /// 故障, 暂停使用, before or behind.
    Broken,
    /// 均: what follows speaks of the whole list.
    All,
    And,
    /// `、`
    List,
    /// A comma, or a blank between words.
    Comma,
    /// 但, which ends a negation.
    But,
    Semicolon,
    Open,
    Close,
    /// `:` or `=`
    Colon,
    /// How many.
    Quantity {
        is_zero: bool,
    },
    Filler,
    /// Not understood, one character or a phrase that must not be taken apart.
    Unread,
}

#[rustfmt::skip]
const FACILITIES: &[(Facility, &[&str])] = &[
    (Facility::IndoorRest, &[
        "室内休息", "休息", "休憩", "歇脚", "歇息", "休息室", "休息区", "休息场所", "室内休息室", "室内场所", "小憩", "临时休息", "室内休憩",
        "遮风避雨", "indoorrest", "restroomindoor", "indoorrestroom", "resting",
    ]),
    (Facility::Seats, &[
        "座椅", "桌椅", "桌凳", "座位", "休息座椅", "椅子", "凳子", "长椅", "沙发", "休息桌椅", "桌椅板凳", "座凳", "seats", "chairs", "seating",
    ]),
    (Facility::Microwave, &[
        "微波炉", "微波炉加热", "热饭", "加热饭菜", "饭菜加热", "加热饭食", "热饭热菜", "微波炉热饭", "加热餐食", "microwave", "microwaves",
        "microwaveoven",
    ]),
    (Facility::DrinkingWater, &[
        "饮水", "饮水机", "饮用水", "热水", "开水", "直饮水", "直饮机", "喝水", "茶水", "饮水器", "开水器", "冷热饮水", "矿泉水", "温水", "热水供应",
        "凉茶", "drinkingwater", "water", "waterdispenser", "hotwater",
    ]),
    (Facility::Toilet, &[
        "卫生间", "厕所", "洗手间", "公厕", "如厕", "公共厕所", "公共卫生间", "无障碍卫生间", "无障碍厕所", "有无障碍卫生间", "toilet", "toilets", "restroom", "wc",
    ]),
    (Facility::FirstAid, &[
        "急救箱", "医药箱", "应急药箱", "急救药箱", "应急医药箱", "药箱", "应急药品", "急救包", "常用药品", "应急药", "药品", "firstaid", "firstaidkit",
        "first-aidkit",
    ]),
    (Facility::Reading, &[
        "书报架", "书报", "阅读", "图书", "书刊", "书籍", "阅览", "报刊", "图书角", "报纸", "读书看报", "看书读报", "阅读角", "books",
        "newspapers", "reading",
    ]),
    (Facility::PhoneCharging, &[
        "手机充电", "充电", "充电设备", "充电器", "充电线", "手机充电线", "充电宝", "共享充电宝", "手机充电器", "充电插座", "手机充电站", "手机加油站",
        "无线充电", "充电站", "充电插头", "充电设施", "phonecharging", "charging", "phonechargers",
    ]),
    (Facility::Refrigerator, &["冰箱", "冰柜", "冷藏", "冷藏柜", "小冰箱", "refrigerator", "fridge"]),
    (Facility::Umbrella, &["雨伞", "雨伞架", "雨具", "爱心伞", "雨衣", "爱心雨伞", "便民伞", "便民雨伞", "umbrella", "umbrellas"]),
    (Facility::AirConditioning, &["空调", "冷气", "冷暖空调", "空调房", "空调避暑", "airconditioning", "airconditioner"]),
    (Facility::EbikeCharging, &[
        "电动车充电", "电瓶车充电", "电动自行车充电", "电动车充电座", "电动车充电桩", "电瓶车充电桩", "e-bikecharging", "ebikecharging",
    ]),
    (Facility::Heating, &["取暖", "暖气", "供暖", "冬季取暖", "冬季供暖", "暖风机", "取暖器", "heating", "heater"]),
    (Facility::Meals, &["餐食", "就餐", "用餐", "爱心餐", "爱心早餐", "免费早餐", "免费午餐", "meals"]),
    (Facility::Wifi, &["无线网", "无线网络", "有无线网", "有无线网络", "有无线wifi", "wifi", "wi-fi", "免费wifi", "无线wifi", "上网", "无线上网"]),
    (Facility::Shower, &["淋浴", "洗澡", "淋浴间", "shower", "showers"]),
    (Facility::WashingMachine, &["洗衣机", "洗衣", "washingmachine"]),
    (Facility::NapArea, &["午休区", "午休", "躺椅", "休息床", "折叠床", "午休床", "naparea"]),
    (Facility::InsectRepellent, &["驱蚊用品", "驱蚊", "花露水", "驱蚊水", "防蚊", "驱蚊液", "insectrepellent"]),
    (Facility::Ice, &["冰块", "制冰机", "ice"]),
    (Facility::ToolKit, &["维修工具", "工具箱", "打气筒", "维修工具箱", "五金工具", "便民工具箱", "针线包", "toolkit"]),
    (Facility::Lockers, &["储物柜", "寄存", "存包柜", "寄存柜", "更衣柜", "lockers", "locker"]),
    (Facility::Television, &["电视", "电视机", "television", "tv"]),
    (Facility::WheelchairAccess, &["无障碍", "无障碍通道", "有无障碍通道", "有无障碍设施", "无障碍设施", "无障碍坡道", "轮椅通道", "wheelchairaccess"]),
];

#[rustfmt::skip]
const WORDS: &[(Token, &[&str])] = &[
    (Token::No, &[
        "无", "没有", "没", "暂无", "未配备", "未配", "未配置", "未设", "未设置", "未设有", "不设", "不提供", "不供", "不供应", "不可", "不能",
        "不支持", "无法", "不含", "不包括", "缺", "缺少", "禁止", "谢绝", "不得", "尚无", "尚未配备", "未提供", "未安装", "拆除", "已拆除", "已撤", "已撤除", "已取消", "取消", "不准", "不允许", "停止提供",
        "不可以", "不能够", "不具备", "×", "✗", "✘", "否", "no", "without", "none",
    ]),
    (Token::Yes, &[
        "有", "设", "内设", "另设", "另有", "好", "配有", "配备", "配备有", "配置", "配置有", "设有", "设置", "设置有", "备有", "内有", "拥有", "含", "包括", "安装", "安装有", "放置",
        "供应", "具备", "提供", "可提供", "可供", "能", "可", "可以", "能够", "支持", "供", "正常", "完好", "良好", "可用", "正常使用", "可正常使用",
        "√", "✓", "✔", "☑", "是", "with", "available", "working", "yes",
    ]),
    (Token::Broken, &[
        "故障", "有故障", "出故障", "坏", "坏了", "已坏", "损坏", "已损坏", "维修中", "正在维修", "检修", "检修中", "正在检修", "维修", "待修",
        "报修", "暂停使用", "暂停", "停用", "已停用", "停止使用", "暂停提供", "暂停供应", "暂不提供", "暂不可用", "暂时不能使用", "不能用",
        "不能使用", "不可用", "无法使用", "不可使用", "用不了", "暂停开放", "outoforder", "broken", "notworking", "outofservice",
    ]),
    (Token::All, &["均", "都", "全部"]),
    (Token::And, &["和", "及", "与", "以及", "或", "并", "&", "+", "and", "or"]),
    (Token::List, &["、", "/", "|"]),
    (Token::Comma, &[","]),
    (Token::But, &["但", "但是", "而", "but"]),
    (Token::Semicolon, &[";", "\n"]),
    (Token::Open, &["("]),
    (Token::Close, &[")"]),
    (Token::Colon, &[":", "="]),
    (Token::Unread, &[
        "有没有", "有无", "是否有", "是否", "能否", "可否", "无人值守", "无人", "设施齐全", "计划增设", "拟增设", "计划配备", "拟配备", "计划设置",
        "即将配备", "即将提供", "请自备", "自备", "不得不", "无需", "无须", "不仅", "不但", "不清楚", "不详", "不便", "并非", "没有人",
    ]),
    (Token::Filler, &[
        "免费", "爱心", "便民", "公共", "专用", "智能", "冷热", "无偿", "收费", "付费", "有偿", "等", "等等", "设施", "设备", "服务", "功能", "用品",
        "为户外劳动者", "户外劳动者", "环卫工人", "快递员", "外卖骑手", "骑手", "为", "使用", "借用", "可借用", "阅览", "区", "处", "不锈钢", "24小时",
        "服务设施", "设施设备", "服务项目", "便民服务", "基本设施", "仅", "只", "若干", "的", "各", "也", "还", "另", "内", "室内", "现", "已",
        "free", "a", "the", "is", "are", "了", ".", "!", "并且", "同时", "需付费", "需收费", "覆盖", "全覆盖", "供大家", "供您", "您", "等服务", "等设施",
        "①", "②", "③", "④", "⑤", "⑥", "⑦", "⑧", "⑨", "⑩",
    ]),
];

/// Signs that count things.
const CLASSIFIERS: &[char] = &[
    '台', '个', '把', '套', '张', '只', '部', '组', '处', '间', '支', '盏', '份', '座', '条', '块', '箱',
    '本',
];
const NUMERALS: &[char] = &[
    '一', '二', '两', '三', '四', '五', '六', '七', '八', '九', '十', '几', '数', '多', '零',
];

/// The words by their first character, longest first.
static BY_FIRST: LazyLock<HashMap<char, Vec<(&str, Token)>>> = LazyLock::new(|| {
    let mut by_first: HashMap<char, Vec<(&str, Token)>> = HashMap::new();
    let facilities = FACILITIES
        .iter()
        .map(|(facility, words)| (Token::Facility(*facility), *words));
    for (token, words) in facilities.chain(WORDS.iter().copied()) {
        for word in words {
            if let Some(first) = word.chars().next() {
                by_first.entry(first).or_default().push((word, token));
            }
        }
    }
    for words in by_first.values_mut() {
        words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    }
    by_first
});

/// The longest word at the beginning of `text`, and its length; what is no word is `Unread`, a Latin word as a whole.
/// `breaks` says before which characters blanks stood, so that no word is found within another.
pub(super) fn word_at(text: &[char], breaks: &[bool]) -> (Token, usize) {
    quantity(text)
        .or_else(|| known(text, breaks))
        .unwrap_or_else(|| (Token::Unread, latin(text, breaks).max(1)))
}

/// The length of the Latin word at the beginning; 0 when there is none.
fn latin(text: &[char], breaks: &[bool]) -> usize {
    let letters = text.iter().take_while(|c| c.is_ascii_alphabetic()).count();
    let blank = breaks.iter().take(letters).skip(1).position(|blank| *blank);
    blank.map_or(letters, |at| at + 1)
}

fn known(text: &[char], breaks: &[bool]) -> Option<(Token, usize)> {
    let words = BY_FIRST.get(text.first()?)?;
    words.iter().find_map(|(word, token)| {
        let length = word.chars().count();
        let begins = text.get(..length)?.iter().copied().eq(word.chars());
        let is_letter = |at: usize| text.get(at).is_some_and(char::is_ascii_alphabetic);
        let goes_on =
            is_letter(length - 1) && is_letter(length) && !breaks.get(length).is_some_and(|blank| *blank);
        (begins && !goes_on).then_some((*token, length))
    })
}

/// `2台`, `八把`; `1.` and `1)` before an entry.
fn quantity(text: &[char]) -> Option<(Token, usize)> {
    let digits = text.iter().take_while(|c| c.is_ascii_digit()).count();
    let numerals = text.iter().take_while(|c| NUMERALS.contains(c)).count();
    let length = digits.max(numerals);
    (length > 0).then_some(())?;
    let next = text.get(length)?;
    if CLASSIFIERS.contains(next) {
        let number = text.get(..length)?;
        let is_zero = number.iter().all(|c| matches!(c, '0' | '零'));
        return Some((Token::Quantity { is_zero }, length + 1));
    }
    let is_entry = digits > 0 && matches!(next, '.' | ')' | '、');
    is_entry.then_some((Token::Filler, length + 1))
}
