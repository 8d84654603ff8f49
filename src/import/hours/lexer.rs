//! Cuts a text about opening hours into tokens. Each character is looked at a bounded number of times.

use super::clock;
use super::token::{Lexeme, Token};
use super::words;

/// Days of the week from Monday, as they stand behind 周; 天 is another name of Sunday.
const DAYS: [char; 7] = ['一', '二', '三', '四', '五', '六', '日'];
/// The same in Japan.
const JAPANESE_DAYS: [char; 7] = ['月', '火', '水', '木', '金', '土', '日'];
/// What makes a numeral something else than a day.
const NOT_A_DAY: &[char] = &[
    '点', '时', '月', '号', '分', '刻', '十', '年', '楼', '层', '出', '落', '期', '曜', '祝', '个',
];
/// The longest name behind 联系人.
const MAX_NAME_CHARS: usize = 6;

/// The longest telephone number, with its dashes.
const MAX_PHONE_CHARS: usize = 24;

/// The tokens of a plain text.
pub(super) fn lex(text: &[char]) -> Vec<Lexeme> {
    let mut lexer = Lexer {
        text,
        at: 0,
        out: Vec::new(),
    };
    while lexer.at < text.len() {
        let (token, length) = lexer.token();
        let start = lexer.at;
        lexer.at += length.max(1);
        lexer.out.push(Lexeme {
            token,
            start,
            end: lexer.at,
        });
    }
    lexer.out
}

struct Lexer<'t> {
    text: &'t [char],
    at: usize,
    out: Vec<Lexeme>,
}

impl Lexer<'_> {
    fn rest(&self) -> &[char] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn last(&self) -> Option<Token> {
        self.out.last().map(|lexeme| lexeme.token)
    }

    fn token(&self) -> (Token, usize) {
        let rest = self.rest();
        if rest.first() == Some(&' ') {
            return (Token::Filler, 1);
        }
        let contact = contact(rest)
            .or_else(|| phone_number(rest))
            .map(|length| (Token::Filler, length));
        contact
            .or_else(|| self.guessed_dash())
            .or_else(|| self.days())
            .or_else(|| self.bare_days())
            .or_else(|| words::word_at(rest))
            .or_else(|| clock::date_at(rest))
            .or_else(|| {
                words::english_day(rest).map(|(mask, length)| (Token::Days { mask, sure: true }, length))
            })
            .or_else(|| clock::clock_at(rest, self.follows_period()))
            .unwrap_or((Token::Unread, 1))
    }

    fn follows_period(&self) -> bool {
        matches!(self.last(), Some(Token::Period(_)))
    }

    /// The numeral one between two times or two days, typed for a dash.
    fn guessed_dash(&self) -> Option<(Token, usize)> {
        let [one, next, ..] = self.rest() else { return None };
        let beside_days = *next == '周' || *next == '星';
        let fits = match self.last()? {
            Token::Clock(_) => next.is_ascii_digit(),
            Token::Days { .. } => beside_days,
            _ => false,
        };
        (*one == '一' && fits).then_some((Token::Dash { guessed: true }, 1))
    }

    /// 周一, 周一三五, 周六日, 月曜日; behind 周一 and a dash or comma also a day alone.
    fn days(&self) -> Option<(Token, usize)> {
        let rest = self.rest();
        let prefix = match rest {
            ['周', day, '曜', after @ ..] => {
                let mask = mask_of(*day, &JAPANESE_DAYS)?;
                return Some((
                    Token::Days { mask, sure: true },
                    3 + usize::from(after.first() == Some(&'日')),
                ));
            }
            ['周', ..] => 1,
            ['星', '期', ..] | ['礼', '拜', ..] => 2,
            [day, '曜', after @ ..] => {
                let mask = mask_of(*day, &JAPANESE_DAYS)?;
                return Some((
                    Token::Days { mask, sure: true },
                    2 + usize::from(after.first() == Some(&'日')),
                ));
            }
            _ if self.continues_days() => 0,
            _ => return None,
        };
        let mut mask = self.day_at(prefix)?;
        let mut length = prefix + 1;
        while let Some(next) = self.day_at(length)
            && !self.is_dash_for_days(length)
        {
            if mask & next != 0 {
                return None;
            }
            mask |= next;
            length += 1;
        }
        Some((Token::Days { mask, sure: true }, length))
    }

    fn is_dash_for_days(&self, at: usize) -> bool {
        let rest = self.rest();
        rest.get(at) == Some(&'一') && matches!(rest.get(at + 1), Some('周' | '星' | '礼'))
    }

    fn continues_days(&self) -> bool {
        match self.out.as_slice() {
            [.., days, link] => {
                matches!(days.token, Token::Days { .. })
                    && matches!(link.token, Token::Dash { .. } | Token::Comma | Token::And)
            }
            _ => false,
        }
    }

    /// The bit of the day whose sign stands at an offset, if nothing behind it makes it something else.
    fn day_at(&self, offset: usize) -> Option<u8> {
        let rest = self.rest();
        let sign = *rest.get(offset)?;
        let next = rest.get(offset + 1);
        if sign.is_ascii_digit() {
            let number = sign.to_digit(10).filter(|number| (1..=7).contains(number))?;
            let goes_on =
                next.is_some_and(|next| next.is_ascii_digit() || matches!(next, ':' | '.' | 'a' | 'p'));
            let is_other = goes_on || next.is_some_and(|next| NOT_A_DAY.contains(next));
            return (!is_other).then_some(1 << (number - 1));
        }
        let is_other = next.is_some_and(|next| NOT_A_DAY.contains(next));
        mask_of(if sign == '天' { '日' } else { sign }, &DAYS).filter(|_| !is_other)
    }

    /// `三-日`, `一至五`, `一,三,五`, `月-金`: days whose 周 is left out, only in a range or a list.
    fn bare_days(&self) -> Option<(Token, usize)> {
        if matches!(
            self.last(),
            Some(Token::Clock(_) | Token::Dash { .. } | Token::Date(_) | Token::Unread)
        ) {
            return None;
        }
        let rest = self.rest();
        for names in [&DAYS, &JAPANESE_DAYS] {
            let [first, link, last, after @ ..] = rest else {
                return None;
            };
            let (Some(from), Some(to)) = (mask_of(*first, names), mask_of(*last, names)) else {
                continue;
            };
            let is_other = after.first().is_some_and(|next| NOT_A_DAY.contains(next)) || from == to;
            if is_other {
                continue;
            }
            if matches!(link, '-' | '至' | '到') {
                return Some((
                    Token::Days {
                        mask: range(from, to),
                        sure: false,
                    },
                    3,
                ));
            }
            if let (',', Some(mask_and_length)) = (*link, list(rest, names)) {
                let (mask, length) = mask_and_length;
                return Some((Token::Days { mask, sure: false }, length));
            }
        }
        None
    }
}

fn mask_of(sign: char, names: &[char; 7]) -> Option<u8> {
    names.iter().position(|name| *name == sign).map(|at| 1 << at)
}

/// All days from one to another; over the end of the week when the second comes first. Both are single bits.
pub(super) fn range(from: u8, to: u8) -> u8 {
    let mut mask = from;
    let mut day = from;
    while day != to {
        day = if day == 64 { 1 } else { day << 1 };
        mask |= day;
    }
    mask
}

/// Three or more single days with commas between.
fn list(text: &[char], names: &[char; 7]) -> Option<(u8, usize)> {
    let mut mask = 0;
    let mut length = 0;
    loop {
        mask |= mask_of(*text.get(length)?, names)?;
        length += 1;
        let goes_on = text.get(length) == Some(&',')
            && text
                .get(length + 1)
                .is_some_and(|sign| mask_of(*sign, names).is_some());
        if !goes_on {
            break;
        }
        length += 1;
    }
    let is_other = text.get(length).is_some_and(|next| NOT_A_DAY.contains(next));
    (mask.count_ones() >= 3 && !is_other).then_some((mask, length))
}

/// 联系人 and a short name.
fn contact(text: &[char]) -> Option<usize> {
    let after = match text {
        ['联', '系', '人', ':', ..] => 4,
        ['联', '系', '人', ..] => 3,
        _ => return None,
    };
    let name = text.iter().skip(after).take(MAX_NAME_CHARS);
    Some(after + name.take_while(|c| c.is_alphabetic()).count())
}

/// A run of digits and dashes that is too long for times: a telephone number.
fn phone_number(text: &[char]) -> Option<usize> {
    text.first().filter(|c| c.is_ascii_digit())?;
    let run = text
        .iter()
        .take(MAX_PHONE_CHARS)
        .take_while(|c| c.is_ascii_digit() || **c == '-')
        .count();
    let signs: String = text.iter().take(run).collect();
    let signs = signs.trim_end_matches('-');
    let digits = signs.bytes().filter(u8::is_ascii_digit).count();
    let longest = signs.split('-').map(str::len).max().unwrap_or(0);
    let first = signs.split('-').next().unwrap_or_default();
    let has_area = first.len() >= 3 && ["0", "400", "800"].iter().any(|start| first.starts_with(start));
    let is_time = text.get(signs.len()) == Some(&':');
    let is_number = longest >= 7 || (has_area && digits >= 10);
    (is_number && !is_time).then_some(signs.len())
}
