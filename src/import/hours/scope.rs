//! Reads days, holidays, seasons and months into a scope.

use super::clock::is_date;
use super::lexer::range;
use super::note::Inference;
use super::statement::{Scope, WEEKEND, WORKDAYS};
use super::token::{Lexeme, MonthDay, Token};

/// Whether a token names days.
pub(super) fn begins(token: Token) -> bool {
    matches!(
        token,
        Token::Days { .. }
            | Token::Date(_)
            | Token::Months(..)
            | Token::EveryDay
            | Token::Workday
            | Token::NonWorkday
            | Token::PlainDay
            | Token::Statutory
            | Token::Holiday
            | Token::NamedHoliday
            | Token::NewYear
            | Token::Season
            | Token::OtherTimes
    )
}

/// Adds the words at the beginning of `tokens` to a scope; how many they were, and what was inferred.
pub(super) fn read_into(
    scope: &mut Scope,
    text: &[char],
    tokens: &[Lexeme],
) -> Option<(usize, Vec<Inference>)> {
    let first = tokens.first()?;
    let mut inferences = Vec::new();
    let mut length = 1;
    match first.token {
        Token::Days { mask, sure } => {
            let (mask, more) = days(mask, tokens, &mut inferences)?;
            // The same day twice in one list is a slip of the pen.
            (scope.days & mask == 0 || scope.workdays).then_some(())?;
            scope.days |= mask;
            length = more;
            if !sure {
                inferences.push(Inference::BareDays);
            }
        }
        Token::Date(from) => {
            let (to, more) = last_date(from, tokens)?;
            add_months(scope, from, to);
            length = more;
        }
        Token::Dotted { first, second, .. } => {
            let (to, more) = last_date((first, Some(second)), tokens)?;
            (is_date(first, Some(second)) && more > 1).then_some(())?;
            add_months(scope, (first, Some(second)), to);
            length = more;
        }
        Token::Months(from, to) => add_months(scope, (from, None), (to, None)),
        Token::EveryDay => scope.every_day = true,
        Token::Workday => {
            scope.days |= WORKDAYS;
            scope.workdays = true;
        }
        Token::PlainDay => {
            scope.days |= WORKDAYS;
            scope.workdays = true;
            inferences.push(Inference::PlainDays);
        }
        Token::NonWorkday => {
            scope.days |= WEEKEND;
            scope.statutory = true;
        }
        Token::Statutory => scope.statutory = true,
        Token::Holiday => scope.holidays = true,
        Token::NamedHoliday => scope.named_holidays.push(words_of(text, first)),
        Token::Season if !scope.months.is_empty() => {}
        Token::Season => {
            let name = words_of(text, first);
            scope.season = if scope.season.is_empty() {
                name
            } else {
                format!("{}{name}", scope.season)
            };
        }
        Token::NewYear => scope.new_year = true,
        Token::OtherTimes => scope.other_times = true,
        _ => return None,
    }
    Some((length, inferences))
}

fn words_of(text: &[char], lexeme: &Lexeme) -> String {
    text.get(lexeme.start..lexeme.end)
        .unwrap_or_default()
        .iter()
        .collect()
}

/// The mask of a day, or of a range of days, and the number of tokens.
fn days(mask: u8, tokens: &[Lexeme], inferences: &mut Vec<Inference>) -> Option<(u8, usize)> {
    let mut at = 1;
    let mut has_dash = false;
    while let Some(Token::Dash { guessed }) = tokens.get(at).map(|lexeme| lexeme.token) {
        has_dash = true;
        if guessed {
            inferences.push(Inference::GuessedDash);
        }
        at += 1;
    }
    if !has_dash {
        return Some((mask, 1));
    }
    let Some(Token::Days { mask: last, .. }) = tokens.get(at).map(|lexeme| lexeme.token) else {
        return None;
    };
    let are_single = mask.is_power_of_two() && last.is_power_of_two() && mask != last;
    are_single.then(|| (range(mask, last), at + 1))
}

/// The end of a range of dates, over 次年 and the like, and the number of tokens.
fn last_date(from: MonthDay, tokens: &[Lexeme]) -> Option<(MonthDay, usize)> {
    let mut at = 1;
    while matches!(
        tokens.get(at).map(|lexeme| lexeme.token),
        Some(Token::Dash { .. })
    ) {
        at += 1;
    }
    if at == 1 {
        return Some((from, 1));
    }
    while matches!(tokens.get(at).map(|lexeme| lexeme.token), Some(Token::Filler)) {
        at += 1;
    }
    match tokens.get(at)?.token {
        Token::Date(to) if to.1.is_some() == from.1.is_some() => Some((to, at + 1)),
        Token::Dotted { first, second, .. } => {
            is_date(first, Some(second)).then_some(((first, Some(second)), at + 1))
        }
        _ => None,
    }
}

/// Months say when a season is, so its name is no longer needed.
fn add_months(scope: &mut Scope, from: MonthDay, to: MonthDay) {
    scope.season.clear();
    scope.months.push((from, to));
}

/// Joins what stands in brackets behind a scope: the months of a season, 工作日 behind its days.
pub(super) fn refine(scope: &mut Scope, inner: Scope) -> Option<()> {
    let is_season = !scope.season.is_empty() && !inner.months.is_empty() && !inner.names_days();
    let is_workdays = scope.days == WORKDAYS && inner.workdays && !inner.speaks_of_holidays();
    if is_season {
        scope.season.clear();
        scope.months = inner.months;
    } else if is_workdays {
        scope.workdays = true;
    } else {
        return None;
    }
    Some(())
}
