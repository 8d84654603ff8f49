//! Cuts a text about facilities into words.

use super::words::{Token, word_at};
use crate::import::hours::plain;

/// A word and where it stands in the plain text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lexeme {
    pub(super) token: Token,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The plain text without blanks, where they were, and its words; a blank between Chinese words counts as a comma.
pub(super) fn lex(text: &str) -> (Vec<char>, Vec<bool>, Vec<Lexeme>) {
    let mut signs: Vec<char> = Vec::new();
    let mut breaks: Vec<bool> = Vec::new();
    let mut is_break = false;
    for c in text.trim().chars() {
        let c = match c {
            '、' | '·' | '・' => '、',
            '×' => c,
            _ => plain(c),
        };
        if c.is_whitespace() && c != '\n' {
            is_break = true;
            continue;
        }
        signs.push(c);
        breaks.push(std::mem::take(&mut is_break));
    }
    let mut lexemes: Vec<Lexeme> = Vec::new();
    let mut at = 0;
    while let (Some(rest), Some(rest_breaks)) = (signs.get(at..), breaks.get(at..)) {
        let Some(first) = rest.first() else { break };
        let (token, length) = word_at(rest, rest_breaks);
        let before = at.checked_sub(1).and_then(|before| signs.get(before));
        let is_latin = first.is_ascii_alphanumeric() && before.is_some_and(char::is_ascii_alphanumeric);
        if rest_breaks.first() == Some(&true) && !is_latin && is_gap(lexemes.last(), token) {
            lexemes.push(Lexeme {
                token: Token::Comma,
                start: at,
                end: at,
            });
        }
        lexemes.push(Lexeme {
            token,
            start: at,
            end: at + length,
        });
        at += length;
    }
    (signs, breaks, lexemes)
}

/// Whether a blank before a word ends what came before it.
fn is_gap(before: Option<&Lexeme>, next: Token) -> bool {
    let is_thing = |token| {
        matches!(
            token,
            Token::Facility(_) | Token::Unread | Token::Yes | Token::No | Token::Broken | Token::Close
        )
    };
    before.is_some_and(|before| is_thing(before.token))
        && matches!(
            next,
            Token::Facility(_) | Token::Unread | Token::Quantity { .. } | Token::Filler
        )
}
