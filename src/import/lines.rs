//! JSON lines: one object or one GeoJSON feature a line.

use super::blocks::{Cut, Cutter, PIECE_BYTES, Piece, line_ends};
use super::columns::Column;
use super::encoding::utf8;
use super::error::ImportError;
use super::geojson::{bad_feature, note_geometry, point};
use super::item::Item;
use super::parsed::Parsed;
use super::problem::Severity;
use super::properties::{Properties, place_of};
use super::record::{Checker, Context, RawRecord};
use super::stated::Checked;

/// Cuts a text at line ends.
#[derive(Debug)]
pub(super) struct LineCutter {
    line: u64,
}

impl LineCutter {
    pub(super) const fn new() -> Self {
        Self { line: 1 }
    }
}

impl Cutter for LineCutter {
    fn cut(&mut self, block: &[u8], at_end: bool) -> Result<Cut, ImportError> {
        let last_end = block
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let consumed = if at_end { block.len() } else { last_end };
        let mut pieces = Vec::new();
        let mut start = 0;
        while start < consumed {
            let wanted = (start + PIECE_BYTES).min(consumed);
            let rest = block.get(wanted..consumed).unwrap_or_default();
            let end = rest
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(consumed, |at| wanted + at + 1);
            pieces.push(Piece {
                bytes: start..end,
                line: self.line,
                first_row: 0,
                rows: Vec::new(),
            });
            self.line += line_ends(block.get(start..end).unwrap_or_default());
            start = end;
        }
        Ok(Cut {
            pieces,
            consumed,
            line: self.line,
        })
    }
}

/// Parses the lines of one piece.
pub(super) fn parse_piece(
    context: Context<'_>,
    (block, piece): (&[u8], &Piece),
) -> Result<Parsed, ImportError> {
    let bytes = block.get(piece.bytes.clone()).unwrap_or_default();
    let text = utf8(bytes, piece.line, context.path)?;
    let mut checker = Checker::new(context, context.no_columns);
    let mut parsed = Parsed::default();
    for (line, text) in (piece.line..).zip(text.split('\n')) {
        // A record separator may stand before each value (RFC 8142).
        let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{1e}' | '\u{feff}'));
        if text.is_empty() {
            continue;
        }
        parsed.rows += 1;
        checker.row = line;
        match serde_json::from_str::<Item<'_>>(text) {
            Ok(item) => {
                let row = check(&mut checker, &mut parsed, line, item);
                parsed.push(line, row);
            }
            Err(error) => checker.note(Severity::Error, None, bad_feature(&error, line)),
        }
    }
    parsed.take_from(checker);
    Ok(parsed)
}

fn check(checker: &mut Checker<'_>, parsed: &mut Parsed, line: u64, item: Item<'_>) -> Checked {
    let Item::Object(members) = item else {
        let fault = super::fields::fault(
            "not_an_object",
            &item.shown(),
            ("is no object", "a JSON object or a GeoJSON feature"),
            ("不是对象", "JSON 对象或 GeoJSON 要素"),
        );
        checker.note(Severity::Error, None, fault);
        return Checked::Rejected;
    };
    let mut record = RawRecord::default();
    let is_feature = members
        .iter()
        .any(|(name, value)| name == "type" && value.as_text() == Some("Feature"));
    if !is_feature {
        put(members, checker, parsed, &mut record);
        place_of(&mut record);
        return checker.check(line, &mut record);
    }
    let (mut id, mut geometry) = (Item::Null, Item::Null);
    for (name, value) in members {
        match (name.as_ref(), value) {
            ("id", value) => id = value,
            ("geometry", value) => geometry = value,
            ("properties", Item::Object(properties)) => put(properties, checker, parsed, &mut record),
            _ => {}
        }
    }
    if !id.is_blank() {
        record.set(Column::Id, id);
    }
    if let Some((lon, lat)) = point(&geometry) {
        record.set(Column::Lon, lon);
        record.set(Column::Lat, lat);
    } else if geometry != Item::Null {
        note_geometry(checker, &geometry);
        return Checked::Rejected;
    }
    checker.check(line, &mut record)
}

fn put<'a>(
    members: Vec<(std::borrow::Cow<'a, str>, Item<'a>)>,
    checker: &Checker<'_>,
    parsed: &mut Parsed,
    record: &mut RawRecord<'a>,
) {
    let mut properties = Properties::new(record, &mut parsed.ignored, checker.context.mapping);
    for (name, value) in members {
        match properties.meaning(&name) {
            Some(meaning) => properties.set(name, meaning, value),
            None => properties.ignore(name),
        }
    }
}

/// Whether a text is JSON lines: the first object ends and another one starts behind it.
pub(super) fn looks_like_lines(block: &[u8]) -> bool {
    let is_mark = |byte: &&u8| byte.is_ascii_whitespace() || matches!(byte, 0x1e | 0xef | 0xbb | 0xbf);
    let start = block.iter().take_while(is_mark).count();
    if block.get(start) != Some(&b'{') {
        return false;
    }
    let Some(end) = super::collection::element_end(block, start) else {
        return false;
    };
    let rest = block.get(end..).unwrap_or_default();
    let blank = rest.iter().take_while(is_mark).count();
    blank > 0 && rest.get(blank) == Some(&b'{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_lines_are_told_from_a_collection() {
        assert!(looks_like_lines(b"{\"a\":1}\n{\"a\":2}\n"));
        assert!(looks_like_lines(b"\xef\xbb\xbf{\"a\":\"}\"}\r\n\x1e{"));
        for text in ["", "{", "{\"a\":1}", "{\"a\":1}\n", "[{}]", "{},{}", "{}x"] {
            assert!(!looks_like_lines(text.as_bytes()), "{text}");
        }
    }
}
