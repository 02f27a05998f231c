//! From the protocol to what one role does: projection with full merge.
//!
//! What a role sees of a protocol is the graph of its messages with everything else left out. As it does not see the others,
//! it may stand at several places at once; the local type has one state for each set of places that it cannot tell apart. Such
//! a set is well-formed when all its places agree: all end, all send the same, or all receive from one role. That is full
//! merge, with recursion unfolded as far as it must be.

mod clash;
mod merge;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use clash::{Clash, ClashKind, Way};

use crate::ast::{Protocol, Role};
use crate::error::ProjectionError;
use crate::graph::{Graph, Node};
use crate::local::{Local, LocalType};
use crate::machine::Machine;

/// Most states of a local type.
pub const MAX_STATES: usize = 50_000;

impl Protocol {
    /// All roles in declared order, the members of families each.
    ///
    /// # Errors
    /// [`Malformed`](crate::Error::Malformed) when the protocol cannot be written out.
    pub fn all_roles(&self) -> Result<Vec<Role>, ProjectionError> {
        Ok(Graph::new(self)?.roles.to_vec())
    }

    /// What `role` does.
    ///
    /// # Errors
    /// [`Unknowable`](crate::Error::Unknowable) when the role cannot know a choice on which what it does depends: it names
    /// the role that chooses and the two steps that clash. [`UnknownRole`](crate::Error::UnknownRole),
    /// [`Malformed`](crate::Error::Malformed), [`TooManyStates`](crate::Error::TooManyStates).
    ///
    /// Time and memory grow with the number of states of the local type times the size of the protocol; in the worst case
    /// that is exponential, which the limit of 50,000 states cuts off.
    pub fn project(&self, role: &Role) -> Result<Local, ProjectionError> {
        let graph = Graph::new(self)?;
        let Some(index) = graph.roles.iter().position(|r| r == role) else {
            let known: Vec<String> = graph
                .roles
                .iter()
                .take(20)
                .map(|r| format!("`{r}`"))
                .collect();
            return Err(ProjectionError::UnknownRole {
                role: role.clone(),
                protocol: self.name.text.clone(),
                known: known.join(", "),
            });
        };
        Projector::new(&graph, index).local(&self.name.text)
    }

    /// What each role does, in declared order.
    ///
    /// # Errors
    /// That of the first role that cannot play its part; see [`project`](Self::project).
    pub fn project_all(&self) -> Result<Vec<Local>, ProjectionError> {
        let graph = Graph::new(self)?;
        (0..graph.roles.len())
            .map(|i| Projector::new(&graph, i).local(&self.name.text))
            .collect()
    }

    /// The machines of all roles, in declared order.
    ///
    /// # Errors
    /// As [`project_all`](Self::project_all).
    pub fn machines(&self) -> Result<Vec<Machine>, ProjectionError> {
        Ok(self.project_all()?.iter().map(Local::machine).collect())
    }
}

struct Projector<'g> {
    graph: &'g Graph,
    role: usize,
    /// Places from which the next message of the role may be one that nobody covers with a `crash`.
    uncovered: Vec<bool>,
    /// Whether the role is named in any `crash`.
    may_crash: bool,
}

impl<'g> Projector<'g> {
    fn new(graph: &'g Graph, role: usize) -> Self {
        let may_crash = graph
            .nodes
            .iter()
            .any(|n| matches!(n, Node::Message(m) if m.from == role && m.crash.is_some()));
        let uncovered = if may_crash {
            uncovered(graph, role)
        } else {
            Vec::new()
        };
        Self {
            graph,
            role,
            uncovered,
            may_crash,
        }
    }

    fn local(&self, protocol: &str) -> Result<Local, ProjectionError> {
        let mut numbers: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        let mut types: Vec<LocalType> = Vec::new();
        let mut open = std::collections::VecDeque::new();
        let mut number = |places: Vec<usize>, open: &mut std::collections::VecDeque<Vec<usize>>| {
            let fresh = numbers.len();
            *numbers.entry(places.clone()).or_insert_with(|| {
                open.push_back(places);
                fresh
            })
        };
        number(self.exits(&BTreeSet::from([self.graph.start])), &mut open);
        while let Some(places) = open.pop_front() {
            let mut merged = self.merge(&places)?;
            for branch in &mut merged.branches {
                branch.local.target = number(self.exits(&branch.next), &mut open);
            }
            if types.len() >= MAX_STATES {
                let role = self
                    .graph
                    .roles
                    .get(self.role)
                    .cloned()
                    .unwrap_or_else(|| Role::new(""));
                return Err(ProjectionError::TooManyStates {
                    role,
                    limit: MAX_STATES,
                });
            }
            let is_last = merged.branches.is_empty();
            let covered = |at: &usize| !self.uncovered.get(*at).copied().unwrap_or(false);
            types.push(LocalType {
                branches: merged.branches.into_iter().map(|b| b.local).collect(),
                may_crash: self.may_crash && !is_last && places.iter().all(covered),
            });
        }
        Ok(Local {
            protocol: protocol.to_owned(),
            roles: Arc::clone(&self.graph.roles),
            role: self.role,
            types,
        })
    }

    /// Where the role acts next, or everything ends, starting from any of `places`; and one place from which the others go
    /// on for ever without the role, where there is any.
    fn exits(&self, places: &BTreeSet<usize>) -> Vec<usize> {
        let seen = self.closure(places);
        let mut exits: Vec<usize> = seen
            .iter()
            .copied()
            .filter(|at| self.is_exit(*at))
            .collect();
        if exits.len() == seen.len() {
            return exits;
        }
        let mut before: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &at in seen.iter().filter(|at| !self.is_exit(**at)) {
            for to in self.silent(at) {
                before.entry(to).or_default().push(at);
            }
        }
        let mut reaching: BTreeSet<usize> = BTreeSet::new();
        let mut open = exits.clone();
        while let Some(at) = open.pop() {
            if reaching.insert(at) {
                open.extend(before.get(&at).into_iter().flatten());
            }
        }
        exits.extend(seen.difference(&reaching).next());
        exits
    }

    /// Every place that is reached without the role.
    fn closure(&self, places: &BTreeSet<usize>) -> BTreeSet<usize> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<usize> = places.iter().copied().collect();
        while let Some(at) = open.pop() {
            if seen.insert(at) && !self.is_exit(at) {
                open.extend(self.silent(at));
            }
        }
        seen
    }

    fn is_exit(&self, at: usize) -> bool {
        match self.graph.node(at) {
            Node::End | Node::Jump(_) => true,
            Node::Message(m) => m.from == self.role || m.to == self.role,
            Node::Choice { at, .. } => *at == self.role,
        }
    }

    /// Where the others may go from a place that the role does not see.
    fn silent(&self, at: usize) -> Vec<usize> {
        match self.graph.node(at) {
            Node::End | Node::Jump(_) => Vec::new(),
            Node::Message(m) => std::iter::once(m.next).chain(m.crash).collect(),
            Node::Choice { branches, .. } => branches.clone(),
        }
    }
}

/// Whether the next message of `role` may be one outside any `crash` of it, for each place.
fn uncovered(graph: &Graph, role: usize) -> Vec<bool> {
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    let mut open = Vec::new();
    for (at, node) in graph.nodes.iter().enumerate() {
        let next: Vec<usize> = match node {
            Node::End | Node::Jump(_) => Vec::new(),
            Node::Message(m) => {
                if m.from == role {
                    if m.crash.is_none() {
                        open.push(at);
                    }
                    // Who is gone before a covered message sends nothing behind it.
                    continue;
                }
                std::iter::once(m.next).chain(m.crash).collect()
            }
            Node::Choice { branches, .. } => branches.clone(),
        };
        for to in next {
            if let Some(list) = before.get_mut(to) {
                list.push(at);
            }
        }
    }
    let mut found = vec![false; graph.nodes.len()];
    while let Some(at) = open.pop() {
        if let Some(slot) = found.get_mut(at)
            && !std::mem::replace(slot, true)
        {
            open.extend(before.get(at).into_iter().flatten());
        }
    }
    found
}
