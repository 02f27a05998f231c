//! The naive model, and the steps.

use std::collections::BTreeMap;
use std::fmt;

use proptest::prelude::*;

/// One step. Tools are numbers; their ids are [`Reference::id`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Registers a tool that depends on others.
    Register {
        /// Which.
        tool: usize,
        /// On what it depends.
        needs: Vec<usize>,
    },
    /// Registers a tool whose metadata do not hold.
    RegisterBroken(usize),
    /// Unregisters a tool that is not attached.
    Unregister(usize),
    /// Searches for a tool by its id.
    Search(usize),
    /// Attaches a tool.
    Attach(usize),
    /// Suspends a tool.
    Suspend(usize),
    /// Resumes a tool.
    Resume(usize),
    /// Detaches a tool.
    Detach(usize),
    /// Fires a signal.
    Signal,
}

impl Step {
    /// The tools that it speaks of.
    fn tools(&self) -> impl Iterator<Item = usize> {
        let (tool, needs) = match self {
            Self::Register { tool, needs } => (Some(*tool), &**needs),
            Self::Signal => (None, &[][..]),
            Self::RegisterBroken(tool)
            | Self::Unregister(tool)
            | Self::Search(tool)
            | Self::Attach(tool)
            | Self::Suspend(tool)
            | Self::Resume(tool)
            | Self::Detach(tool) => (Some(*tool), &[][..]),
        };
        tool.into_iter().chain(needs.iter().copied())
    }

    /// The steps with tools numbered as they come; `None` when they are.
    pub(super) fn renamed(steps: &[Self]) -> Option<Vec<Self>> {
        let mut names: Vec<usize> = Vec::new();
        for tool in steps.iter().flat_map(Self::tools) {
            if !names.contains(&tool) {
                names.push(tool);
            }
        }
        if names.iter().copied().eq(0..names.len()) {
            return None;
        }
        let new = |tool: &usize| names.iter().position(|name| name == tool).unwrap_or(*tool);
        let rename = |step: &Self| match step {
            Self::Register { tool, needs } => {
                let mut needs: Vec<usize> = needs.iter().map(new).collect();
                needs.sort_unstable();
                Self::Register {
                    tool: new(tool),
                    needs,
                }
            }
            Self::Signal => Self::Signal,
            Self::RegisterBroken(tool) => Self::RegisterBroken(new(tool)),
            Self::Unregister(tool) => Self::Unregister(new(tool)),
            Self::Search(tool) => Self::Search(new(tool)),
            Self::Attach(tool) => Self::Attach(new(tool)),
            Self::Suspend(tool) => Self::Suspend(new(tool)),
            Self::Resume(tool) => Self::Resume(new(tool)),
            Self::Detach(tool) => Self::Detach(new(tool)),
        };
        Some(steps.iter().map(rename).collect())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verb, tool) = match self {
            Self::Register { tool, needs } => {
                write!(f, "register {}", Reference::id(*tool))?;
                for (number, need) in needs.iter().enumerate() {
                    let word = if number == 0 { " that needs" } else { " and" };
                    write!(f, "{word} {}", Reference::id(*need))?;
                }
                return Ok(());
            }
            Self::Signal => return f.write_str("fire"),
            Self::RegisterBroken(tool) => ("register with layer 9", tool),
            Self::Unregister(tool) => ("unregister", tool),
            Self::Search(tool) => ("search for", tool),
            Self::Attach(tool) => ("attach", tool),
            Self::Suspend(tool) => ("suspend", tool),
            Self::Resume(tool) => ("resume", tool),
            Self::Detach(tool) => ("detach", tool),
        };
        write!(f, "{verb} {}", Reference::id(*tool))
    }
}

/// What a step must answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    /// Refused with any error.
    No,
    /// Refused because the id is taken.
    Taken,
    /// Refused because dependencies would form a cycle.
    Cycle,
    /// Refused because there is no such tool.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Station {
    Attached { is_suspended: bool },
    Detached,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) needs: Vec<usize>,
    /// Tells one registration of an id from the next.
    pub(super) number: u64,
    /// Where it is in its life; `None` when it was never attached.
    pub(super) station: Option<Station>,
    pub(super) calls: u64,
}

/// What a house should hold: maps and loops, nothing clever.
#[derive(Debug, Clone)]
pub struct Reference {
    tools: usize,
    has_lives: bool,
    has_signals: bool,
    registrations: u64,
    pub(super) known: BTreeMap<usize, Known>,
    /// Whether a tool of that number was ever attached, under whatever registration.
    pub(super) had_life: Vec<bool>,
}

impl Reference {
    pub(super) fn new(tools: usize, has_lives: bool, has_signals: bool) -> Self {
        Self {
            tools,
            has_lives,
            has_signals,
            registrations: 0,
            known: BTreeMap::new(),
            had_life: vec![false; tools],
        }
    }

    /// The id of a tool: `t` and a letter, so that no id is part of another.
    #[must_use]
    pub fn id(tool: usize) -> String {
        let letter = u8::try_from(tool).unwrap_or(u8::MAX).min(25) + b'a';
        format!("t{}", char::from(letter))
    }

    /// How many ids there are; tools have the numbers below.
    #[must_use]
    pub const fn tools(&self) -> usize {
        self.tools
    }

    /// On what a registered tool depends; `None` for one that is not registered.
    #[must_use]
    pub fn needs(&self, tool: usize) -> Option<&[usize]> {
        self.known.get(&tool).map(|known| &*known.needs)
    }

    /// Everything that is reached from a tool along dependencies, itself included, by number.
    #[must_use]
    pub fn reach(&self, from: usize) -> Vec<bool> {
        let mut reached = vec![false; self.tools];
        if let Some(first) = reached.get_mut(from) {
            *first = true;
        }
        for _ in 0..self.tools {
            for (tool, known) in &self.known {
                if reached.get(*tool) == Some(&true) {
                    for need in &known.needs {
                        reached.get_mut(*need).into_iter().for_each(|r| *r = true);
                    }
                }
            }
        }
        reached
    }

    /// Whether a tool is attached, not suspended, and so is all that it depends on.
    #[must_use]
    pub fn runs(&self, tool: usize) -> bool {
        let known = self.known.get(&tool);
        known.is_some_and(|known| {
            let is_up = known.station
                == Some(Station::Attached {
                    is_suspended: false,
                });
            is_up && known.needs.iter().all(|need| self.runs(*need))
        })
    }

    /// The number that the next registration has when it is accepted.
    pub(super) const fn next_number(&self) -> u64 {
        self.registrations + 1
    }

    fn is_attached(&self, tool: usize) -> bool {
        let station = self.known.get(&tool).and_then(|known| known.station);
        matches!(station, Some(Station::Attached { .. }))
    }

    fn station(&self, tool: usize) -> Option<Station> {
        self.known.get(&tool)?.station
    }

    fn needs_run(&self, tool: usize) -> bool {
        let needs = self.needs(tool).unwrap_or_default();
        needs.iter().all(|need| self.runs(*need))
    }

    /// Steps that a house need not know how to answer: what becomes of a tool that is unregistered while it runs.
    pub(super) fn may(&self, step: &Step) -> bool {
        !matches!(step, Step::Unregister(tool) if self.is_attached(*tool))
    }

    pub(super) fn may_all(&self, steps: &[Step]) -> bool {
        let mut state = self.clone();
        steps.iter().all(|step| {
            let may = state.may(step);
            state.apply(step);
            may
        })
    }

    pub(super) fn answer(&self, step: &Step) -> Answer {
        let when = |is_possible| if is_possible { Answer::Yes } else { Answer::No };
        match step {
            Step::Register { tool, .. } if self.known.contains_key(tool) => Answer::Taken,
            Step::Register { tool, needs } => {
                let closes = |need: &usize| self.reach(*need).get(*tool) == Some(&true);
                match needs.iter().any(closes) {
                    true => Answer::Cycle,
                    false => Answer::Yes,
                }
            }
            Step::RegisterBroken(_) => Answer::No,
            Step::Unregister(tool) if !self.known.contains_key(tool) => Answer::Unknown,
            Step::Unregister(tool) => {
                let mut others = self.known.values();
                when(!others.any(|known| known.needs.contains(tool)))
            }
            Step::Search(_) | Step::Signal => Answer::Yes,
            Step::Attach(tool) | Step::Suspend(tool) | Step::Resume(tool) | Step::Detach(tool)
                if !self.known.contains_key(tool)
                    && !self.had_life.get(*tool).unwrap_or(&false) =>
            {
                Answer::Unknown
            }
            Step::Attach(tool) => when(
                self.known.contains_key(tool) && !self.is_attached(*tool) && self.needs_run(*tool),
            ),
            Step::Suspend(tool) => when(
                self.station(*tool)
                    == Some(Station::Attached {
                        is_suspended: false,
                    }),
            ),
            Step::Resume(tool) => when(
                self.station(*tool) == Some(Station::Attached { is_suspended: true })
                    && self.needs_run(*tool),
            ),
            Step::Detach(tool) => {
                let mut others = self.known.iter();
                let is_needed = others
                    .any(|(other, known)| known.needs.contains(tool) && self.is_attached(*other));
                when(self.is_attached(*tool) && !is_needed)
            }
        }
    }

    pub(super) fn apply(&mut self, step: &Step) {
        if self.answer(step) != Answer::Yes {
            return;
        }
        let station = match step {
            Step::Register { tool, needs } => {
                self.registrations += 1;
                let known = Known {
                    needs: needs.clone(),
                    number: self.registrations,
                    station: None,
                    calls: 0,
                };
                self.known.insert(*tool, known);
                return;
            }
            Step::Unregister(tool) => {
                self.known.remove(tool);
                return;
            }
            Step::Signal => {
                for tool in 0..self.tools {
                    let runs = self.runs(tool);
                    if let Some(known) = self.known.get_mut(&tool) {
                        known.calls += u64::from(runs);
                    }
                }
                return;
            }
            Step::RegisterBroken(_) | Step::Search(_) => return,
            Step::Attach(_) | Step::Resume(_) => Station::Attached {
                is_suspended: false,
            },
            Step::Suspend(_) => Station::Attached { is_suspended: true },
            Step::Detach(_) => Station::Detached,
        };
        if let Step::Attach(tool) | Step::Resume(tool) | Step::Suspend(tool) | Step::Detach(tool) =
            step
        {
            self.had_life
                .get_mut(*tool)
                .into_iter()
                .for_each(|had| *had = true);
            if let Some(known) = self.known.get_mut(tool) {
                known.station = Some(station);
            }
        }
    }

    /// Any step; dependencies mostly on tools with smaller numbers, so that cycles come, but not always.
    pub(super) fn steps(&self) -> BoxedStrategy<Step> {
        let tools = self.tools;
        let tool = move || 0..tools;
        let downward = tool().prop_flat_map(|tool| {
            let needs = prop::collection::vec(0..tool.max(1), 0..=tool.min(2));
            (Just(tool), needs)
        });
        let any_way = (tool(), prop::collection::vec(tool(), 0..3));
        let register = prop_oneof![3 => downward, 1 => any_way].prop_map(|(tool, mut needs)| {
            needs.sort_unstable();
            needs.dedup();
            Step::Register { tool, needs }
        });
        // Mostly on a tool for which it is possible, so that lives get long.
        let on = |step: fn(usize) -> Step| {
            let possible: Vec<usize> = (0..tools)
                .filter(|tool| self.answer(&step(*tool)) == Answer::Yes)
                .collect();
            if possible.is_empty() {
                return tool().prop_map(step).boxed();
            }
            prop_oneof![2 => prop::sample::select(possible), 1 => tool()]
                .prop_map(step)
                .boxed()
        };
        let lives = u32::from(self.has_lives) * 4;
        let weighted = vec![
            (8, register.boxed()),
            (1, on(Step::RegisterBroken)),
            (2, on(Step::Unregister)),
            (1, on(Step::Search)),
            (2 * lives, on(Step::Attach)),
            (lives, on(Step::Suspend)),
            (lives, on(Step::Resume)),
            (lives, on(Step::Detach)),
            (u32::from(self.has_signals) * 4, Just(Step::Signal).boxed()),
        ];
        let possible = weighted.into_iter().filter(|(weight, _)| *weight > 0);
        prop::strategy::Union::new_weighted(possible.collect()).boxed()
    }
}
