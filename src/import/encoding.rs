//! Finds the encoding of a text by its content, and turns the text into UTF-8.
//!
//! # How it is found
//! A byte order mark decides. Without one, NUL bytes speak for UTF-16, and valid UTF-8 is UTF-8. What looks like common
//! Chinese in GB18030 is that, as the sheets of a Chinese register are; what is left goes to a detector. A text that then
//! cannot be decoded without a fault is refused, with the beginning of what it would look like.

use std::io::{self, Read};
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use thiserror::Error;

use super::blocks::line_ends;
use super::error::ImportError;
use super::problem::shown;

/// How many bytes the detector looks at.
const SAMPLE_BYTES: usize = 1 << 20;
/// Of a text that is UTF-16 without a mark, at least this share of the characters is of a common kind, percent.
const MIN_COMMON_PERCENT: usize = 90;
/// How much a transcoder reads at a time, bytes.
const CHUNK_BYTES: usize = 64 << 10;

/// The bytes as text, or an error that names the first line that is not UTF-8. `first_line` is the line of the first byte.
pub(super) fn utf8<'b>(bytes: &'b [u8], first_line: u64, path: &Path) -> Result<&'b str, ImportError> {
    core::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line_start = good
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let (text, _, _) = UTF_8.decode(bytes.get(line_start..).unwrap_or_default());
        ImportError::NotText {
            path: path.to_owned(),
            line: first_line + line_ends(good),
            encoding: UTF_8.name(),
            preview: shown(text.lines().next().unwrap_or_default()),
        }
    })
}

/// An encoding and how it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) encoding: &'static Encoding,
    /// The content alone says so, without a byte order mark; a person should look at the result.
    pub(super) is_guessed: bool,
}

impl Found {
    const fn sure(encoding: &'static Encoding) -> Self {
        Self {
            encoding,
            is_guessed: false,
        }
    }

    const fn guessed(encoding: &'static Encoding) -> Self {
        Self {
            encoding,
            is_guessed: true,
        }
    }
}

/// The encoding of a text from its beginning. `is_all` says that nothing comes behind these bytes.
pub(super) fn find(bytes: &[u8], is_all: bool) -> Found {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Found::sure(encoding);
    }
    let sample = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
    if sample.contains(&0) {
        return Found::guessed(utf16_of(sample).unwrap_or(UTF_8));
    }
    match core::str::from_utf8(bytes) {
        Ok(_) => return Found::sure(UTF_8),
        // The bytes may end within a character.
        Err(error) if error.error_len().is_none() && !is_all => return Found::sure(UTF_8),
        Err(error) if looks_like_utf8(bytes, error.valid_up_to()) => return Found::sure(UTF_8),
        Err(_) => {}
    }
    if looks_like_gb18030(sample) {
        return Found::guessed(GB18030);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, is_all && sample.len() == bytes.len());
    let guess = detector.guess(None, Utf8Detection::Deny);
    Found::guessed(if guess == GBK { GB18030 } else { guess })
}

/// Whether nearly all bytes above 0x7f come as GB18030 pairs, most of them in the rows of common Chinese characters.
fn looks_like_gb18030(bytes: &[u8]) -> bool {
    let (mut pairs, mut common, mut stray) = (0_u32, 0_u32, 0_u32);
    let mut rest = bytes.iter().copied();
    while let Some(lead) = rest.next() {
        if lead < 0x80 {
            continue;
        }
        match rest.next() {
            Some(trail)
                if (0x81..=0xfe).contains(&lead) && (0x40..=0xfe).contains(&trail) && trail != 0x7f =>
            {
                pairs += 1;
                // Rows 0xB0 to 0xF7 hold the 6,763 characters of GB 2312; row 0xA1 and 0xA3 its punctuation.
                common += u32::from(
                    ((0xb0..=0xf7).contains(&lead) || matches!(lead, 0xa1 | 0xa3)) && trail >= 0xa1,
                );
            }
            _ => stray += 1,
        }
    }
    pairs > 0 && stray * 20 <= pairs && common * 10 >= pairs * 7
}

/// Whether a text that is not UTF-8 throughout begins so much like it that a broken byte is likelier than another
/// encoding: several characters beyond ASCII before the first bad one.
fn looks_like_utf8(bytes: &[u8], valid_up_to: usize) -> bool {
    let good = bytes.get(..valid_up_to).unwrap_or_default();
    let beyond_ascii =
        core::str::from_utf8(good).map_or(0, |text| text.chars().filter(|c| !c.is_ascii()).count());
    beyond_ascii >= 16
}

/// Which of the two orders of bytes gives text.
fn utf16_of(sample: &[u8]) -> Option<&'static Encoding> {
    let whole = sample.get(..sample.len() & !1).unwrap_or_default();
    let share = |encoding: &'static Encoding| {
        let (text, _) = encoding.decode_without_bom_handling(whole);
        let (all, common) = text.chars().fold((0_usize, 0_usize), |(all, common), c| {
            (all + 1, common + usize::from(is_common(c)))
        });
        common * 100 / all.max(1)
    };
    let (little, big) = (share(UTF_16LE), share(UTF_16BE));
    let best = if big > little { UTF_16BE } else { UTF_16LE };
    (little.max(big) >= MIN_COMMON_PERCENT).then_some(best)
}

/// Characters that tables of registers are made of: printable ASCII, line ends, Latin letters, kana, Han, full-width forms.
const fn is_common(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a0}'..='\u{17f}' | '\u{2010}'..='\u{203b}' | '\u{2100}'..='\u{27bf}'
        | '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ffe5}')
}

/// The first line that shows whether an encoding was found rightly: one with a character beyond ASCII.
pub(super) fn telling_line(text: &str) -> String {
    let line = text.lines().take(1000).find(|line| !line.is_ascii());
    shown(line.unwrap_or_default())
}

/// The encoding of a name such as `GB18030`, `gbk`, `utf-16`, `Big5`; `None` for a name that is not known.
pub(super) fn by_name(name: &str) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(name.trim().as_bytes())?;
    Some(if encoding == GBK { GB18030 } else { encoding })
}

/// The usual name of an encoding.
pub(super) fn name_of(encoding: &'static Encoding) -> &'static str {
    if encoding == GB18030 {
        "GB18030"
    } else {
        encoding.name()
    }
}

/// Reads a text of another encoding as UTF-8, chunk by chunk. A character that cannot be decoded ends it with an error.
pub(super) struct Transcoder<R> {
    input: R,
    decoder: Decoder,
    decoded: Vec<u8>,
    given: usize,
    /// The line on which the next chunk starts.
    line: u64,
    at_end: bool,
}

/// What could not be decoded: the encoding, the line, and the beginning of that line.
#[derive(Debug, Error)]
#[error("line {line} cannot be read as {encoding}: `{preview}`; expected text in one encoding")]
pub(super) struct Undecodable {
    pub(super) encoding: &'static str,
    pub(super) line: u64,
    pub(super) preview: String,
}

impl<R: Read> Transcoder<R> {
    pub(super) fn new(input: R, encoding: &'static Encoding) -> Self {
        Self {
            input,
            decoder: encoding.new_decoder_with_bom_removal(),
            decoded: Vec::new(),
            given: 0,
            line: 1,
            at_end: false,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        let mut chunk = Vec::with_capacity(CHUNK_BYTES);
        let read = (&mut self.input)
            .take(CHUNK_BYTES as u64)
            .read_to_end(&mut chunk)?;
        self.at_end = read < CHUNK_BYTES;
        let most = self.decoder.max_utf8_buffer_length(read).unwrap_or(read * 4);
        self.decoded.clear();
        self.decoded.resize(most, 0);
        let (_, _, written, had_errors) = self
            .decoder
            .decode_to_utf8(&chunk, &mut self.decoded, self.at_end);
        self.decoded.truncate(written);
        self.given = 0;
        if had_errors {
            let text = String::from_utf8_lossy(&self.decoded);
            let broken = (self.line..)
                .zip(text.lines())
                .find(|(_, line)| line.contains('\u{fffd}'));
            let (line, preview) =
                broken.map_or((self.line, String::new()), |(line, text)| (line, shown(text)));
            let encoding = name_of(self.decoder.encoding());
            let reason = Undecodable {
                encoding,
                line,
                preview,
            };
            return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
        }
        self.line += line_ends(&self.decoded);
        Ok(())
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.decoded.len() && !self.at_end {
            self.fill()?;
        }
        let rest = self.decoded.get(self.given..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::BIG5;

    use super::*;

    const TEXT: &str =
        "编号,站点名称,地址,开放时间\n1,河东路工会驿站,三亚市吉阳区河东路一号,周一至周五 8:30-17:30\n";

    fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
        if encoding == UTF_16LE {
            return text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        }
        if encoding == UTF_16BE {
            return text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        }
        encoding.encode(text).0.into_owned()
    }

    fn decoded(bytes: &[u8], encoding: &'static Encoding) -> io::Result<String> {
        let mut text = String::new();
        Transcoder::new(bytes, encoding)
            .read_to_string(&mut text)
            .map(|_| text)
    }

    #[test]
    fn a_chinese_table_is_found_and_read_in_each_encoding() {
        for encoding in [UTF_8, GB18030, UTF_16LE, UTF_16BE] {
            let bytes = encoded(TEXT, encoding);
            let found = find(&bytes, true);
            assert_eq!(found.encoding, encoding);
            assert_eq!(decoded(&bytes, encoding).unwrap(), TEXT, "{}", encoding.name());
        }
    }

    #[test]
    fn a_byte_order_mark_decides_and_is_taken_off() {
        for encoding in [UTF_8, UTF_16LE, UTF_16BE] {
            let bytes = encoded(&format!("\u{feff}{TEXT}"), encoding);
            assert_eq!(find(&bytes, true), Found::sure(encoding));
            assert_eq!(decoded(&bytes, encoding).unwrap(), TEXT);
        }
    }

    #[test]
    fn other_encodings_of_east_asia_are_told_apart() {
        let traditional = "編號,站點名稱,地址,開放時間\n1,愛心驛站,臺北市中正區羅斯福路一段,週一至週五\n";
        assert_eq!(find(&encoded(traditional, BIG5), true).encoding, BIG5);
        let japanese = "番号,名称,住所\n1,高松駅前広場公衆トイレ,香川県高松市浜ノ町１番１９号のとなり\n";
        let shift_jis = encoding_rs::SHIFT_JIS;
        assert_eq!(find(&encoded(japanese, shift_jis), true).encoding, shift_jis);
    }

    #[test]
    fn a_text_that_cannot_be_decoded_is_refused_with_its_line_and_a_preview() {
        let mut bytes = encoded(TEXT, GB18030);
        bytes.extend_from_slice(b"2,\xff\xff,x\n");
        let error = decoded(&bytes, GB18030).unwrap_err().to_string();
        assert!(error.contains("line 3") && error.contains("`2,"), "{error}");
        let mut broken = TEXT.as_bytes().to_vec();
        broken.extend_from_slice(b"2,\xff,x\n");
        assert_eq!(find(&broken, true), Found::sure(UTF_8));
        let error = utf8(&broken, 1, Path::new("t.csv")).unwrap_err().to_string();
        assert!(
            error.contains("line 3") && error.contains("`2,\u{fffd},x`"),
            "{error}"
        );
    }

    #[test]
    fn a_text_that_is_cut_within_a_character_is_still_utf8() {
        let bytes = TEXT.as_bytes();
        let cut = &bytes[..bytes.len() - 40];
        let cut = &cut[..cut.len() - usize::from(core::str::from_utf8(cut).is_ok())];
        assert_eq!(find(&cut[..4], false).encoding, UTF_8);
    }
}
