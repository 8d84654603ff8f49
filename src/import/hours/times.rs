//! Reads lists of spans, and whether the last of them is a break.

use super::grammar::Grammar;
use super::note::Inference;
use super::span::{End, Span, span};
use super::statement::Body;
use super::token::{Clock, Form, Token};

impl Grammar<'_> {
    pub(super) fn times(&mut self) -> Option<()> {
        let mut spans = vec![self.one_span()?];
        loop {
            let mut ahead = 0;
            while matches!(
                self.peek(ahead),
                Some(Token::Comma | Token::Semicolon | Token::And | Token::Filler)
            ) {
                ahead += 1;
            }
            // What follows a break is another statement, and so is a bracket.
            let goes_on = matches!(
                self.peek(ahead),
                Some(Token::Clock(_) | Token::Period(_) | Token::Dotted { .. })
            );
            if !goes_on {
                break;
            }
            let is_after_comma = ahead > 0;
            let before = self.at;
            self.at += ahead;
            let next = self.one_span()?;
            if is_after_comma && self.peek(0) == Some(Token::Off) {
                self.at = before;
                self.state(Body::Times(spans));
                self.at += ahead;
                let next = self.one_span()?;
                self.at += 1;
                self.state(Body::Break(next));
                return Some(());
            }
            spans.push(next);
        }
        let is_break = self.peek(0) == Some(Token::Off) && !self.off_belongs_to_what_follows();
        if let ([only], true) = (spans.as_slice(), is_break) {
            let only = *only;
            self.at += 1;
            self.state(Body::Break(only));
        } else {
            self.state(Body::Times(spans));
        }
        Some(())
    }

    /// `休:周一`
    fn off_belongs_to_what_follows(&self) -> bool {
        self.peek(1) == Some(Token::Colon)
    }

    pub(super) fn one_span(&mut self) -> Option<Span> {
        let mut start = self.end_of_span()?;
        let is_linked = matches!(self.peek(0), Some(Token::Dash { .. }));
        let is_phrase = !is_linked && start.clock.form == Form::Bare && start.period.is_some();
        if let Some(Token::Dash { guessed }) = self.peek(0) {
            if guessed {
                self.infer(Inference::GuessedDash);
            }
            while matches!(self.peek(0), Some(Token::Dash { .. })) {
                self.at += 1;
            }
        } else if !is_phrase {
            return None;
        }
        let end = self.end_of_span()?;
        if is_phrase && (end.clock.form != Form::Bare || end.period.is_none()) {
            return None;
        }
        // 8-18点: one unit for both.
        if start.clock.form == Form::Bare && end.clock.form == Form::Unit {
            start.clock.form = Form::Unit;
        }
        // まで and the like; a third end makes nonsense.
        while self.peek(0) == Some(Token::Filler) {
            self.at += 1;
        }
        if matches!(self.peek(0), Some(Token::Dash { .. })) {
            return None;
        }
        let (span, inference) = span(start, end, self.all_24_hours)?;
        if let Some(inference) = inference {
            self.infer(inference);
        }
        Some(span)
    }

    fn end_of_span(&mut self) -> Option<End> {
        let mut end = End {
            clock: Clock {
                hour: 0,
                minute: 0,
                form: Form::Bare,
                period: None,
            },
            period: None,
            next_day: false,
        };
        loop {
            let token = self.peek(0)?;
            self.at += 1;
            match token {
                Token::NextDay if !end.next_day => end.next_day = true,
                Token::Period(period) if end.period.is_none() => end.period = Some(period),
                Token::Colon if end.period.is_some() => {}
                Token::Clock(clock) => {
                    end.clock = clock;
                    return Some(end);
                }
                Token::Dotted {
                    first,
                    second,
                    two: true,
                } if self.dotted_are_times => {
                    self.infer(Inference::DottedTimes);
                    let (hour, minute) = (u16::from(first), u16::from(second));
                    end.clock = Clock {
                        hour,
                        minute,
                        form: Form::Dotted,
                        period: None,
                    };
                    return Some(end);
                }
                _ => return None,
            }
        }
    }
}
