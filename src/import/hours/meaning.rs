//! Statements become the hours of a year: exceptions, breaks, seasons and holidays are worked in.
//!
//! # Why seasons without months are unknown in part
//! `夏季7:00-19:00 冬季8:00-18:00` does not say when summer is, and no two cities agree. The hours that both seasons
//! share are certain all year; the others are OSM `unknown` with the names of the seasons as comment. The evaluator
//! then says open at noon, closed at midnight, and `unknown` at 7:30 – each of which is true. Where only one season is
//! named, nothing is known of the other, and the whole text is unknown.

use super::day::{Hours, Spans};
use super::grammar::Reading;
use super::note::Inference;
use super::statement::{Body, Scope, Statement};
use super::token::MonthDay;
use super::week::{NO_TIMES, Week, ascends, hours_of, week};

/// The hours of a part of the year.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    /// Empty for the whole year, or for what the other parts leave.
    pub(super) months: Vec<(MonthDay, MonthDay)>,
    pub(super) week: Week,
}

/// What holds on statutory days off, beyond the hours that a part states for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Holidays {
    #[default]
    NotStated,
    Off,
    /// As on all other days, which are all the same.
    Usual,
    Hours(Hours),
}

/// The hours of a year.
#[derive(Debug, Default)]
pub(super) struct Year {
    pub(super) parts: Vec<Part>,
    pub(super) holidays: Holidays,
    /// The hours that are uncertain around New Year.
    pub(super) around_january: Spans,
    /// Whether the months that no part names are unknown.
    pub(super) has_unknown_months: bool,
}

impl Year {
    /// Whether there is a day with hours, and anything at all is certain.
    fn says_something(&self) -> bool {
        let is_unknown = |hours: &Option<Hours>| hours.as_ref().is_some_and(Hours::is_unknown);
        let has_hours = self
            .parts
            .iter()
            .any(|part| part.week.days.iter().any(Option::is_some));
        let all_unknown = self
            .parts
            .iter()
            .all(|part| part.week.days.iter().all(is_unknown));
        has_hours && (!all_unknown || self.holidays == Holidays::Off)
    }
}

/// Works out the year. `None` when the statements contradict each other or state no hours.
pub(super) fn year(reading: &mut Reading) -> Option<Year> {
    let mut inferences = std::mem::take(&mut reading.inferences);
    let worked_out = Meaning {
        reading,
        inferences: &mut inferences,
    }
    .year();
    reading.inferences = inferences;
    worked_out
}

/// Statements about one part of the year, by what names it.
struct Keyed<'r> {
    season: &'r str,
    months: &'r [(MonthDay, MonthDay)],
    is_rest: bool,
    stated: Vec<(&'r Scope, Hours)>,
}

/// What is being worked out.
#[derive(Debug)]
pub(super) struct Meaning<'r> {
    pub(super) reading: &'r Reading,
    pub(super) inferences: &'r mut Vec<Inference>,
}

impl<'r> Meaning<'r> {
    fn year(mut self) -> Option<Year> {
        let statements = &self.reading.statements;
        let spans_ascend = |statement: &Statement| match &statement.body {
            Body::Times(spans) => ascends(spans),
            _ => true,
        };
        statements.iter().all(spans_ascend).then_some(())?;
        self.reaches_are_clear().then_some(())?;
        let keyed = self.by_part()?;
        let mut parts = Vec::new();
        for key in &keyed {
            let stated = week(&key.stated, self.inferences)?;
            parts.push(Part {
                months: key.months.to_vec(),
                week: stated,
            });
        }
        for part in &mut parts {
            self.work_in_exceptions(&mut part.week)?;
            self.work_in_breaks(&mut part.week)?;
        }
        let mut year = if keyed.iter().any(|key| !key.season.is_empty()) {
            Year {
                parts: vec![self.seasons(&keyed, &parts)?],
                ..Year::default()
            }
        } else {
            self.months(&keyed, parts)?
        };
        year.holidays = self.holidays(&mut year)?;
        self.new_year(&mut year);
        year.says_something().then_some(year)
    }

    /// Whether it is clear which hours each statement speaks of. `5月-10月 8:00-18:00，周末9:00-17:00；11月-4月 …` does not
    /// say whether weekends are those of the summer, and a break between two groups of days may be of either.
    fn reaches_are_clear(&self) -> bool {
        let statements = &self.reading.statements;
        let has_part = |statement: &Statement| {
            !statement.scope.season.is_empty()
                || !statement.scope.months.is_empty()
                || statement.scope.other_times
        };
        let is_pause = |statement: &Statement| matches!(statement.body, Body::Break(_) | Body::Lunch);
        let states_hours = |statement: &Statement| {
            !is_pause(statement) && !matches!(statement.body, Body::Off | Body::Usual)
        };
        let stated = statements
            .iter()
            .filter(|statement| states_hours(statement))
            .count();
        let first_part = statements.iter().position(has_part).unwrap_or(statements.len());
        let last_part = statements
            .iter()
            .rposition(|statement| has_part(statement) && states_hours(statement));
        statements.iter().enumerate().all(|(at, statement)| {
            let is_same = |other: &&Statement| other.scope == statement.scope && other.body == statement.body;
            if is_pause(statement) {
                let repeated = statements.iter().filter(is_same).count();
                return stated <= 1 || statement.scope.days != 0 || repeated == stated;
            }
            if has_part(statement) || at < first_part {
                return true;
            }
            let is_repeated =
                last_part.is_none_or(|last| statements.iter().skip(last).any(|other| is_same(&other)));
            !states_hours(statement) && is_repeated
        })
    }

    /// The statements that state hours, by part of the year, in the order of the text.
    fn by_part(&mut self) -> Option<Vec<Keyed<'r>>> {
        let mut keyed: Vec<Keyed<'r>> = Vec::new();
        for statement in &self.reading.statements {
            let scope = &statement.scope;
            let Some(hours) = hours_of(statement, self.inferences) else {
                // A part of the year that is closed or as usual is not worked out.
                let has_part = !scope.season.is_empty() || !scope.months.is_empty();
                let is_plain_rest = scope.other_times && statement.body == Body::Off;
                (!has_part && (!scope.other_times || is_plain_rest)).then_some(())?;
                continue;
            };
            let is_same = |key: &&mut Keyed<'_>| {
                key.season == scope.season && key.months == scope.months && key.is_rest == scope.other_times
            };
            match keyed.iter_mut().find(is_same) {
                Some(key) => key.stated.push((scope, hours)),
                None => keyed.push(Keyed {
                    season: &scope.season,
                    months: &scope.months,
                    is_rest: scope.other_times,
                    stated: vec![(scope, hours)],
                }),
            }
        }
        let has_exceptions = self
            .reading
            .statements
            .iter()
            .any(|statement| statement.body == Body::Off);
        if keyed.is_empty() && has_exceptions {
            // 法定节假日休息 alone: open otherwise, at hours that are not said.
            self.inferences.push(Inference::NoTimes);
            let stated = vec![(&EVERY_DAY, Hours::unknown(NO_TIMES))];
            keyed.push(Keyed {
                season: "",
                months: &[],
                is_rest: false,
                stated,
            });
        }
        Some(keyed)
    }

    pub(super) fn offs(&self) -> impl Iterator<Item = &'r Scope> {
        self.reading
            .statements
            .iter()
            .filter(|statement| statement.body == Body::Off)
            .map(|statement| &statement.scope)
    }

    /// One part of which only is certain what all seasons share.
    fn seasons(&mut self, keyed: &[Keyed<'_>], parts: &[Part]) -> Option<Part> {
        keyed
            .iter()
            .all(|key| key.months.is_empty() && !key.is_rest)
            .then_some(())?;
        let names: Vec<&str> = keyed
            .iter()
            .map(|key| key.season)
            .filter(|name| !name.is_empty())
            .collect();
        let base = keyed
            .iter()
            .position(|key| key.season.is_empty())
            .and_then(|at| parts.get(at));
        let has = |sign| names.iter().any(|name| name.contains(sign));
        (base.is_some() || (has('夏') && has('冬'))).then_some(())?;
        self.inferences.push(Inference::Seasons);
        let why = names.join("/");
        let mut all = parts.iter().map(|part| {
            let mut week = part.week.clone();
            // What a season leaves out is as in the rest of the year.
            for (day, usual) in week
                .days
                .iter_mut()
                .zip(base.iter().flat_map(|base| &base.week.days))
            {
                if day.is_none() {
                    day.clone_from(usual);
                }
            }
            week
        });
        let mut common = all.next()?;
        for week in all {
            for (day, other) in common.days.iter_mut().zip(&week.days) {
                let either = day
                    .take()
                    .unwrap_or_default()
                    .either(&other.clone().unwrap_or_default(), &why);
                *day = (!either.is_empty()).then_some(either);
            }
            (common.holidays == week.holidays).then_some(())?;
            common.only_workdays &= week.only_workdays;
        }
        Some(Part {
            months: Vec::new(),
            week: common,
        })
    }

    /// The parts in the order in which rules say them: the rest of the year first.
    fn months(&mut self, keyed: &[Keyed<'_>], mut parts: Vec<Part>) -> Option<Year> {
        let rests = keyed.iter().filter(|key| key.months.is_empty()).count();
        let covered = super::months::days_covered(keyed.iter().map(|key| key.months))?;
        // Either the year or what the months leave, not both.
        (rests <= 1).then_some(())?;
        let has_months = rests < keyed.len();
        if keyed.iter().any(|key| key.is_rest) && !has_months {
            return None;
        }
        let is_rest_inferred = has_months && keyed.iter().any(|key| key.months.is_empty() && !key.is_rest);
        if is_rest_inferred {
            self.inferences.push(Inference::RestOfYear);
        }
        parts.sort_by_key(|part| !part.months.is_empty());
        let has_unknown_months = has_months && rests == 0 && covered < super::months::YEAR_DAYS;
        if has_unknown_months {
            self.inferences.push(Inference::OtherMonths);
        }
        Some(Year {
            parts,
            has_unknown_months,
            ..Year::default()
        })
    }

    fn holidays(&mut self, year: &mut Year) -> Option<Holidays> {
        let has_hours = year.parts.iter().any(|part| part.week.holidays.is_some());
        let is_off = self.offs().any(|scope| scope.statutory || scope.holidays);
        let is_usual = self.reading.remarks.no_rest
            || self.reading.statements.iter().any(|statement| {
                statement.body == Body::Usual && (statement.scope.statutory || statement.scope.holidays)
            });
        let names: Vec<&str> = self
            .offs()
            .flat_map(|scope| &scope.named_holidays)
            .map(String::as_str)
            .collect();
        let usual_names = self
            .reading
            .statements
            .iter()
            .any(|statement| statement.body == Body::Usual && !statement.scope.named_holidays.is_empty());
        let claims = usize::from(has_hours) + usize::from(is_off) + usize::from(is_usual);
        (claims <= 1 && !usual_names).then_some(())?;
        let whole = year.parts.iter().fold(Vec::new(), |all, part| {
            super::day::union(&all, &part.week.whole())
        });
        if is_off {
            return Some(Holidays::Off);
        }
        if !names.is_empty() {
            (!has_hours).then_some(())?;
            self.inferences.push(Inference::NamedHolidays);
            return Some(Holidays::Hours(Hours::maybe(whole, &names.join("/"))));
        }
        if is_usual {
            if year.parts.iter().all(|part| part.week.uniform().is_some()) {
                return Some(Holidays::Usual);
            }
            self.inferences.push(Inference::UsualHolidays);
            return Some(Holidays::Hours(Hours::maybe(whole, "节假日照常")));
        }
        if year.parts.iter().all(|part| part.week.only_workdays) {
            return Some(Holidays::Off);
        }
        Some(Holidays::NotStated)
    }

    fn new_year(&mut self, year: &mut Year) {
        if self.offs().any(|scope| scope.new_year) {
            self.inferences.push(Inference::NewYear);
            year.around_january = year.parts.iter().fold(Vec::new(), |all, part| {
                super::day::union(&all, &part.week.whole())
            });
        }
    }
}

/// The scope of a statement that was made up for a text of exceptions only.
static EVERY_DAY: Scope = Scope {
    days: 0,
    every_day: true,
    workdays: false,
    statutory: false,
    holidays: false,
    named_holidays: Vec::new(),
    new_year: false,
    season: String::new(),
    months: Vec::new(),
    other_times: false,
    opened: false,
};
