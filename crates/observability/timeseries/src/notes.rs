//! What a store has to tell: cuts, skips, repairs and failures.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Most sentences that are kept; later ones are counted.
const NOTES_MAX: usize = 64;

/// Sentences for [`StoreStatus::notes`](voidstate_core::StoreStatus::notes), each once.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    inner: Mutex<(VecDeque<String>, u64)>,
}

impl Notes {
    /// Adds a sentence, unless it was said.
    pub(crate) fn say(&self, sentence: String) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.0.contains(&sentence) {
            return;
        }
        if inner.0.len() < NOTES_MAX {
            inner.0.push_back(sentence);
        } else {
            inner.1 = inner.1.saturating_add(1);
        }
    }

    /// Everything said, the oldest first.
    pub(crate) fn all(&self) -> Vec<String> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<String> = inner.0.iter().cloned().collect();
        if inner.1 > 0 {
            all.push(format!("{} more notes are not shown", inner.1));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_bounded_and_said_once() {
        let notes = Notes::default();
        for i in 0..100 {
            notes.say(format!("note {i}"));
            notes.say(format!("note {i}"));
        }
        let all = notes.all();
        assert_eq!(all.len(), NOTES_MAX + 1);
        assert!(all.last().unwrap().contains("more notes"));
    }
}
