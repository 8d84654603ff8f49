//! What was inferred in reading a text, in words for people.

/// A reading that the text does not force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inference {
    MorningStart,
    SetPhrase,
    LeadingZero,
    GuessedDash,
    DottedTimes,
    BareDays,
    AllDay,
    RoundTheClock,
    NoTimes,
    Seasons,
    OtherMonths,
    RestOfYear,
    Workdays,
    Weekends,
    PlainDays,
    NamedHolidays,
    UsualHolidays,
    ExceptionTakenBack,
    Overridden,
    SingleRest,
    LunchBreak,
    Appointment,
    Reservation,
    NewYear,
}

impl Inference {
    /// What was taken for what, in English and Chinese.
    #[expect(clippy::too_many_lines, reason = "one entry for each reading")]
    pub(super) const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::MorningStart => (
                "a time without a part of the day is read on the 24-hour clock",
                "未写上午、下午的时间按24小时制理解",
            ),
            Self::SetPhrase => (
                "a set phrase of two hours is read as full hours",
                "“早九晚六”一类的说法按整点理解",
            ),
            Self::LeadingZero => (
                "the leading zero is read as the 24-hour clock, past midnight",
                "以0开头的时间按24小时制、次日理解",
            ),
            Self::GuessedDash => (
                "the numeral one between two times or days is read as a dash",
                "两个时间或日期之间的“一”按连接号理解",
            ),
            Self::DottedTimes => (
                "numbers with a dot are read as times, because they are no dates",
                "带点的数字不可能都是日期，按时间理解",
            ),
            Self::BareDays => (
                "numerals without 周 are read as days of the week",
                "未写“周”的数字按星期理解",
            ),
            Self::AllDay => ("全天 is read as round the clock", "“全天”按24小时理解"),
            Self::RoundTheClock => ("全天候 is read as round the clock", "“全天候”按24小时理解"),
            Self::NoTimes => (
                "no times are stated, so the hours of these days count as unknown",
                "未写明时间，这些日子的时间按未知处理",
            ),
            Self::Seasons => (
                "the months of the seasons are not stated, so only the hours that they share are certain",
                "未写明季节的月份，只有各季共同的时间是确定的",
            ),
            Self::OtherMonths => (
                "the other months are not stated and count as unknown",
                "未写明其他月份，按未知处理",
            ),
            Self::RestOfYear => (
                "the hours without months are read as those of the other months",
                "未写月份的时间按其他月份理解",
            ),
            Self::Workdays => (
                "beside workdays, 节假日 is read as all other days",
                "与“工作日”并列的“节假日”按其余各天理解",
            ),
            Self::Weekends => (
                "节假日 may or may not include weekends, which count as unknown",
                "“节假日”是否包括周末不明，周末按未知处理",
            ),
            Self::PlainDays => ("平日 is read as workdays", "“平日”按工作日理解"),
            Self::NamedHolidays => (
                "holidays cannot be told apart in the rules, so all of them count as unknown",
                "规则无法区分各个节日，法定节假日均按未知处理",
            ),
            Self::UsualHolidays => (
                "a holiday may fall on a day without hours, so holidays count as unknown",
                "节假日可能落在不开放的日子，按未知处理",
            ),
            Self::ExceptionTakenBack => (
                "holidays are excepted from a day off, and what then holds is not stated",
                "休息日的例外情况未写明时间，按未知处理",
            ),
            Self::Overridden => (
                "the hours of single days are read to override those of every day",
                "个别日子的时间优先于“每天”的时间",
            ),
            Self::SingleRest => (
                "one day a week is off, and which one is not stated",
                "单休，未写明休息日",
            ),
            Self::LunchBreak => (
                "the break at noon has no times, so 11:00 to 15:00 counts as unknown",
                "午休未写明时间，11:00至15:00按未知处理",
            ),
            Self::Appointment => (
                "an appointment is needed, so the hours count as unknown",
                "需预约，开放时间按未知处理",
            ),
            Self::Reservation => (
                "a reservation that names no time is left out",
                "未写明时间的保留说明不计入",
            ),
            Self::NewYear => (
                "the days around New Year are not stated; 28 December to 4 January count as unknown",
                "年末年始的日期未写明，12月28日至1月4日按未知处理",
            ),
        }
    }
}
