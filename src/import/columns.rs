//! What a column of a table or a property of a feature can hold.

use crate::domain::field::Field;

/// What a column or a property holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub(super) enum Column {
    Id,
    Name,
    Aliases,
    Address,
    District,
    Adcode,
    Lon,
    Lat,
    /// Longitude and latitude in one cell, or well-known text.
    Coordinates,
    Coord,
    Host,
    Audience,
    Status,
    Hours,
    /// The time at which the door opens every day; with [`Column::ClosesAt`] it makes hours.
    OpensAt,
    ClosesAt,
    HoursText,
    Facilities,
    FacilityDetails,
    FloorAreaM2,
    Seats,
    OpenedOn,
    Operator,
    Phone,
    Photos,
    MapListings,
    Source,
    VerifiedAt,
    Synthetic,
    Original,
    UpdatedAt,
    Revision,
}

impl Column {
    /// Every column.
    pub(super) const ALL: &'static [Self] = &[
        Self::Id,
        Self::Name,
        Self::Aliases,
        Self::Address,
        Self::District,
        Self::Adcode,
        Self::Lon,
        Self::Lat,
        Self::Coordinates,
        Self::Coord,
        Self::Host,
        Self::Audience,
        Self::Status,
        Self::Hours,
        Self::OpensAt,
        Self::ClosesAt,
        Self::HoursText,
        Self::Facilities,
        Self::FacilityDetails,
        Self::FloorAreaM2,
        Self::Seats,
        Self::OpenedOn,
        Self::Operator,
        Self::Phone,
        Self::Photos,
        Self::MapListings,
        Self::Source,
        Self::VerifiedAt,
        Self::Synthetic,
        Self::Original,
        Self::UpdatedAt,
        Self::Revision,
    ];
    /// How many columns there are.
    pub(super) const COUNT: usize = Self::ALL.len();

    /// Our own name of the column.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::Aliases => "aliases",
            Self::Address => "address",
            Self::District => "district",
            Self::Adcode => "adcode",
            Self::Lon => "lon",
            Self::Lat => "lat",
            Self::Coordinates => "coordinates",
            Self::Coord => "coord",
            Self::Host => "host",
            Self::Audience => "audience",
            Self::Status => "status",
            Self::Hours => "hours",
            Self::OpensAt => "opens_at",
            Self::ClosesAt => "closes_at",
            Self::HoursText => "hours_text",
            Self::Facilities => "facilities",
            Self::FacilityDetails => "facility_details",
            Self::FloorAreaM2 => "floor_area_m2",
            Self::Seats => "seats",
            Self::OpenedOn => "opened_on",
            Self::Operator => "operator",
            Self::Phone => "phone",
            Self::Photos => "photos",
            Self::MapListings => "map_listings",
            Self::Source => "source",
            Self::VerifiedAt => "verified_at",
            Self::Synthetic => "synthetic",
            Self::Original => "original",
            Self::UpdatedAt => "updated_at",
            Self::Revision => "revision",
        }
    }

    /// Finds a column by our own name, exactly. Fast, for our own GeoJSON.
    pub(super) fn from_word(name: &str) -> Option<Self> {
        Some(match name {
            "id" => Self::Id,
            "name" => Self::Name,
            "aliases" => Self::Aliases,
            "address" => Self::Address,
            "district" => Self::District,
            "adcode" => Self::Adcode,
            "lon" => Self::Lon,
            "lat" => Self::Lat,
            "coordinates" => Self::Coordinates,
            "coord" => Self::Coord,
            "host" => Self::Host,
            "audience" => Self::Audience,
            "status" => Self::Status,
            "hours" => Self::Hours,
            "opens_at" => Self::OpensAt,
            "closes_at" => Self::ClosesAt,
            "hours_text" => Self::HoursText,
            "facilities" => Self::Facilities,
            "facility_details" => Self::FacilityDetails,
            "floor_area_m2" => Self::FloorAreaM2,
            "seats" => Self::Seats,
            "opened_on" => Self::OpenedOn,
            "operator" => Self::Operator,
            "phone" => Self::Phone,
            "photos" => Self::Photos,
            "map_listings" => Self::MapListings,
            "source" => Self::Source,
            "verified_at" => Self::VerifiedAt,
            "synthetic" => Self::Synthetic,
            "original" => Self::Original,
            "updated_at" => Self::UpdatedAt,
            "revision" => Self::Revision,
            _ => return None,
        })
    }

    /// The field of a station that the column states; `None` for what identifies a row or describes another column.
    pub(super) const fn field(self) -> Option<Field> {
        Some(match self {
            Self::Name => Field::Name,
            Self::Aliases => Field::Aliases,
            Self::Address => Field::Address,
            Self::District => Field::District,
            Self::Adcode => Field::Adcode,
            Self::Lon | Self::Lat | Self::Coordinates => Field::Location,
            Self::Host => Field::Host,
            Self::Audience => Field::Audience,
            Self::Status => Field::Status,
            Self::Hours | Self::OpensAt | Self::ClosesAt | Self::HoursText => Field::Hours,
            Self::Facilities => Field::Facilities,
            Self::FloorAreaM2 => Field::FloorAreaM2,
            Self::Seats => Field::Seats,
            Self::OpenedOn => Field::OpenedOn,
            Self::Operator => Field::Operator,
            Self::Phone => Field::Phone,
            Self::Photos => Field::Photos,
            Self::MapListings => Field::MapListings,
            Self::Source => Field::Source,
            Self::VerifiedAt => Field::VerifiedAt,
            Self::Synthetic => Field::Synthetic,
            Self::Id
            | Self::Coord
            | Self::FacilityDetails
            | Self::Original
            | Self::UpdatedAt
            | Self::Revision => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_its_place_and_its_own_word() {
        for (position, column) in Column::ALL.iter().enumerate() {
            assert_eq!(*column as usize, position, "{column:?}");
            assert_eq!(Column::from_word(column.word()), Some(*column));
        }
        assert_eq!(Column::from_word("amenity"), None);
    }
}
