//! Coverage, by hour, what-if and gaps against brute force with Karney's distances, over random registers and demand.

#![expect(
    clippy::float_cmp,
    reason = "weights are whole numbers, whose sums are exact in any order"
)]

mod by_hour;
mod distances;
mod gaps;
mod oracle;
mod places;
mod real;
#[expect(dead_code, reason = "other tests read texts with it")]
#[path = "../shared_data/mod.rs"]
mod shared_data;
mod what_if;
#[expect(dead_code, reason = "the locator's tests use more of it")]
#[path = "../locator/world.rs"]
mod world;
