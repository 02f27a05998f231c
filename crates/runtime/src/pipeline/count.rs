//! Exactly so many dependencies, where the number is known only at run time.

use std::sync::Arc;

use voidstate_core::ToolFactory;
use voidstate_dependent::Count;

use crate::{Error, Result, ToolRegistry};

impl ToolRegistry {
    /// As [`register`](Self::register), for a tool that must have exactly `count` dependencies.
    ///
    /// # Errors
    /// [`Error::DependencyCount`] when its metadata name another number of different tools; otherwise as for `register`.
    pub fn register_exactly(&self, factory: Arc<dyn ToolFactory>, count: usize) -> Result<()> {
        let meta = factory.meta();
        let mut needs: Vec<_> = meta.dependencies.iter().collect();
        needs.sort_unstable();
        needs.dedup();
        let given = needs.len();
        if Count::fix(count, |count| count.exactly(needs).is_err()) {
            return Err(Error::DependencyCount {
                tool: meta.id.to_string(),
                declared: count,
                given,
            });
        }
        self.register(factory)
    }
}
