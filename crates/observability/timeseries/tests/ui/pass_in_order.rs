#[path = "journal.rs"]
mod journal;

use journal::Memory;
use journal::transaction::{Extent, transact};

fn main() {
    let mut log = Memory::default();
    for is_forced in [false, true, false] {
        let outcome = transact(&mut log, b"abc", |written| match written.keep(is_forced) {
            Ok(kept) => kept.publish(|_, extent| extent),
            Err(taken_back) => taken_back.tell(),
        });
        let end = log.0.len() as u64;
        let kept = Extent { offset: end.saturating_sub(3), end };
        assert_eq!(outcome, if is_forced { Err("no disk") } else { Ok(kept) });
    }
    assert_eq!(log.0, b"abcabc");
}
