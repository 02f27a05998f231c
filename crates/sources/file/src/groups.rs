//! Combinations of labels, numbered in order of appearance.

use std::collections::HashMap;

use voidstate_core::Timestamp;

/// One combination of labels.
#[derive(Debug)]
struct Group {
    labels: Vec<String>,
    last: Option<Timestamp>,
}

/// Where a row stands in the time of its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Forward,
    Same,
    Back,
}

/// Numbers combinations of labels, up to a limit.
#[derive(Debug)]
pub(crate) struct Groups {
    index: HashMap<Vec<u8>, u32>,
    groups: Vec<Group>,
    limit: usize,
    key: Vec<u8>,
    last: Option<(Vec<u8>, u32)>,
}

impl Groups {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            index: HashMap::new(),
            groups: Vec::new(),
            limit: limit.clamp(1, u32::MAX as usize),
            key: Vec::new(),
            last: None,
        }
    }

    pub(crate) fn labels(&self, group: u32) -> &[String] {
        let group = self.groups.get(group as usize);
        group.map_or(&[], |group| group.labels.as_slice())
    }

    pub(crate) const fn len(&self) -> usize {
        self.groups.len()
    }

    pub(crate) const fn limit(&self) -> usize {
        self.limit
    }

    /// Begins a combination.
    pub(crate) fn begin(&mut self) {
        self.key.clear();
    }

    /// Adds a label; the length in front keeps `a` + `bc` apart from `ab` + `c`.
    pub(crate) fn add(&mut self, label: &str) {
        self.key
            .extend_from_slice(&(label.len() as u64).to_le_bytes());
        self.key.extend_from_slice(label.as_bytes());
    }

    /// The number of the combination; `None` when it is new and there is no room.
    pub(crate) fn finish(&mut self) -> Option<u32> {
        if let Some((key, id)) = &self.last
            && *key == self.key
        {
            return Some(*id);
        }
        let id = match self.index.get(&self.key) {
            Some(id) => *id,
            None if self.groups.len() >= self.limit => return None,
            None => {
                let id = u32::try_from(self.groups.len()).ok()?;
                self.index.insert(self.key.clone(), id);
                self.groups.push(Group {
                    labels: split(&self.key),
                    last: None,
                });
                id
            }
        };
        let (key, last) = self.last.get_or_insert_with(|| (Vec::new(), id));
        key.clone_from(&self.key);
        *last = id;
        Some(id)
    }

    /// Notes the time of a row of a group.
    pub(crate) fn place(&mut self, group: u32, time: Timestamp) -> Order {
        let Some(group) = self.groups.get_mut(group as usize) else {
            return Order::Forward;
        };
        match group.last.replace(time) {
            Some(last) if time == last => Order::Same,
            Some(last) if time < last => Order::Back,
            _ => Order::Forward,
        }
    }
}

fn split(mut key: &[u8]) -> Vec<String> {
    let mut labels = Vec::new();
    while let Some((len, rest)) = key.split_first_chunk::<8>() {
        let len = usize::try_from(u64::from_le_bytes(*len)).unwrap_or(usize::MAX);
        let (label, rest) = rest.split_at_checked(len).unwrap_or((rest, &[]));
        labels.push(String::from_utf8_lossy(label).into_owned());
        key = rest;
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(groups: &mut Groups, labels: &[&str]) -> Option<u32> {
        groups.begin();
        for label in labels {
            groups.add(label);
        }
        groups.finish()
    }

    #[test]
    fn combinations_are_kept_apart_and_limited() {
        let mut groups = Groups::new(2);
        assert_eq!(id(&mut groups, &["a", "bc"]), Some(0));
        assert_eq!(id(&mut groups, &["ab", "c"]), Some(1));
        assert_eq!(id(&mut groups, &["a", "bc"]), Some(0));
        assert_eq!(id(&mut groups, &["x", "y"]), None);
        assert_eq!(groups.labels(1), ["ab", "c"]);
        let at = Timestamp::from_secs;
        assert_eq!(groups.place(0, at(5)), Order::Forward);
        assert_eq!(groups.place(0, at(5)), Order::Same);
        assert_eq!(groups.place(0, at(4)), Order::Back);
        assert_eq!(groups.place(1, at(4)), Order::Forward);
    }
}
