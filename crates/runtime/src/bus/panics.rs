//! What is kept of a panic.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Longest message that is kept, in bytes.
const MESSAGE_BYTES_MAX: usize = 1024;

/// The message of a panic, cut at a character boundary.
pub(super) fn message(payload: &(dyn Any + Send)) -> String {
    let text = if let Some(text) = payload.downcast_ref::<&'static str>() {
        text
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.as_str()
    } else {
        "a panic whose payload is no text"
    };
    let mut end = text.len().min(MESSAGE_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().to_owned()
}

/// Drops a foreign value; when its destructor panics, the payload of that panic is leaked rather than dropped in turn.
pub(super) fn discard<T>(value: T) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(value))) {
        std::mem::forget(payload);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_kept_and_cut() {
        assert_eq!(message(&"plain"), "plain");
        assert_eq!(message(&"owned".to_owned()), "owned");
        assert_eq!(message(&7_u8), "a panic whose payload is no text");
        assert_eq!(message(&"ä".repeat(1000)).len(), 1024);
        assert_eq!(message(&format!("x{}", "ä".repeat(1000))).len(), 1023);
    }
}
