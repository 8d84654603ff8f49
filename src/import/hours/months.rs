//! Parts of the year: how many days they cover, and whether two of them share a day.

use super::token::MonthDay;

/// Days of a leap year.
pub(super) const YEAR_DAYS: usize = 366;
const MONTH_STARTS: [usize; 13] = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// How many days of the year all ranges cover together. `None` when one day is in two of them.
pub(super) fn days_covered<'r>(parts: impl Iterator<Item = &'r [(MonthDay, MonthDay)]>) -> Option<usize> {
    let mut taken = [false; YEAR_DAYS];
    let mut count = 0;
    for (from, to) in parts.flatten() {
        let (first, last) = (first_day(*from)?, last_day(*to)?);
        let length = if first <= last {
            last - first
        } else {
            last + YEAR_DAYS - first
        };
        for day in (first..=first + length).map(|day| day % YEAR_DAYS) {
            let slot = taken.get_mut(day)?;
            if std::mem::replace(slot, true) {
                return None;
            }
            count += 1;
        }
    }
    Some(count)
}

fn first_day((month, day): MonthDay) -> Option<usize> {
    let start = *MONTH_STARTS.get(usize::from(month).checked_sub(1)?)?;
    Some(start + usize::from(day.unwrap_or(1)) - 1)
}

fn last_day((month, day): MonthDay) -> Option<usize> {
    match day {
        Some(_) => first_day((month, day)),
        None => MONTH_STARTS.get(usize::from(month)).map(|next| next - 1),
    }
}

/// `May-Sep`, `Oct 01-Apr 30`.
pub(super) fn text(ranges: &[(MonthDay, MonthDay)]) -> String {
    let name = |(month, day): MonthDay| {
        let name = usize::from(month)
            .checked_sub(1)
            .and_then(|at| MONTHS.get(at))
            .copied()
            .unwrap_or_default();
        day.map_or_else(|| name.to_owned(), |day| format!("{name} {day:02}"))
    };
    let range = |(from, to): &(MonthDay, MonthDay)| {
        if from == to {
            name(*from)
        } else {
            format!("{}-{}", name(*from), name(*to))
        }
    };
    ranges.iter().map(range).collect::<Vec<_>>().join(",")
}
