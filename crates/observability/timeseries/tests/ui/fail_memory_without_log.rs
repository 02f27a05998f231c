//! private

#[path = "journal.rs"]
mod journal;

use journal::Memory;
use journal::transaction::Acknowledged;

fn enter(_: Acknowledged, memory: &mut Memory) {
    memory.0.push(1);
}

fn main() {
    enter(Acknowledged(()), &mut Memory::default());
}
