//! mismatched types

#[path = "journal.rs"]
mod journal;

use journal::Memory;
use journal::transaction::transact;

fn main() {
    let _: Result<(), _> = transact(&mut Memory::default(), b"record", |written| {
        drop(written);
    });
}
