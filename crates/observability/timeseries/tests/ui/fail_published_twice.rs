//! use of moved value: `kept`

#[path = "journal.rs"]
mod journal;

use journal::Memory;
use journal::transaction::transact;

fn main() {
    let _ = transact(&mut Memory::default(), b"record", |written| {
        match written.keep(false) {
            Ok(kept) => {
                let _first = kept.publish(|_, _| ());
                kept.publish(|_, _| ())
            }
            Err(taken_back) => taken_back.tell(),
        }
    });
}
