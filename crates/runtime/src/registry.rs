//! The tools that are known, and who needs whom.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dashmap::DashMap;
use petgraph::Direction;
use petgraph::graphmap::DiGraphMap;
use petgraph::visit::{Bfs, Dfs, Reversed};
use voidstate_core::{Registry, ToolFactory, ToolId, ToolMeta};

use crate::{Error, Result};

/// Tools by id, and the graph of their dependencies.
///
/// A dependency may be registered after the tool that needs it; that it is there is checked by [`order`](Self::order),
/// which the lifecycle asks before it attaches. The dependencies of registered tools never form a cycle.
///
/// Looking a tool up takes no lock but that of one map shard. Changes cost O(tools + dependencies).
#[derive(Default)]
pub struct ToolRegistry {
    tools: DashMap<ToolId, Arc<dyn ToolFactory>>,
    /// Guards every change; `tools` is changed only while it is held.
    needs: Mutex<Needs>,
}

/// Who needs whom; tools that are needed but not registered have numbers too.
#[derive(Debug, Default)]
struct Needs {
    numbers: HashMap<ToolId, u32>,
    ids: Vec<ToolId>,
    /// An edge leads from a tool to one it needs.
    graph: DiGraphMap<u32, ()>,
}

impl Needs {
    fn number(&mut self, id: &ToolId) -> u32 {
        if let Some(number) = self.numbers.get(id) {
            return *number;
        }
        let number = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        self.ids.push(id.clone());
        self.numbers.insert(id.clone(), number);
        self.graph.add_node(number);
        number
    }

    fn id(&self, number: u32) -> Option<&ToolId> {
        usize::try_from(number)
            .ok()
            .and_then(|index| self.ids.get(index))
    }

    fn ids(&self, numbers: impl IntoIterator<Item = u32>) -> Vec<ToolId> {
        let ids = numbers.into_iter().filter_map(|number| self.id(number));
        ids.cloned().collect()
    }

    /// A shortest path along dependencies, both ends included; a path of one when they are the same.
    fn path(&self, from: u32, to: u32) -> Option<Vec<u32>> {
        let mut came_from: BTreeMap<u32, u32> = BTreeMap::new();
        let mut bfs = Bfs::new(&self.graph, from);
        while let Some(number) = bfs.next(&self.graph) {
            if number == to {
                let mut path = vec![to];
                let mut at = to;
                while at != from {
                    at = *came_from.get(&at)?;
                    path.push(at);
                }
                path.reverse();
                return Some(path);
            }
            for next in self.graph.neighbors(number) {
                came_from.entry(next).or_insert(number);
            }
        }
        None
    }

    fn texts(&self, numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
        let ids = self.ids(numbers);
        ids.iter().map(ToString::to_string).collect()
    }
}

impl ToolRegistry {
    /// A registry without tools.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn needs(&self) -> MutexGuard<'_, Needs> {
        self.needs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a tool known.
    ///
    /// # Errors
    /// [`Error::Core`] when its metadata do not hold, [`Error::ToolTaken`], or [`Error::DependencyCycle`] with the cycle.
    /// Nothing has changed then.
    pub fn register(&self, factory: Arc<dyn ToolFactory>) -> Result<()> {
        // Foreign code is asked once and outside the lock.
        let meta = factory.meta().clone();
        meta.check()?;
        let mut needs = self.needs();
        if self.tools.contains_key(&meta.id) {
            return Err(Error::ToolTaken {
                tool: meta.id.to_string(),
            });
        }
        let tool = needs.number(&meta.id);
        for dependency in &meta.dependencies {
            let dependency = needs.number(dependency);
            if let Some(path) = needs.path(dependency, tool) {
                let cycle = needs.texts(std::iter::once(tool).chain(path));
                Self::forget_edges(&mut needs, tool);
                return Err(Error::DependencyCycle { cycle });
            }
            needs.graph.add_edge(tool, dependency, ());
        }
        self.tools.insert(meta.id, factory);
        Ok(())
    }

    fn forget_edges(needs: &mut Needs, tool: u32) {
        let targets: Vec<u32> = needs.graph.neighbors(tool).collect();
        for target in targets {
            needs.graph.remove_edge(tool, target);
        }
    }

    /// Forgets a tool.
    ///
    /// # Errors
    /// [`Error::ToolUnknown`], or [`Error::ToolNeeded`] with the tools that depend on it.
    pub fn unregister(&self, id: &ToolId) -> Result<()> {
        let factory = {
            let mut needs = self.needs();
            let unknown = || Error::ToolUnknown {
                tool: id.to_string(),
            };
            let number = *needs.numbers.get(id).ok_or_else(unknown)?;
            if !self.tools.contains_key(id) {
                return Err(unknown());
            }
            let users = needs
                .graph
                .neighbors_directed(number, Direction::Incoming)
                .collect::<BTreeSet<u32>>();
            if !users.is_empty() {
                let mut by = needs.texts(users);
                by.sort_unstable();
                return Err(Error::ToolNeeded {
                    tool: id.to_string(),
                    by,
                });
            }
            Self::forget_edges(&mut needs, number);
            self.tools.remove(id)
        };
        // Foreign code: its destructor runs without the lock.
        drop(factory);
        Ok(())
    }

    /// Puts another version of a tool, which depends on the same tools, in the place of the one that is known.
    ///
    /// # Errors
    /// [`Error::ToolUnknown`], [`Error::DependenciesDiffer`], or [`Error::Core`] when its metadata do not hold. Nothing has
    /// changed then.
    pub fn replace(&self, factory: Arc<dyn ToolFactory>) -> Result<()> {
        let meta = factory.meta().clone();
        meta.check()?;
        let before = {
            let _unchanged = self.needs();
            let unknown = || Error::ToolUnknown {
                tool: meta.id.to_string(),
            };
            let known = self.get(&meta.id).ok_or_else(unknown)?;
            if known.meta().dependencies != meta.dependencies {
                return Err(Error::DependenciesDiffer {
                    tool: meta.id.to_string(),
                });
            }
            self.tools.insert(meta.id, factory)
        };
        // Foreign code: its destructor runs without the lock.
        drop(before);
        Ok(())
    }

    /// The factory of a tool.
    #[must_use]
    pub fn get(&self, id: &ToolId) -> Option<Arc<dyn ToolFactory>> {
        self.tools.get(id).map(|entry| Arc::clone(entry.value()))
    }

    /// How many tools are registered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tools.len()
    }

    /// Whether no tool is registered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tools.is_empty()
    }

    /// Metadata of all tools, by id.
    #[must_use]
    pub fn list(&self) -> Vec<ToolMeta> {
        let factories: Vec<Arc<dyn ToolFactory>> = {
            let _unchanged = self.needs();
            let entries = self.tools.iter();
            entries.map(|entry| Arc::clone(entry.value())).collect()
        };
        let mut metas: Vec<ToolMeta> = factories.iter().map(|f| f.meta().clone()).collect();
        metas.sort_by(|a, b| a.id.cmp(&b.id));
        metas
    }

    /// Metadata of the tools whose id, name, category or description contains `text`, without regard to case.
    #[must_use]
    pub fn search(&self, text: &str) -> Vec<ToolMeta> {
        let text = text.to_lowercase();
        let mut found = self.list();
        found.retain(|meta| {
            [
                meta.id.as_str(),
                &meta.name,
                &meta.category,
                &meta.description,
            ]
            .iter()
            .any(|field| field.to_lowercase().contains(&text))
        });
        found
    }

    /// These tools and all that they need, each after its dependencies; by id where the dependencies leave it open.
    ///
    /// # Errors
    /// [`Error::ToolUnknown`] for a tool that was asked for, [`Error::DependencyMissing`] with the chain for one that is
    /// needed.
    pub fn order(&self, ids: &[ToolId]) -> Result<Vec<ToolId>> {
        let needs = self.needs();
        let mut wanted: BTreeSet<u32> = BTreeSet::new();
        for id in ids {
            let number = self.registered(&needs, id)?;
            let mut dfs = Dfs::new(&needs.graph, number);
            while let Some(next) = dfs.next(&needs.graph) {
                if !wanted.insert(next) {
                    continue;
                }
                let missing = needs.id(next).filter(|id| !self.tools.contains_key(*id));
                if let Some(missing) = missing {
                    return Err(Error::DependencyMissing {
                        missing: missing.to_string(),
                        chain: needs.texts(needs.path(number, next).unwrap_or_default()),
                    });
                }
            }
        }
        Ok(sorted(&needs, wanted, false))
    }

    /// All that a tool needs, directly or not, in the order of [`order`](Self::order), and itself last.
    ///
    /// # Errors
    /// As for `order`.
    pub fn chain(&self, id: &ToolId) -> Result<Vec<ToolId>> {
        self.order(std::slice::from_ref(id))
    }

    /// All registered tools that need this one, directly or not: each before those that it needs, so in the order in which
    /// they are to be suspended. The tool itself need not be registered.
    #[must_use]
    pub fn dependents(&self, id: &ToolId) -> Vec<ToolId> {
        let needs = self.needs();
        let Some(number) = needs.numbers.get(id).copied() else {
            return Vec::new();
        };
        let mut found: BTreeSet<u32> = BTreeSet::new();
        let reversed = Reversed(&needs.graph);
        let mut dfs = Dfs::new(reversed, number);
        while let Some(next) = dfs.next(reversed) {
            if next != number {
                found.insert(next);
            }
        }
        sorted(&needs, found, true)
    }

    /// A shortest way along dependencies from a tool to one that it needs, both included.
    #[must_use]
    pub fn path(&self, from: &ToolId, to: &ToolId) -> Option<Vec<ToolId>> {
        let needs = self.needs();
        let (from, to) = (needs.numbers.get(from)?, needs.numbers.get(to)?);
        let path = needs.path(*from, *to)?;
        Some(needs.ids(path))
    }

    fn registered(&self, needs: &Needs, id: &ToolId) -> Result<u32> {
        let number = needs.numbers.get(id).copied();
        let number = number.filter(|_| self.tools.contains_key(id));
        number.ok_or_else(|| Error::ToolUnknown {
            tool: id.to_string(),
        })
    }
}

/// Topological order of a set of tools with ties broken by id: needed ones first, or users first.
fn sorted(needs: &Needs, mut left: BTreeSet<u32>, users_first: bool) -> Vec<ToolId> {
    let blocking = if users_first {
        Direction::Incoming
    } else {
        Direction::Outgoing
    };
    let blocked = |number: u32, left: &BTreeSet<u32>| {
        let mut others = needs.graph.neighbors_directed(number, blocking);
        others.any(|other| left.contains(&other))
    };
    let mut ready: BTreeMap<&ToolId, u32> = BTreeMap::new();
    let mut candidates: Vec<u32> = left.iter().copied().collect();
    let mut out = Vec::with_capacity(left.len());
    loop {
        for number in candidates.drain(..) {
            if let Some(id) = needs.id(number)
                && left.contains(&number)
                && !blocked(number, &left)
            {
                ready.insert(id, number);
            }
        }
        let Some((id, number)) = ready.pop_first() else {
            return out;
        };
        out.push(id.clone());
        left.remove(&number);
        let freed = needs.graph.neighbors_directed(number, blocking.opposite());
        candidates.extend(freed);
    }
}

impl std::fmt::Debug for ToolRegistry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids: Vec<ToolId> = self.list().into_iter().map(|meta| meta.id).collect();
        f.debug_struct("ToolRegistry").field("tools", &ids).finish()
    }
}

impl Registry for ToolRegistry {
    fn register(&self, factory: Arc<dyn ToolFactory>) -> voidstate_core::Result<()> {
        Ok(Self::register(self, factory)?)
    }

    fn unregister(&self, tool: &ToolId) -> voidstate_core::Result<()> {
        Ok(Self::unregister(self, tool)?)
    }

    fn replace(&self, factory: Arc<dyn ToolFactory>) -> voidstate_core::Result<()> {
        Ok(Self::replace(self, factory)?)
    }

    fn get(&self, tool: &ToolId) -> Option<Arc<dyn ToolFactory>> {
        Self::get(self, tool)
    }

    fn list(&self) -> Vec<ToolMeta> {
        Self::list(self)
    }

    fn search(&self, text: &str) -> Vec<ToolMeta> {
        Self::search(self, text)
    }
}
