//! Coverage, by hour, what-if and gaps against brute force with Karney's distances, over random registers and demand.

mod by_hour;
mod gaps;
mod oracle;
mod places;
mod real;
#[path = "../shared_data/mod.rs"]
mod shared_data;
mod what_if;
#[expect(dead_code, reason = "the locator's tests use more of it")]
#[path = "../locator/world.rs"]
mod world;
