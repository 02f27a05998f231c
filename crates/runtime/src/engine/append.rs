//! A list that only grows and is read without a lock.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Entries of the first bucket; each further bucket doubles.
const FIRST: u64 = 64;
const BUCKETS: usize = 27;

/// A list that only grows: entries never move, so a reference lives as long as the list; reading takes no lock.
///
/// One writer at a time (callers hold a lock of their own around `push`).
#[derive(Debug)]
pub(crate) struct AppendVec<T> {
    buckets: [OnceLock<Box<[OnceLock<T>]>>; BUCKETS],
    len: AtomicU32,
}

fn place(index: u32) -> (usize, usize) {
    let shifted = u64::from(index) + FIRST;
    let bucket = shifted.ilog2() - FIRST.ilog2();
    let offset = shifted - (FIRST << bucket);
    (
        bucket as usize,
        usize::try_from(offset).unwrap_or(usize::MAX),
    )
}

impl<T> AppendVec<T> {
    pub(crate) const fn new() -> Self {
        Self {
            buckets: [const { OnceLock::new() }; BUCKETS],
            len: AtomicU32::new(0),
        }
    }

    pub(crate) fn len(&self) -> u32 {
        self.len.load(Ordering::Acquire)
    }

    #[inline]
    pub(crate) fn get(&self, index: u32) -> Option<&T> {
        let (bucket, offset) = place(index);
        self.buckets.get(bucket)?.get()?.get(offset)?.get()
    }

    /// Adds an entry and returns its index; `None` when 2³² − 1 entries are there.
    pub(crate) fn push(&self, value: T) -> Option<u32> {
        let index = self.len();
        if index == u32::MAX {
            return None;
        }
        let (bucket, offset) = place(index);
        let room = self.buckets.get(bucket)?.get_or_init(|| {
            let size = usize::try_from(FIRST << bucket).unwrap_or(0);
            (0..size).map(|_| OnceLock::new()).collect()
        });
        room.get(offset)?.set(value).ok()?;
        self.len.store(index + 1, Ordering::Release);
        Some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_stay_where_they_are() {
        let list = AppendVec::new();
        assert_eq!(list.push(0), Some(0));
        let first = list.get(0).unwrap();
        for i in 1..10_000 {
            assert_eq!(list.push(i), Some(i));
        }
        assert!(std::ptr::eq(first, list.get(0).unwrap()));
        assert!((0..10_000).all(|i| list.get(i) == Some(&i)));
        assert_eq!(list.get(10_000), None);
        assert_eq!(list.get(u32::MAX), None);
    }

    #[test]
    fn places_follow_one_another() {
        let mut expected = (0, 0);
        for index in 0..100_000 {
            assert_eq!(place(index), expected, "{index}");
            expected.1 += 1;
            if expected.1 == 64 << expected.0 {
                expected = (expected.0 + 1, 0);
            }
        }
    }
}
