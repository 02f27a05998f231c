//! A house and the model, step by step side by side.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use voidstate_core::{Error, LifecycleState, ToolFactory, ToolId, ToolMeta};

use super::reference::{Answer, Reference, Station, Step};
use super::{Calls, House, tools};

/// What a tool is suspended with; its state must say so.
const REASON: &str = "the machine says so";

pub(super) struct Drive<H> {
    house: H,
    reference: Reference,
    /// Of the registered tools.
    given: BTreeMap<usize, (ToolMeta, Calls)>,
}

type Outcome = Result<(), String>;

fn ensure(holds: bool, reason: impl FnOnce() -> String) -> Outcome {
    if holds { Ok(()) } else { Err(reason()) }
}

impl<H: House> Drive<H> {
    pub(super) const fn new(house: H, reference: Reference) -> Self {
        Self {
            house,
            reference,
            given: BTreeMap::new(),
        }
    }

    pub(super) const fn house(&self) -> &H {
        &self.house
    }

    pub(super) const fn reference(&self) -> &Reference {
        &self.reference
    }

    /// Does the step on both and compares all that can be seen.
    pub(super) fn step(&mut self, step: &Step) -> Outcome {
        let expected = self.reference.answer(step);
        let answer = self.act(step).map_err(|error| format!("{step}: {error}"))?;
        self.compare_answer(step, expected, answer)?;
        let number = self.reference.known.len();
        self.reference.apply(step);
        if let Step::Unregister(tool) = step
            && self.reference.known.len() < number
        {
            self.given.remove(tool);
        }
        self.compare_registry()?;
        self.compare_lives()?;
        self.compare_calls()
    }

    fn compare_answer(&self, step: &Step, expected: Answer, answer: Result<(), Error>) -> Outcome {
        let matches = match (&answer, expected) {
            (Ok(()), Answer::Yes) | (Err(_), Answer::No) => true,
            (Err(Error::Duplicate { .. }), Answer::Taken) => true,
            (Err(Error::Missing { .. }), Answer::Unknown) => true,
            // An id that is taken and dependencies in a circle: either may be told first.
            (Err(Error::Cycle { cycle, .. }), Answer::Cycle | Answer::Taken) => {
                return self.is_cycle(step, cycle);
            }
            _ => false,
        };
        ensure(matches, || {
            let seen = match answer {
                Ok(()) => "was done".to_owned(),
                Err(error) => format!("was refused ({error})"),
            };
            let wanted = match expected {
                Answer::Yes => "it is possible",
                Answer::No => "it should be refused",
                Answer::Taken => "the id is taken, which is `Error::Duplicate`",
                Answer::Cycle => "dependencies would form a cycle, which is `Error::Cycle`",
                Answer::Unknown => "there is no such tool, which is `Error::Missing`",
            };
            format!("{step:?} {seen}, but {wanted}")
        })
    }

    /// The cycle that an error names is one.
    fn is_cycle(&self, step: &Step, cycle: &[String]) -> Outcome {
        let Step::Register { tool, needs } = step else {
            return Err(format!("{step:?} closes no cycle"));
        };
        let number =
            |name: &String| (0..self.reference.tools()).find(|n| Reference::id(*n) == *name);
        let numbers: Option<Vec<usize>> = cycle.iter().map(number).collect();
        let holds = numbers.is_some_and(|numbers| {
            let needs_of = |n: usize| match n == *tool {
                true => Some(&**needs),
                false => self.reference.needs(n),
            };
            numbers.len() > 1
                && numbers.first() == numbers.last()
                && numbers.contains(tool)
                && numbers.windows(2).all(|pair| {
                    matches!(pair, [a, b] if needs_of(*a).is_some_and(|needs| needs.contains(b)))
                })
        });
        ensure(holds, || {
            format!("{} is named as a cycle and is none", cycle.join(" -> "))
        })
    }

    /// What the house answers; `Err` when the step cannot even be put.
    fn act(&mut self, step: &Step) -> Result<Result<(), Error>, String> {
        let name = |tool: &usize| ToolId::new(&Reference::id(*tool)).map_err(|e| e.to_string());
        let lives =
            |house: &H, act: &dyn Fn(&dyn voidstate_core::Lifecycle) -> Result<(), Error>| {
                let lives = house.lifecycle().map(act);
                lives.ok_or_else(|| "the house lost its lifecycle".to_owned())
            };
        let registry = self.house.registry();
        match step {
            Step::Register { tool, needs } => {
                let number = self.reference.next_number();
                let (factory, calls) =
                    tools::counting(*tool, needs, number).map_err(|e| e.to_string())?;
                let meta = factory.meta().clone();
                let answer = registry.register(factory);
                if answer.is_ok() {
                    self.given.insert(*tool, (meta, calls));
                }
                Ok(answer)
            }
            Step::RegisterBroken(tool) => {
                Ok(registry.register(tools::broken(*tool).map_err(|e| e.to_string())?))
            }
            Step::Unregister(tool) => Ok(registry.unregister(&name(tool)?)),
            Step::Search(tool) => {
                let found = registry.search(&Reference::id(*tool).to_uppercase());
                let expected = usize::from(self.given.contains_key(tool));
                ensure(found.len() == expected, || {
                    format!("{} were found, expected {expected}", found.len())
                })?;
                Ok(Ok(()))
            }
            Step::Attach(tool) => {
                let id = name(tool)?;
                lives(&self.house, &|lives| lives.attach(&id))
            }
            Step::Suspend(tool) => {
                let id = name(tool)?;
                lives(&self.house, &|lives| lives.suspend(&id, REASON))
            }
            Step::Resume(tool) => {
                let id = name(tool)?;
                lives(&self.house, &|lives| lives.resume(&id))
            }
            Step::Detach(tool) => {
                let id = name(tool)?;
                lives(&self.house, &|lives| lives.detach(&id))
            }
            Step::Signal => {
                ensure(self.house.signal(), || "no signal can be fired".to_owned())?;
                Ok(Ok(()))
            }
        }
    }

    fn compare_registry(&self) -> Outcome {
        let listed: Vec<ToolMeta> = self.house.registry().list();
        let expected: Vec<&ToolMeta> = self.given.values().map(|(meta, _)| meta).collect();
        ensure(listed.iter().eq(expected.iter().copied()), || {
            let names = |metas: &mut dyn Iterator<Item = &ToolMeta>| {
                let texts: Vec<String> = metas.map(|m| format!("{} {}", m.id, m.version)).collect();
                format!("[{}]", texts.join(", "))
            };
            let seen = names(&mut listed.iter());
            format!(
                "the list is {seen}, expected {}",
                names(&mut expected.iter().copied())
            )
        })?;
        for tool in 0..self.reference.tools() {
            let id = ToolId::new(&Reference::id(tool)).map_err(|e| e.to_string())?;
            let found: Option<Arc<dyn ToolFactory>> = self.house.registry().get(&id);
            let expected = self.given.get(&tool).map(|(meta, _)| meta);
            ensure(found.as_ref().map(|f| f.meta()) == expected, || {
                match (found.is_some(), expected.is_some()) {
                    (true, true) => format!("{id} is another one than was registered"),
                    (true, false) => format!("{id} is found, but it is not registered"),
                    _ => format!("{id} is not found, but it is registered"),
                }
            })?;
        }
        Ok(())
    }

    fn compare_lives(&self) -> Outcome {
        let Some(lives) = self.house.lifecycle() else {
            return Ok(());
        };
        for tool in 0..self.reference.tools() {
            let id = ToolId::new(&Reference::id(tool)).map_err(|e| e.to_string())?;
            let state = lives.state(&id);
            let known = self.reference.known.get(&tool);
            let had_life = self.reference.had_life.get(tool) == Some(&true);
            let holds = match (&state, known.map(|known| known.station)) {
                (Ok(LifecycleState::Registered), Some(None)) => true,
                // Whether a house remembers the life of an id that was forgotten is its own affair.
                (Ok(LifecycleState::Detached), Some(None) | None) => had_life,
                (Ok(LifecycleState::Detached), Some(Some(Station::Detached))) => true,
                (Ok(LifecycleState::Attached), Some(Some(Station::Attached { .. }))) => {
                    self.reference.runs(tool)
                }
                (
                    Ok(LifecycleState::Suspended { reason, .. }),
                    Some(Some(Station::Attached { is_suspended })),
                ) => !self.reference.runs(tool) && (!is_suspended || reason.contains(REASON)),
                (Err(_), None) => true,
                _ => false,
            };
            ensure(holds, || {
                let seen = match state {
                    Ok(state) => state.to_string(),
                    Err(error) => format!("without a state ({error})"),
                };
                let expected = match known.map(|known| known.station) {
                    None => "not registered",
                    Some(None) => "registered",
                    Some(Some(Station::Detached)) => "detached",
                    Some(Some(_)) if self.reference.runs(tool) => "attached",
                    Some(Some(_)) => "suspended",
                };
                format!("{id} is {seen}, expected {expected}")
            })?;
        }
        Ok(())
    }

    fn compare_calls(&self) -> Outcome {
        for (tool, (meta, calls)) in &self.given {
            let seen = calls.load(Ordering::SeqCst);
            let expected = self
                .reference
                .known
                .get(tool)
                .map_or(0, |known| known.calls);
            ensure(seen == expected, || {
                format!("{} was called {seen} times, expected {expected}", meta.id)
            })?;
        }
        Ok(())
    }
}
