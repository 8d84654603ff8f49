//! Writing HTML: what is fixed goes in as it stands, everything else is escaped.

use crate::domain::language::Language;

/// A table of at most so many columns does not spread over the whole page.
const NARROW: usize = 5;

/// A page that grows. Only literals can be written unescaped, so that no text from data becomes markup.
#[derive(Debug)]
pub(super) struct Page {
    out: String,
    /// The language of the page.
    pub language: Language,
}

impl Page {
    /// An empty page.
    pub fn new(language: Language) -> Self {
        Self {
            out: String::with_capacity(64 * 1024),
            language,
        }
    }

    /// The page as text.
    pub fn finish(self) -> String {
        self.out
    }

    /// Writes markup that is fixed in the program.
    pub fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.out.push_str(markup);
        self
    }

    /// Writes text or the value of a quoted attribute. What HTML does not allow becomes U+FFFD.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for sign in text.chars() {
            match sign {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\'' => self.out.push_str("&#39;"),
                '\n' | '\t' => self.out.push(sign),
                _ if sign.is_control() => self.out.push('\u{fffd}'),
                _ => self.out.push(sign),
            }
        }
        self
    }

    /// Writes a whole number.
    pub fn number(&mut self, number: i64) -> &mut Self {
        self.out.push_str(&number.to_string());
        self
    }

    /// The text of the page's language.
    pub const fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    /// Writes the text of the page's language.
    pub fn say(&mut self, zh: &'static str, en: &'static str) -> &mut Self {
        let text = self.pick(zh, en);
        self.text(text)
    }

    /// Writes a paragraph.
    pub fn paragraph(&mut self, text: &str) -> &mut Self {
        self.raw("<p>").text(text).raw("</p>\n")
    }

    /// Begins a section with its number and heading; ended with `</section>`.
    pub fn section(&mut self, section: Section) -> &mut Self {
        let (number, heading) = section.heading(self.language);
        self.raw("<section id=\"")
            .text(section.id())
            .raw("\" aria-labelledby=\"");
        self.text(section.id())
            .raw("-heading\">\n<h2 id=\"")
            .text(section.id());
        self.raw("-heading\"><span class=\"number\">")
            .text(number)
            .raw("</span>");
        self.text(heading).raw("</h2>\n")
    }

    /// Begins a table in a frame that scrolls by itself on narrow screens; ended with [`Page::end_table`].
    pub fn begin_table(&mut self, caption: &str, columns: &[Column]) -> &mut Self {
        self.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
            .text(caption);
        self.raw(if columns.len() <= NARROW {
            "\"><table class=\"narrow\">\n<caption>"
        } else {
            "\"><table>\n<caption>"
        })
        .text(caption)
        .raw("</caption>\n<thead><tr>");
        for column in columns {
            self.raw(match column.kind {
                ColumnKind::Words => "<th scope=\"col\">",
                ColumnKind::Number => "<th scope=\"col\" class=\"n\">",
                ColumnKind::Picture => "<th scope=\"col\" class=\"bar\">",
            });
            self.text(&column.heading).raw("</th>");
        }
        self.raw("</tr></thead>\n<tbody>\n")
    }

    /// Ends a table.
    pub fn end_table(&mut self) -> &mut Self {
        self.raw("</tbody></table></div>\n")
    }

    /// Begins a row with its heading.
    pub fn begin_row(&mut self, heading: &str) -> &mut Self {
        self.raw("<tr><th scope=\"row\">").text(heading).raw("</th>")
    }

    /// Writes a cell of names, which are not broken inside.
    pub fn names(&mut self, text: &str) -> &mut Self {
        self.raw("<td class=\"k\">").text(text).raw("</td>")
    }

    /// Writes a cell of words.
    pub fn words(&mut self, text: &str) -> &mut Self {
        self.raw("<td>").text(text).raw("</td>")
    }

    /// Writes a cell that holds a number.
    pub fn figure(&mut self, text: &str) -> &mut Self {
        self.raw("<td class=\"n\">").text(text).raw("</td>")
    }

    /// Ends a row.
    pub fn end_row(&mut self) -> &mut Self {
        self.raw("</tr>\n")
    }
}

/// A column of a table.
#[derive(Debug)]
pub(super) struct Column {
    heading: String,
    kind: ColumnKind,
}

#[derive(Debug)]
enum ColumnKind {
    Words,
    Number,
    Picture,
}

impl Column {
    /// A column of words.
    pub fn words(heading: &str) -> Self {
        Self::of(heading, ColumnKind::Words)
    }

    /// A column of numbers.
    pub fn number(heading: &str) -> Self {
        Self::of(heading, ColumnKind::Number)
    }

    /// A column of bars.
    pub fn picture(heading: &str) -> Self {
        Self::of(heading, ColumnKind::Picture)
    }

    /// A heading begins with a capital letter, whatever it begins with.
    fn of(heading: &str, kind: ColumnKind) -> Self {
        let mut letters = heading.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        Self {
            heading: first.into_iter().chain(letters).collect(),
            kind,
        }
    }
}

/// The sections of a report, in their order.
#[derive(Debug, Clone, Copy)]
pub(super) enum Section {
    Summary,
    Map,
    Districts,
    Facilities,
    Hours,
    Gaps,
    Audit,
    Method,
}

impl Section {
    /// All sections.
    pub const ALL: [Self; 8] = [
        Self::Summary,
        Self::Map,
        Self::Districts,
        Self::Facilities,
        Self::Hours,
        Self::Gaps,
        Self::Audit,
        Self::Method,
    ];

    /// The name that links use.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Map => "map",
            Self::Districts => "districts",
            Self::Facilities => "facilities",
            Self::Hours => "hours",
            Self::Gaps => "gaps",
            Self::Audit => "audit",
            Self::Method => "method",
        }
    }

    /// Number and heading.
    pub const fn heading(self, language: Language) -> (&'static str, &'static str) {
        match (self, language) {
            (Self::Summary, Language::Zh) => ("一、", "概要"),
            (Self::Summary, Language::En) => ("1 ", "Summary"),
            (Self::Map, Language::Zh) => ("二、", "覆盖地图"),
            (Self::Map, Language::En) => ("2 ", "Coverage map"),
            (Self::Districts, Language::Zh) => ("三、", "分区覆盖情况"),
            (Self::Districts, Language::En) => ("3 ", "Districts"),
            (Self::Facilities, Language::Zh) => ("四、", "分设施覆盖情况"),
            (Self::Facilities, Language::En) => ("4 ", "Facilities"),
            (Self::Hours, Language::Zh) => ("五、", "分时段覆盖情况"),
            (Self::Hours, Language::En) => ("5 ", "Hour by hour"),
            (Self::Gaps, Language::Zh) => ("六、", "覆盖空白与补齐建议"),
            (Self::Gaps, Language::En) => ("6 ", "Gaps and what would close them"),
            (Self::Audit, Language::Zh) => ("七、", "站点达标情况"),
            (Self::Audit, Language::En) => ("7 ", "Audit against the standard"),
            (Self::Method, Language::Zh) => ("八、", "口径与方法"),
            (Self::Method, Language::En) => ("8 ", "Assumptions and method"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_but_literals_is_escaped() {
        let mut page = Page::new(Language::En);
        page.text("<img onerror='x' a=\"b\"> & \u{0}\u{1b}\n");
        assert_eq!(
            page.finish(),
            "&lt;img onerror=&#39;x&#39; a=&quot;b&quot;&gt; &amp; \u{fffd}\u{fffd}\n"
        );
    }
}
