//! A question to the planner: which stations count, when, how far they reach, and where.

use chrono::{DateTime, Utc};

use super::reach::Reach;
use crate::locator::{Conditions, Moment, OpenAsk};

/// A question, as far as every answer of the planner shares it.
#[derive(Debug, Clone)]
pub struct PlanQuestion {
    /// Which stations count, and when they must be open. Districts are not looked at here: see [`PlanQuestion::districts`].
    pub conditions: Conditions,
    /// The hour of the week that the time asked about stands for, when it was asked for so.
    pub hour_of_week: Option<String>,
    /// What "covered" means.
    pub reach: Reach,
    /// Positions of the districts whose demand is asked about; `None` for all.
    pub districts: Option<Vec<u32>>,
    /// The time of asking.
    pub now: DateTime<Utc>,
}

impl PlanQuestion {
    /// The time asked about.
    pub const fn moment(&self) -> Option<Moment> {
        match self.conditions.open {
            OpenAsk::At { moment, .. } => Some(moment),
            OpenAsk::Any | OpenAsk::OnArrival { .. } => None,
        }
    }

    /// The same question about no particular time.
    #[must_use]
    pub fn at_any_time(&self) -> Self {
        let mut question = self.clone();
        question.conditions.open = OpenAsk::Any;
        question.hour_of_week = None;
        question
    }
}
