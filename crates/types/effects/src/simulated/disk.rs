//! Files that lose what was not made durable when the plug is pulled.

use std::collections::BTreeMap;

use crate::seeded::Seeded;
use crate::simulated::failed;
use crate::standard::{Failure, FailureKind};

/// What is seen of a file, and what of it is durable (`None` where it is not there).
#[derive(Debug, Clone, Default)]
struct File {
    seen: Option<Vec<u8>>,
    durable: Option<Vec<u8>>,
}

impl File {
    fn bytes(&self) -> u64 {
        self.seen.as_ref().map_or(0, |b| b.len() as u64)
    }
}

#[derive(Debug, Clone)]
pub(super) struct Disk {
    files: BTreeMap<String, File>,
    random: Seeded,
    bytes: u64,
    bytes_max: u64,
}

impl Disk {
    pub(super) fn new(random: Seeded, bytes_max: u64) -> Self {
        Self {
            files: BTreeMap::new(),
            random,
            bytes: 0,
            bytes_max,
        }
    }

    pub(super) fn read(&self, path: &str, bytes_max: u64) -> Result<Vec<u8>, Failure> {
        let Some(bytes) = self.files.get(path).and_then(|f| f.seen.as_ref()) else {
            return failed(FailureKind::NotFound, path);
        };
        let length = usize::try_from(bytes_max).unwrap_or(usize::MAX);
        Ok(bytes.iter().take(length).copied().collect())
    }

    pub(super) fn write(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), Failure> {
        let before = self.files.get(path).map_or(0, File::bytes);
        let total = (self.bytes - before).saturating_add(bytes.len() as u64);
        if total > self.bytes_max {
            return failed(FailureKind::Full, path);
        }
        self.bytes = total;
        self.files.entry(path.to_owned()).or_default().seen = Some(bytes);
        Ok(())
    }

    pub(super) fn sync(&mut self, path: &str) -> Result<(), Failure> {
        match self.files.get_mut(path) {
            Some(file) => {
                file.durable.clone_from(&file.seen);
                if file.seen.is_none() {
                    self.files.remove(path);
                }
                Ok(())
            }
            None => failed(FailureKind::NotFound, path),
        }
    }

    /// A removal is durable only after a sync, as a write is.
    pub(super) fn remove(&mut self, path: &str) -> Result<(), Failure> {
        match self.files.get_mut(path) {
            Some(file) if file.seen.is_some() => {
                self.bytes -= file.bytes();
                file.seen = None;
                Ok(())
            }
            _ => failed(FailureKind::NotFound, path),
        }
    }

    /// Every file that is not as durable falls back, is kept, or is torn.
    pub(super) fn crash(&mut self) {
        for file in self.files.values_mut().filter(|f| f.seen != f.durable) {
            let fate = self.random.below(3);
            let seen = file.seen.take();
            file.seen = match (fate, seen) {
                (0, _) => file.durable.take(),
                (1, seen) => seen,
                (_, Some(mut torn)) => {
                    let length = self.random.below(torn.len() as u64 + 1);
                    torn.truncate(usize::try_from(length).unwrap_or(usize::MAX));
                    Some(torn)
                }
                (_, None) => None,
            };
            file.durable.clone_from(&file.seen);
        }
        self.files.retain(|_, file| file.seen.is_some());
        self.bytes = self.files.values().map(File::bytes).sum();
    }
}
