//! Opening hours by the Chinese work calendar: is a station open at a time, why, and until when.
//!
//! Hours are stated in OpenStreetMap's `opening_hours` syntax and evaluated in local wall-clock time. Parsing and
//! the selectors of years, dates and weeks are the `opening-hours` crate's; days of the week, holidays, make-up
//! workdays and nights are ours, because they depend on the [work calendar](super::work_calendar):
//!
//! - an ordinary day is evaluated by the OSM rules, `PH` being the statutory days off;
//! - on a statutory day off, hours that do not mention `PH` are unknown, except hours such as `24/7`;
//! - a worked Saturday or Sunday follows the workday rules where these agree;
//! - a day that the calendar does not cover has an answer only where it does not depend on what the day will be;
//! - hours that are not stated or cannot be read are unknown, never "24 hours".
//!
//! Reading order: `local_minute`, `answer` (words) · `osm`, `rule`, `slot` (text to rules) · `readings`, `day`
//! (rules to one date) · `compiled` (one text, any time) · `table`, `window` (all texts of a register, asked often
//! at about one time).

mod answer;
mod compiled;
mod day;
mod local_minute;
mod osm;
mod readings;
mod rule;
mod slot;
mod table;
mod window;

pub use answer::{OpenAnswer, OpenReason, OpenState};
pub use compiled::{CompiledHours, HORIZON_DAYS, HoursInterval};
pub use local_minute::LocalMinute;
pub use osm::{InvalidHours, MAX_HOURS_BYTES, MAX_RULES};
pub use table::{HoursId, HoursTable, HoursTableBuilder, MAX_CACHED_WINDOWS};
pub use window::HoursWindow;
