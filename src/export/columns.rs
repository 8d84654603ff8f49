//! Tables in plain text, aligned by the width that characters take on a screen.

/// How a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Columns of a terminal that a text takes: two for a Chinese character, a full-width sign or an emoji, none for a mark
/// that combines with the character before it.
pub fn width(text: &str) -> usize {
    text.chars().map(width_of).sum()
}

const fn width_of(character: char) -> usize {
    match character as u32 {
        0x0300..=0x036F | 0x200B..=0x200F | 0x20D0..=0x20FF | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F
        | 0x2E80..=0x303E
        | 0x3041..=0xA4CF
        | 0xA960..=0xA97F
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF01..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1F64F
        | 0x1F900..=0x1F9FF
        | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

/// Appends rows with two blanks between columns. Nothing is padded at the end of a line; cells beyond the columns that
/// have an alignment are left out.
pub fn push_table(out: &mut String, alignments: &[Align], rows: &[Vec<String>]) {
    let widths: Vec<usize> = (0..alignments.len())
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| width(cell)).max().unwrap_or(0)
        })
        .collect();
    for row in rows {
        let mut line = String::new();
        for ((cell, align), widest) in row.iter().zip(alignments).zip(&widths) {
            if !line.is_empty() {
                line.push_str("  ");
            }
            let blanks = " ".repeat(widest.saturating_sub(width(cell)));
            let (before, after) = match align {
                Align::Left => ("", blanks.as_str()),
                Align::Right => (blanks.as_str(), ""),
            };
            line.extend([before, cell, after]);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_characters_take_two_columns() {
        assert_eq!(width("吉阳区 a1"), 9);
        assert_eq!(width("（一）"), 6);
        assert_eq!((width(""), width("e\u{301}"), width("—")), (0, 1, 1));
    }

    #[test]
    fn columns_stand_below_each_other_whatever_the_script() {
        let rows =
            [["区县", "站点", "a"], ["No district", "7", ""]].map(|row| row.map(str::to_owned).to_vec());
        let mut out = String::new();
        push_table(&mut out, &[Align::Left, Align::Right, Align::Left], &rows);
        assert_eq!(out, "区县         站点  a\nNo district     7\n");
    }
}
