//! What stations cover before anything is changed, remembered: who drags a station on a map asks for it again and again.

use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::filter::StationFilter;
use crate::domain::opening_hours::LocalMinute;
use crate::planner::coverage::{Coverage, PlaceAnswers};
use crate::planner::question::PlanQuestion;
use crate::planner::reach::Reach;
use crate::planner::shape::CoveredDistrict;
use crate::planner::stations::PlanStations;

/// An answered coverage question.
#[derive(Debug)]
pub struct Covered {
    /// The stations that count.
    pub stations: PlanStations,
    /// The sums and distances; the answers place by place only where they were not remembered.
    pub answer: Coverage,
    /// Covered areas; none without outlines or when more than one station must reach a place.
    pub areas: Option<Vec<CoveredDistrict>>,
}

/// What an answer depends on beside the stations and the demand, which belong to one published state.
#[derive(Debug, PartialEq)]
struct Key {
    filter: StationFilter,
    minute: Option<LocalMinute>,
    reach: Reach,
    districts: Option<Vec<u32>>,
}

impl Key {
    fn of(question: &PlanQuestion) -> Self {
        Self {
            filter: question.conditions.filter,
            minute: question.moment().map(|moment| moment.minute),
            reach: question.reach,
            districts: question.districts.clone(),
        }
    }
}

/// The last answer about one state of the register and its own demand. Takes some kilobytes: answers place by place are not kept.
#[derive(Debug, Default)]
pub struct LastCovered(Mutex<Option<(Key, Arc<Covered>)>>);

impl LastCovered {
    /// The answer to a question, remembered or worked out now. Whoever asks at the same time works it out, too.
    pub fn or_work_out<E>(
        &self,
        question: &PlanQuestion,
        work_out: impl FnOnce() -> Result<Covered, E>,
    ) -> Result<Arc<Covered>, E> {
        let key = Key::of(question);
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, covered)) = &*lock()
            && *known == key
        {
            return Ok(Arc::clone(covered));
        }
        let mut covered = work_out()?;
        covered.answer.places = PlaceAnswers::default();
        let covered = Arc::new(covered);
        *lock() = Some((key, Arc::clone(&covered)));
        Ok(covered)
    }
}
