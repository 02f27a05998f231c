//! Effects: what a tool does to the world outside itself, and permissions: to what.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Glob;

/// One kind of thing that a tool may do through its [`Ctx`](crate::Ctx).
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Read its own durable state.
    ReadState,
    /// Write its own durable state.
    WriteState,
    /// Publish a metric of its own.
    EmitMetric,
    /// Write to the log.
    Log,
    /// Ask what time it is.
    Clock,
    /// Draw random numbers (seeded by the engine).
    Random,
    /// Read samples and findings from the store.
    ReadStore,
    /// Say findings.
    EmitFinding,
    /// Read files.
    Io,
    /// Talk with other tools, in the sessions that it declares.
    Session,
}

impl Effect {
    /// All effects, in order.
    pub const ALL: [Self; 10] = [
        Self::ReadState,
        Self::WriteState,
        Self::EmitMetric,
        Self::Log,
        Self::Clock,
        Self::Random,
        Self::ReadStore,
        Self::EmitFinding,
        Self::Io,
        Self::Session,
    ];

    const fn bit(self) -> u16 {
        1 << self as u16
    }

    /// Its name, as in JSON and in specs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReadState => "read_state",
            Self::WriteState => "write_state",
            Self::EmitMetric => "emit_metric",
            Self::Log => "log",
            Self::Clock => "clock",
            Self::Random => "random",
            Self::ReadStore => "read_store",
            Self::EmitFinding => "emit_finding",
            Self::Io => "io",
            Self::Session => "session",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of effects. In JSON, the list of their names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Effect>", into = "Vec<Effect>")]
pub struct EffectSet(u16);

impl EffectSet {
    /// No effect.
    pub const EMPTY: Self = Self(0);

    /// The set of the effects given.
    #[must_use]
    pub const fn of(effects: &[Effect]) -> Self {
        let mut bits = 0;
        let mut rest = effects;
        while let [effect, tail @ ..] = rest {
            bits |= effect.bit();
            rest = tail;
        }
        Self(bits)
    }

    /// Whether `effect` is in the set.
    #[must_use]
    pub const fn contains(self, effect: Effect) -> bool {
        self.0 & effect.bit() != 0
    }

    /// Whether every effect of `self` is in `other`.
    #[must_use]
    pub const fn is_subset(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// All effects of either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The effects, in order.
    pub fn iter(self) -> impl Iterator<Item = Effect> {
        Effect::ALL
            .into_iter()
            .filter(move |effect| self.contains(*effect))
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Effect> for EffectSet {
    fn from_iter<I: IntoIterator<Item = Effect>>(effects: I) -> Self {
        Self(
            effects
                .into_iter()
                .fold(0, |bits, effect| bits | effect.bit()),
        )
    }
}

impl From<Vec<Effect>> for EffectSet {
    fn from(effects: Vec<Effect>) -> Self {
        effects.into_iter().collect()
    }
}

impl From<EffectSet> for Vec<Effect> {
    fn from(set: EffectSet) -> Self {
        set.iter().collect()
    }
}

impl fmt::Debug for EffectSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl fmt::Display for EffectSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for effect in self.iter() {
            write!(f, "{}{effect}", if first { "" } else { " " })?;
            first = false;
        }
        Ok(())
    }
}

/// What may be done to a resource.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See the signals of a hook.
    Observe,
    /// Read series of the store.
    ReadSeries,
    /// Read a file; resource and path are compared with `/` read as `.`.
    ReadFile,
}

/// A permission that a tool needs: an action on the resources that a glob names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// What is done.
    pub action: Action,
    /// To which resources.
    pub resource: Glob,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_effect_has_a_bit_and_a_name() {
        let all = EffectSet::of(&Effect::ALL);
        assert_eq!(all.iter().count(), Effect::ALL.len());
        for effect in Effect::ALL {
            let json = serde_json::to_string(&effect).unwrap();
            assert_eq!(json, format!("\"{effect}\""));
        }
        assert!(EffectSet::EMPTY.is_subset(all) && !all.is_subset(EffectSet::EMPTY));
    }
}
