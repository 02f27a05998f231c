//! The effects of a spec beside the row of a typed tool, while compiling.

use voidstate_core::{Effect, EffectSet};

use crate::convert::Message;

/// What is wrong with a tool's row of effects; empty when it is what the spec says. `place` is where the spec says it, with
/// the line.
#[must_use]
pub const fn row_misfit(place: &'static str, spec: &[Effect], row: EffectSet) -> Message {
    let said = EffectSet::of(spec);
    let mut text = Message::new();
    let mut rest: &[Effect] = &Effect::ALL;
    while let [effect, tail @ ..] = rest {
        rest = tail;
        let words = match (said.contains(*effect), row.contains(*effect)) {
            (true, false) => "`, the tool's `Effects` do not name it",
            (false, true) => "`, the spec does not",
            _ => continue,
        };
        let begin = if said.contains(*effect) {
            "the spec says the effect `"
        } else {
            "the tool's `Effects` name `"
        };
        if !text.is_empty() {
            text = text.push("; ");
        }
        text = text.push(begin).push(effect.name()).push(words);
    }
    if text.is_empty() {
        text
    } else {
        text.push("\n").push(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_effect_that_one_side_lacks_is_said() {
        let said = |spec: &[Effect], row: &[Effect]| {
            row_misfit("x.spec:1", spec, EffectSet::of(row))
                .text()
                .to_owned()
        };
        let (clock, log) = (Effect::Clock, Effect::Log);
        assert_eq!(said(&[clock, log], &[log, clock]), "");
        assert_eq!(said(&[], &[]), "");
        assert_eq!(
            said(&[clock], &[log]),
            "the tool's `Effects` name `log`, the spec does not; the spec says the effect `clock`, the tool's `Effects` do \
             not name it\nx.spec:1"
        );
        // As long as it can become.
        let all = said(&Effect::ALL, &[]);
        assert!(
            all.ends_with("`session`, the tool's `Effects` do not name it\nx.spec:1"),
            "{all}"
        );
        for effect in Effect::ALL {
            assert!(all.contains(effect.name()));
        }
    }
}
