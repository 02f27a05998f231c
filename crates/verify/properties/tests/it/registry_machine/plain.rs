//! A registry and its lives in the plainest way, with a fault where one is planted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use voidstate_core::{
    Attributes, Config, Ctx, DependencyView, Error, Event, Finding, Firing, HookName, Lifecycle,
    LifecycleState, LogLevel, MetricName, Output, Placement, Registry, Result, SeriesId,
    SeriesInfo, SignalRef, StoreReader, Timestamp, Tool, ToolFactory, ToolId, ToolMeta,
};
use voidstate_properties::registry_machine::House;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    ForgetsToUnregister,
    ListsOneTooFew,
    ListsUnsorted,
    AcceptsTakenIds,
    SwallowsTakenIds,
    AcceptsBroken,
    LetsCyclesIn,
    NamesNoCycle,
    UnregistersNeeded,
    FindsByExactCase,
    ResumesDetached,
    DetachesNeeded,
    DependentsGoOn,
    CallsSuspended,
    CallsTwice,
}

type Tools = BTreeMap<ToolId, Arc<dyn ToolFactory>>;

/// The registry.
#[derive(Default)]
pub(super) struct Shelf {
    tools: Mutex<Tools>,
    fault: Option<Fault>,
}

fn needs(tools: &Tools, id: &ToolId) -> Vec<ToolId> {
    tools
        .get(id)
        .map(|f| f.meta().dependencies.clone())
        .unwrap_or_default()
}

/// A path along dependencies, both ends included.
fn path(tools: &Tools, from: &ToolId, to: &ToolId) -> Option<Vec<String>> {
    if from == to {
        return Some(vec![to.to_string()]);
    }
    needs(tools, from).iter().find_map(|need| {
        let mut rest = path(tools, need, to)?;
        rest.insert(0, from.to_string());
        Some(rest)
    })
}

impl Shelf {
    pub(super) fn with(fault: Fault) -> Self {
        Self {
            fault: Some(fault),
            ..Self::default()
        }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }
}

impl Registry for Shelf {
    fn register(&self, factory: Arc<dyn ToolFactory>) -> Result<()> {
        let meta = factory.meta().clone();
        if !self.has(Fault::AcceptsBroken) && !meta.dependencies.contains(&meta.id) {
            meta.check()?;
        }
        let mut tools = self.tools.lock().unwrap();
        if tools.contains_key(&meta.id) {
            match self.fault {
                Some(Fault::AcceptsTakenIds) => {}
                Some(Fault::SwallowsTakenIds) => return Ok(()),
                _ => {
                    return Err(Error::Duplicate {
                        kind: "tool",
                        name: meta.id.to_string(),
                    });
                }
            }
        }
        let closes = meta
            .dependencies
            .iter()
            .find_map(|need| path(&tools, need, &meta.id));
        if let Some(mut cycle) = closes.filter(|_| !self.has(Fault::LetsCyclesIn)) {
            cycle.insert(0, meta.id.to_string());
            if self.has(Fault::NamesNoCycle) {
                cycle.pop();
            }
            return Err(Error::Cycle {
                what: "dependencies",
                cycle,
            });
        }
        tools.insert(meta.id, factory);
        Ok(())
    }

    fn unregister(&self, tool: &ToolId) -> Result<()> {
        let mut tools = self.tools.lock().unwrap();
        if !tools.contains_key(tool) {
            return Err(missing(tool));
        }
        let is_needed = tools.values().any(|f| f.meta().dependencies.contains(tool));
        if is_needed && !self.has(Fault::UnregistersNeeded) {
            return Err(refused(tool, "it is needed"));
        }
        if !self.has(Fault::ForgetsToUnregister) {
            tools.remove(tool);
        }
        Ok(())
    }

    fn get(&self, tool: &ToolId) -> Option<Arc<dyn ToolFactory>> {
        self.tools.lock().unwrap().get(tool).cloned()
    }

    fn list(&self) -> Vec<ToolMeta> {
        let tools = self.tools.lock().unwrap();
        let mut list: Vec<ToolMeta> = tools.values().map(|f| f.meta().clone()).collect();
        if self.has(Fault::ListsOneTooFew) && list.len() > 1 {
            list.pop();
        }
        if self.has(Fault::ListsUnsorted) {
            list.reverse();
        }
        list
    }

    fn search(&self, text: &str) -> Vec<ToolMeta> {
        let text = match self.fault {
            Some(Fault::FindsByExactCase) => text.to_owned(),
            _ => text.to_lowercase(),
        };
        let mut list = self.list();
        list.retain(|meta| meta.id.as_str().contains(&text));
        list
    }
}

fn missing(tool: &ToolId) -> Error {
    Error::Missing {
        kind: "tool",
        name: tool.to_string(),
    }
}

fn refused(tool: &ToolId, message: &str) -> Error {
    Error::Tool {
        tool: tool.to_string(),
        message: message.to_owned(),
    }
}

struct Life {
    /// `None` when it was detached.
    instance: Option<Box<dyn Tool>>,
    suspended: Option<String>,
}

/// The registry and the lives.
pub(super) struct Plain {
    shelf: Shelf,
    lives: Mutex<BTreeMap<ToolId, Life>>,
}

impl Plain {
    pub(super) fn new(fault: Option<Fault>) -> Self {
        Self {
            shelf: Shelf {
                fault,
                ..Shelf::default()
            },
            lives: Mutex::default(),
        }
    }

    fn own_needs(&self, tool: &ToolId) -> Vec<ToolId> {
        needs(&self.shelf.tools.lock().unwrap(), tool)
    }

    fn runs(&self, lives: &BTreeMap<ToolId, Life>, tool: &ToolId) -> bool {
        let is_up = lives
            .get(tool)
            .is_some_and(|l| l.instance.is_some() && l.suspended.is_none());
        let goes_on = self.shelf.has(Fault::DependentsGoOn);
        is_up
            && (goes_on
                || self
                    .own_needs(tool)
                    .iter()
                    .all(|need| self.runs(lives, need)))
    }

    fn known(&self, tool: &ToolId) -> Result<Arc<dyn ToolFactory>> {
        self.shelf.get(tool).ok_or_else(|| missing(tool))
    }
}

impl House for Plain {
    fn registry(&self) -> &dyn Registry {
        &self.shelf
    }

    fn lifecycle(&self) -> Option<&dyn Lifecycle> {
        Some(self)
    }

    fn signal(&mut self) -> bool {
        let hook = HookName::new("host.cpu").unwrap();
        let event = Event {
            name: "signal".to_owned(),
            time: Timestamp::default(),
            attributes: Attributes::new(),
        };
        let mut lives = self.lives.lock().unwrap();
        let ids: Vec<ToolId> = lives.keys().cloned().collect();
        let running: Vec<ToolId> = ids
            .into_iter()
            .filter(|id| {
                let is_attached = lives.get(id).is_some_and(|l| l.instance.is_some());
                self.runs(&lives, id) || (is_attached && self.shelf.has(Fault::CallsSuspended))
            })
            .collect();
        for id in running {
            let firing = Firing {
                hook: &hook,
                signal: SignalRef::Event(&event),
                sequence: 0,
            };
            let tool = lives
                .get_mut(&id)
                .and_then(|l| l.instance.as_mut())
                .unwrap();
            for _ in 0..1 + usize::from(self.shelf.has(Fault::CallsTwice)) {
                tool.observe(&firing, &mut Nothing).unwrap();
            }
        }
        true
    }
}

impl Lifecycle for Plain {
    fn attach(&self, tool: &ToolId) -> Result<()> {
        let factory = self.known(tool)?;
        let mut lives = self.lives.lock().unwrap();
        let is_up = lives.get(tool).is_some_and(|l| l.instance.is_some());
        let mut needs = self.own_needs(tool).into_iter();
        if is_up || !needs.all(|need| self.runs(&lives, &need)) {
            return Err(refused(tool, "it cannot be attached"));
        }
        let instance = factory.create(&Config::default(), Placement::ALONE)?;
        lives.insert(
            tool.clone(),
            Life {
                instance: Some(instance),
                suspended: None,
            },
        );
        Ok(())
    }

    fn suspend(&self, tool: &ToolId, reason: &str) -> Result<()> {
        self.known(tool)?;
        match self.lives.lock().unwrap().get_mut(tool) {
            Some(life) if life.instance.is_some() && life.suspended.is_none() => {
                life.suspended = Some(reason.to_owned());
                Ok(())
            }
            _ => Err(refused(tool, "it cannot be suspended")),
        }
    }

    fn resume(&self, tool: &ToolId) -> Result<()> {
        let factory = self.known(tool)?;
        let mut lives = self.lives.lock().unwrap();
        let needs_run = self
            .own_needs(tool)
            .iter()
            .all(|need| self.runs(&lives, need));
        match lives.get_mut(tool) {
            Some(life) if life.instance.is_none() && self.shelf.has(Fault::ResumesDetached) => {
                life.instance = Some(factory.create(&Config::default(), Placement::ALONE)?);
                Ok(())
            }
            Some(life) if life.instance.is_some() && life.suspended.is_some() && needs_run => {
                life.suspended = None;
                Ok(())
            }
            _ => Err(refused(tool, "it cannot be resumed")),
        }
    }

    fn detach(&self, tool: &ToolId) -> Result<()> {
        self.known(tool)?;
        let mut lives = self.lives.lock().unwrap();
        let mut attached = lives.iter().filter(|(_, l)| l.instance.is_some());
        let is_needed = attached.any(|(id, _)| self.own_needs(id).contains(tool));
        match lives.get_mut(tool) {
            Some(life)
                if life.instance.is_some()
                    && (!is_needed || self.shelf.has(Fault::DetachesNeeded)) =>
            {
                *life = Life {
                    instance: None,
                    suspended: None,
                };
                Ok(())
            }
            _ => Err(refused(tool, "it cannot be detached")),
        }
    }

    fn reconfigure(&self, tool: &ToolId, _: &Attributes) -> Result<()> {
        Err(refused(tool, "it takes no configuration"))
    }

    fn state(&self, tool: &ToolId) -> Result<LifecycleState> {
        let lives = self.lives.lock().unwrap();
        let Some(life) = lives.get(tool) else {
            return self.known(tool).map(|_| LifecycleState::Registered);
        };
        Ok(match (&life.instance, &life.suspended) {
            (None, _) => LifecycleState::Detached,
            (Some(_), None) if self.runs(&lives, tool) => LifecycleState::Attached,
            (Some(_), reason) => LifecycleState::Suspended {
                reason: reason.clone().unwrap_or_else(|| "a dependency".to_owned()),
                retried: false,
            },
        })
    }
}

/// A context that offers nothing.
struct Nothing;

fn nothing<T>() -> Result<T> {
    Err(Error::Unavailable {
        what: "anything",
        reason: "the tools here only count",
    })
}

impl Ctx for Nothing {
    fn now(&mut self) -> Result<Timestamp> {
        nothing()
    }
    fn random(&mut self) -> Result<u64> {
        nothing()
    }
    fn read_state(&mut self, _: &str) -> Result<Option<Vec<u8>>> {
        nothing()
    }
    fn write_state(&mut self, _: &str, _: &[u8]) -> Result<()> {
        nothing()
    }
    fn store(&mut self) -> Result<&dyn StoreReader> {
        nothing()
    }
    fn log(&mut self, _: LogLevel, _: &str) -> Result<()> {
        nothing()
    }
    fn metric(&mut self, _: &MetricName, _: f64) -> Result<()> {
        nothing()
    }
    fn emit(&mut self, _: Finding) -> Result<()> {
        nothing()
    }
    fn output(&mut self, _: Output) {}
    fn dependency(&self, _: &ToolId) -> Result<DependencyView<'_>> {
        nothing()
    }
    fn series(&self, _: SeriesId) -> Option<&SeriesInfo> {
        None
    }
    fn read_file(&mut self, _: &str, _: usize) -> Result<Vec<u8>> {
        nothing()
    }
}
