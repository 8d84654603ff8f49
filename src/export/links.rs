//! Links that open a station in map apps, each with the axis order and the datum that the app expects.
//!
//! | link | order | datum | form |
//! | --- | --- | --- | --- |
//! | `amap` | lon,lat | GCJ-02 | Amap's URI API, marker with `coordinate=gaode` |
//! | `baidu` | lat,lng | BD-09 | Baidu's URI API, marker with `coord_type=bd09ll` |
//! | `tencent` | lat,lng | GCJ-02 | Tencent's URI API, marker |
//! | `geo` | lat,lon | WGS-84 | RFC 5870, with the label that Android understands |

/// A coordinate as text, six decimals.
#[derive(Debug, Clone, Copy)]
pub struct CoordinateText<'a> {
    /// Longitude in degrees.
    pub lon: &'a str,
    /// Latitude in degrees.
    pub lat: &'a str,
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
    for text in [
        r#""links":{"amap":"https://uri.amap.com/marker?position="#,
        gcj02.lon,
        ",",
        gcj02.lat,
        "&name=",
        name,
        r#"&coordinate=gaode&src=yizhan&callnative=1","baidu":"https://api.map.baidu.com/marker?location="#,
        bd09.lat,
        ",",
        bd09.lon,
        "&title=",
        name,
        "&content=",
        name,
        r#"&coord_type=bd09ll&output=html&src=yizhan","tencent":"https://apis.map.qq.com/uri/v1/marker?marker=coord:"#,
        gcj02.lat,
        ",",
        gcj02.lon,
        ";title:",
        name,
        r#"&referer=yizhan","geo":"geo:"#,
        wgs84.lat,
        ",",
        wgs84.lon,
        "?q=",
        wgs84.lat,
        ",",
        wgs84.lon,
        "(",
        name,
        r#")"}"#,
    ] {
        out.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_app_gets_its_own_order_and_datum() {
        let mut out = String::from("{");
        let at = |lon, lat| CoordinateText { lon, lat };
        let (wgs84, gcj02, bd09) = (at("1.1", "2.1"), at("1.2", "2.2"), at("1.3", "2.3"));
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
        assert!(link("amap").contains("position=1.2,2.2&name=%E9%A9%BF&coordinate=gaode"));
        assert!(
            link("baidu").contains("location=2.3,1.3&title=%E9%A9%BF")
                && link("baidu").contains("coord_type=bd09ll")
        );
        assert!(link("tencent").contains("marker=coord:2.2,1.2;title:%E9%A9%BF"));
        assert_eq!(link("geo"), "geo:2.1,1.1?q=2.1,1.1(%E9%A9%BF)");
    }
}
