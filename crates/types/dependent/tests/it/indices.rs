//! Branded indices and counts against plain lists.

use proptest::prelude::*;
use voidstate_dependent::peano::{Succ, Zero};
use voidstate_dependent::{BVec, Count, Error, Exact};

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn a_branded_list_is_the_list(mut items in prop::collection::vec(any::<u8>(), 0..20), at in any::<usize>(), to in 0_usize..20) {
        let list = items.clone();
        let changed = BVec::scope(list, |mut list| {
            assert_eq!(list.check(at).is_some(), at < items.len());
            assert!(list.indices().map(|i| list[i]).eq(items.iter().copied()));
            if let (Some(i), Some(j)) = (list.check(to), list.check(0)) {
                list[i] = list[i].wrapping_add(1);
                list.swap(i, j);
                assert_eq!(list.find(|item| *item == list[j]).map(|k| list[k]), Some(list[j]));
            }
            list.into_vec()
        });
        if to < items.len() {
            items[to] = items[to].wrapping_add(1);
            items.swap(to, 0);
        }
        prop_assert_eq!(changed, items);
    }

    #[test]
    fn a_count_accepts_exactly_itself(n in 0_usize..9, len in 0_usize..9) {
        let outcome = Count::fix(n, |count| {
            let exact = count.exactly(vec![0_u8; len])?;
            Ok(exact.zip(count.from_fn(|i| i)).into_vec().len())
        });
        let refused = Error::Count { expected: n, found: len };
        prop_assert_eq!(outcome, if n == len { Ok(n) } else { Err(refused) });
    }
}

/// Exactly n − 1 predecessors, where n is known only now.
fn run<'id>(tools: &Exact<'id, &str>, edges: &Exact<'id, u8, Succ<Zero>>) -> (usize, usize) {
    (tools.as_slice().len(), edges.as_slice().len())
}

#[test]
fn one_less_than_a_number_known_at_run_time() {
    for n in 1..6 {
        let ran = Count::fix(n, |count| {
            let tools = count.from_fn(|_| "tool");
            let edges = count.pred()?.exactly(vec![0; n - 1])?;
            Ok::<_, Error>(run(&tools, &edges))
        });
        assert_eq!(ran, Ok((n, n - 1)));
    }
}
