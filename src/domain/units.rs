//! Lengths, speeds and travel times with their units in the type; a bare `f64` never crosses a module.

use thiserror::Error;

use super::words::vocabulary;

/// A length in metres: finite and not negative.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Meters(f64);

/// A length that is negative, infinite or not a number.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("length `{0}` is not usable; expected a finite number of metres, 0 or more")]
pub struct InvalidLength(pub f64);

impl Meters {
    /// No length at all.
    pub const ZERO: Self = Self(0.0);

    /// A length of `metres`.
    pub fn new(metres: f64) -> Result<Self, InvalidLength> {
        if metres.is_finite() && metres >= 0.0 {
            Ok(Self(metres))
        } else {
            Err(InvalidLength(metres))
        }
    }

    /// A length that the code above has computed and knows to be finite; negative noise becomes zero.
    pub(crate) const fn from_computed(metres: f64) -> Self {
        Self(metres.max(0.0))
    }

    /// The number of metres.
    pub const fn get(self) -> f64 {
        self.0
    }
}

vocabulary! {
    /// How a person gets to a station.
    TravelMode, "mode" {
        Walk = "walk", "步行", "walking";
        Ebike = "ebike", "电动车", "e-bike";
        Straight = "straight", "直线步行", "walking in a straight line";
    }
}

/// How a travel time is worked out: straight-line distance × detour factor ÷ speed, until streets are known.
///
/// # Why these figures
/// 1.25 m/s (4.5 km/h) is an ordinary walking pace; 5 m/s (18 km/h) stays below the 25 km/h that China allows e-bikes
/// and leaves time for lights and parking. Walked ways in cities are about 1.2 to 1.4 times the straight line; 1.35 is
/// on the careful side, because a person who arrives after closing loses more than one who arrives early.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Travel {
    /// The mode that was asked for.
    pub mode: TravelMode,
    /// Speed along the way, in metres a second.
    pub speed_m_s: f64,
    /// Length of the way over the length of the straight line.
    pub detour_factor: f64,
}

impl Travel {
    /// The name of the method, as answers state it.
    pub const METHOD: &'static str = "straight_line_x_detour";

    /// The figures for a mode.
    pub const fn of(mode: TravelMode) -> Self {
        match mode {
            TravelMode::Walk => Self {
                mode,
                speed_m_s: 1.25,
                detour_factor: 1.35,
            },
            TravelMode::Ebike => Self {
                mode,
                speed_m_s: 5.0,
                detour_factor: 1.35,
            },
            TravelMode::Straight => Self {
                mode,
                speed_m_s: 1.25,
                detour_factor: 1.0,
            },
        }
    }

    /// The time that a straight-line distance takes, in whole seconds, rounded up.
    pub fn time_s(self, distance: Meters) -> u64 {
        let seconds = distance.get() * self.detour_factor / self.speed_m_s;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "finite and not negative"
        )]
        let whole = seconds.ceil() as u64;
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_refuse_what_is_not_a_length() {
        for bad in [-0.1, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(Meters::new(bad).is_err(), "{bad}");
        }
        assert_eq!(Meters::new(0.0), Ok(Meters::ZERO));
    }

    #[test]
    fn travel_time_is_distance_times_detour_over_speed_rounded_up() {
        let metres = |m| Meters::new(m).unwrap();
        assert_eq!(Travel::of(TravelMode::Walk).time_s(metres(1000.0)), 1080);
        assert_eq!(Travel::of(TravelMode::Ebike).time_s(metres(1000.0)), 270);
        assert_eq!(Travel::of(TravelMode::Straight).time_s(metres(1001.0)), 801);
        assert_eq!(Travel::of(TravelMode::Walk).time_s(Meters::ZERO), 0);
    }
}
