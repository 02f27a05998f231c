//! mismatched types

#[path = "journal.rs"]
mod journal;

use journal::Memory;
use journal::transaction::transact;

fn main() {
    let _: Result<(), _> = transact(&mut Memory::default(), b"record", |written| {
        match written.keep(true) {
            Ok(kept) => drop(kept),
            Err(taken_back) => taken_back.tell(),
        }
    });
}
