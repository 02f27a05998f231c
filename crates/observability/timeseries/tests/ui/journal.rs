//! A log in memory, and the real order of writes.

#![allow(dead_code, reason = "each case needs a part")]

#[path = "../../src/transaction.rs"]
pub(crate) mod transaction;

#[derive(Default)]
pub(crate) struct Memory(pub(crate) Vec<u8>);

impl transaction::Journal for Memory {
    type Error = &'static str;

    fn write(&mut self, bytes: &[u8]) -> Result<u64, &'static str> {
        let offset = self.0.len() as u64;
        self.0.extend_from_slice(bytes);
        Ok(offset)
    }

    fn force(&mut self, bytes: u64) -> Result<(), &'static str> {
        self.0.truncate(self.0.len() - bytes as usize);
        Err("no disk")
    }
}
