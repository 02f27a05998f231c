//! Functions of maps.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::logic::{number, option};
use super::{Evaluated, Machine, arity, wrong};
use crate::node::Typed;
use crate::{Error, Value};

fn table(m: &mut Machine<'_>, typed: &Typed) -> Result<Arc<BTreeMap<Value, Value>>, Box<Error>> {
    match m.eval(typed)? {
        Value::Map(map) => Ok(map),
        other => Err(wrong("map", &other)),
    }
}

pub(crate) fn keys(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [map] = a else { return Err(arity("keys")) };
    let map = table(m, map)?;
    m.pay(map.len())?;
    Ok(Value::list(map.keys().cloned()))
}

pub(crate) fn values(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [map] = a else {
        return Err(arity("values"));
    };
    let map = table(m, map)?;
    m.pay(map.len())?;
    Ok(Value::list(map.values().cloned()))
}

pub(crate) fn entries(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [map] = a else {
        return Err(arity("entries"));
    };
    let map = table(m, map)?;
    m.pay(map.len())?;
    let pairs = map
        .iter()
        .map(|(k, v)| Value::tuple([k.clone(), v.clone()]));
    Ok(Value::list(pairs))
}

pub(crate) fn get(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [map, key] = a else {
        return Err(arity("get"));
    };
    let map = table(m, map)?;
    let key = m.eval(key)?;
    m.pay_value(&key)?;
    Ok(option(map.get(&key).cloned()))
}

pub(crate) fn group_count(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [list] = a else {
        return Err(arity("group_count"));
    };
    let items = m.items(list)?;
    let counts = m.counts(&items)?;
    let counts = counts.into_iter().map(|(k, n)| (k.clone(), number(n)));
    Ok(Value::map(counts))
}

impl Machine<'_> {
    /// How often each value is there.
    pub(super) fn counts<'b>(
        &mut self,
        items: &'b [Value],
    ) -> Result<BTreeMap<&'b Value, usize>, Box<Error>> {
        self.pay_sorting(items)?;
        let mut counts = BTreeMap::new();
        for item in items {
            *counts.entry(item).or_insert(0) += 1;
        }
        Ok(counts)
    }

    /// Steps for sorting: every element as often as the logarithm of the length.
    pub(super) fn pay_sorting(&mut self, items: &[Value]) -> Result<(), Box<Error>> {
        let rounds = usize::BITS - items.len().leading_zeros();
        for _ in 0..rounds {
            self.pay(items.len())?;
            items.iter().try_for_each(|item| self.pay_value(item))?;
        }
        Ok(())
    }
}
