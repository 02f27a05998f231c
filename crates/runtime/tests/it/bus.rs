//! The hook bus.

mod announcements;
mod basics;
mod growth;
mod inside;
mod isolation;
mod model;
mod nesting;
mod threads;

use std::sync::{Arc, Mutex};

use voidstate_core::{HookName, HookPattern, ToolId};
use voidstate_runtime::CallbackSpec;

pub(crate) fn name(text: &str) -> HookName {
    HookName::new(text).unwrap()
}

pub(crate) fn tool(text: &str) -> ToolId {
    ToolId::new(text).unwrap()
}

pub(crate) fn spec(owner: &str, pattern: &str) -> CallbackSpec {
    CallbackSpec::new(tool(owner), HookPattern::new(pattern).unwrap())
}

pub(crate) fn placed(owner: &str, pattern: &str, priority: i32, after: &[&str]) -> CallbackSpec {
    CallbackSpec {
        priority,
        after: after.iter().map(|id| tool(id)).collect(),
        ..spec(owner, pattern)
    }
}

/// What was called, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn push(&self, text: impl Into<String>) {
        self.0.lock().unwrap().push(text.into());
    }

    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}
