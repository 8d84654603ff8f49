//! Links that open a station in map apps, each with the axis order and the datum that the app expects.
//!
//! | link | order | datum | form |
//! | --- | --- | --- | --- |
//! | `amap` | lon,lat | GCJ-02 | Amap's URI API, marker with `coordinate=gaode` |
//! | `baidu` | lat,lng | BD-09 | Baidu's URI API, marker with `coord_type=bd09ll` |
//! | `tencent` | lat,lng | GCJ-02 | Tencent's URI API, marker |
//! | `geo` | lat,lon | WGS-84 | RFC 5870, with the label that Android understands |

/// A coordinate as text, six decimals: longitude, latitude and longitude again, so that both orders stand in it.
#[derive(Debug, Clone, Copy)]
pub struct CoordinateText<'a> {
    triple: &'a str,
    lon_len: usize,
}

impl<'a> CoordinateText<'a> {
    /// The coordinate in a text such as `109.500000,18.250000,109.500000`.
    #[inline]
    pub fn of_triple(triple: &'a str) -> Self {
        let lon_len = triple.bytes().position(|byte| byte == b',').unwrap_or(0);
        Self { triple, lon_len }
    }

    /// Longitude, a comma, latitude.
    #[inline]
    pub fn lon_lat(&self) -> &'a str {
        let end = self.triple.len().saturating_sub(self.lon_len + 1);
        self.triple.get(..end).unwrap_or_default()
    }

    /// Latitude, a comma, longitude.
    #[inline]
    pub fn lat_lon(&self) -> &'a str {
        self.triple.get(self.lon_len + 1..).unwrap_or_default()
    }

    /// Longitude in degrees.
    pub fn lon(&self) -> &'a str {
        self.triple.get(..self.lon_len).unwrap_or_default()
    }

    /// Latitude in degrees.
    pub fn lat(&self) -> &'a str {
        self.lon_lat().get(self.lon_len + 1..).unwrap_or_default()
    }
}

/// What the links are made of.
#[derive(Debug, Clone, Copy)]
pub struct LinkParts<'a> {
    /// In WGS-84.
    pub wgs84: CoordinateText<'a>,
    /// In GCJ-02.
    pub gcj02: CoordinateText<'a>,
    /// In BD-09.
    pub bd09: CoordinateText<'a>,
    /// The station's name, percent-encoded.
    pub name: &'a str,
}

/// Appends the property `links`, without a comma. Percent-encoding leaves nothing that JSON would have to escape.
pub fn push(out: &mut String, parts: &LinkParts<'_>) {
    let LinkParts {
        wgs84,
        gcj02,
        bd09,
        name,
    } = parts;
    // One after the other and not in a loop: a piece of known length is copied by a few instructions.
    out.push_str(r#""links":{"amap":"https://uri.amap.com/marker?position="#);
    out.push_str(gcj02.lon_lat());
    out.push_str("&name=");
    out.push_str(name);
    out.push_str(
        r#"&coordinate=gaode&src=yizhan&callnative=1","baidu":"https://api.map.baidu.com/marker?location="#,
    );
    out.push_str(bd09.lat_lon());
    out.push_str("&title=");
    out.push_str(name);
    out.push_str("&content=");
    out.push_str(name);
    out.push_str(
        r#"&coord_type=bd09ll&output=html&src=yizhan","tencent":"https://apis.map.qq.com/uri/v1/marker?marker=coord:"#,
    );
    out.push_str(gcj02.lat_lon());
    out.push_str(";title:");
    out.push_str(name);
    out.push_str(r#"&referer=yizhan","geo":"geo:"#);
    out.push_str(wgs84.lat_lon());
    out.push_str("?q=");
    out.push_str(wgs84.lat_lon());
    out.push('(');
    out.push_str(name);
    out.push_str(r#")"}"#);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_app_gets_its_own_order_and_datum() {
        let mut out = String::from("{");
        let [wgs84, gcj02, bd09] =
            ["1.1,2.10,1.1", "1.2,2.20,1.2", "1.3,2.30,1.3"].map(CoordinateText::of_triple);
        assert_eq!(
            (wgs84.lon(), wgs84.lat(), wgs84.lon_lat()),
            ("1.1", "2.10", "1.1,2.10")
        );
        push(
            &mut out,
            &LinkParts {
                wgs84,
                gcj02,
                bd09,
                name: "%E9%A9%BF",
            },
        );
        out.push('}');
        let links: serde_json::Value = serde_json::from_str(&out).unwrap();
        let link = |app: &str| links["links"][app].as_str().unwrap().to_owned();
        assert!(link("amap").contains("position=1.2,2.20&name=%E9%A9%BF&coordinate=gaode"));
        assert!(
            link("baidu").contains("location=2.30,1.3&title=%E9%A9%BF")
                && link("baidu").contains("coord_type=bd09ll")
        );
        assert!(link("tencent").contains("marker=coord:2.20,1.2;title:%E9%A9%BF"));
        assert_eq!(link("geo"), "geo:2.10,1.1?q=2.10,1.1(%E9%A9%BF)");
    }
}
