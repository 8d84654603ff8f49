//! The words of the field and their rules; pure code that everything else builds on.

pub mod bounds;
pub mod cells;
pub mod coordinate;
pub mod datum;
pub mod demand;
pub mod district;
pub mod ellipsoid_area;
pub mod facility;
pub mod field;
pub mod filter;
pub mod geocode;
pub mod geodesic;
pub mod inspection;
pub mod language;
pub mod long_line;
pub mod opening_hours;
pub mod outline;
pub mod standard;
pub mod station;
pub mod text;
pub mod ticket;
pub mod units;
pub(crate) mod words;
pub mod work_calendar;
