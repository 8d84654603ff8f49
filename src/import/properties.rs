//! The properties of a JSON object as the fields of a record.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::MAX_IGNORED_NAMES;
use super::columns::Column;
use super::item::Item;
use super::mapping::Mapping;
use super::names::Meaning;
use super::record::RawRecord;

/// Puts properties into a record; names that are not known go to a list.
pub(super) struct Properties<'s, 'de> {
    record: &'s mut RawRecord<'de>,
    ignored: &'s mut BTreeSet<String>,
    mapping: &'s Mapping,
}

impl<'s, 'de> Properties<'s, 'de> {
    pub(super) const fn new(
        record: &'s mut RawRecord<'de>,
        ignored: &'s mut BTreeSet<String>,
        mapping: &'s Mapping,
    ) -> Self {
        Self {
            record,
            ignored,
            mapping,
        }
    }

    /// What a property is taken for; of several things that the mapping says, the first. `None` for nothing known.
    pub(super) fn meaning(&self, name: &str) -> Option<Meaning> {
        if let Some(targets) = self.mapping.columns.get(name) {
            return targets
                .first()
                .map(|target| target.0)
                .filter(|target| *target != Meaning::Unknown);
        }
        if self.ignored.contains(name) {
            return None;
        }
        Some(Meaning::of(name)).filter(|meaning| *meaning != Meaning::Unknown)
    }

    /// Notes a property that is not known.
    pub(super) fn ignore(&mut self, name: Cow<'de, str>) {
        let is_meant =
            self.mapping.columns.contains_key(name.as_ref()) || Meaning::of(&name) != Meaning::Unknown;
        if !is_meant && self.ignored.len() < MAX_IGNORED_NAMES && !self.ignored.contains(name.as_ref()) {
            self.ignored.insert(name.into_owned());
        }
    }

    /// Puts a property under its meaning, or under each that the mapping says.
    pub(super) fn set(&mut self, name: Cow<'de, str>, meaning: Meaning, item: Item<'de>) {
        let targets = self.mapping.columns.get(name.as_ref());
        let is_mapped = targets.is_some();
        for target in targets.into_iter().flatten().skip(1) {
            self.set_as(target.0, name.clone(), item.clone(), is_mapped);
        }
        self.set_as(meaning, name, item, is_mapped);
    }

    fn set_as(&mut self, meaning: Meaning, name: Cow<'de, str>, item: Item<'de>, is_mapped: bool) {
        let item = translated(self.mapping, meaning, item);
        match meaning {
            // The mapping and our own name of a column win over other names for the same thing.
            Meaning::Column(column)
                if is_mapped || *name == *column.word() || *self.record.get(column) == Item::Null =>
            {
                self.record.set(column, item);
            }
            Meaning::Facility(facility) => self.record.set_facility(facility, name, item),
            Meaning::Column(_) | Meaning::Unknown => {}
        }
    }
}

/// What the mapping makes of a text; other values stay as they are.
fn translated<'de>(mapping: &Mapping, meaning: Meaning, item: Item<'de>) -> Item<'de> {
    let meant = item.as_text().and_then(|text| mapping.value(meaning, text));
    match meant {
        Some(word) => Item::Text(Cow::Owned(word.to_owned())),
        None => item,
    }
}

/// What a property of a plain object says of its place, where longitude and latitude are not said.
pub(super) fn place_of(record: &mut RawRecord<'_>) {
    let pair = match record.get(Column::Coordinates) {
        Item::List(numbers) => match numbers.as_slice() {
            [
                lon @ (Item::Integer(_) | Item::Float(_)),
                lat @ (Item::Integer(_) | Item::Float(_)),
                ..,
            ] => Some((lon.clone(), lat.clone())),
            _ => None,
        },
        geometry @ Item::Object(_) => super::geojson::point(geometry),
        _ => None,
    };
    if let Some((lon, lat)) = pair {
        record.set(Column::Lon, lon);
        record.set(Column::Lat, lat);
    }
}
