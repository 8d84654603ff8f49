//! Time profiles: a table with a factor for each hour of the week and each weight.

use std::path::Path;

use ::csv::StringRecord;

use super::batch::{checked_weight, weight_name};
use super::error::DemandFileError;
use crate::domain::demand::{HOURS_PER_WEEK, MAX_WEIGHTS, Profile, ProfileColumn};
use crate::import::csv::{HeaderLine, each_record};
use crate::import::encoding::utf8;
use crate::import::problem::shown;
use crate::import::{ImportError, number};

/// The largest profile, bytes (1 MiB); an ordinary one has a few kilobytes.
pub const MAX_PROFILE_BYTES: u64 = 1 << 20;
/// Names of the column of hours, lower case.
const HOUR_NAMES: &[&str] = &["hour", "hour_of_week", "小时", "时段"];
/// The days of the week as hours name them.
const DAYS: [(&str, &str); 7] = [
    ("mo", "周一"),
    ("tu", "周二"),
    ("we", "周三"),
    ("th", "周四"),
    ("fr", "周五"),
    ("sa", "周六"),
    ("su", "周日"),
];

/// Reads a time profile from a file.
pub fn load_profile(path: &Path) -> Result<Profile, DemandFileError> {
    let failed = |source| ImportError::Read {
        path: path.to_owned(),
        source,
    };
    if std::fs::metadata(path).map_err(failed)?.len() > MAX_PROFILE_BYTES {
        return Err(ImportError::TooLarge {
            path: path.to_owned(),
        }
        .into());
    }
    parse_profile(&std::fs::read(path).map_err(failed)?, &path.display().to_string())
}

/// Reads a time profile from memory; `name` is shown in messages.
///
/// It is a table with a column `hour` (`mo-00` to `su-23`, or 0 to 167) and one column of factors for each weight. All 168
/// hours are needed, in any order.
pub fn parse_profile(bytes: &[u8], name: &str) -> Result<Profile, DemandFileError> {
    let path = Path::new(name);
    let line = HeaderLine::read(bytes, path)?;
    let text = utf8(bytes, 1, path)?;
    let rows = text.get(line.bytes..).unwrap_or_default();
    let first_line = 1 + super::super::blocks::line_ends(bytes.get(..line.bytes).unwrap_or_default());
    let mut table = ProfileTable::new(path, &line)?;
    let mut refused = None;
    each_record(rows, line.delimiter, first_line, &mut |row, record| {
        if refused.is_none() {
            refused = table.take(row, record).err();
        }
    });
    refused.map_or_else(|| table.finish(), Err)
}

struct ProfileTable<'p> {
    path: &'p Path,
    names: &'p [Box<str>],
    hour: usize,
    /// Positions in the row, in the order of `columns`.
    positions: Vec<usize>,
    columns: Vec<ProfileColumn>,
    /// The line that gave each hour; 0 for none yet.
    lines: [u64; HOURS_PER_WEEK],
}

impl<'p> ProfileTable<'p> {
    fn new(path: &'p Path, line: &'p HeaderLine) -> Result<Self, DemandFileError> {
        let refuse = |reason| DemandFileError::Profile {
            path: path.to_owned(),
            line: 0,
            column: None,
            reason,
        };
        let is_hour = |name: &str| HOUR_NAMES.contains(&name.to_lowercase().as_str());
        let found = || {
            line.names
                .iter()
                .map(|name| format!("`{}`", shown(name)))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let hour = line.names.iter().position(|name| is_hour(name)).ok_or_else(|| {
            refuse(format!(
                "the header line has {}; expected a column `hour`",
                found()
            ))
        })?;
        let positions: Vec<usize> = (0..line.names.len())
            .filter(|position| *position != hour)
            .collect();
        if positions.is_empty() || positions.len() > MAX_WEIGHTS {
            let count = positions.len();
            return Err(refuse(format!(
                "there are `{count}` columns of factors; expected 1 to {MAX_WEIGHTS}"
            )));
        }
        let columns = positions.iter().filter_map(|position| line.names.get(*position));
        let columns = columns
            .map(|name| ProfileColumn {
                weight: weight_name(name),
                factors: [0.0; HOURS_PER_WEEK],
            })
            .collect();
        Ok(Self {
            path,
            names: &line.names,
            hour,
            positions,
            columns,
            lines: [0; HOURS_PER_WEEK],
        })
    }

    fn refuse(&self, line: u64, position: Option<usize>, reason: String) -> DemandFileError {
        let name = position.and_then(|position| self.names.get(position));
        DemandFileError::Profile {
            path: self.path.to_owned(),
            line,
            column: name.map(|name| shown(name)),
            reason,
        }
    }

    fn take(&mut self, line: u64, record: &StringRecord) -> Result<(), DemandFileError> {
        if record.len() != self.names.len() {
            let reason = format!(
                "the row has `{}` cells; expected {}, as the header line has",
                record.len(),
                self.names.len()
            );
            return Err(self.refuse(line, None, reason));
        }
        let given = record.get(self.hour).unwrap_or_default();
        let hour = hour_of_week(given).ok_or_else(|| {
            let reason = format!(
                "`{}` is no hour of the week; expected `mo-00` to `su-23`, or 0 to 167",
                shown(given)
            );
            self.refuse(line, Some(self.hour), reason)
        })?;
        let before = self.lines.get(hour).copied().unwrap_or(0);
        if before > 0 {
            let reason = format!(
                "`{}` is given again; expected each hour once, line {before} has it",
                shown(given)
            );
            return Err(self.refuse(line, Some(self.hour), reason));
        }
        if let Some(slot) = self.lines.get_mut(hour) {
            *slot = line;
        }
        for index in 0..self.positions.len() {
            let position = self.positions.get(index).copied().unwrap_or(0);
            let text = record.get(position).unwrap_or_default().trim();
            let value = number::parse(text)
                .or_else(|| text.parse().ok())
                .unwrap_or(f64::NAN);
            if checked_weight(value, text).is_err() {
                let reason = format!("`{}` is no factor; expected a number from 0 to 1e15", shown(text));
                return Err(self.refuse(line, Some(position), reason));
            }
            if let Some(slot) = self
                .columns
                .get_mut(index)
                .and_then(|column| column.factors.get_mut(hour))
            {
                *slot = value + 0.0;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Profile, DemandFileError> {
        let missing: Vec<usize> = (0..HOURS_PER_WEEK)
            .filter(|hour| self.lines.get(*hour) == Some(&0))
            .collect();
        match missing.first() {
            None => Ok(Profile {
                columns: self.columns,
            }),
            Some(first) => {
                let count = missing.len();
                let name = DAYS.get(first / 24).map_or("", |(day, _)| day);
                let reason = format!(
                    "`{count}` of the {HOURS_PER_WEEK} hours are missing, first `{name}-{:02}`; expected all",
                    first % 24
                );
                Err(self.refuse(0, Some(self.hour), reason))
            }
        }
    }
}

/// The number of an hour of the week, 0 to 167, from `mo-00`, `周一-00` or the number itself.
fn hour_of_week(text: &str) -> Option<usize> {
    let text = text.trim().to_lowercase();
    if let Some((day, hour)) = text.split_once('-') {
        let day = DAYS.iter().position(|(en, zh)| *en == day || *zh == day)?;
        let hour = hour.parse::<usize>().ok().filter(|hour| *hour < 24)?;
        return Some(day * 24 + hour);
    }
    text.parse().ok().filter(|hour| *hour < HOURS_PER_WEEK)
}
