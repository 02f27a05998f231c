//! Rights to memory.

#![expect(
    clippy::disallowed_methods,
    reason = "threads of their own read and write here"
)]

use proptest::prelude::*;
use voidstate_linear::{Error, Write, region};

/// Cuts a part up as `cuts` say and fills each piece with its own number; how many pieces there are.
fn split(part: &mut Write<'_, '_, u32>, cuts: &[usize], next: &mut u32) -> usize {
    let Some((cut, rest)) = cuts.split_first() else {
        *next += 1;
        part.as_mut_slice().fill(*next);
        return 1;
    };
    let mut count = 0;
    region(part.as_mut_slice(), |whole| {
        let cut = cut % (whole.len() + 1);
        let half = rest.len() / 2;
        let whole = whole.split(cut, |mut left, mut right| {
            count += split(&mut left, &rest[..half], next);
            count += split(&mut right, &rest[half..], next);
            (left.finish(), right.finish())
        });
        match whole {
            Ok(whole) => whole.finish(),
            Err(refused) => refused.token.finish(),
        }
    });
    count
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_cover_the_whole_and_do_not_overlap(len in 0_usize..60, cuts in prop::collection::vec(any::<usize>(), 0..12)) {
        let mut memory = vec![0; len];
        let mut next = 0;
        region(&mut memory, |mut whole| {
            let parts = split(&mut whole, &cuts, &mut next);
            assert_eq!(parts, cuts.len() + 1);
            whole.finish()
        });
        prop_assert!(memory.iter().all(|n| *n > 0));
        prop_assert!(memory.is_sorted(), "each part was written by its own: {:?}", memory);
    }
}

#[test]
fn splitting_outside_gives_the_whole_back() {
    let mut memory = [1, 2, 3];
    let told = region(&mut memory, |whole| {
        let Err(refused) = whole.split(4, |left, right| (left.finish(), right.finish())) else {
            panic!("it is outside")
        };
        assert_eq!(refused.token.read().as_slice(), [1, 2, 3]);
        refused.token.finish().giving(refused.error)
    });
    assert_eq!(told, Error::OutsideRegion { at: 4, len: 3 });
}

#[test]
fn readers_are_many_and_threads_write_parts() {
    let mut memory = [0_u8; 64];
    let sum = region(&mut memory, |whole| {
        let whole = whole.split(20, |mut left, mut right| {
            std::thread::scope(|scope| {
                scope.spawn(|| left.as_mut_slice().fill(1));
                scope.spawn(|| right.as_mut_slice().fill(2));
            });
            (left.finish(), right.finish())
        });
        let whole = whole.unwrap();
        let reader = whole.read();
        let sums: Vec<u32> = std::thread::scope(|scope| {
            let reading: Vec<_> = (0..3)
                .map(|_| scope.spawn(move || reader.as_slice().iter().map(|n| u32::from(*n)).sum()))
                .collect();
            reading
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        whole.finish().giving(sums)
    });
    assert_eq!(sum, [20 + 88; 3]);
}

#[test]
fn nothing_is_a_region_too() {
    region(&mut Vec::<u32>::new(), |mut nothing| {
        assert!(nothing.is_empty() && nothing.as_mut_slice().is_empty());
        nothing.finish()
    });
}
