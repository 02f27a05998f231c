//! The laws of every tool, held against this one.

use voidstate_properties::tool::{Outcome, Settings, check};

use crate::context::factory;

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "seed and cases of a long run are said by its environment"
)]
fn every_law_of_a_tool_holds() {
    let set = |name: &str, usual: u64| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or(usual)
    };
    let settings = Settings {
        seed: set("VOIDSTATE_LAWS_SEED", 1),
        cases: set("VOIDSTATE_LAWS_CASES", 6),
        ..Settings::default()
    };
    let report = check(factory().as_ref(), &settings).unwrap();
    assert!(report.holds(), "{report}");
    assert!(report.findings > 0, "{report}");
    for law in &report.laws {
        let open = matches!(law.outcome, Outcome::NotChecked { .. });
        // No allocator is attached here; the program's own check measures memory.
        assert_eq!(open, law.law.name == "memory_within_budget", "{report}");
    }
}
