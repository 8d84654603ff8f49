//! What a station offers, in four states: `yes`, `no`, `unknown`, `out_of_order`. Absent means unknown, never no.

use chrono::NaiveDate;

use super::words::vocabulary;

vocabulary! {
    /// A thing or service that a station may have. At most 32 words, because sets of them are bits of a `u32`.
    Facility, "facility" {
        IndoorRest = "indoor_rest", "室内休息", "indoor rest room", ["室内场所", "休息室", "休息场所", "室内休息室"];
        Seats = "seats", "座椅", "seats", ["桌椅", "桌凳", "座位", "休息座椅"];
        Microwave = "microwave", "微波炉", "microwave", ["热饭", "加热饭菜"];
        DrinkingWater = "drinking_water", "饮水", "drinking water", ["饮水机", "饮用水", "热水", "开水", "直饮水", "water"];
        Toilet = "toilet", "卫生间", "toilet", ["厕所", "洗手间", "公厕"];
        FirstAid = "first_aid", "急救箱", "first-aid kit", ["医药箱", "应急药箱", "急救药箱", "应急医药箱", "药箱"];
        Reading = "reading", "书报架", "books and newspapers", ["书报", "阅读", "图书", "书刊"];
        PhoneCharging = "phone_charging", "手机充电", "phone charging", ["充电", "充电设备", "充电器"];
        Refrigerator = "refrigerator", "冰箱", "refrigerator", ["冰柜", "冷藏"];
        Umbrella = "umbrella", "雨伞", "umbrellas", ["雨伞架", "雨具", "爱心伞"];
        AirConditioning = "air_conditioning", "空调", "air conditioning", ["冷气"];
        EbikeCharging = "ebike_charging", "电动车充电", "e-bike charging", ["电动车充电座", "电瓶车充电"];
        Heating = "heating", "取暖", "heating", ["暖气", "供暖"];
        Meals = "meals", "餐食", "meals", ["就餐", "用餐", "爱心餐"];
        Wifi = "wifi", "无线网", "Wi-Fi", ["WiFi", "WIFI", "无线网络", "免费WiFi"];
        Shower = "shower", "淋浴", "shower", ["洗澡"];
        WashingMachine = "washing_machine", "洗衣机", "washing machine", ["洗衣"];
        NapArea = "nap_area", "午休区", "nap area", ["午休", "躺椅", "休息床"];
        InsectRepellent = "insect_repellent", "驱蚊用品", "insect repellent", ["驱蚊", "花露水"];
        Ice = "ice", "冰块", "ice", ["制冰机", "冰"];
        ToolKit = "tool_kit", "维修工具", "tool kit", ["工具箱", "打气筒", "维修工具箱"];
        Lockers = "lockers", "储物柜", "lockers", ["寄存", "存包柜"];
        Television = "television", "电视", "television", ["电视机"];
        WheelchairAccess = "wheelchair_access", "无障碍", "wheelchair access", ["无障碍通道", "无障碍设施"];
    }
}

vocabulary! {
    /// The state of one facility at one station.
    FacilityState, "facility state" {
        Yes = "yes", "有", "yes", ["是", "√", "1", "true", "Y"];
        No = "no", "没有", "no", ["无", "否", "×", "0", "false", "N"];
        Unknown = "unknown", "不清楚", "not known", ["未知"];
        OutOfOrder = "out_of_order", "坏了", "out of order", ["故障", "损坏", "维修中", "暂停使用"];
    }
}

/// A set of facilities, one bit each in the order of [`Facility::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct FacilitySet(u32);

impl FacilitySet {
    /// The set of nothing.
    pub const EMPTY: Self = Self(0);

    /// The bits, lowest bit first in the order of [`Facility::ALL`].
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// The set that has the given bits.
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// Adds a facility.
    pub const fn insert(&mut self, facility: Facility) {
        self.0 |= 1 << facility as u8;
    }

    /// Removes a facility.
    pub const fn remove(&mut self, facility: Facility) {
        self.0 &= !(1 << facility as u8);
    }

    /// Whether the facility is in the set.
    pub const fn contains(self, facility: Facility) -> bool {
        self.0 & (1 << facility as u8) != 0
    }

    /// Whether nothing is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The facilities in the set, in the order of [`Facility::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Facility> {
        Facility::ALL
            .iter()
            .copied()
            .filter(move |facility| self.contains(*facility))
    }
}

impl FromIterator<Facility> for FacilitySet {
    fn from_iter<I: IntoIterator<Item = Facility>>(facilities: I) -> Self {
        let mut set = Self::EMPTY;
        for facility in facilities {
            set.insert(facility);
        }
        set
    }
}

/// Who said what about one facility, and when it was last checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacilityDetail {
    /// The facility that this is about.
    pub facility: Facility,
    /// Who says so; `None` when not stated.
    pub source: Option<Box<str>>,
    /// The day of the last check; `None` when not stated.
    pub verified_at: Option<NaiveDate>,
}

/// The states of all facilities of one station.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facilities {
    yes: FacilitySet,
    no: FacilitySet,
    out_of_order: FacilitySet,
    details: Vec<FacilityDetail>,
}

impl Facilities {
    /// The state of one facility; what was never stated is unknown.
    pub fn state(&self, facility: Facility) -> FacilityState {
        if self.yes.contains(facility) {
            FacilityState::Yes
        } else if self.out_of_order.contains(facility) {
            FacilityState::OutOfOrder
        } else if self.no.contains(facility) {
            FacilityState::No
        } else {
            FacilityState::Unknown
        }
    }

    /// States one facility; the last statement counts.
    pub fn set(&mut self, facility: Facility, state: FacilityState) {
        self.yes.remove(facility);
        self.no.remove(facility);
        self.out_of_order.remove(facility);
        match state {
            FacilityState::Yes => self.yes.insert(facility),
            FacilityState::No => self.no.insert(facility),
            FacilityState::OutOfOrder => self.out_of_order.insert(facility),
            FacilityState::Unknown => {}
        }
    }

    /// Notes where a statement comes from; replaces an earlier note about the same facility.
    pub fn set_detail(&mut self, detail: FacilityDetail) {
        self.details.retain(|known| known.facility != detail.facility);
        self.details.push(detail);
        self.details.sort_by_key(|known| known.facility);
    }

    /// The facilities that the station surely has and that work.
    pub const fn yes(&self) -> FacilitySet {
        self.yes
    }

    /// The facilities that the station surely does not have.
    pub const fn no(&self) -> FacilitySet {
        self.no
    }

    /// The facilities that are there and do not work now.
    pub const fn out_of_order(&self) -> FacilitySet {
        self.out_of_order
    }

    /// The facilities of which nothing is known.
    pub fn unknown(&self) -> FacilitySet {
        let all = Facility::ALL.iter().copied().collect::<FacilitySet>();
        FacilitySet(all.0 & !(self.yes.0 | self.no.0 | self.out_of_order.0))
    }

    /// Where statements come from, ordered by facility.
    pub fn details(&self) -> &[FacilityDetail] {
        &self.details
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_never_stated_is_unknown_and_neither_yes_nor_no() {
        let facilities = Facilities::default();
        assert_eq!(facilities.state(Facility::Toilet), FacilityState::Unknown);
        assert!(!facilities.yes().contains(Facility::Toilet) && !facilities.no().contains(Facility::Toilet));
        assert!(facilities.unknown().contains(Facility::Toilet));
    }

    #[test]
    fn the_last_statement_about_a_facility_counts() {
        let mut facilities = Facilities::default();
        facilities.set(Facility::Microwave, FacilityState::Yes);
        facilities.set(Facility::Microwave, FacilityState::OutOfOrder);
        assert_eq!(facilities.state(Facility::Microwave), FacilityState::OutOfOrder);
        assert!(!facilities.yes().contains(Facility::Microwave));
        assert!(!facilities.unknown().contains(Facility::Microwave));
    }

    #[test]
    fn every_word_is_found_again_by_word_label_and_synonym() {
        assert!(Facility::ALL.len() <= 32, "sets of facilities are bits of a u32");
        for facility in Facility::ALL {
            assert_eq!(Facility::from_word(facility.word()), Some(*facility));
            assert_eq!(facility.word().parse::<Facility>().unwrap(), *facility);
        }
        assert_eq!(Facility::from_any_word(" 饮水机 "), Some(Facility::DrinkingWater));
        assert_eq!(
            Facility::from_any_word("Drinking-Water"),
            Some(Facility::DrinkingWater)
        );
        let error = "sauna".parse::<Facility>().unwrap_err().to_string();
        assert!(
            error.starts_with("facility `sauna` is not known; expected one of indoor_rest, seats"),
            "{error}"
        );
    }
}
