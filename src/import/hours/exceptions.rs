//! Reads days off, breaks and what is as usual: before and behind what they speak of.

use super::grammar::Grammar;
use super::note::Inference;
use super::scope;
use super::statement::{Body, Scope};
use super::token::Token;

impl Grammar<'_> {
    /// 休息, 除外 behind what they speak of; 休息: before it.
    pub(super) fn off(&mut self, token: Token) -> Option<()> {
        self.at += 1;
        if self.pending.is_empty() && self.outer.last().is_none_or(|(outer, _)| outer.is_empty()) {
            let is_before = self.peek(0) == Some(Token::Colon);
            return is_before.then(|| self.off_run(false))?;
        }
        let is_taken_back = token == Token::Excepted
            && self.outer.last().is_some_and(|(outer, count)| {
                outer.is_empty() && *count == self.out.statements.len() && *count > 0
            })
            && self
                .out
                .statements
                .last()
                .is_some_and(|last| last.body == Body::Off)
            && self.pending.days == 0
            && self.pending.speaks_of_holidays();
        if is_taken_back {
            self.pending = Scope::default();
            self.infer(Inference::ExceptionTakenBack);
        } else {
            self.pending.opened = false;
            self.state(Body::Off);
        }
        Some(())
    }

    pub(super) fn off_before(&mut self, token: Token) -> Option<()> {
        self.at += 1;
        let stands_behind = !self.pending.is_empty() && !self.peek(0).is_some_and(scope::begins);
        if stands_behind && token == Token::OffBefore {
            // Sun closed
            self.state(Body::Off);
            return Some(());
        }
        self.off_run(token == Token::Except)
    }

    /// The days behind 除 or `closed on`. `has_end` is whether 外 may end them.
    pub(super) fn off_run(&mut self, has_end: bool) -> Option<()> {
        let waiting = std::mem::take(&mut self.pending);
        let mut had_comma = false;
        let mut ended = false;
        while let Some(token) = self.peek(0) {
            if scope::begins(token) {
                let (length, inferences) =
                    scope::read_into(&mut self.pending, self.text, self.tokens.get(self.at..)?)?;
                for inference in inferences {
                    self.infer(inference);
                }
                self.at += length;
                continue;
            }
            match token {
                Token::Comma if self.peek(1).is_some_and(scope::begins) => had_comma = true,
                Token::And | Token::Filler | Token::Colon => {}
                Token::ExceptEnd if has_end => {
                    self.at += 1;
                    ended = true;
                    break;
                }
                _ => break,
            }
            self.at += 1;
        }
        let goes_on = matches!(
            self.peek(0),
            Some(Token::Clock(_) | Token::Period(_) | Token::Always)
        );
        if self.pending.is_empty() || (!ended && goes_on && had_comma) {
            return None;
        }
        // A scope that waits outside must not be taken for this statement.
        self.state(Body::Off);
        self.pending = waiting;
        Some(())
    }

    pub(super) fn usual(&mut self) -> Option<()> {
        let has_scope =
            !self.pending.is_empty() || self.outer.last().is_some_and(|(outer, _)| !outer.is_empty());
        let is_after_always = self
            .out
            .statements
            .last()
            .is_some_and(|last| last.body == Body::Always && last.scope.is_empty());
        (has_scope || is_after_always).then_some(())?;
        self.at += 1;
        if has_scope {
            self.state(Body::Usual);
        }
        Some(())
    }

    pub(super) fn lunch(&mut self) -> Option<()> {
        self.at += 1;
        while matches!(self.peek(0), Some(Token::Colon | Token::Filler)) {
            self.at += 1;
        }
        if matches!(self.peek(0), Some(Token::Clock(_) | Token::Period(_))) {
            let span = self.one_span()?;
            self.state(Body::Break(span));
        } else {
            self.state(Body::Lunch);
        }
        Some(())
    }
}
