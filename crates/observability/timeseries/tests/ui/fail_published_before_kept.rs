//! no method named `publish` found for struct `Written

#[path = "journal.rs"]
mod journal;

use journal::Memory;
use journal::transaction::transact;

fn main() {
    let _ = transact(&mut Memory::default(), b"record", |written| {
        written.publish(|_, _| ())
    });
}
