//! What is to be done, in the words of a person.

use crate::domain::language::Language;
use crate::domain::standard::{BilingualName, Level, Requirement, Standard};
use crate::planner::audit::{Action, ActionKind, Target};

/// A name in one language.
pub fn of(name: &BilingualName, language: Language) -> &str {
    match language {
        Language::Zh => &name.zh,
        Language::En => &name.en,
    }
}

/// One action, such as `修好微波炉` or `repair microwave`.
pub fn action(action: &Action, standard: &Standard, language: Language) -> String {
    let about = targets(action, standard, language);
    match language {
        Language::Zh => format!("{}{about}", verb(action.kind, language)),
        Language::En => format!("{} {about}", verb(action.kind, language)),
    }
}

/// Above this many checks, when everything is to be checked, the items are not named one by one.
const NAMED_CHECKS: usize = 3;

/// Some actions, those of one kind together: `核实卫生间、冰箱；修好微波炉`.
pub fn actions(actions: &[Action], standard: &Standard, language: Language) -> String {
    let is_check = |action: &Action| action.kind == ActionKind::Check;
    let required = standard.items.iter().filter(|item| item.level == Level::Required);
    let all = required.count();
    if all > NAMED_CHECKS && actions.len() == all && actions.iter().all(is_check) {
        return match language {
            Language::Zh => format!("核实全部{all}项"),
            Language::En => format!("check all {all} items"),
        };
    }
    let (comma, semicolon) = match language {
        Language::Zh => ("、", "；"),
        Language::En => (", ", "; "),
    };
    let mut groups: Vec<String> = Vec::new();
    let mut last = None;
    for entry in actions {
        match groups.last_mut() {
            Some(group) if last == Some(entry.kind) => {
                group.push_str(comma);
                group.push_str(&targets(entry, standard, language));
            }
            _ => groups.push(action(entry, standard, language)),
        }
        last = Some(entry.kind);
    }
    groups.join(semicolon)
}

/// What is done, as it stands before what it is done to.
const fn verb(kind: ActionKind, language: Language) -> &'static str {
    match (kind, language) {
        (ActionKind::ListOnMap, Language::Zh) => "标注到",
        (kind, language) => kind.label(language),
    }
}

/// What an action is about; a slash between alternatives, so that a list of actions stays clear.
fn targets(action: &Action, standard: &Standard, language: Language) -> String {
    let labels = action
        .targets
        .iter()
        .map(|found| target(*found, action, standard, language));
    labels.collect::<Vec<_>>().join("/")
}

fn target(target: Target, action: &Action, standard: &Standard, language: Language) -> String {
    let requirements = || {
        let items = action.items.iter().filter_map(|item| standard.items.get(*item));
        items.map(|item| &item.requirement)
    };
    let is_check = action.kind == ActionKind::Check;
    match target {
        Target::Facility(facility) => facility.label(language).to_owned(),
        Target::MapService(service) => service.label(language).to_owned(),
        Target::FloorArea => {
            let least_m2 = requirements().fold(0.0_f64, |least, requirement| match requirement {
                Requirement::MinFloorAreaM2(area_m2) => least.max(*area_m2),
                _ => least,
            });
            match (language, is_check) {
                (Language::Zh, true) => format!("面积（至少{least_m2}平方米）"),
                (Language::Zh, false) => format!("面积到{least_m2}平方米"),
                (Language::En, true) => format!("floor area (at least {least_m2} m²)"),
                (Language::En, false) => format!("floor area to {least_m2} m²"),
            }
        }
        Target::Seats => {
            let least = requirements().fold(0, |least, requirement| match requirement {
                Requirement::MinSeats(seats) => least.max(*seats),
                _ => least,
            });
            match (language, is_check) {
                (Language::Zh, true) => format!("座位数（至少{least}个）"),
                (Language::Zh, false) => format!("座位到{least}个"),
                (Language::En, true) => format!("number of seats (at least {least})"),
                (Language::En, false) => format!("seats, up to {least}"),
            }
        }
        Target::NotRecorded(item) => standard.items.get(item).map_or_else(String::new, |item| {
            let name = of(&item.name, language);
            match language {
                Language::Zh => format!("“{name}”"),
                Language::En => format!("\"{name}\""),
            }
        }),
    }
}
