//! The words of a text about opening hours.

/// A part of the day that says which half of the clock a time is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Period {
    /// 早, 上午
    Morning,
    /// 中午
    Noon,
    /// 下午
    Afternoon,
    /// 晚, 晚上, 傍晚
    Evening,
    /// 深夜, 夜里
    Night,
    /// 凌晨
    Dawn,
    /// a.m., 午前
    Am,
    /// p.m., 午后
    Pm,
}

/// How a time of day is written, which says how much of it is certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `8:00`
    Colon,
    /// `08:00`
    Padded,
    /// `8点`
    Unit,
    /// `8`, which counts beside a part of the day or where the other end has the unit.
    Bare,
    /// `8.00`
    Dotted,
    /// 正午, midnight
    Named,
}

/// A time of day as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) hour: u16,
    pub(super) minute: u16,
    pub(super) form: Form,
    /// From `am` or `pm` behind it.
    pub(super) period: Option<Period>,
}

/// A day of the year: month from 1, day from 1 or none for the whole month.
pub(super) type MonthDay = (u8, Option<u8>);

/// A word with a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Clock(Clock),
    /// `5.1`: a date, or a time when `two` digits stand behind the dot.
    Dotted {
        first: u8,
        second: u8,
        two: bool,
    },
    Period(Period),
    NextDay,
    /// 至, `-`; guessed where the numeral one stands for it.
    Dash {
        guessed: bool,
    },
    Comma,
    Semicolon,
    Colon,
    Open,
    Close,
    /// Days of the week, Monday lowest; `sure` unless 周 is left out.
    Days {
        mask: u8,
        sure: bool,
    },
    /// A day, or the month that ends a range of months.
    Date(MonthDay),
    /// `5-9月`
    Months(u8, u8),
    EveryDay,
    Workday,
    NonWorkday,
    /// 平日, which in Japan is a workday.
    PlainDay,
    /// 法定节假日
    Statutory,
    /// 节假日, which may include the weekend.
    Holiday,
    /// 春节, of which rules cannot speak alone.
    NamedHoliday,
    /// 年末年始
    NewYear,
    Season,
    /// 其他月份
    OtherTimes,
    /// 休息 behind what it speaks of.
    Off,
    /// 除外, the same, that can also take an exception back.
    Excepted,
    /// closed, 定休日: before what it speaks of.
    OffBefore,
    /// 除 … 外
    Except,
    ExceptEnd,
    Usual,
    NoRest,
    SingleRest,
    DoubleRest,
    Always,
    AllDay,
    RoundTheClock,
    /// 开放
    Opened,
    /// 午休
    Lunch,
    Appointment,
    /// 特殊情况除外
    Reservation,
    /// 及
    And,
    /// Words without a meaning here, telephone numbers.
    Filler,
    /// A character that is not understood.
    Unread,
}

/// A token and where it stands in the plain text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lexeme {
    pub(super) token: Token,
    pub(super) start: usize,
    pub(super) end: usize,
}
