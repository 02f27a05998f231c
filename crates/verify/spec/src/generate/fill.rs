//! Filling in shapes: numbers become values, lists and texts get their elements.

use std::collections::BTreeMap;

use voidstate_language::{Type, Value};

use super::bounds::{Number, whole};
use super::class::{Class, Look};
use super::draw::{Draw, shorter};
use super::formula::{Formula, Spot, Step};
use super::plan::{Plan, sorting};
use super::shape::{Kind, Shape};
use super::walk;

/// Tries for one element.
const TRIES: usize = 6;

impl Draw<'_> {
    pub(super) fn fill(
        &mut self,
        shape: &Shape,
        numbers: &[Number],
        plan: &Plan<'_>,
        depth: usize,
    ) -> Option<Value> {
        if let Some(list) = plan.taken_from(&shape.spot)
            && let Some(whole) = self.whole(list)
        {
            return match whole {
                Value::List(items) => self.random.pick(&items).cloned(),
                Value::Map(map) => map.keys().nth(self.random.below(map.len())).cloned(),
                _ => None,
            };
        }
        match &shape.kind {
            Kind::Done(value) => Some(value.clone()),
            Kind::Number(index) => Some(to_value(&shape.type_, *numbers.get(*index)?)),
            Kind::Some(inner) => Some(Value::some(self.fill(inner, numbers, plan, depth)?)),
            Kind::Parts(parts) => {
                let parts = self.fill_parts(parts, numbers, plan, depth)?;
                match &shape.type_ {
                    Type::Record(of) => Some(Value::Record(of.clone(), parts.into())),
                    _ => Some(Value::Tuple(parts.into())),
                }
            }
            Kind::Variant(tag, parts) => {
                let parts = self.fill_parts(parts, numbers, plan, depth)?;
                match &shape.type_ {
                    Type::Enum(of) => Some(Value::Enum(of.clone(), *tag, parts.into())),
                    _ => None,
                }
            }
            Kind::Sequence(index) => {
                let length = match numbers.get(*index)? {
                    Number::Int(i) => usize::try_from(*i).ok()?,
                    Number::Real(_) => return None,
                };
                self.sequence(shape, length, plan, depth)
            }
        }
    }

    fn fill_parts(
        &mut self,
        parts: &[Shape],
        numbers: &[Number],
        plan: &Plan<'_>,
        depth: usize,
    ) -> Option<Vec<Value>> {
        parts
            .iter()
            .map(|part| self.fill(part, numbers, plan, depth))
            .collect()
    }

    fn sequence(
        &mut self,
        shape: &Shape,
        length: usize,
        plan: &Plan<'_>,
        depth: usize,
    ) -> Option<Value> {
        let spot = &shape.spot;
        if self.is_given(spot, plan) {
            return self.given(spot, plan);
        }
        if let Some((other, _)) = plan.same.iter().find(|(_, b)| *b == spot)
            && let Some(value) = self.whole(other)
        {
            return Some(value);
        }
        let look = match self.wish(spot) {
            Some(Class::Sequence(_, look)) => Some(look),
            _ => None,
        };
        let planted: Vec<Value> = plan
            .parts
            .iter()
            .filter(|(_, text, _)| *text == spot)
            .filter_map(|(part, ..)| self.whole(part))
            .collect();
        let value = match &shape.type_ {
            Type::Text => self.text_with(spot, length, look, &planted, plan)?,
            Type::Bytes => Value::bytes(self.bytes(length, look)),
            Type::List(element) => {
                let mut list = self.list(spot, element, length, look, plan, depth)?;
                for part in &planted {
                    plant(&mut list, part, self.random.below(length + 1));
                }
                Value::list(list)
            }
            Type::Map(key, entry) => self.map(spot, key, entry, length, plan, depth)?,
            _ => return None,
        };
        Some(self.place_at_ends(spot, value, plan))
    }

    /// Something that is finished, or a number of a level that is being filled.
    fn whole(&self, spot: &Spot) -> Option<Value> {
        let (outer, value) = self
            .finished
            .iter()
            .rev()
            .find(|(outer, _)| spot.inside(outer).is_some())?;
        walk::part(value, spot.inside(outer)?)
    }

    fn text_with(
        &mut self,
        spot: &Spot,
        length: usize,
        look: Option<Look>,
        planted: &[Value],
        plan: &Plan<'_>,
    ) -> Option<Value> {
        let mut letters = match self.alphabet(spot, plan) {
            Some(alphabet) => {
                let mut letters = Vec::with_capacity(length);
                for _ in 0..length {
                    letters.push(*self.random.pick(&alphabet)?);
                }
                letters
            }
            None => self.text(length, look),
        };
        for part in planted {
            if let Value::Text(part) = part {
                let part: Vec<char> = part.chars().collect();
                let at = self
                    .random
                    .below((letters.len() + 1).saturating_sub(part.len()).max(1));
                for (slot, letter) in letters.iter_mut().skip(at).zip(part) {
                    *slot = letter;
                }
            }
        }
        Some(Value::text(String::from_iter(letters)))
    }

    /// The characters that every character of the text must be among.
    fn alphabet(&self, spot: &Spot, plan: &Plan<'_>) -> Option<Vec<char>> {
        let element = spot.step(Step::Element);
        for (_, _, inner) in plan
            .each
            .iter()
            .filter(|(l, at, _)| *l == spot && at.is_none())
        {
            if let Formula::Among(part, letters) = inner
                && *part == element
            {
                return match (self.evaluate)(letters)? {
                    Value::Text(text) => Some(text.chars().collect()),
                    Value::List(items) => Some(
                        items
                            .iter()
                            .filter_map(|item| match item {
                                Value::Text(text) => text.chars().next(),
                                _ => None,
                            })
                            .collect(),
                    ),
                    _ => None,
                };
            }
        }
        None
    }

    /// Moves planted texts to the end that the plan names.
    fn place_at_ends(&self, spot: &Spot, value: Value, plan: &Plan<'_>) -> Value {
        use super::formula::Where;
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

    fn list(
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
    fn element(
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
    fn repeated(&mut self, items: &[Value], look: Option<Look>) -> Option<Value> {
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

    fn free_list(
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

    fn map(
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

    /// A value of which nothing is asked.
    pub(super) fn free(&mut self, type_: &Type, depth: usize) -> Value {
        use super::bounds::{INT, REAL};
        use super::propose::{self, Sources};
        let again = self.random.chance(1, 4);
        if again
            && !matches!(type_, Type::Bool)
            && let Some(value) = self.random.pick(self.pool.of(type_))
        {
            return value.clone();
        }
        let longest = i128::try_from(shorter(self.longest, depth)).unwrap_or(2);
        match type_ {
            Type::Bool => Value::Bool(self.random.chance(1, 2)),
            Type::Int(_) | Type::Duration | Type::Size | Type::Real(_) => {
                let bounds = if matches!(type_, Type::Real(_)) {
                    REAL
                } else {
                    INT
                };
                let sources = Sources {
                    words: self.words.of(type_),
                    drawn: self.pool.of(type_),
                };
                to_value(
                    type_,
                    propose::number(type_, bounds, sources, &mut self.random),
                )
            }
            Type::Text => {
                let words = self.words.of(type_);
                if !words.is_empty() && self.random.chance(1, 4) {
                    return self
                        .random
                        .pick(words)
                        .cloned()
                        .unwrap_or_else(|| Value::text(""));
                }
                let length = self.free_length(longest);
                Value::text(String::from_iter(self.text(length, None)))
            }
            Type::Bytes => {
                let length = self.free_length(longest);
                Value::bytes(self.bytes(length, None))
            }
            Type::List(inner) => {
                let length = self.free_length(longest);
                Value::list(self.free_list(inner, length, None, depth))
            }
            Type::Map(key, entry) => {
                let length = self.free_length(longest);
                let entries: Vec<(Value, Value)> = (0..length)
                    .map(|_| (self.free(key, depth + 1), self.free(entry, depth + 1)))
                    .collect();
                Value::map(entries)
            }
            Type::Option(_) if self.random.chance(1, 3) => Value::none(),
            Type::Option(inner) => Value::some(self.free(inner, depth)),
            Type::Tuple(parts) => Value::tuple(
                parts
                    .iter()
                    .map(|part| self.free(part, depth))
                    .collect::<Vec<_>>(),
            ),
            Type::Record(of) => {
                let fields: Vec<Value> = of
                    .fields
                    .iter()
                    .map(|(_, part)| self.free(part, depth))
                    .collect();
                Value::Record(of.clone(), fields.into())
            }
            Type::Enum(of) => {
                let tag = self.random.below(of.variants.len());
                let payload: Vec<Value> = match of.variants.get(tag) {
                    Some((_, types)) => types.iter().map(|t| self.free(t, depth)).collect(),
                    None => Vec::new(),
                };
                Value::Enum(of.clone(), u32::try_from(tag).unwrap_or(0), payload.into())
            }
        }
    }

    fn free_length(&mut self, longest: i128) -> usize {
        use super::bounds::Bounds;
        match super::propose::length(Bounds::Int(0, longest), longest, &mut self.random) {
            Number::Int(i) => usize::try_from(i).unwrap_or(0),
            Number::Real(_) => 0,
        }
    }

    /// Characters in one of several styles; now and then a piece of a text that was drawn before.
    fn text(&mut self, length: usize, look: Option<Look>) -> Vec<char> {
        const WIDE: [char; 8] = ['é', 'ß', '漢', '字', '🦀', '\u{301}', 'я', '\u{200b}'];
        const CONTROL: [char; 8] = ['\n', '\t', '\0', ' ', '"', '\\', '\u{7f}', '\r'];
        if look.is_none()
            && self.random.chance(2, 5)
            && let Some(Value::Text(text)) = self.random.pick(self.pool.of(&Type::Text))
        {
            let letters: Vec<char> = text.chars().collect();
            if letters.len() >= length {
                let at = self.random.below(letters.len() - length + 1);
                return letters.into_iter().skip(at).take(length).collect();
            }
        }
        let style = match look {
            Some(Look::Constant) => 0,
            Some(Look::Multibyte) => 4,
            Some(Look::Control) => 5,
            Some(Look::Repeating) => 1,
            _ => self.random.below(7),
        };
        let fixed = char::from(b'a' + u8::try_from(self.random.below(2)).unwrap_or(0));
        (0..length)
            .map(|_| match style {
                0 => fixed,
                1 | 2 => char::from(b'a' + u8::try_from(self.random.below(2)).unwrap_or(0)),
                4 => self.random.pick(&WIDE).copied().unwrap_or('é'),
                5 => self.random.pick(&CONTROL).copied().unwrap_or(' '),
                3 => char::from(b'a' + u8::try_from(self.random.below(26)).unwrap_or(0)),
                _ => char::from(b' ' + u8::try_from(self.random.below(95)).unwrap_or(0)),
            })
            .collect()
    }

    fn bytes(&mut self, length: usize, look: Option<Look>) -> Vec<u8> {
        let few = look == Some(Look::Repeating) || self.random.chance(1, 2);
        let fixed = u8::try_from(self.random.below(256)).unwrap_or(0);
        (0..length)
            .map(|_| match look {
                Some(Look::Constant) => fixed,
                _ if few => [0, 1, 255, fixed][self.random.below(4)],
                _ => u8::try_from(self.random.below(256)).unwrap_or(0),
            })
            .collect()
    }
}

/// For comparison as the language compares: -0 is 0.
fn level(value: Value) -> Value {
    match value {
        // Leaves every number but -0 as it is.
        Value::Real(x) => Value::Real(x + 0.0),
        other => other,
    }
}

fn arrange(items: &mut [Value], look: Option<Look>) {
    match look {
        Some(Look::Ascending) => items.sort(),
        Some(Look::Descending) => {
            items.sort();
            items.reverse();
        }
        _ => {}
    }
}

fn plant(list: &mut [Value], part: &Value, at: usize) {
    if let Value::List(part) = part {
        let at = at.min(list.len().saturating_sub(part.len()));
        for (slot, item) in list.iter_mut().skip(at).zip(part.iter()) {
            *slot = item.clone();
        }
    }
}

/// The value of a type that a number is.
pub(super) fn to_value(type_: &Type, number: Number) -> Value {
    let int = |number: Number| {
        let wide = match number {
            Number::Int(i) => i,
            Number::Real(x) => whole(x),
        };
        i64::try_from(wide).unwrap_or(if wide < 0 { i64::MIN } else { i64::MAX })
    };
    match type_ {
        Type::Real(_) => Value::Real(number.real()),
        Type::Duration => Value::Duration(int(number)),
        Type::Size => Value::Size(int(number)),
        _ => Value::Int(int(number)),
    }
}
