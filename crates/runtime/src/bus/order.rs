//! In which order the callbacks of one hook are called.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

use voidstate_core::ToolId;

/// What decides where a callback stands.
pub(super) trait Placed {
    fn owner(&self) -> &ToolId;
    fn priority(&self) -> i32;
    /// Number of the registration.
    fn number(&self) -> u64;
    fn after(&self) -> &[ToolId];
}

fn key(item: &impl Placed) -> (Reverse<i32>, u64) {
    (Reverse(item.priority()), item.number())
}

/// Sorts by priority (higher first), then registration, but never before a callback of a tool in `after`.
///
/// Of the callbacks that may be called next, the one with the highest priority is. O(n log n + orderings). The owners'
/// orderings must be free of cycles, see [`cycle`]; the callbacks of a cycle would be placed last.
pub(super) fn sort<T: Placed>(items: &mut Vec<T>) {
    items.sort_by_key(key);
    if items.iter().all(|item| item.after().is_empty()) {
        return;
    }
    let mut left: HashMap<ToolId, usize> = HashMap::new();
    for item in items.iter() {
        *left.entry(item.owner().clone()).or_default() += 1;
    }
    // For each callback, how many of the tools that it comes after have callbacks left here.
    let mut blocked: Vec<usize> = Vec::with_capacity(items.len());
    let mut waiting: HashMap<ToolId, Vec<usize>> = HashMap::new();
    let mut ready = BinaryHeap::new();
    for (position, item) in items.iter().enumerate() {
        let before: BTreeSet<&ToolId> = item.after().iter().collect();
        let mut count = 0;
        for tool in before {
            if left.contains_key(tool) {
                waiting.entry(tool.clone()).or_default().push(position);
                count += 1;
            }
        }
        blocked.push(count);
        if count == 0 {
            ready.push(Reverse((key(item), position)));
        }
    }
    let mut rank = vec![usize::MAX; items.len()];
    let mut placed = 0;
    while let Some(Reverse((_, position))) = ready.pop() {
        if let Some(rank) = rank.get_mut(position) {
            *rank = placed;
            placed += 1;
        }
        let Some(owner) = items.get(position).map(Placed::owner) else {
            continue;
        };
        let Some(count) = left.get_mut(owner) else {
            continue;
        };
        *count -= 1;
        if *count > 0 {
            continue;
        }
        for later in waiting.remove(owner).unwrap_or_default() {
            if let (Some(blocked), Some(item)) = (blocked.get_mut(later), items.get(later)) {
                *blocked -= 1;
                if *blocked == 0 {
                    ready.push(Reverse((key(item), later)));
                }
            }
        }
    }
    let mut ranked: Vec<(usize, T)> = rank.into_iter().zip(items.drain(..)).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    items.extend(ranked.into_iter().map(|(_, item)| item));
}

/// The cycle that appears when `owner` comes after `after`, if any: each tool after the next, the first repeated last.
///
/// `orderings` are those that hold already and form no cycle. O(tools + orderings).
pub(super) fn cycle(
    orderings: &BTreeMap<&ToolId, BTreeSet<&ToolId>>,
    owner: &ToolId,
    after: &[ToolId],
) -> Option<Vec<String>> {
    let mut came_from: HashMap<&ToolId, &ToolId> = HashMap::new();
    let mut open: Vec<&ToolId> = Vec::new();
    for tool in after {
        if came_from.insert(tool, owner).is_none() {
            open.push(tool);
        }
    }
    while let Some(tool) = open.pop() {
        if tool == owner {
            let mut path = vec![owner.to_string()];
            let mut at = tool;
            while let Some(previous) = came_from.get(at) {
                path.push(previous.to_string());
                at = previous;
                if at == owner {
                    break;
                }
            }
            path.reverse();
            return Some(path);
        }
        for next in orderings.get(tool).into_iter().flatten() {
            if !came_from.contains_key(*next) {
                came_from.insert(next, tool);
                open.push(next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Item(ToolId, i32, u64, Vec<ToolId>);

    impl Placed for Item {
        fn owner(&self) -> &ToolId {
            &self.0
        }
        fn priority(&self) -> i32 {
            self.1
        }
        fn number(&self) -> u64 {
            self.2
        }
        fn after(&self) -> &[ToolId] {
            &self.3
        }
    }

    fn tool(name: &str) -> ToolId {
        ToolId::new(name).unwrap()
    }

    fn item(owner: &str, priority: i32, number: u64, after: &[&str]) -> Item {
        Item(
            tool(owner),
            priority,
            number,
            after.iter().map(|name| tool(name)).collect(),
        )
    }

    #[test]
    fn priority_then_registration_then_orderings() {
        let mut items = vec![
            item("a", 9, 0, &["c", "absent"]),
            item("b", 5, 1, &[]),
            item("c", 1, 2, &[]),
            item("d", 5, 3, &[]),
            item("c", 7, 4, &[]),
        ];
        sort(&mut items);
        let numbers: Vec<u64> = items.iter().map(Placed::number).collect();
        assert_eq!(numbers, [4, 1, 3, 2, 0]);
    }

    #[test]
    fn a_cycle_is_named_along_its_path() {
        let (a, b, c) = (tool("a"), tool("b"), tool("c"));
        let orderings = BTreeMap::from([(&a, BTreeSet::from([&b])), (&b, BTreeSet::from([&c]))]);
        let found = cycle(&orderings, &c, std::slice::from_ref(&a)).unwrap();
        assert_eq!(found, ["c", "a", "b", "c"]);
        let itself = cycle(&orderings, &c, std::slice::from_ref(&c)).unwrap();
        assert_eq!(itself, ["c", "c"]);
        assert!(cycle(&orderings, &a, &[c.clone(), b.clone()]).is_none());
    }
}
