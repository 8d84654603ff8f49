//! How a place was found that nobody surveyed: which service looked an address up, and how well it knew it.

use super::words::vocabulary;

vocabulary! {
    /// A service that finds places by their addresses.
    GeocodeProvider, "geocoding service" {
        Amap = "amap", "高德", "Amap";
        Tianditu = "tianditu", "天地图", "Tianditu";
        Nominatim = "nominatim", "Nominatim 服务", "Nominatim";
    }
}

vocabulary! {
    /// How well a service knows the place of an address.
    GeocodePrecision, "precision of a place" {
        Address = "address", "门牌或地点", "house number or named place";
        Street = "street", "道路", "street";
        Area = "area", "区域", "area only";
    }
}

/// Where the place of a station comes from, when it was looked up by its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geocoded {
    /// Who found it.
    pub provider: GeocodeProvider,
    /// How well; never [`GeocodePrecision::Area`], which is no place of a station.
    pub precision: GeocodePrecision,
}
