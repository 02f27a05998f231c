//! A tool in a process of its own, as the engine calls it.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use voidstate_core::{
    Config, Ctx, EffectSet, Error, Firing, Output, Placement, Result, SeriesId, SignalRef, Tool,
    ToolId, ToolMeta,
};

use super::answering::{Nowhere, serve};
use super::link::{Link, Lost};
use super::wire::{
    Heard, InitRequest, InitResponse, Outcome, Seen, StartWork, ToEngine, ToTool, WorkComplete,
};
use crate::engine::{interned, lock};

/// A tool in a process of its own.
#[derive(Debug)]
pub(super) struct Isolated {
    id: ToolId,
    dependencies: Vec<ToolId>,
    effects: Option<EffectSet>,
    link: Mutex<Link>,
    /// Series whose keys the process knows.
    known: HashSet<SeriesId>,
}

impl Isolated {
    /// Lets the process be the tool.
    pub(super) fn begin(
        meta: &ToolMeta,
        mut link: Link,
        config: &Config,
        placement: Placement,
    ) -> Result<Self> {
        let id = &meta.id;
        let doing = "being started";
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let init = ToTool::Init(Box::new(InitRequest {
            tool: id.clone(),
            config: config.values().clone(),
            shard: small(placement.shard),
            shards: small(placement.shards),
        }));
        let until = link.until();
        let said = link.send(&init, until).and_then(|()| link.receive(until));
        let refuse = |message: String| Error::Tool {
            tool: id.to_string(),
            message,
        };
        match said {
            Ok(ToEngine::Ready(ready)) => {
                let InitResponse { meta: own, effects } = *ready;
                if own != *meta {
                    return Err(refuse(differing(meta, &own)));
                }
                Ok(Self {
                    id: id.clone(),
                    dependencies: meta.dependencies.clone(),
                    effects,
                    link: Mutex::new(link),
                    known: HashSet::new(),
                })
            }
            Ok(ToEngine::Refused(reason)) => Err(refuse(format!("its process refused: {reason}"))),
            Ok(other) => Err(gone(id, &mut link, &out_of_place(&other), doing)),
            Err(lost) => Err(gone(id, &mut link, &lost, doing)),
        }
    }

    /// What its dependencies said; asked for only where there are some, as the tool in the engine's process would.
    fn heard(&self, ctx: &dyn Ctx) -> Vec<Heard> {
        let heard = self.dependencies.iter().filter_map(|tool| {
            let view = ctx.dependency(tool).ok()?;
            let outputs = view.outputs.iter();
            Some(Heard {
                tool: tool.clone(),
                findings: view.findings.to_vec(),
                outputs: outputs
                    .map(|output| (output.name.to_owned(), output.value.clone()))
                    .collect(),
            })
        });
        heard.collect()
    }

    /// Has the process do a piece of work, answering what it asks from `ctx`.
    fn work(&self, work: StartWork, ctx: &mut dyn Ctx, doing: &str) -> Result<Option<Vec<u8>>> {
        let mut link = self.link.lock().unwrap_or_else(PoisonError::into_inner);
        let link = &mut *link;
        if link.is_over() {
            return Err(Error::Gone {
                tool: self.id.to_string(),
                reason: format!("its process is not there any more while {doing}"),
            });
        }
        let until = link.until();
        match serve(link, work, ctx, until) {
            Ok(complete) => self.complete(link, complete, ctx, doing),
            Err(lost) => Err(gone(&self.id, link, &lost, doing)),
        }
    }

    fn complete(
        &self,
        link: &mut Link,
        complete: WorkComplete,
        ctx: &mut dyn Ctx,
        doing: &str,
    ) -> Result<Option<Vec<u8>>> {
        for (name, value) in complete.outputs {
            let Some(name) = interned(&name) else {
                let broke = Lost::Broke(format!(
                    "it gave more different outputs than can be named, or one with a name of {} bytes",
                    name.len()
                ));
                return Err(gone(&self.id, link, &broke, doing));
            };
            ctx.output(Output { name, value });
        }
        match complete.outcome {
            Outcome::Done => Ok(None),
            Outcome::Saved(bytes) => Ok(Some(bytes)),
            Outcome::Failed(fault) => match fault.into() {
                // Of what is gone the engine is told by the link alone.
                Error::Gone { tool, reason } => Err(Error::Tool {
                    tool,
                    message: reason,
                }),
                error => Err(error),
            },
            Outcome::Panicked(message) => {
                let message = message.chars().take(512).collect::<String>();
                let broke = Lost::Broke(format!("it panicked: {message}"));
                Err(gone(&self.id, link, &broke, doing))
            }
        }
    }

    /// The same for work that has no context.
    fn work_alone(&self, work: StartWork, doing: &str) -> Result<Option<Vec<u8>>> {
        self.work(work, &mut Nowhere, doing)
    }
}

impl Tool for Isolated {
    fn observe(&mut self, firing: &Firing<'_>, ctx: &mut dyn Ctx) -> Result<()> {
        let seen = match firing.signal {
            SignalRef::Sample {
                id,
                series,
                time,
                value,
            } => Seen::Sample {
                id,
                key: self.known.insert(id).then(|| series.clone()),
                time,
                value,
            },
            ref other => Seen::Other(other.to_signal()),
        };
        let work = StartWork::Observe {
            hook: firing.hook.clone(),
            sequence: firing.sequence,
            seen,
            heard: self.heard(ctx),
        };
        self.work(work, ctx, &format!("working at {}", firing.hook))
            .map(drop)
    }

    fn tick(&mut self, ctx: &mut dyn Ctx) -> Result<()> {
        let heard = self.heard(ctx);
        self.work(StartWork::Tick(heard), ctx, "ticking").map(drop)
    }

    fn finish(&mut self, ctx: &mut dyn Ctx) -> Result<()> {
        let heard = self.heard(ctx);
        self.work(StartWork::Finish(heard), ctx, "finishing")
            .map(drop)
    }

    fn effects(&self) -> Option<EffectSet> {
        self.effects
    }

    fn reconfigure(&mut self, config: &Config) -> Result<()> {
        let work = StartWork::Reconfigure(config.values().clone());
        self.work_alone(work, "being reconfigured").map(drop)
    }

    fn save(&self) -> Result<Vec<u8>> {
        let saved = self.work_alone(StartWork::Save, "saving its state")?;
        saved.ok_or_else(|| {
            let broke =
                Lost::Broke("it completed without the state that it was to save".to_owned());
            gone(&self.id, &mut lock(&self.link), &broke, "saving its state")
        })
    }

    fn restore(&mut self, state: &[u8]) -> Result<()> {
        let work = StartWork::Restore(state.to_vec());
        self.work_alone(work, "being given its state").map(drop)
    }
}

fn out_of_place(said: &ToEngine) -> Lost {
    Lost::Broke(format!("it sent {} out of place", said.label()))
}

fn gone(tool: &ToolId, link: &mut Link, lost: &Lost, doing: &str) -> Error {
    Error::Gone {
        tool: tool.to_string(),
        reason: link.bury(lost, doing),
    }
}

/// What a process says of its tool that the engine knows otherwise.
fn differing(known: &ToolMeta, own: &ToolMeta) -> String {
    let fields = [
        ("id", known.id != own.id),
        ("version", known.version != own.version),
        ("effects", known.effects != own.effects),
        ("permissions", known.permissions != own.permissions),
        ("dependencies", known.dependencies != own.dependencies),
        ("subscriptions", known.subscriptions != own.subscriptions),
        ("config", known.config != own.config),
        ("budget", known.budget != own.budget),
        ("sessions", known.sessions != own.sessions),
    ];
    let differ: Vec<_> = fields
        .into_iter()
        .filter_map(|(name, differs)| differs.then_some(name))
        .collect();
    let what = match differ.as_slice() {
        [] => "what it says about itself".to_owned(),
        fields => fields.join(", "),
    };
    format!(
        "its process holds another tool of that name: {what} differ from what the engine knows (versions {} and {})",
        own.version, known.version
    )
}
