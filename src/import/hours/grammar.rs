//! Tokens become statements: days and holidays before or behind what holds on them, exceptions, brackets.
//!
//! # Why it gives up early
//! A word that is not understood may turn the meaning of the whole around (随, 内, 暂停). So one unread word, one end
//! without its span or one day without its times makes the whole text unknown.

use super::note::Inference;
use super::scope;
use super::span::End;
use super::statement::{Body, Remarks, Scope, Statement};
use super::token::{Clock, Lexeme, Token};

/// Most statements in a text; a text with more is no hours of one place.
const MAX_STATEMENTS: usize = 24;

/// What a text was understood to say.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) statements: Vec<Statement>,
    pub(super) remarks: Remarks,
    pub(super) inferences: Vec<Inference>,
}

/// A word or place at which understanding ended: positions in the plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotUnderstood {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Reads the tokens of a whole text. O(number of tokens).
pub(super) fn read(text: &[char], tokens: &[Lexeme]) -> Result<Reading, NotUnderstood> {
    let mut grammar = Grammar {
        text,
        tokens,
        at: 0,
        out: Reading::default(),
        pending: Scope::default(),
        outer: Vec::new(),
        glued: false,
        just_off: false,
        clause: 0,
        phrase: None,
        all_24_hours: shows_24_hours(tokens),
        dotted_are_times: dotted_are_times(tokens),
    };
    while let Some(lexeme) = tokens.get(grammar.at) {
        let (start, end) = (lexeme.start, lexeme.end);
        let done = grammar.step(lexeme.token);
        if done.is_none() || grammar.out.statements.len() > MAX_STATEMENTS {
            return Err(NotUnderstood { start, end });
        }
    }
    let end = tokens.last().map_or(0, |lexeme| lexeme.end);
    grammar.finish().ok_or(NotUnderstood { start: 0, end })
}

/// Where the reading of a text has come to.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says another thing about the words so far"
)]
pub(super) struct Grammar<'t> {
    pub(super) text: &'t [char],
    pub(super) tokens: &'t [Lexeme],
    pub(super) at: usize,
    pub(super) out: Reading,
    /// The scope that waits for what holds.
    pub(super) pending: Scope,
    /// The scopes that waited when brackets opened, and how many statements there were.
    pub(super) outer: Vec<(Scope, usize)>,
    /// Whether the pending scope stands directly behind a statement.
    pub(super) glued: bool,
    /// Whether the last statement is a day off, and nothing but a bracket came since.
    pub(super) just_off: bool,
    /// How many statements there were at the last semicolon.
    pub(super) clause: usize,
    /// Where the words of the next statement begin, once there are some.
    pub(super) phrase: Option<usize>,
    pub(super) all_24_hours: bool,
    pub(super) dotted_are_times: bool,
}

impl Grammar<'_> {
    pub(super) fn peek(&self, ahead: usize) -> Option<Token> {
        self.tokens.get(self.at + ahead).map(|lexeme| lexeme.token)
    }

    pub(super) fn infer(&mut self, inference: Inference) {
        if !self.out.inferences.contains(&inference) {
            self.out.inferences.push(inference);
        }
    }

    /// Takes one word or group of words. `None`: not understood.
    fn step(&mut self, token: Token) -> Option<()> {
        if !matches!(
            token,
            Token::Comma | Token::Semicolon | Token::Colon | Token::Open | Token::Close
        ) {
            let start = self.tokens.get(self.at).map(|lexeme| lexeme.start);
            self.phrase = self.phrase.or(start);
        }
        let waits_for_months = !self.pending.season.is_empty()
            || self
                .outer
                .last()
                .is_some_and(|(outer, _)| !outer.season.is_empty());
        if scope::begins(token) || (matches!(token, Token::Dotted { .. }) && waits_for_months) {
            return self.scope();
        }
        match token {
            Token::Clock(_) | Token::Period(_) | Token::NextDay | Token::Dotted { .. } => {
                return self.times();
            }
            Token::Always => self.state(Body::Always),
            Token::AllDay if self.peek(1) == Some(Token::Always) => {}
            Token::AllDay => self.state(Body::AllDay),
            Token::RoundTheClock => {
                self.infer(Inference::RoundTheClock);
                self.state(Body::Always);
            }
            Token::Off | Token::Excepted => return self.off(token),
            Token::OffBefore | Token::Except => return self.off_before(token),
            Token::Usual => return self.usual(),
            Token::NoRest if self.pending.is_empty() => self.out.remarks.no_rest = true,
            Token::NoRest => self.state(Body::Usual),
            Token::SingleRest => self.out.remarks.single_rest = true,
            Token::DoubleRest => self.out.remarks.double_rest = true,
            Token::Lunch => return self.lunch(),
            Token::Appointment => {
                self.out.remarks.appointment = true;
                self.infer(Inference::Appointment);
            }
            Token::Reservation => self.infer(Inference::Reservation),
            Token::Opened => {
                self.pending.opened |= self.pending.names_days() || !self.pending.months.is_empty();
            }
            Token::Comma | Token::Semicolon | Token::Colon => return self.separator(token),
            Token::Open => self.open_bracket(),
            Token::Close => return self.close_bracket(),
            Token::Filler | Token::And => {}
            _ => return None,
        }
        self.at += 1;
        Some(())
    }

    /// The scope for a new statement: what waits, or what waited before the bracket.
    fn take_scope(&mut self) -> Scope {
        self.glued = false;
        self.just_off = false;
        if self.pending.is_empty()
            && let Some((outer, _)) = self.outer.last_mut()
        {
            return std::mem::take(outer);
        }
        std::mem::take(&mut self.pending)
    }

    pub(super) fn state(&mut self, body: Body) {
        let mut scope = self.take_scope();
        scope.opened = false;
        self.just_off = body == Body::Off;
        self.glued = true;
        let start = self.phrase.take().unwrap_or_default();
        self.out.statements.push(Statement { scope, body, start });
    }

    fn scope(&mut self) -> Option<()> {
        if self.pending.opened {
            self.finish_opened();
        }
        self.just_off = false;
        let (length, inferences) =
            scope::read_into(&mut self.pending, self.text, self.tokens.get(self.at..)?)?;
        for inference in inferences {
            self.infer(inference);
        }
        self.at += length;
        Some(())
    }

    /// `周一至周五开放`, and no times follow.
    fn finish_opened(&mut self) {
        self.state(Body::Opened);
        self.glued = false;
    }

    fn separator(&mut self, token: Token) -> Option<()> {
        self.at += 1;
        let next_is_scope = self.peek(0).is_some_and(scope::begins);
        let is_end = token == Token::Semicolon || (token == Token::Comma && !next_is_scope);
        if is_end && self.glued && !self.pending.is_empty() && self.outer.is_empty() && !self.pending.opened {
            // `8:00-18:00 周一至周五; …`: the days stand behind. After a comma it is not clear what they belong to.
            let attaches = token == Token::Semicolon && self.out.statements.len() > self.clause;
            attaches.then_some(())?;
            self.attach()?;
        }
        if token == Token::Semicolon && self.outer.is_empty() {
            self.clause = self.out.statements.len();
            if self.pending.opened {
                self.finish_opened();
            }
        }
        if token != Token::Colon && self.pending.is_empty() {
            self.glued = false;
        }
        Some(())
    }

    /// Gives the waiting days to the statement before them, if that names none.
    fn attach(&mut self) -> Option<()> {
        let scope = std::mem::take(&mut self.pending);
        let last = self.out.statements.last_mut()?;
        (last.scope.is_empty() && last.body != Body::Off).then_some(())?;
        last.scope = scope;
        Some(())
    }

    fn open_bracket(&mut self) {
        let waiting = std::mem::take(&mut self.pending);
        self.outer.push((waiting, self.out.statements.len()));
        self.glued = false;
    }

    fn close_bracket(&mut self) -> Option<()> {
        self.at += 1;
        if self.pending.opened {
            self.finish_opened();
        }
        let (outer, count) = self.outer.pop()?;
        let inner = std::mem::replace(&mut self.pending, outer);
        if inner.is_empty() {
            return Some(());
        }
        if self.pending.is_empty() {
            (self.out.statements.len() == count).then_some(())?;
            self.pending = inner;
            if count == 0 {
                // （周一至周五）8:30-17:30
                return Some(());
            }
            return self.attach();
        }
        scope::refine(&mut self.pending, inner)
    }

    fn finish(mut self) -> Option<Reading> {
        if !self.outer.is_empty() {
            return None;
        }
        if self.pending.opened {
            self.finish_opened();
        }
        if !self.pending.is_empty() {
            self.attach()?;
        }
        Some(self.out)
    }
}

fn clocks(tokens: &[Lexeme]) -> impl Iterator<Item = Clock> {
    tokens.iter().filter_map(|lexeme| match lexeme.token {
        Token::Clock(clock) => Some(clock),
        _ => None,
    })
}

fn shows_24_hours(tokens: &[Lexeme]) -> bool {
    clocks(tokens).any(|clock| {
        End {
            clock,
            period: None,
            next_day: false,
        }
        .shows_24_hours()
    })
}

/// Whether some number with a dot cannot be a date, so that all of them are times.
fn dotted_are_times(tokens: &[Lexeme]) -> bool {
    tokens.iter().any(|lexeme| match lexeme.token {
        Token::Dotted { first, second, two } => two && !super::clock::is_date(first, Some(second)),
        _ => false,
    })
}
