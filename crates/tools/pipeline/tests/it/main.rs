//! The tool from outside.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod arrows;
mod context;
mod tool;

use voidstate_properties::tool::{Outcome, Settings, check};
use voidstate_tool_pipeline::PipelineFactory;

/// Holds the laws of every tool against a pipeline.
fn laws(factory: &PipelineFactory) {
    let settings = Settings {
        cases: 6,
        ..Settings::default()
    };
    let report = check(factory, &settings).unwrap();
    assert!(report.holds(), "{report}");
    for law in &report.laws {
        let open = matches!(law.outcome, Outcome::NotChecked { .. });
        // No allocator is attached here; the program's own check measures memory.
        assert_eq!(open, law.law.name == "memory_within_budget", "{report}");
    }
}
