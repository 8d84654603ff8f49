//! Pairs of names as registers of Chinese cities word them, decided by a reader and not by the program.

use yizhan::register::names::{ALIKE, SOMEWHAT_ALIKE, StationName};

fn likeness(one: &str, two: &str) -> f64 {
    StationName::new(one).likeness(&StationName::new(two))
}

/// One station in two wordings.
const SAME: &[(&str, &str)] = &[
    // What the register calls its stations, and brackets.
    ("解放路工会驿站", "解放路户外劳动者爱心驿站"),
    ("解放路环卫驿站", "解放路城市驿站"),
    ("解放路驿站", "解放路服务站点"),
    ("工会户外劳动者服务站点（解放路）", "解放路工会驿站"),
    ("工会驿站(河南工会·嵩山医院)", "河南工会嵩山医院工会驿站"),
    ("工会驿站（郑品书舍）", "郑品书舍户外劳动者爱心驿站"),
    ("工会驿站(郑州市职工服务中心)", "郑州市职工服务中心"),
    (
        "郑州工会驿站(郑州高新区华强商圈王屋路工会驿站)",
        "高新区华强商圈王屋路工会驿站",
    ),
    ("【暖新驿站】梅山社区", "梅山社区暖新驿站"),
    ("“司机之家”长江路驿站", "长江路司机之家"),
    ("榆亚路工会驿站（3）", "榆亚路工会驿站"),
    ("榆亚路工会驿站(12)", "榆亚路爱心驿站（13）"),
    ("榆亚路工会驿站（原榆亚社区）", "榆亚路工会驿站"),
    ("榆亚路工会驿站(24小时)", "榆亚路工会驿站"),
    ("榆亚路工会驿站（暂停服务）", "榆亚路工会驿站"),
    // Districts in front.
    (
        "郑州市二七区铭功路西后街户外劳动者爱心驿站",
        "二七区铭功路西后街爱心驿站",
    ),
    ("海南省三亚市天涯区胜利路工会驿站", "胜利路工会驿站"),
    (
        "巩义市龙尾村便民服务中心户外劳动者爱心驿站",
        "龙尾村便民服务中心工会驿站",
    ),
    ("管城回族区东大街社区工会驿站", "东大街社区驿站"),
    ("中牟县恒业家电店工会驿站", "恒业家电店驿站"),
    // Width, case, blanks, punctuation.
    ("ＫＦＣ解放路店爱心驿站", "kfc解放路店驿站"),
    ("解放路　工会驿站", "解放路工会驿站"),
    ("解放路—工会驿站", "解放路·工会驿站"),
    ("中国石化（三亚）解放路加油站", "中国石化(三亚)解放路加油站驿站"),
    ("７－Ｅｌｅｖｅｎ月川店", "7-eleven 月川店 驿站"),
    // Numbers in other digits.
    ("二号工会驿站", "2号工会驿站"),
    ("建设街十二号驿站", "建设街12号驿站"),
    ("建设街０２号驿站", "建设街2号驿站"),
    ("建设街2#驿站", "建设街2号驿站"),
    ("建设街No.2驿站", "建设街2号驿站"),
    ("第一人民医院工会驿站", "第1人民医院工会驿站"),
    ("阳光小区三期驿站", "阳光小区3期驿站"),
    ("金鸡岭路②号驿站", "金鸡岭路2号驿站"),
    // Companies.
    ("河南云充新能源科技有限公司工会驿站", "河南云充新能源科技工会驿站"),
    ("家可美家政服务有限责任公司爱心驿站", "家可美家政服务爱心驿站"),
    ("郑州热力集团驿站", "郑州热力驿站"),
    // Abbreviations and details left out.
    ("郑州大学第一附属医院工会驿站", "郑大一附属医院工会驿站"),
    ("大东海广场志愿服务驿站", "大东海广场驿站"),
    ("迎宾路街道万达广场工会驿站", "万达广场工会驿站（迎宾路）"),
    ("吉阳区落笔洞路便民服务中心驿站", "落笔洞路便民中心驿站"),
    ("金水区南阳新村街道翠花社区爱心驿站", "南阳新村翠花社区驿站"),
    ("月川社区党群服务中心", "月川社区党群中心驿站"),
    ("农行月川支行驿站", "中国农业银行月川支行驿站"),
    ("中行月川支行驿站", "中国银行月川支行驿站"),
    // A slip of the pen.
    ("张仲景大药房豫欣生活小区店", "张仲景大药房豫新生活小区店"),
    ("航海东路中原福塔爱心驿站", "航海东路中源福塔爱心驿站"),
];

/// Two stations.
const OTHER: &[(&str, &str)] = &[
    ("一号工会驿站", "二号工会驿站"),
    ("建设街1号驿站", "建设街12号驿站"),
    ("第一人民医院驿站", "第三人民医院驿站"),
    ("阳光小区一期驿站", "阳光小区二期驿站"),
    (
        "郑州市工会爱心驿站(商城路220号)",
        "郑州市工会爱心驿站(商城路206号)",
    ),
    (
        "郑州银行郑州市金水区黄河路支行驿站",
        "郑州银行郑州市金水区花园路支行驿站",
    ),
    ("农商银行驿站(康泰路支行)", "农商银行驿站(索河路支行)"),
    ("凤凰路东段工会驿站", "凤凰路西段工会驿站"),
    ("人民路北店驿站", "人民路南店驿站"),
    ("京广中路驿站", "京广南路驿站"),
    ("建设路驿站", "建设西路驿站"),
    ("解放路驿站", "解放路2号驿站"),
    ("河东社区驿站", "河西社区驿站"),
    ("张仲景大药房人民路店工会驿站", "张仲景大药房互助路店工会驿站"),
    ("张仲景大药房工人中路店", "张仲景大药房豫欣生活小区分店"),
    ("林旺社区便民服务中心驿站", "藤桥社区便民服务中心驿站"),
    ("新密市青屏街街道金博大驿站", "新密市青屏街街道梁沟社区驿站"),
    (
        "工会户外劳动者爱心驿站(荥阳郊野公园)",
        "工会户外劳动者爱心驿站(荥阳广场办)",
    ),
    ("吉阳村驿站", "吉祥村驿站"),
    ("三亚湾路工会驿站", "三亚湾路银行网点驿站"),
    ("三亚站公交首末站驿站", "三亚湾驿站"),
    ("工会驿站", "解放路工会驿站"),
    ("工会驿站", "环卫驿站"),
    ("郑州市工会驿站", "新郑市工会驿站"),
    ("机场路公交首末站驿站", "凤凰机场网约车充电站驿站"),
    ("红沙社区工会驿站", "红沙隧道环卫驿站"),
    ("中国银行月川支行", "中国农业银行月川支行"),
    ("农行月川支行驿站", "工行月川支行驿站"),
    ("中国移动月川营业厅", "中国联通月川营业厅"),
    ("万达广场一楼驿站", "万达广场三楼驿站"),
    ("鹿回头广场驿站", "鹿城大道驿站"),
    ("崖城社区驿站", "崖州古城公园驿站"),
];

#[test]
fn one_station_in_two_wordings_is_alike() {
    let missed: Vec<_> = SAME
        .iter()
        .map(|(one, two)| (one, two, likeness(one, two)))
        .filter(|(_, _, likeness)| *likeness < ALIKE)
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn two_stations_are_not_alike() {
    let missed: Vec<_> = OTHER
        .iter()
        .map(|(one, two)| (one, two, likeness(one, two)))
        .filter(|(_, _, likeness)| *likeness >= ALIKE)
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
    assert!(SAME.len() + OTHER.len() >= 60, "{}", SAME.len() + OTHER.len());
}

#[test]
fn numbers_and_directions_that_contradict_are_never_worth_a_look() {
    for (one, two) in [
        ("建设街1号驿站", "建设街2号驿站"),
        ("凤凰路东段驿站", "凤凰路西段驿站"),
        ("万达广场一楼驿站", "万达广场三楼驿站"),
    ] {
        assert!(likeness(one, two) < SOMEWHAT_ALIKE, "{one} {two}");
    }
}

#[test]
fn what_a_reader_cannot_tell_is_worth_a_look() {
    for (one, two) in [
        ("三亚湾路工会驿站", "三亚湾路银行网点驿站"),
        ("建设路驿站", "建设西路驿站"),
        ("王屋路驿站", "华强商圈王屋路驿站"),
    ] {
        let likeness = likeness(one, two);
        assert!(
            (SOMEWHAT_ALIKE..ALIKE).contains(&likeness),
            "{one} {two} {likeness}"
        );
    }
}

#[test]
fn no_two_of_zhengzhous_names_are_alike_but_one_place_listed_twice() {
    let Some(text) = crate::shared_data::read("stations-zhengzhou/stations_observed.csv") else {
        return;
    };
    let names: Vec<&str> = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').nth(1))
        .collect();
    let mut alike = Vec::new();
    for (position, one) in names.iter().enumerate() {
        let rest = names.iter().skip(position + 1);
        alike.extend(
            rest.filter(|two| likeness(one, two) >= ALIKE)
                .map(|two| (*one, *two)),
        );
    }
    assert_eq!(alike, [], "82 stations, all different");
}
