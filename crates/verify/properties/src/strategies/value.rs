//! Typed values.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use voidstate_core::{AttributeValue, Attributes, NESTING_MAX};

use super::{Sizes, number, text};

/// Values of every kind; lists and maps at most `nesting_max` deep. Shrinks towards `false`.
///
/// Deep ones come as often as shallow ones: below the first levels a list or map holds one item.
pub fn value(sizes: Sizes) -> BoxedStrategy<AttributeValue> {
    nested(sizes, sizes.nesting_max.min(NESTING_MAX))
}

fn nested(sizes: Sizes, levels: usize) -> BoxedStrategy<AttributeValue> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(AttributeValue::Bool),
        any::<i64>().prop_map(AttributeValue::Int),
        number().prop_map(AttributeValue::Real),
        text(sizes.text_chars_max).prop_map(AttributeValue::Text),
        vec(any::<u8>(), 0..=sizes.items_max).prop_map(AttributeValue::Bytes),
    ]
    .boxed();
    let mut all = leaf.clone();
    for level in 0..levels {
        // Wide only near the leaves, so that the size does not grow with the power of the depth.
        let items = match level {
            0 | 1 => 0..=sizes.items_max,
            _ => sizes.items_max.min(1)..=sizes.items_max.min(1),
        };
        let keys = text(sizes.text_chars_max.min(8));
        let lists = vec(all.clone(), items.clone()).prop_map(AttributeValue::List);
        let maps = btree_map(keys, all, items).prop_map(AttributeValue::Map);
        all = prop_oneof![1 => leaf.clone(), 2 => lists, 2 => maps].boxed();
    }
    all
}

/// Named values. Shrinks towards none.
pub fn attributes(sizes: Sizes) -> BoxedStrategy<Attributes> {
    let names = prop_oneof![4 => "[a-z_]{1,8}", 1 => text(sizes.text_chars_max.min(16))];
    btree_map(names, value(sizes), 0..=sizes.items_max).boxed()
}
