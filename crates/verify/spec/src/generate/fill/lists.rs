//! Lists and maps.

use std::collections::BTreeMap;

use super::super::bounds::Number;
use super::super::class::Look;
use super::super::draw::Draw;
use super::super::formula::{Formula, Spot, Step};
use super::super::plan::{Plan, sorting};
use super::super::walk;
use super::TRIES;
use voidstate_language::{Type, Value};

impl Draw<'_> {
    /// Moves planted texts to the end that the plan names.
    pub(super) fn place_at_ends(&self, spot: &Spot, value: Value, plan: &Plan<'_>) -> Value {
        use crate::generate::formula::Where;
        let mut value = value;
        for (part, _, place) in plan.parts.iter().filter(|(_, text, _)| *text == spot) {
            let (Value::Text(text), Some(Value::Text(part))) = (&value, self.whole(part)) else {
                continue;
            };
            let (all, inner) = (text.chars().count(), part.chars().count());
            if inner > all || *place == Where::Anywhere {
                continue;
            }
            let joined: String = match place {
                Where::Start => part.chars().chain(text.chars().skip(inner)).collect(),
                _ => text.chars().take(all - inner).chain(part.chars()).collect(),
            };
            value = Value::text(joined);
        }
        value
    }

    pub(super) fn list(
        &mut self,
        spot: &Spot,
        element: &Type,
        length: usize,
        look: Option<Look>,
        plan: &Plan<'_>,
        depth: usize,
    ) -> Option<Vec<Value>> {
        if !plan.asks_inside(spot) && !plan.members.iter().any(|(_, list)| *list == spot) {
            return Some(self.free_list(element, length, look, depth));
        }
        let each: Vec<_> = plan.each.iter().filter(|(l, ..)| *l == spot).collect();
        let mut orders: Vec<(&[Step], bool, bool)> = Vec::new();
        let mut pairs: Vec<&Formula> = Vec::new();
        for (_, inner) in plan.pairs.iter().filter(|(l, _)| *l == spot) {
            match sorting(spot, inner) {
                Some(order) => orders.push(order),
                None => pairs.push(inner),
            }
        }
        if plan.sorted.contains(&spot) {
            orders.push((&[], false, false));
        }
        if orders.len() > 1 || (!pairs.is_empty() && !orders.is_empty()) {
            // Two orders at once: element by element.
            pairs = plan
                .pairs
                .iter()
                .filter(|(l, _)| *l == spot)
                .map(|(_, inner)| *inner)
                .collect();
            orders.truncate(1);
        }
        let mut keys: Vec<&[Step]> = plan
            .distinct
            .iter()
            .filter(|(l, _)| *l == spot)
            .map(|(_, key)| *key)
            .collect();
        keys.extend(
            orders
                .iter()
                .filter(|(_, strict, _)| *strict)
                .map(|(key, ..)| *key),
        );
        let chosen: Vec<(usize, &Formula)> = plan
            .some
            .iter()
            .filter(|(l, _)| *l == spot)
            .map(|(_, inner)| (self.random.below(length), *inner))
            .collect();
        let repeats = keys.is_empty()
            && pairs.is_empty()
            && chosen.is_empty()
            && each
                .iter()
                .all(|(_, at, inner)| at.is_none() && !inner.is_positional());

        let root = [(spot.step(Step::Element), element)];
        let before = spot.step(Step::Before);
        let mut items: Vec<Value> = Vec::with_capacity(length);
        for k in 0..length {
            if repeats && let Some(copy) = self.repeated(&items, look) {
                items.push(copy);
                continue;
            }
            let position = Number::Int(i128::try_from(k).unwrap_or(0));
            let mut formulas: Vec<&Formula> = Vec::with_capacity(each.len());
            for (_, at, inner) in &each {
                if at.is_none_or(|at| self.number(at) == Some(position)) {
                    formulas.push(inner);
                }
            }
            formulas.extend(chosen.iter().filter(|(at, _)| *at == k).map(|(_, f)| *f));
            let mark = self.finished.len();
            if let Some(last) = items.last() {
                formulas.extend(&pairs);
                self.finished.push((before.clone(), last.clone()));
            }
            self.positions.push(k);
            let drawn = self.element(&root, &formulas, &items, &keys, depth);
            self.positions.pop();
            self.finished.truncate(mark);
            items.push(drawn?);
        }
        for (part, _) in plan.members.iter().filter(|(_, list)| *list == spot) {
            if plan.taken_from(part).is_none()
                && let Some(value) = self.whole(part)
                && length > 0
                && !items.contains(&value)
            {
                let at = self.random.below(length);
                if let Some(slot) = items.get_mut(at) {
                    *slot = value;
                }
            }
        }
        if let Some((key, _, descending)) = orders.first()
            && pairs.is_empty()
        {
            items.sort_by_cached_key(|item| walk::part(item, key).map(level));
            if *descending {
                items.reverse();
            }
        } else if repeats {
            arrange(&mut items, look);
        }
        Some(items)
    }

    /// One element that differs from the others where it must.
    pub(super) fn element(
        &mut self,
        root: &[(Spot, &Type)],
        formulas: &[&Formula],
        others: &[Value],
        keys: &[&[Step]],
        depth: usize,
    ) -> Option<Value> {
        let tries = if keys.is_empty() { TRIES } else { TRIES * 6 };
        for attempt in 0..tries {
            self.evenly = attempt >= TRIES;
            let drawn = self.level(root, formulas, depth + 1);
            self.evenly = false;
            let Some(value) = drawn.and_then(|mut values| values.pop()) else {
                continue;
            };
            let fresh = keys.iter().all(|key| {
                let own = walk::part(&value, key).map(level);
                others
                    .iter()
                    .all(|other| walk::part(other, key).map(level) != own)
            });
            if fresh {
                return Some(value);
            }
        }
        None
    }

    /// Sometimes an element that is there already.
    pub(super) fn repeated(&mut self, items: &[Value], look: Option<Look>) -> Option<Value> {
        let again = match look {
            Some(Look::Constant) => true,
            Some(Look::Repeating) => items.len() >= 3,
            _ => self.random.chance(1, 5),
        };
        if again {
            self.random.pick(items).cloned()
        } else {
            None
        }
    }

    pub(super) fn free_list(
        &mut self,
        element: &Type,
        length: usize,
        look: Option<Look>,
        depth: usize,
    ) -> Vec<Value> {
        let mut items: Vec<Value> = Vec::with_capacity(length);
        for _ in 0..length {
            let item = match self.repeated(&items, look) {
                Some(copy) => copy,
                None => self.free(element, depth + 1),
            };
            items.push(item);
        }
        if look.is_none() && self.random.chance(1, 5) {
            arrange(&mut items, Some(Look::Ascending));
        } else {
            arrange(&mut items, look);
        }
        items
    }

    pub(super) fn map(
        &mut self,
        spot: &Spot,
        key: &Type,
        entry: &Type,
        length: usize,
        plan: &Plan<'_>,
        depth: usize,
    ) -> Option<Value> {
        let formulas: Vec<&Formula> = plan
            .each
            .iter()
            .filter(|(l, at, _)| *l == spot && at.is_none())
            .map(|(_, _, inner)| *inner)
            .collect();
        let roots = [(spot.step(Step::Key), key), (spot.step(Step::Entry), entry)];
        let mut map: BTreeMap<Value, Value> = BTreeMap::new();
        for (part, _) in plan.members.iter().filter(|(_, list)| *list == spot) {
            if plan.taken_from(part).is_none()
                && let Some(value) = self.whole(part)
            {
                let drawn = self.level(&roots, &formulas, depth + 1)?;
                map.insert(value, drawn.get(1)?.clone());
            }
        }
        for _ in 0..length.saturating_mul(TRIES) {
            if map.len() >= length {
                break;
            }
            let (k, v) = if formulas.is_empty() {
                (self.free(key, depth + 1), self.free(entry, depth + 1))
            } else {
                let mut drawn = self.level(&roots, &formulas, depth + 1)?;
                (drawn.swap_remove(0), drawn.pop()?)
            };
            map.insert(k, v);
        }
        (map.len() == length).then(|| Value::map(map))
    }
}

/// For comparison as the language compares: -0 is 0.
pub(super) fn level(value: Value) -> Value {
    match value {
        // Leaves every number but -0 as it is.
        Value::Real(x) => Value::Real(x + 0.0),
        other => other,
    }
}

pub(super) fn arrange(items: &mut [Value], look: Option<Look>) {
    match look {
        Some(Look::Ascending) => items.sort(),
        Some(Look::Descending) => {
            items.sort();
            items.reverse();
        }
        _ => {}
    }
}

pub(super) fn plant(list: &mut [Value], part: &Value, at: usize) {
    if let Value::List(part) = part {
        let at = at.min(list.len().saturating_sub(part.len()));
        for (slot, item) in list.iter_mut().skip(at).zip(part.iter()) {
            *slot = item.clone();
        }
    }
}
