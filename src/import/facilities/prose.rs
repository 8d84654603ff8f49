//! Facilities in prose: `设有空调、冰箱（暂停使用）；无微波炉` as states, each with the words that say so.
//!
//! # How far a word reaches
//! - 无 and 暂停提供 before a list reach over `、` and 和, up to the next comma, semicolon or 有. What follows the comma
//!   without a verb of its own may or may not be meant, so it is unknown.
//! - 故障 behind a list speaks of the last thing in it. It speaks of all of them when 均 says so or when 和 joins the
//!   last two; otherwise the others are unknown.
//! - A bracket speaks of the one thing before it.
//! - A word that is not understood makes what it stands beside unknown: it may be 计划, 自备 or 对面.
//! - Two statements that contradict each other leave the thing unknown.

use super::lexer::{Lexeme, lex};
use super::words::Token;
use crate::domain::facility::{Facility, FacilityState};

/// The longest text that is read, in bytes; of a longer one nothing is read.
pub const MAX_FACILITIES_BYTES: usize = 4096;

/// What a text says about one facility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacilityEvidence {
    /// The facility.
    pub facility: Facility,
    /// Its state; unknown when the words are not clear or contradict each other.
    pub state: FacilityState,
    /// The words that say so, with `…` where words between are left out and `；` between two statements.
    pub words: String,
}

/// Facilities as a text states them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FacilitiesReading {
    /// In the order in which they are first named; each once.
    pub facilities: Vec<FacilityEvidence>,
    /// Words that were not understood.
    pub unread: Vec<String>,
}

/// Reads facilities in Chinese or English prose. Full-width forms make no difference. Cost: linear in the length.
///
/// ```
/// use yizhan::domain::facility::{Facility, FacilityState};
/// use yizhan::import::read_facilities;
///
/// let reading = read_facilities("可提供热水，手机充电；无微波炉");
/// let microwave = &reading.facilities[2];
/// assert_eq!((microwave.facility, microwave.state), (Facility::Microwave, FacilityState::No));
/// assert_eq!(microwave.words, "无微波炉");
/// ```
pub fn read_facilities(text: &str) -> FacilitiesReading {
    if text.len() > MAX_FACILITIES_BYTES {
        return FacilitiesReading {
            facilities: Vec::new(),
            unread: vec![text.to_owned()],
        };
    }
    let (text, breaks, lexemes) = lex(text);
    let mut reader = Reader {
        text: &text,
        breaks: &breaks,
        lexemes: &lexemes,
        ..Reader::default()
    };
    for at in 0..lexemes.len() {
        reader.at = at;
        reader.step();
    }
    reader.end_segment();
    reader.finish()
}

/// One mention of a facility.
#[derive(Debug)]
struct Mention {
    facility: Facility,
    state: FacilityState,
    /// Whether the state was said of this one.
    is_own: bool,
    /// The verb before the list, when it is not part of the words.
    verb: Option<(usize, usize)>,
    start: usize,
    end: usize,
}

#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says another thing about the words so far"
)]
struct Reader<'t> {
    text: &'t [char],
    /// Before which characters blanks stood.
    breaks: &'t [bool],
    lexemes: &'t [Lexeme],
    at: usize,
    mentions: Vec<Mention>,
    unread: Vec<(usize, usize)>,
    /// The state that a verb before gives, and the verb.
    verb: Option<(FacilityState, usize, usize)>,
    /// Whether a comma came since the verb.
    verb_is_past: bool,
    /// Whether the verb has had something to speak of.
    verb_is_used: bool,
    /// The first mention of the list at hand, and of the segment at hand.
    list: usize,
    segment: usize,
    /// The first mention before a verb in the middle of a segment.
    severed: Option<usize>,
    /// The first run of unread words of the segment at hand.
    segment_unread: usize,
    /// Whether 和 stands before the last mention; whether 均 was said.
    last_is_joined: bool,
    all: bool,
    /// How many brackets are open, and whether they hold mentions of their own.
    depth: usize,
    bracket_start: usize,
    has_quantity: bool,
    zero_ahead: bool,
}

impl Reader<'_> {
    fn lexeme(&self, at: usize) -> Option<Lexeme> {
        self.lexemes.get(at).copied()
    }

    fn step(&mut self) {
        let Some(lexeme) = self.lexeme(self.at) else {
            return;
        };
        match lexeme.token {
            Token::Facility(facility) => self.mention(facility, &lexeme),
            Token::No => self.state_word(FacilityState::No, &lexeme),
            Token::Yes => self.state_word(FacilityState::Yes, &lexeme),
            Token::Broken => self.state_word(FacilityState::OutOfOrder, &lexeme),
            Token::All => self.all = true,
            Token::And => {
                self.end_segment();
                self.last_is_joined = true;
            }
            Token::List => {
                self.end_segment();
                self.last_is_joined = false;
            }
            Token::Comma => self.end_clause(false),
            Token::Semicolon | Token::But => self.end_clause(true),
            Token::Open => self.open(),
            Token::Close => self.close(&lexeme),
            Token::Quantity { is_zero } => self.quantity(is_zero, &lexeme),
            Token::Unread => self.not_understood(&lexeme),
            Token::Colon | Token::Filler => {}
        }
    }

    fn mention(&mut self, facility: Facility, lexeme: &Lexeme) {
        let (mut state, mut verb, mut start) = (FacilityState::Yes, None, lexeme.start);
        if let Some((said, from, to)) = self.verb {
            let is_doubtful = self.verb_is_past && said != FacilityState::Yes;
            state = if is_doubtful { FacilityState::Unknown } else { said };
            if self
                .lexemes
                .get(..self.at)
                .is_some_and(|before| Self::is_beside(before, to))
            {
                start = from;
            } else if said != FacilityState::Yes {
                verb = Some((from, to));
            }
        }
        if self.zero_ahead {
            state = FacilityState::No;
        }
        self.verb_is_used = true;
        self.zero_ahead = false;
        self.mentions.push(Mention {
            facility,
            state,
            is_own: false,
            verb,
            start,
            end: lexeme.end,
        });
    }

    /// Whether only fillers stand between a verb and here.
    fn is_beside(before: &[Lexeme], verb_end: usize) -> bool {
        let between = before.iter().rev().take_while(|lexeme| lexeme.start >= verb_end);
        let mut between = between.peekable();
        between.all(|lexeme| matches!(lexeme.token, Token::Filler | Token::Quantity { .. }))
    }

    /// 有, 无 or 故障: behind a thing it speaks of that thing, before one of what follows.
    fn state_word(&mut self, state: FacilityState, lexeme: &Lexeme) {
        let has_thing = self.mentions.len() > self.segment || self.depth > 0;
        let mut ahead = self.lexemes.get(self.at + 1..).unwrap_or_default().iter();
        let next = ahead
            .find(|next| next.token != Token::Filler)
            .map(|next| next.token);
        let ends = next.is_none_or(|next| {
            matches!(
                next,
                Token::List
                    | Token::Comma
                    | Token::But
                    | Token::Semicolon
                    | Token::Close
                    | Token::And
                    | Token::Open
            )
        });
        let is_behind = has_thing
            && (ends || (state == FacilityState::OutOfOrder && !matches!(next, Some(Token::Facility(_)))));
        // 也 behind a blank: `微波炉 无`.
        let is_behind_blank = ends && self.follows_blank_behind_thing();
        if is_behind || is_behind_blank {
            self.say_of_last(state, lexeme);
            return;
        }
        self.drop_unused_verb();
        self.verb = Some((state, lexeme.start, lexeme.end));
        self.verb_is_past = false;
        self.verb_is_used = false;
        if self.depth == 0 && has_thing {
            // A verb in the middle of a segment begins another, which may still speak of what came before.
            let before = self.segment;
            self.end_segment();
            self.severed = Some(before);
            self.list = self.mentions.len();
        }
    }

    fn follows_blank_behind_thing(&self) -> bool {
        let before = |back: usize| {
            self.at
                .checked_sub(back)
                .and_then(|at| self.lexeme(at))
                .map(|lexeme| lexeme.token)
        };
        before(1) == Some(Token::Comma) && matches!(before(2), Some(Token::Facility(_))) && {
            let comma = self.at.checked_sub(1).and_then(|at| self.lexeme(at));
            comma.is_some_and(|comma| comma.start == comma.end)
        }
    }

    fn say_of_last(&mut self, state: FacilityState, lexeme: &Lexeme) {
        let is_list = self.depth == 0 && self.mentions.len() - self.list.min(self.mentions.len()) > 1;
        let reaches_all = self.all || self.last_is_joined;
        let is_colon = self
            .at
            .checked_sub(1)
            .and_then(|at| self.lexeme(at))
            .is_some_and(|before| before.token == Token::Colon);
        let list = self.list;
        let is_partial = self.depth > 0 && self.has_quantity;
        let Some((final_one, earlier)) = self.mentions.split_last_mut() else {
            return;
        };
        let contradicts = final_one.is_own && final_one.state != state;
        final_one.state = if is_partial || contradicts {
            FacilityState::Unknown
        } else {
            state
        };
        final_one.is_own = true;
        final_one.end = final_one.end.max(lexeme.end);
        if is_partial {
            self.unread.push((self.bracket_start, lexeme.end));
        }
        if is_list && !is_colon && state != FacilityState::Yes {
            for mention in earlier.iter_mut().skip(list).filter(|mention| !mention.is_own) {
                mention.state = if reaches_all {
                    state
                } else {
                    FacilityState::Unknown
                };
                mention.end = if reaches_all { lexeme.end } else { mention.end };
            }
        }
    }

    fn quantity(&mut self, is_zero: bool, lexeme: &Lexeme) {
        if self.depth > 0 {
            self.has_quantity = true;
        } else if is_zero && self.mentions.len() > self.segment {
            self.say_of_last(FacilityState::No, lexeme);
        } else {
            self.zero_ahead = is_zero;
        }
    }

    fn not_understood(&mut self, lexeme: &Lexeme) {
        match self.unread.last_mut() {
            Some(run) if run.1 == lexeme.start => run.1 = lexeme.end,
            _ => {
                // 无桑拿: the negation goes with the word that is not known.
                let verb = self
                    .verb
                    .filter(|(_, _, end)| *end == lexeme.start && !self.verb_is_used);
                let start = match verb {
                    Some((state, start, _)) if state != FacilityState::Yes => {
                        self.verb_is_used = true;
                        start
                    }
                    _ => lexeme.start,
                };
                self.unread.push((start, lexeme.end));
            }
        }
    }

    /// The end of one entry of a list: what is not understood in it makes it unknown.
    fn end_segment(&mut self) {
        if self.unread.len() > self.segment_unread {
            let is_bare = self.mentions.len() == self.segment;
            let from = self.severed.filter(|_| is_bare).unwrap_or(self.segment);
            for mention in self.mentions.iter_mut().skip(from) {
                mention.state = FacilityState::Unknown;
            }
        }
        self.severed = None;
        if self.depth == 0 {
            self.segment = self.mentions.len();
        }
        self.segment_unread = self.unread.len();
        self.zero_ahead = false;
    }

    fn end_clause(&mut self, is_sentence: bool) {
        self.end_segment();
        self.drop_unused_verb();
        self.list = self.mentions.len();
        self.last_is_joined = false;
        self.all = false;
        if is_sentence {
            self.verb = None;
        }
        self.verb_is_past = true;
    }

    /// A negation that speaks of nothing is not understood.
    fn drop_unused_verb(&mut self) {
        if let Some((state, start, end)) = self.verb
            && !self.verb_is_used
            && state != FacilityState::Yes
        {
            self.unread.push((start, end));
            self.segment_unread = self.unread.len();
            self.verb = None;
        }
    }

    fn open(&mut self) {
        if self.depth == 0 {
            self.bracket_start = self.lexeme(self.at + 1).map_or(0, |next| next.start);
            self.has_quantity = false;
        }
        self.depth += 1;
    }

    fn close(&mut self, lexeme: &Lexeme) {
        self.depth = self.depth.saturating_sub(1);
        if let Some(last) = self.mentions.last_mut().filter(|last| last.is_own) {
            last.end = last.end.max(lexeme.end);
        }
    }

    /// The words between two places, with the blanks that stood between them.
    fn words(&self, start: usize, end: usize) -> String {
        let signs = self
            .text
            .iter()
            .zip(self.breaks)
            .enumerate()
            .take(end)
            .skip(start);
        let mut words = String::new();
        for (at, (sign, is_break)) in signs {
            if *is_break && at > start {
                words.push(' ');
            }
            words.push(*sign);
        }
        words
    }

    fn finish(mut self) -> FacilitiesReading {
        self.drop_unused_verb();
        let words = |start, end| self.words(start, end);
        let mut facilities: Vec<FacilityEvidence> = Vec::new();
        for mention in &self.mentions {
            let verb = mention
                .verb
                .map_or_else(String::new, |(start, end)| format!("{}…", words(start, end)));
            let said = format!("{verb}{}", words(mention.start, mention.end));
            let Some(known) = facilities
                .iter_mut()
                .find(|known| known.facility == mention.facility)
            else {
                facilities.push(FacilityEvidence {
                    facility: mention.facility,
                    state: mention.state,
                    words: said,
                });
                continue;
            };
            known.state = both(known.state, mention.state);
            if !known.words.contains(&said) {
                known.words = format!("{}；{said}", known.words);
            }
        }
        let unread = self
            .unread
            .iter()
            .map(|(start, end)| words(*start, *end))
            .collect();
        FacilitiesReading { facilities, unread }
    }
}

/// Two statements about one thing.
fn both(one: FacilityState, other: FacilityState) -> FacilityState {
    if one == other { one } else { FacilityState::Unknown }
}
