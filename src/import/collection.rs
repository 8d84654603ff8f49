//! Finds the features of a GeoJSON document as byte ranges while it streams by, and checks what is around them.

use core::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::MAX_RECORD_BYTES;
use super::blocks::{Cut, Cutter, PIECE_BYTES, Piece, line_ends};
use super::encoding::utf8;
use super::error::ImportError;
use super::item::Item;

/// Cuts a `FeatureCollection`, or an array of features, into pieces of whole features.
///
/// What is outside of `features` (the envelope) is kept and parsed at the end, so that a document that goes wrong behind
/// its features is refused as a whole.
#[derive(Debug)]
pub(super) struct CollectionCutter {
    path: PathBuf,
    stage: Stage,
    /// Everything before and after the elements of `features`.
    envelope: Vec<u8>,
    /// The line of the `[` and of the `]` around the features.
    head_line: u64,
    tail_line: u64,
    /// The line on which the block at hand starts.
    line: u64,
    features: u64,
    expects: Expects,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Stage {
    Head,
    Features,
    Tail,
}

/// What may come next between features.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Expects {
    FirstFeature,
    Comma,
    Feature,
}

/// What is left of a document without its features.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(rename = "type", borrow)]
    kind: Option<Item<'a>>,
    #[serde(borrow)]
    features: Option<Item<'a>>,
}

impl CollectionCutter {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            stage: Stage::Head,
            envelope: Vec::new(),
            head_line: 1,
            tail_line: 1,
            line: 1,
            features: 0,
            expects: Expects::FirstFeature,
        }
    }

    /// What is outside of the features, once all of the document went through.
    pub(super) fn envelope(&self) -> &[u8] {
        &self.envelope
    }

    fn refuse(&self, block: &[u8], position: usize, reason: impl Into<String>) -> ImportError {
        let before = block.get(..position).unwrap_or(block);
        let line_start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |newline| newline + 1);
        ImportError::NotGeoJson {
            path: self.path.clone(),
            line: self.line + line_ends(before),
            column: (before.len() - line_start + 1) as u64,
            reason: reason.into(),
        }
    }

    /// Looks for the `[` of `features`. `None`: not in this block yet.
    fn head(&mut self, block: &[u8], at_end: bool) -> Result<Option<usize>, ImportError> {
        let start = if block.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let first = start
            + block
                .iter()
                .skip(start)
                .take_while(|byte| byte.is_ascii_whitespace())
                .count();
        let bracket = match block.get(first) {
            Some(b'[') => Some(first),
            Some(b'{') => features_bracket(block, first),
            Some(_) => {
                return Err(self.refuse(
                    block,
                    first,
                    "expected `{` or `[` at the start of a JSON document",
                ));
            }
            None if at_end => {
                return Err(ImportError::Empty {
                    path: self.path.clone(),
                });
            }
            None => return Ok(None),
        };
        let Some(bracket) = bracket else {
            if at_end || block.len() > MAX_RECORD_BYTES {
                self.envelope = block.get(start..).unwrap_or_default().to_vec();
                self.check_envelope()?;
                return Err(self.refuse(
                    block,
                    first,
                    "expected a FeatureCollection with a `features` array",
                ));
            }
            return Ok(None);
        };
        self.envelope = block.get(start..=bracket).unwrap_or_default().to_vec();
        self.head_line = 1 + line_ends(&self.envelope);
        self.stage = Stage::Features;
        Ok(Some(bracket + 1))
    }

    /// Collects whole features from `start` on. Gives the pieces and how far they reach.
    fn features(
        &mut self,
        block: &[u8],
        start: usize,
        at_end: bool,
    ) -> Result<(Vec<Piece>, usize), ImportError> {
        let line = self.line + line_ends(block.get(..start).unwrap_or_default());
        let mut pieces = Pieces {
            block,
            done: Vec::new(),
            rows: Vec::new(),
            start,
            line,
            first_row: self.features + 1,
        };
        let mut position = start;
        loop {
            position += block
                .iter()
                .skip(position)
                .take_while(|byte| byte.is_ascii_whitespace())
                .count();
            match (block.get(position), self.expects) {
                (None, _) => break,
                (Some(b']'), Expects::Comma | Expects::FirstFeature) => {
                    position += 1;
                    self.stage = Stage::Tail;
                    break;
                }
                (Some(b','), Expects::Comma) => {
                    self.expects = Expects::Feature;
                    position += 1;
                }
                (Some(_), Expects::Comma) => {
                    return Err(self.refuse(
                        block,
                        position,
                        format!("expected `,` or `]` after feature {}", self.features),
                    ));
                }
                (Some(b']' | b',' | b'}' | b':'), _) => {
                    return Err(self.refuse(
                        block,
                        position,
                        format!("expected feature {}", self.features + 1),
                    ));
                }
                (Some(_), Expects::FirstFeature | Expects::Feature) => {
                    let Some(end) = element_end(block, position) else {
                        break;
                    };
                    pieces.push(position..end);
                    position = end;
                    self.features += 1;
                    self.expects = Expects::Comma;
                }
            }
        }
        self.refuse_early_end(block, at_end)?;
        let pieces = pieces.finish(position);
        Ok((pieces, position))
    }

    fn refuse_early_end(&self, block: &[u8], at_end: bool) -> Result<(), ImportError> {
        if self.stage == Stage::Features && at_end {
            let reason = format!(
                "the document ends in feature {}; expected the rest of it",
                self.features + 1
            );
            return Err(self.refuse(block, block.len(), reason));
        }
        Ok(())
    }

    fn check_envelope(&self) -> Result<(), ImportError> {
        let refuse = |line, column, reason| ImportError::NotGeoJson {
            path: self.path.clone(),
            line,
            column,
            reason,
        };
        let text = utf8(&self.envelope, 1, &self.path)?;
        if text.trim_start().starts_with('[') {
            let _elements: Vec<Item<'_>> = serde_json::from_str(text).map_err(|error| {
                refuse(
                    self.line_of(error.line() as u64),
                    error.column() as u64,
                    format!("{error}; expected the end of the document"),
                )
            })?;
            return Ok(());
        }
        let envelope: Envelope<'_> = serde_json::from_str(text).map_err(|error| {
            refuse(
                self.line_of(error.line() as u64),
                error.column() as u64,
                format!("{error}; expected valid JSON"),
            )
        })?;
        let kind = envelope.kind.unwrap_or_default();
        if kind.as_text() != Some("FeatureCollection") || envelope.features.is_none() {
            return Err(refuse(
                1,
                1,
                format!(
                    "`type` is `{}`; expected `FeatureCollection` with a `features` array",
                    kind.shown()
                ),
            ));
        }
        Ok(())
    }

    /// The line of the file for a line of the envelope.
    const fn line_of(&self, envelope_line: u64) -> u64 {
        if envelope_line <= self.head_line {
            envelope_line
        } else {
            envelope_line + self.tail_line.saturating_sub(self.head_line)
        }
    }
}

impl Cutter for CollectionCutter {
    fn cut(&mut self, block: &[u8], at_end: bool) -> Result<Cut, ImportError> {
        let (mut pieces, mut consumed) = (Vec::new(), 0);
        if self.stage == Stage::Head {
            match self.head(block, at_end)? {
                Some(start) => consumed = start,
                None => {
                    return Ok(Cut {
                        pieces,
                        consumed: 0,
                        line: 1,
                    });
                }
            }
        }
        if self.stage == Stage::Features {
            (pieces, consumed) = self.features(block, consumed, at_end)?;
            self.line += line_ends(block.get(..consumed).unwrap_or_default());
            self.tail_line = self.line;
            if self.stage == Stage::Tail {
                self.envelope.push(b']');
            }
        }
        if self.stage == Stage::Tail {
            self.envelope
                .extend_from_slice(block.get(consumed..).unwrap_or_default());
            consumed = block.len();
            if self.envelope.len() > 2 * MAX_RECORD_BYTES {
                return Err(ImportError::RecordTooLong {
                    path: self.path.clone(),
                    line: self.tail_line,
                });
            }
            if at_end {
                self.check_envelope()?;
            }
        }
        Ok(Cut {
            pieces,
            consumed,
            line: self.line,
        })
    }
}

/// Groups features into pieces of about [`PIECE_BYTES`].
struct Pieces<'b> {
    block: &'b [u8],
    done: Vec<Piece>,
    rows: Vec<Range<usize>>,
    start: usize,
    line: u64,
    first_row: u64,
}

impl Pieces<'_> {
    fn push(&mut self, feature: Range<usize>) {
        let end = feature.end;
        self.rows.push(feature);
        if end - self.start >= PIECE_BYTES {
            self.close(end);
        }
    }

    fn close(&mut self, end: usize) {
        let rows = core::mem::take(&mut self.rows);
        let count = rows.len() as u64;
        self.done.push(Piece {
            bytes: self.start..end,
            line: self.line,
            first_row: self.first_row,
            rows,
        });
        self.line += line_ends(self.block.get(self.start..end).unwrap_or_default());
        self.first_row += count;
        self.start = end;
    }

    fn finish(mut self, end: usize) -> Vec<Piece> {
        if !self.rows.is_empty() {
            self.close(end);
        }
        self.done
    }
}

/// The position of the `[` that follows the name `features` in the outermost object that starts at `start`.
fn features_bracket(block: &[u8], start: usize) -> Option<usize> {
    let (mut depth, mut position, mut last_text) = (0_usize, start, 0..0);
    loop {
        match block.get(position)? {
            b'"' => {
                let end = text_end(block, position)?;
                last_text = position..end;
                position = end;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1).filter(|depth| *depth > 0)?,
            b':' if depth == 1 && block.get(last_text.clone()) == Some(b"\"features\"".as_slice()) => {
                let blank = block
                    .iter()
                    .skip(position + 1)
                    .take_while(|byte| byte.is_ascii_whitespace())
                    .count();
                let value = position + 1 + blank;
                if *block.get(value)? == b'[' {
                    return Some(value);
                }
            }
            _ => {}
        }
        position += 1;
    }
}

/// The end of the JSON value that starts at `start`, by brackets and quotes alone; `None` when it is not all there.
pub(super) fn element_end(block: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut position = start;
    loop {
        match block.get(position)? {
            b'"' => {
                position = text_end(block, position)?;
                if depth == 0 {
                    return Some(position);
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return Some(if depth == 0 { position } else { position + 1 }),
            b'}' | b']' => depth -= 1,
            b',' | b' ' | b'\n' | b'\r' | b'\t' if depth == 0 => return Some(position),
            _ => {}
        }
        position += 1;
    }
}

/// The position behind the closing quote of the text that starts at `start`.
fn text_end(block: &[u8], start: usize) -> Option<usize> {
    let mut position = start + 1;
    loop {
        let stop = block
            .get(position..)?
            .iter()
            .position(|byte| matches!(byte, b'"' | b'\\'))?;
        position += stop;
        if *block.get(position)? == b'"' {
            return Some(position + 1);
        }
        position += 2;
    }
}
