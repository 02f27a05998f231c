//! no method named `publish` found for struct `TakenBack

#[path = "journal.rs"]
mod journal;

use journal::Memory;
use journal::transaction::transact;

fn main() {
    let _ = transact(&mut Memory::default(), b"record", |written| {
        match written.keep(true) {
            Ok(kept) => kept.publish(|_, _| ()),
            Err(taken_back) => taken_back.publish(|_, _| ()),
        }
    });
}
