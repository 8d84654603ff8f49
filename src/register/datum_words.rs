//! The evidence for a datum in sentences.

use super::datum_evidence::{Forensics, Verdict};
use crate::domain::language::Language;

impl Forensics {
    /// The evidence and the verdict, a sentence each, for the person who decides.
    pub fn sentences(&self, language: Language) -> Vec<String> {
        let mut lines = Vec::new();
        if self.verdict != Verdict::NoDifference {
            lines.extend(self.of_stations(language));
            lines.extend(self.of_stated_districts(language));
            lines.extend(self.of_any_district(language));
            if lines.is_empty() {
                lines.push(match language {
                    Language::Zh => "没有可比对的区界，也没有同名的已知站点。".to_owned(),
                    Language::En => {
                        "There is no district outline and no known station of the same name to compare with."
                            .to_owned()
                    }
                });
            }
        }
        lines.push(self.verdict.sentence(language));
        lines
    }

    fn of_stations(&self, language: Language) -> Option<String> {
        let distances: Option<Vec<String>> = self
            .by_datum
            .iter()
            .map(|evidence| {
                let (label, median_m) = (evidence.datum.label(language), evidence.median_residual_m?);
                Some(match language {
                    Language::Zh => {
                        format!(
                            "按 {label} 中位距离 {median_m:.0} 米（{}个最近）",
                            evidence.nearest_pairs
                        )
                    }
                    Language::En => {
                        format!("{median_m:.0} m as {label} ({} nearest)", evidence.nearest_pairs)
                    }
                })
            })
            .collect();
        let (pairs, distances) = (self.pairs, distances?);
        Some(match language {
            Language::Zh => format!("与{pairs}个同名的已知站点比对：{}。", distances.join("，")),
            Language::En => format!(
                "Median distance to {pairs} known stations of the same name: {}.",
                distances.join(", ")
            ),
        })
    }

    fn of_stated_districts(&self, language: Language) -> Option<String> {
        let stated = self.with_stated_district;
        let inside = self.listed(language, |at| {
            self.by_datum.get(at).map_or(0, |one| one.in_stated_district)
        });
        (stated > 0).then(|| match language {
            Language::Zh => format!("{stated}个点写明了所在区，落在该区内的：{inside}。"),
            Language::En => format!("Of {stated} points that state their district, inside it: {inside}."),
        })
    }

    fn of_any_district(&self, language: Language) -> Option<String> {
        let is_any = self.by_datum.iter().any(|evidence| evidence.in_any_district > 0);
        let (points, inside) = (
            self.points,
            self.listed(language, |at| {
                self.by_datum.get(at).map_or(0, |one| one.in_any_district)
            }),
        );
        is_any.then(|| match language {
            Language::Zh => format!("{points}个点中落在任一区内的：{inside}。"),
            Language::En => format!("Of {points} points, inside any district: {inside}."),
        })
    }

    fn listed(&self, language: Language, count: impl Fn(usize) -> usize) -> String {
        let entries = self.by_datum.iter().enumerate().map(|(at, evidence)| {
            let (label, count) = (evidence.datum.label(language), count(at));
            match language {
                Language::Zh => format!("按 {label} {count} 个"),
                Language::En => format!("{count} as {label}"),
            }
        });
        let separator = if language == Language::Zh { "，" } else { ", " };
        entries.collect::<Vec<_>>().join(separator)
    }
}

impl Verdict {
    /// The verdict in a sentence.
    pub fn sentence(self, language: Language) -> String {
        match (self, language) {
            (Self::Sure(datum), Language::Zh) => format!("可以确定坐标系是{}。", datum.label(language)),
            (Self::Sure(datum), Language::En) => format!("The datum is {}.", datum.label(language)),
            (Self::Likely(datum), Language::Zh) => {
                format!("坐标系很可能是{}，请确认。", datum.label(language))
            }
            (Self::Likely(datum), Language::En) => {
                format!("The datum is probably {}; please confirm.", datum.label(language))
            }
            (Self::Undecided, Language::Zh) => "依据不足，无法判断坐标系，请指定。".to_owned(),
            (Self::Undecided, Language::En) => {
                "The evidence does not tell the datum; please state it.".to_owned()
            }
            (Self::NoDifference, Language::Zh) => "所有点都在不加偏移的地区，三种坐标系没有区别。".to_owned(),
            (Self::NoDifference, Language::En) => {
                "All points lie where the three datums are one; there is nothing to decide.".to_owned()
            }
        }
    }
}
