//! A tool's metadata against its spec.

use std::collections::BTreeSet;

use voidstate_core::ToolMeta;
use voidstate_language::CheckedTool;
use voidstate_language::ast::BudgetKind;

/// Where metadata and spec say different things: effects and permissions must be the same, budgets that the spec says
/// without a condition must be the metadata's. Empty when they agree.
///
/// ```
/// use voidstate_core::{Effect, EffectSet, ToolMeta};
///
/// let spec = voidstate_spec::language::compile("tool quiet { effects emit_metric\n operation tick {} }")?;
/// let mut meta = ToolMeta::new("quiet", "host.**", "says nothing")?;
/// assert_eq!(voidstate_spec::tool::disagreements(&meta, &spec.tools[0]).len(), 1);
/// meta.effects = EffectSet::of(&[Effect::EmitMetric]);
/// assert!(voidstate_spec::tool::disagreements(&meta, &spec.tools[0]).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn disagreements(meta: &ToolMeta, spec: &CheckedTool) -> Vec<String> {
    let mut found = Vec::new();
    let words = |all: &BTreeSet<String>| {
        if all.is_empty() {
            "none".to_owned()
        } else {
            all.iter().cloned().collect::<Vec<_>>().join(", ")
        }
    };
    let own: BTreeSet<String> = meta
        .effects
        .iter()
        .map(|effect| effect.to_string())
        .collect();
    let said: BTreeSet<String> = spec.effects.iter().flatten().cloned().collect();
    if own != said {
        found.push(format!(
            "effects: the metadata says {}, the spec {}",
            words(&own),
            words(&said)
        ));
    }
    let dotted = |path: &str| path.replace('/', ".").trim_matches('.').to_owned();
    let own: BTreeSet<String> = meta
        .permissions
        .iter()
        .map(|p| format!("{} {}", word(p.action), dotted(p.resource.as_str())))
        .collect();
    let said: BTreeSet<String> = spec
        .permissions
        .iter()
        .map(|p| format!("{} {}", p.action.text, dotted(&p.resource)))
        .collect();
    if own != said {
        found.push(format!(
            "permissions: the metadata says {}, the spec {}",
            words(&own),
            words(&said)
        ));
    }
    for budget in spec.budgets.iter().filter(|budget| budget.when.is_none()) {
        let (what, own) = match budget.kind {
            BudgetKind::Time => ("nanoseconds a call", meta.budget.time_per_signal.as_nanos()),
            BudgetKind::Memory => ("bytes", u128::from(meta.budget.memory_bytes)),
        };
        if u128::try_from(budget.limit) != Ok(own) {
            found.push(format!(
                "budget: the metadata says {own} {what}, the spec {}",
                budget.limit
            ));
        }
    }
    found
}

fn word(action: voidstate_core::Action) -> &'static str {
    match action {
        voidstate_core::Action::Observe => "observe",
        voidstate_core::Action::ReadSeries => "read_series",
        voidstate_core::Action::ReadFile => "read_file",
        _ => "of a later version",
    }
}
