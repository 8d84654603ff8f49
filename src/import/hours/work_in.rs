//! Works days off, breaks and appointments into the hours of a week.

use super::meaning::Meaning;
use super::note::Inference;
use super::statement::{Body, WEEKEND};
use super::week::{HOLIDAY, Week};

/// Within which hours a break at noon lies when its times are not said, minutes.
const NOON: (u16, u16) = (11 * 60, 15 * 60);

impl Meaning<'_> {
    /// Takes days off out of a week.
    pub(super) fn work_in_exceptions(&mut self, week: &mut Week) -> Option<()> {
        let mut off = self.offs().fold(0, |mask, scope| mask | scope.days);
        if self.reading.remarks.double_rest {
            off |= WEEKEND;
        }
        // 周六9:00-12:00，周末休息 contradicts itself, unless other days are left.
        let stated = week.named & !off;
        (week.named == 0 || stated != 0).then_some(())?;
        for (at, day) in week.days.iter_mut().enumerate() {
            if off & (1 << at) != 0 {
                *day = None;
            }
        }
        let is_vague = self.offs().any(|scope| scope.holidays && !scope.statutory);
        let weekend_was_named = week.named & WEEKEND != 0;
        if is_vague && !weekend_was_named && off & WEEKEND != WEEKEND {
            for hours in week.days.iter_mut().skip(5).flatten() {
                self.inferences.push(Inference::Weekends);
                *hours = hours.doubted(HOLIDAY);
            }
        }
        self.work_in_usual_days(week)?;
        if self.reading.remarks.single_rest && off == 0 {
            self.inferences.push(Inference::SingleRest);
            for hours in week.days.iter_mut().flatten() {
                *hours = hours.doubted("单休");
            }
        }
        Some(())
    }

    /// 周末照常: the hours of the other days.
    pub(super) fn work_in_usual_days(&self, week: &mut Week) -> Option<()> {
        for statement in self
            .reading
            .statements
            .iter()
            .filter(|statement| statement.body == Body::Usual)
        {
            for at in (0..7).filter(|at| statement.scope.days & (1 << at) != 0) {
                let monday = week.days.first().cloned().flatten();
                let workdays_agree = week.days.iter().take(5).all(|hours| *hours == monday);
                let day = week.days.get_mut(at)?;
                if day.is_none() {
                    *day = Some(monday.filter(|_| workdays_agree)?);
                }
            }
        }
        Some(())
    }

    pub(super) fn work_in_breaks(&mut self, week: &mut Week) -> Option<()> {
        for statement in &self.reading.statements {
            let mask = if statement.scope.days == 0 {
                0b111_1111
            } else {
                statement.scope.days
            };
            let days = week
                .days
                .iter_mut()
                .enumerate()
                .filter(|(at, _)| mask & (1 << at) != 0);
            let mut hours = days.filter_map(|(_, hours)| hours.as_mut());
            match statement.body {
                Body::Break(pause) => hours.try_for_each(|hours| {
                    *hours = hours.without(pause)?;
                    Some(())
                })?,
                Body::Lunch => {
                    for hours in hours {
                        let doubted = hours.doubted_within(NOON, "午休");
                        if *hours != doubted {
                            self.inferences.push(Inference::LunchBreak);
                            *hours = doubted;
                        }
                    }
                }
                _ => {}
            }
        }
        if self.reading.remarks.appointment {
            for hours in week.days.iter_mut().flatten() {
                *hours = hours.doubted("预约");
            }
        }
        Some(())
    }
}
