//! The context that a tool under check is called with: it answers from a seed, writes down what is said, and refuses what
//! was not declared.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use voidstate_core::{
    Action, AttributeValue, Ctx, DependencyView, Effect, EffectSet, Error, Finding, LogLevel,
    MetricName, Output, Result, SeriesId, SeriesInfo, SessionDecl, SessionMessage, StoreReader,
    Timestamp, ToolId, ToolMeta,
};

use super::finding;
use super::meter::Account;
use super::random::Random;
use super::store::MemoryStore;
use super::stream::{Numbering, Stream};

/// A day in nanoseconds: a signal whose time is further away does not move the clock.
const DAY_NS: i64 = 86_400_000_000_000;

/// How much is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notes {
    /// Everything, word for word.
    Words,
    /// Counts only: nothing is allocated, so that costs can be measured.
    Counts,
}

/// What was heard of a tool over one run.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// What it said, word for word, with the step at which.
    pub(crate) words: Vec<(usize, String)>,
    pub(crate) findings: Vec<(usize, Finding)>,
    /// The first finding that is not sound, and at which step.
    pub(crate) unsound: Option<(usize, String)>,
    pub(crate) counts: Counts,
    /// Every effect that it asked for, refused or not.
    pub(crate) used: EffectSet,
    /// The first effect that it asked for without having declared it.
    pub(crate) undeclared: Option<(usize, Effect)>,
    /// Files that it asked for, and whether they are permitted.
    pub(crate) files: BTreeSet<(String, bool)>,
    /// Kind of value by the name of the output.
    pub(crate) outputs: BTreeMap<&'static str, BTreeSet<&'static str>>,
}

/// How often it did what.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) findings: u64,
    pub(crate) outputs: u64,
    pub(crate) metrics: u64,
    pub(crate) errors: u64,
}

/// See the module.
pub(crate) struct CheckContext<'a> {
    meta: &'a ToolMeta,
    stream: &'a Stream,
    pub(crate) numbering: Numbering,
    notes: Notes,
    pub(crate) step: usize,
    now: Timestamp,
    random: Random,
    /// Draws which calls are refused while it is there.
    pub(crate) refusals: Option<Random>,
    state: BTreeMap<String, Vec<u8>>,
    store: MemoryStore,
    account: Option<Rc<dyn Account>>,
    pub(crate) heard: Heard,
}

impl<'a> CheckContext<'a> {
    pub(crate) fn new(meta: &'a ToolMeta, stream: &'a Stream, seed: u64, notes: Notes) -> Self {
        Self {
            meta,
            stream,
            numbering: Numbering::Coming,
            notes,
            step: 0,
            now: stream.start(),
            random: Random::new(seed),
            refusals: None,
            state: BTreeMap::new(),
            store: MemoryStore::default(),
            account: None,
            heard: Heard::default(),
        }
    }

    /// What the context keeps of the tool's own is not charged to the tool.
    pub(crate) fn keep_outside(&mut self, account: Rc<dyn Account>) {
        self.account = Some(account);
    }

    /// Moves the clock with the stream, never back, and not by signals that are far off.
    pub(crate) fn pass(&mut self, time: Timestamp, is_tick: bool) {
        let away = time.as_nanos().saturating_sub(self.now.as_nanos());
        if away > 0 && (is_tick || away <= DAY_NS) {
            self.now = time;
        }
    }

    /// Lets the store hold what is fired, for tools that read it.
    pub(crate) fn stored(&mut self, id: SeriesId, time: Timestamp, value: f64) {
        if self.meta.effects.contains(Effect::ReadStore)
            && let Some(info) = self.stream.info(id, self.numbering)
        {
            self.store.sample(info, time, value);
        }
    }

    pub(crate) fn note(&mut self, words: impl FnOnce() -> String) {
        if self.notes == Notes::Words {
            self.heard.words.push((self.step, words()));
        }
    }

    fn permit(&mut self, effect: Effect) -> Result<()> {
        self.heard.used = self.heard.used.union(EffectSet::of(&[effect]));
        if !self.meta.effects.contains(effect) {
            self.heard.undeclared.get_or_insert((self.step, effect));
            return Err(Error::UndeclaredEffect {
                tool: self.meta.id.to_string(),
                effect,
            });
        }
        if self.refusals.as_mut().is_some_and(|draw| draw.once_in(2)) {
            return Err(Error::Unavailable {
                what: "the engine",
                reason: "the check refuses this call to see what the tool makes of it",
            });
        }
        Ok(())
    }

    fn declared(&self, session: &str) -> Result<&SessionDecl> {
        self.meta.session(session).ok_or_else(|| Error::Missing {
            kind: "session",
            name: session.to_owned(),
        })
    }

    /// As in the engine: absolute, without `..`, and named by a permission.
    fn may_read(&self, path: &str) -> bool {
        let dotted = path.trim_matches('/').replace('/', ".");
        path.starts_with('/')
            && !path.split('/').any(|part| part == "..")
            && self
                .meta
                .permissions
                .iter()
                .any(|p| p.action == Action::ReadFile && p.resource.matches(&dotted))
    }
}

impl Ctx for CheckContext<'_> {
    fn now(&mut self) -> Result<Timestamp> {
        self.permit(Effect::Clock)?;
        Ok(self.now)
    }

    fn random(&mut self) -> Result<u64> {
        self.permit(Effect::Random)?;
        Ok(self.random.bits())
    }

    fn read_state(&mut self, key: &str) -> Result<Option<Vec<u8>>> {
        self.permit(Effect::ReadState)?;
        Ok(self.state.get(key).cloned())
    }

    fn write_state(&mut self, key: &str, value: &[u8]) -> Result<()> {
        self.permit(Effect::WriteState)?;
        self.note(|| format!("state {key:?} = {value:?}"));
        let state = &mut self.state;
        let mut keep = || {
            state.insert(key.to_owned(), value.to_vec());
        };
        match &self.account {
            Some(account) => account.outside(&mut keep),
            None => keep(),
        }
        Ok(())
    }

    fn store(&mut self) -> Result<&dyn StoreReader> {
        self.permit(Effect::ReadStore)?;
        Ok(&self.store)
    }

    fn log(&mut self, level: LogLevel, message: &str) -> Result<()> {
        self.permit(Effect::Log)?;
        self.note(|| format!("log {level:?} {message:?}"));
        Ok(())
    }

    fn metric(&mut self, name: &MetricName, value: f64) -> Result<()> {
        self.permit(Effect::EmitMetric)?;
        self.heard.counts.metrics += 1;
        self.note(|| format!("metric {name} = {value:?}"));
        Ok(())
    }

    fn metric_like(&mut self, name: &MetricName, like: SeriesId, value: f64) -> Result<()> {
        self.permit(Effect::EmitMetric)?;
        // By its name: its number is another one after a restart.
        let Some(key) = self.series(like).map(|info| info.key.clone()) else {
            return Err(Error::Missing {
                kind: "series",
                name: format!("number {}", like.0),
            });
        };
        self.heard.counts.metrics += 1;
        self.note(|| format!("metric {name} like {key} = {value:?}"));
        Ok(())
    }

    fn emit(&mut self, finding: Finding) -> Result<()> {
        self.permit(Effect::EmitFinding)?;
        self.heard.counts.findings += 1;
        let fault = finding::fault(&finding, &self.meta.id);
        if let Some(fault) = fault {
            self.heard.unsound.get_or_insert((self.step, fault));
        }
        if finding.tool != self.meta.id {
            return Err(Error::Tool {
                tool: self.meta.id.to_string(),
                message: format!(
                    "it said a finding in the name of {:?}",
                    finding.tool.as_str()
                ),
            });
        }
        if self.meta.effects.contains(Effect::ReadStore) {
            self.store.finding(&finding);
        }
        if self.notes == Notes::Words {
            self.note(|| format!("finding {finding:?}"));
            self.heard.findings.push((self.step, finding));
        }
        Ok(())
    }

    fn output(&mut self, output: Output) {
        self.heard.counts.outputs += 1;
        if self.notes == Notes::Words {
            self.note(|| format!("output {} = {:?}", output.name, output.value));
            let kinds = self.heard.outputs.entry(output.name).or_default();
            kinds.insert(output.value.kind());
        }
    }

    fn dependency(&self, tool: &ToolId) -> Result<DependencyView<'_>> {
        if !self.meta.dependencies.contains(tool) {
            return Err(Error::Missing {
                kind: "dependency",
                name: tool.to_string(),
            });
        }
        // What another tool says is not known here; that it said nothing is always possible.
        Ok(DependencyView {
            findings: &[],
            outputs: &[],
        })
    }

    fn series(&self, id: SeriesId) -> Option<&SeriesInfo> {
        self.stream.info(id, self.numbering)
    }

    fn read_file(&mut self, path: &str, bytes_max: usize) -> Result<Vec<u8>> {
        self.permit(Effect::Io)?;
        let permitted = self.may_read(path);
        if self.notes == Notes::Words {
            self.heard.files.insert((path.to_owned(), permitted));
        }
        if !permitted {
            return Err(Error::Denied {
                holder: self.meta.id.to_string(),
                action: "read the file",
                resource: path.to_owned(),
            });
        }
        let mut draw = Random::part(self.step as u64, path, 0);
        let mut bytes = match draw.below(4) {
            0 => {
                return Err(Error::Tool {
                    tool: self.meta.id.to_string(),
                    message: format!("file {path:?} cannot be read: no such file"),
                });
            }
            1 => Vec::new(),
            2 => format!("{} {}\n", draw.below(1000), draw.below(1000)).into_bytes(),
            _ => (0..64).map(|_| draw.bits().to_le_bytes()[0]).collect(),
        };
        bytes.truncate(bytes_max);
        Ok(bytes)
    }

    // The other roles are other tools, and those are not here: no session ever opens, which is always possible.
    fn session_is_open(&mut self, session: &str) -> Result<bool> {
        self.permit(Effect::Session)?;
        self.declared(session)?;
        Ok(false)
    }

    fn session_send(
        &mut self,
        session: &str,
        to: &str,
        label: &str,
        payload: Vec<AttributeValue>,
    ) -> Result<()> {
        self.permit(Effect::Session)?;
        let role = self.declared(session)?.role.clone();
        self.note(|| format!("session {session:?}: {label} {payload:?} to {to:?}"));
        Err(Error::Session {
            session: session.to_owned(),
            role,
            reason: format!("role {to:?} is played by nobody"),
        })
    }

    fn session_receive(&mut self, session: &str) -> Result<Option<SessionMessage>> {
        self.permit(Effect::Session)?;
        self.declared(session)?;
        Ok(None)
    }
}
