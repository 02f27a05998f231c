//! What tools say about themselves.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use voidstate_core::{
    Action, AttributeValue, Budget, ConfigField, ConfigKind, Effect, EffectSet, Permission,
    Priority, Scope, SessionDecl, Subscription, ToolMeta,
};

use super::{Sizes, config_fields, glob, glob_that_matches, text, tool_id};

/// Every set of effects. Shrinks towards none.
pub fn effect_set() -> impl Strategy<Value = EffectSet> + Clone {
    let all = Effect::ALL.to_vec();
    let most = all.len();
    subsequence(all, 0..=most).prop_map(|effects| EffectSet::of(&effects))
}

/// Permissions of every action.
pub fn permission() -> impl Strategy<Value = Permission> + Clone {
    let action = select(vec![Action::Observe, Action::ReadSeries, Action::ReadFile]);
    (action, glob()).prop_map(|(action, resource)| Permission { action, resource })
}

/// Subscriptions to any hooks, to hooks that there are, after any tools.
pub fn subscription(sizes: Sizes) -> impl Strategy<Value = Subscription> + Clone {
    let matching = glob_that_matches().prop_map(|(_, glob)| glob);
    let priority = prop_oneof![4 => -10..10_i32, 1 => any::<i32>()];
    let after = vec(tool_id(), 0..=sizes.items_max.min(2));
    (prop_oneof![glob(), matching], priority, after).prop_map(|(pattern, priority, after)| {
        Subscription {
            pattern,
            priority,
            after,
        }
    })
}

/// Budgets that a tool may have: from nothing at all to a thousand cores.
pub fn budget() -> impl Strategy<Value = Budget> + Clone {
    let share = prop_oneof![
        3 => 0.01..=4.0_f64,
        1 => select(vec![f64::MIN_POSITIVE, 1000.0]),
    ];
    (any::<u32>(), share, any::<u64>()).prop_map(|(micros, core_share, memory_bytes)| Budget {
        time_per_signal: Duration::from_micros(micros.into()),
        core_share,
        memory_bytes,
    })
}

/// Sessions that a tool may declare; their protocols are short, and only an engine reads them.
pub fn session() -> impl Strategy<Value = SessionDecl> + Clone {
    let word = || "[a-z]{1,8}";
    (word(), word()).prop_map(|(name, role)| SessionDecl {
        protocol: format!("protocol P(role {role}, role other_{role}) {{}}"),
        name,
        role,
    })
}

/// Metadata that hold. Shrinks towards a tool of layer 0 that needs nobody and sees one hook.
pub fn tool_meta(sizes: Sizes) -> BoxedStrategy<ToolMeta> {
    let words = move || text(sizes.text_chars_max);
    let said = (
        words(),
        words(),
        "[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{1,2}",
        words(),
    );
    let place = (
        0..=4_u8,
        1..=3_u8,
        select(vec![Priority::P0, Priority::P1, Priority::P2]),
        select(vec![Scope::Sharded, Scope::Single]),
    );
    let items = sizes.items_max;
    let asked = (
        effect_set(),
        vec(permission(), 0..=items),
        vec(tool_id(), 0..=items),
        vec(subscription(sizes), 1..=items.max(1)),
        vec(session(), 0..=items.min(2)),
    );
    (
        tool_id(),
        said,
        place,
        asked,
        config_fields(sizes),
        budget(),
    )
        .prop_map(|(id, said, place, asked, config, budget)| {
            let (mut effects, permissions, mut dependencies, subscriptions, mut sessions) = asked;
            for (number, session) in sessions.iter_mut().enumerate() {
                session.name = format!("{} {number}", session.name);
            }
            if !sessions.is_empty() {
                effects = effects.union(EffectSet::of(&[Effect::Session]));
            }
            dependencies.retain(|dependency| *dependency != id);
            ToolMeta {
                id,
                name: said.0,
                category: said.1,
                version: said.2,
                description: said.3,
                layer: place.0,
                phase: place.1,
                priority: place.2,
                scope: place.3,
                effects,
                permissions,
                dependencies,
                subscriptions,
                config,
                budget,
                sessions,
            }
        })
        .boxed()
}

/// Why metadata do not hold.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MetaFault {
    /// A layer above 4.
    Layer,
    /// A phase of 0 or above 3.
    Phase,
    /// A share of a core that is not above 0 and at most 1000.
    CoreShare,
    /// No subscription.
    SeesNothing,
    /// It depends on itself.
    NeedsItself,
    /// A key of its configuration does not accept its own default.
    Default,
    /// It talks in a session and does not say that it does.
    Silent,
}

/// Metadata that would hold but for one fault.
pub fn broken_tool_meta(sizes: Sizes) -> BoxedStrategy<(ToolMeta, MetaFault)> {
    let fault = select(vec![
        MetaFault::Layer,
        MetaFault::Phase,
        MetaFault::CoreShare,
        MetaFault::SeesNothing,
        MetaFault::NeedsItself,
        MetaFault::Default,
        MetaFault::Silent,
    ]);
    let share = select(vec![
        0.0,
        -0.0,
        -1.0,
        f64::NAN,
        f64::INFINITY,
        1000.0_f64.next_up(),
    ]);
    let numbers = (5..=u8::MAX, prop_oneof![Just(0), 4..=u8::MAX], share);
    (tool_meta(sizes), fault, numbers)
        .prop_map(|(mut meta, fault, (layer, phase, share))| {
            match fault {
                MetaFault::Layer => meta.layer = layer,
                MetaFault::Phase => meta.phase = phase,
                MetaFault::CoreShare => meta.budget.core_share = share,
                MetaFault::SeesNothing => meta.subscriptions.clear(),
                MetaFault::NeedsItself => meta.dependencies.push(meta.id.clone()),
                MetaFault::Default => meta.config.push(ConfigField {
                    name: "Spoilt".to_owned(),
                    kind: ConfigKind::Int { min: 1, max: 9 },
                    default: AttributeValue::Int(0),
                    description: String::new(),
                }),
                MetaFault::Silent => {
                    meta.effects = meta
                        .effects
                        .iter()
                        .filter(|e| *e != Effect::Session)
                        .collect();
                    meta.sessions = vec![SessionDecl {
                        name: "spoilt".to_owned(),
                        protocol: String::new(),
                        role: "one".to_owned(),
                    }];
                }
            }
            (meta, fault)
        })
        .boxed()
}
