//! Makes a sequence of steps small while it still fails: first fewer steps, then simpler ones.
//!
//! Delta debugging (Zeller, Hildebrandt 2002, "Simplifying and isolating failure-inducing input", section 3), bounded by
//! the number of steps that may be tried, never by time, so that it gives the same answer everywhere.

use voidstate_core::{Attributes, Signal};

use super::Step;

/// Steps that shrinking may put the tool through, all attempts together.
const WORK_MAX: usize = 3_000_000;
/// Attempts in all.
const ATTEMPTS_MAX: usize = 4_000;

struct Budget {
    work: usize,
    attempts: usize,
}

impl Budget {
    fn pay(&mut self, steps: usize) -> bool {
        if self.work < steps || self.attempts == 0 {
            return false;
        }
        self.work -= steps.max(1);
        self.attempts -= 1;
        true
    }
}

/// A small part of `steps` for which `fails` still gives a message, with that message.
pub(crate) fn shrink(
    mut steps: Vec<Step>,
    mut message: String,
    fails: &mut dyn FnMut(&[Step]) -> Option<String>,
) -> (Vec<Step>, String) {
    let mut budget = Budget {
        work: WORK_MAX,
        attempts: ATTEMPTS_MAX,
    };
    let mut attempt = |candidate: Vec<Step>, steps: &mut Vec<Step>| {
        // One more than its length: laws that take several runs pay by the attempt.
        if !budget.pay(candidate.len() + 1) {
            return false;
        }
        match fails(&candidate) {
            Some(said) => {
                *steps = candidate;
                message = said;
                true
            }
            None => false,
        }
    };
    fewer(&mut steps, &mut attempt);
    simpler(&mut steps, &mut attempt);
    (steps, message)
}

/// Leaves out pieces, large ones first, until no single step can be left out.
fn fewer(steps: &mut Vec<Step>, attempt: &mut dyn FnMut(Vec<Step>, &mut Vec<Step>) -> bool) {
    let mut size = steps.len().div_ceil(2);
    while size > 0 {
        let mut from = 0;
        let mut any = false;
        while from < steps.len() {
            let until = (from + size).min(steps.len());
            let kept = steps.iter().take(from).chain(steps.iter().skip(until));
            let candidate: Vec<Step> = kept.cloned().collect();
            if attempt(candidate, steps) {
                any = true;
            } else {
                from = until;
            }
        }
        // Another round of single steps as long as one of them went.
        size = match size {
            1 if any => 1,
            _ => size / 2,
        };
    }
}

/// Puts something plainer in the place of each step.
fn simpler(steps: &mut Vec<Step>, attempt: &mut dyn FnMut(Vec<Step>, &mut Vec<Step>) -> bool) {
    for at in 0..steps.len() {
        let Some(step) = steps.get(at) else { return };
        for plainer in plainer(step) {
            let mut candidate = steps.clone();
            if let Some(place) = candidate.get_mut(at) {
                *place = plainer;
            }
            attempt(candidate, steps);
        }
    }
}

fn plainer(step: &Step) -> Vec<Step> {
    let mut found = Vec::new();
    let Step::Fire {
        hook,
        signal,
        unnumbered,
    } = step
    else {
        return found;
    };
    if *unnumbered {
        found.push(Step::fire(hook.clone(), signal.clone()));
    }
    let mut change = |change: &dyn Fn(&mut Signal)| {
        let mut signal = signal.clone();
        change(&mut signal);
        found.push(Step::Fire {
            hook: hook.clone(),
            signal,
            unnumbered: *unnumbered,
        });
    };
    match signal {
        Signal::Sample(sample) => {
            let whole = sample.value.round();
            if sample.value.is_finite()
                && whole.abs() < 1e9
                && whole.to_bits() != sample.value.to_bits()
            {
                change(&|signal| {
                    if let Signal::Sample(sample) = signal {
                        sample.value = whole;
                    }
                });
            }
        }
        Signal::Event(event) if !event.attributes.is_empty() => change(&|signal| {
            if let Signal::Event(event) = signal {
                event.attributes = Attributes::new();
            }
        }),
        Signal::Span(span) if !span.attributes.is_empty() => change(&|signal| {
            if let Signal::Span(span) = signal {
                span.attributes = Attributes::new();
            }
        }),
        Signal::State(state) => {
            for name in state.variables.keys() {
                change(&|signal| {
                    if let Signal::State(state) = signal {
                        state.variables.remove(name);
                    }
                });
            }
        }
        _ => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use voidstate_core::Timestamp;

    use super::*;

    #[test]
    fn what_remains_cannot_be_made_smaller() {
        let tick = |n: i64| Step::Tick(Timestamp::from_secs(n));
        let steps: Vec<Step> = (0..500).map(tick).collect();
        let both = |steps: &[Step]| steps.contains(&tick(77)) && steps.contains(&tick(400));
        let mut calls = 0;
        let (small, message) = shrink(steps, "first".to_owned(), &mut |steps| {
            calls += 1;
            both(steps).then(|| format!("{} steps", steps.len()))
        });
        assert_eq!(small, [tick(77), tick(400)]);
        assert_eq!(message, "2 steps");
        assert!(calls < 400, "{calls}");
    }
}
