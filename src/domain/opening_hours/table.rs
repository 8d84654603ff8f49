//! The distinct opening hours of a register, each read once and shared by all stations that have them.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, PoisonError, RwLock};

use super::answer::{OpenAnswer, OpenReason, OpenState};
use super::compiled::CompiledHours;
use super::local_minute::LocalMinute;
use super::osm::InvalidHours;
use super::window::HoursWindow;
use crate::domain::station::StatedHours;
use crate::domain::work_calendar::WorkCalendar;

/// Most windows that a table keeps; queries for other times than now share these.
pub const MAX_CACHED_WINDOWS: usize = 16;

/// Names one entry of the [`HoursTable`] whose builder gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HoursId(pub(super) u32);

impl HoursId {
    /// The position of the entry, below [`HoursTable::count`].
    pub const fn position(self) -> usize {
        self.0 as usize
    }
}

/// What is known about the hours of some stations.
#[derive(Debug)]
pub(super) enum Entry {
    NotStated,
    /// Only in words, or with the problem of the text in OSM syntax.
    NotReadable(Option<InvalidHours>),
    Readable(CompiledHours),
}

impl Entry {
    /// The answer for all times, when there are no readable hours.
    pub fn without_hours(&self) -> Option<OpenAnswer> {
        match self {
            Self::NotStated => Some(OpenAnswer::constant(
                OpenState::Unknown,
                OpenReason::HoursNotStated,
            )),
            Self::NotReadable(_) => Some(OpenAnswer::constant(
                OpenState::Unknown,
                OpenReason::HoursNotReadable,
            )),
            Self::Readable(_) => None,
        }
    }
}

/// Collects the hours of stations while they are loaded.
#[derive(Debug)]
pub struct HoursTableBuilder {
    calendar: Arc<WorkCalendar>,
    entries: Vec<Arc<Entry>>,
    ids: HashMap<Arc<str>, HoursId>,
    /// The windows of the table that is extended, oldest first.
    windows: VecDeque<Arc<HoursWindow>>,
}

impl HoursTableBuilder {
    const NOT_STATED: HoursId = HoursId(0);
    const ONLY_IN_WORDS: HoursId = HoursId(1);

    /// A builder for hours that are evaluated by `calendar`.
    pub fn new(calendar: Arc<WorkCalendar>) -> Self {
        let entries = [Entry::NotStated, Entry::NotReadable(None)];
        Self {
            calendar,
            entries: entries.map(Arc::new).into(),
            ids: HashMap::new(),
            windows: VecDeque::new(),
        }
    }

    /// A builder that begins with all that `table` holds: its entries keep their ids, and its windows what is known in
    /// them. O(entries).
    pub fn extending(table: &HoursTable) -> Self {
        let windows = table.windows.read().unwrap_or_else(PoisonError::into_inner);
        Self {
            calendar: Arc::clone(&table.calendar),
            entries: table.entries.to_vec(),
            ids: table.ids.clone(),
            windows: windows.clone(),
        }
    }

    /// The entry for `hours`. A text is read the first time it is seen; one that cannot be read is unknown at all
    /// times, and [`HoursTable::problem`] says why.
    pub fn intern(&mut self, hours: &StatedHours) -> HoursId {
        let text = match text_or_id(hours) {
            Ok(text) => text,
            Err(id) => return id,
        };
        if let Some(&id) = self.ids.get(text) {
            return id;
        }
        let entry = match CompiledHours::parse(text, &self.calendar) {
            Ok(compiled) => Entry::Readable(compiled),
            Err(problem) => Entry::NotReadable(Some(problem)),
        };
        let id = HoursId(u32::try_from(self.entries.len()).expect("fewer than 2^32 stations fit in memory"));
        self.entries.push(Arc::new(entry));
        self.ids.insert(text.into(), id);
        id
    }

    /// The finished table.
    pub fn build(self) -> HoursTable {
        let entries: Arc<[Arc<Entry>]> = self.entries.into();
        let extended = |window: &Arc<HoursWindow>| Arc::new(window.extended(Arc::clone(&entries)));
        HoursTable {
            calendar: self.calendar,
            windows: RwLock::new(self.windows.iter().map(extended).collect()),
            entries,
            ids: self.ids,
        }
    }
}

/// The text that hours are interned by, or the entry of hours without one.
fn text_or_id(hours: &StatedHours) -> Result<&str, HoursId> {
    match (&hours.osm, &hours.text) {
        (Some(osm), _) => Ok(osm),
        (None, Some(_)) => Err(HoursTableBuilder::ONLY_IN_WORDS),
        (None, None) => Err(HoursTableBuilder::NOT_STATED),
    }
}

/// All distinct hours of a register.
///
/// # Why windows
/// Most queries ask about now. A [`HoursWindow`] holds, for each text that was asked for, the changes of state in
/// about two weeks; the state at a time in it is a search in a few numbers. When time moves on to another week, the
/// next window is made, empty, and filled as texts are asked for.
#[derive(Debug)]
pub struct HoursTable {
    calendar: Arc<WorkCalendar>,
    entries: Arc<[Arc<Entry>]>,
    ids: HashMap<Arc<str>, HoursId>,
    /// Oldest first.
    windows: RwLock<VecDeque<Arc<HoursWindow>>>,
}

impl HoursTable {
    /// The calendar that hours are evaluated by.
    pub fn calendar(&self) -> &Arc<WorkCalendar> {
        &self.calendar
    }

    /// How many entries there are.
    pub fn count(&self) -> usize {
        self.entries.len()
    }

    /// The entry of `hours`, when the table has it.
    pub fn find(&self, hours: &StatedHours) -> Option<HoursId> {
        match text_or_id(hours) {
            Ok(text) => self.ids.get(text).copied(),
            Err(id) => Some(id),
        }
    }

    /// The hours of an entry, when they are readable.
    pub fn compiled(&self, id: HoursId) -> Option<&CompiledHours> {
        match &**self.entries.get(id.0 as usize)? {
            Entry::Readable(hours) => Some(hours),
            Entry::NotStated | Entry::NotReadable(_) => None,
        }
    }

    /// Why the OSM text of an entry cannot be read, when it cannot.
    pub fn problem(&self, id: HoursId) -> Option<&InvalidHours> {
        match &**self.entries.get(id.0 as usize)? {
            Entry::NotReadable(problem) => problem.as_ref(),
            Entry::NotStated | Entry::Readable(_) => None,
        }
    }

    /// The window around `at`, from the cache when it is there. It covers at least the day before and the four days
    /// after `at`. Take it once a request.
    pub fn window(&self, at: LocalMinute) -> Arc<HoursWindow> {
        let week = HoursWindow::week_of(at);
        let cached = |windows: &VecDeque<Arc<HoursWindow>>| {
            windows
                .iter()
                .rev()
                .find(|window| window.week() == week)
                .map(Arc::clone)
        };
        if let Some(window) = cached(&self.windows.read().unwrap_or_else(PoisonError::into_inner)) {
            return window;
        }
        let mut windows = self.windows.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have made it in between.
        if let Some(window) = cached(&windows) {
            return window;
        }
        if windows.len() >= MAX_CACHED_WINDOWS {
            windows.pop_front();
        }
        let window = Arc::new(HoursWindow::new(Arc::clone(&self.entries), week));
        windows.push_back(Arc::clone(&window));
        window
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(osm: Option<&str>, text: Option<&str>) -> StatedHours {
        StatedHours {
            osm: osm.map(Into::into),
            text: text.map(Into::into),
        }
    }

    fn builder() -> HoursTableBuilder {
        HoursTableBuilder::new(Arc::new(WorkCalendar::bundled()))
    }

    fn at(text: &str) -> LocalMinute {
        LocalMinute::from_local(text.parse().expect("a time"))
    }

    #[test]
    fn the_same_text_is_read_once() {
        let mut builder = builder();
        let first = builder.intern(&stated(Some("Mo-Fr 08:00-18:00"), Some("工作日8点到18点")));
        let again = builder.intern(&stated(Some("Mo-Fr 08:00-18:00"), None));
        let other = builder.intern(&stated(Some("24/7"), None));
        assert_eq!(first, again);
        assert_ne!(first, other);
        assert_eq!(builder.entries.len(), 4);
    }

    #[test]
    fn hours_that_are_missing_or_not_readable_are_unknown_with_the_reason() {
        let mut builder = builder();
        let not_stated = builder.intern(&StatedHours::default());
        let in_words = builder.intern(&stated(None, Some("随营业时间")));
        let broken = builder.intern(&stated(Some("8点到18点"), None));
        let table = builder.build();
        let now = at("2026-11-21T10:00:00");
        let window = table.window(now);
        let reason = |id| window.answer(id, now).reason;
        assert_eq!(reason(not_stated), OpenReason::HoursNotStated);
        assert_eq!(reason(in_words), OpenReason::HoursNotReadable);
        assert_eq!(reason(broken), OpenReason::HoursNotReadable);
        assert_eq!(window.state(in_words, now), OpenState::Unknown);
        assert!(table.problem(in_words).is_none());
        assert!(table.problem(broken).is_some());
        assert!(table.compiled(broken).is_none());
    }

    #[test]
    fn windows_are_shared_within_a_week_and_the_oldest_is_dropped() {
        let table = builder().build();
        let monday = at("2026-11-16T00:00:00");
        let first = table.window(monday);
        assert!(Arc::ptr_eq(&first, &table.window(at("2026-11-22T23:59:00"))));
        let week_minutes = 7 * 24 * 60;
        for weeks in 1..=i32::try_from(MAX_CACHED_WINDOWS).unwrap() {
            let next = table.window(monday.plus_minutes(weeks * week_minutes));
            assert!(!Arc::ptr_eq(&first, &next));
        }
        assert!(!Arc::ptr_eq(&first, &table.window(monday)));
        assert_eq!(table.windows.read().unwrap().len(), MAX_CACHED_WINDOWS);
    }

    #[test]
    fn an_extended_table_keeps_its_ids_and_what_its_windows_know() {
        let (first, second) = (stated(Some("08:00-18:00"), None), stated(Some("24/7"), None));
        let mut builder = builder();
        let id = builder.intern(&first);
        let table = builder.build();
        let now = at("2026-11-21T10:00:00");
        assert_eq!(table.window(now).state(id, now), OpenState::Open);
        assert_eq!((table.find(&first), table.find(&second)), (Some(id), None));
        let mut builder = HoursTableBuilder::extending(&table);
        let other = builder.intern(&second);
        let extended = builder.build();
        assert_eq!(extended.find(&first), Some(id));
        assert_eq!(extended.find(&second), Some(other));
        assert_eq!(extended.count(), table.count() + 1);
        let window = extended.window(now);
        assert!(window.knows(id) && !window.knows(other));
        assert_eq!(window.answer(id, now), table.window(now).answer(id, now));
        assert_eq!(window.state(other, now), OpenState::Open);
    }

    #[test]
    fn a_table_can_be_shared_between_threads() {
        fn shared<T: Send + Sync + 'static>() {}
        shared::<HoursTable>();
        shared::<HoursWindow>();
        shared::<CompiledHours>();
    }
}
