//! The context of one call of a tool.

use voidstate_core::{
    AttributeValue, Catalogue, Ctx, DependencyView, Effect, Error, Finding, LogLevel, MetricName,
    Output, Result, SeriesId, SeriesInfo, SessionMessage, StoreReader, Timestamp, ToolId,
};

use super::failure::Violation;
use super::files;
use super::frame::{Frame, Scratch};
use super::lock;
use super::log::{LogLine, cut};
use super::random::SplitMix64;
use super::record::{JournalledStore, Mode, Spoken};
use super::sessions::{Asked, Sessions, Trouble};
use super::slot::Slot;
use crate::memory;

/// What stands behind a tool's `ctx` in production.
pub(crate) struct CallContext<'a> {
    pub(crate) frame: &'a Frame,
    pub(crate) slot: &'a Slot,
    pub(crate) scratch: &'a mut Scratch,
    pub(crate) random: &'a mut SplitMix64,
    pub(crate) ticket: u64,
}

impl CallContext<'_> {
    /// Lets the effect through when it is declared and the call is still one that anybody waits for.
    fn permit(&mut self, effect: Effect) -> Result<()> {
        if !self.slot.meta.effects.contains(effect) {
            let violation = &mut self.scratch.violation;
            violation.get_or_insert(Violation::Effect(effect));
            return Err(Error::UndeclaredEffect {
                tool: self.slot.meta.id.to_string(),
                effect,
            });
        }
        if !self.frame.shard.beat.is_open(self.ticket) {
            return Err(abandoned());
        }
        Ok(())
    }

    /// Whether what is done is noted or answered from notes.
    #[inline]
    fn is_taped(&self) -> bool {
        self.frame.mode != Mode::Live
    }

    fn state_key<'k>(&self, key: &'k str) -> Result<&'k str> {
        if key.is_empty() || key.starts_with('.') || key.len() > 256 {
            return Err(Error::Tool {
                tool: self.slot.meta.id.to_string(),
                message: format!(
                    "state key {:?} is not accepted: 1 to 256 bytes, not starting with a dot",
                    cut(key).chars().take(64).collect::<String>()
                ),
            });
        }
        Ok(key)
    }
}

impl CallContext<'_> {
    /// Asks something of a declared session, live or of the notes; a breach of its protocol suspends the tool.
    fn session(
        &mut self,
        session: &str,
        asked: impl FnOnce() -> String,
        live: impl FnOnce(&mut Sessions, &Asked<'_>) -> std::result::Result<Spoken, Trouble>,
    ) -> Result<Spoken> {
        self.permit(Effect::Session)?;
        if self.slot.meta.session(session).is_none() {
            return Err(Error::Missing {
                kind: "session",
                name: cut(session).to_owned(),
            });
        }
        let (frame, slot, ticket) = (self.frame, self.slot, self.ticket);
        let live = || {
            let _engine = memory::outside();
            let mut sessions = lock(&frame.shard.sessions);
            // Whoever was abandoned must not speak beside its successor.
            if !frame.shard.beat.is_open(ticket) {
                return (Err(abandoned()), false);
            }
            let asked = Asked {
                shared: &frame.shared,
                slot,
                session,
                now: frame.moment(),
            };
            match live(&mut sessions, &asked) {
                Ok(spoken) => (Ok(spoken), false),
                Err(trouble) => {
                    let is_breach = trouble.is_breach;
                    let error = Error::Session {
                        session: session.to_owned(),
                        role: trouble.role,
                        reason: trouble.reason,
                    };
                    (Err(error), is_breach)
                }
            }
        };
        let (answer, is_breach) = if self.is_taped() {
            self.scratch.journal.session(&asked(), live)
        } else {
            live()
        };
        if let (Err(error), true) = (&answer, is_breach) {
            let violation = &mut self.scratch.violation;
            violation
                .get_or_insert_with(|| Violation::Session(format!("it broke a protocol: {error}")));
        }
        answer
    }
}

fn abandoned() -> Error {
    Error::Unavailable {
        what: "the engine",
        reason: "the call took too long and was abandoned",
    }
}

impl Ctx for CallContext<'_> {
    fn now(&mut self) -> Result<Timestamp> {
        self.permit(Effect::Clock)?;
        if self.is_taped() {
            return self.scratch.journal.now(|| self.frame.now());
        }
        Ok(self.frame.now())
    }

    fn random(&mut self) -> Result<u64> {
        self.permit(Effect::Random)?;
        if self.is_taped() {
            return self.scratch.journal.random(|| self.random.next());
        }
        Ok(self.random.next())
    }

    fn read_state(&mut self, key: &str) -> Result<Option<Vec<u8>>> {
        self.permit(Effect::ReadState)?;
        let key = self.state_key(key)?;
        let state = &self.frame.shared.state;
        let live = || state.read(&self.slot.meta.id, self.slot.shard, key);
        if self.is_taped() {
            return self.scratch.journal.read_state(key, live);
        }
        live()
    }

    fn write_state(&mut self, key: &str, value: &[u8]) -> Result<()> {
        self.permit(Effect::WriteState)?;
        let key = self.state_key(key)?;
        let state = &self.frame.shared.state;
        let live = || state.write(&self.slot.meta.id, self.slot.shard, key, value);
        if self.is_taped() {
            return self.scratch.journal.write_state(key, value, live);
        }
        live()
    }

    fn store(&mut self) -> Result<&dyn StoreReader> {
        self.permit(Effect::ReadStore)?;
        let store = &self.frame.shared.store;
        let none = || Error::Unavailable {
            what: "the store",
            reason: "the engine runs without one",
        };
        if self.is_taped() {
            let journal = &self.scratch.journal;
            journal.store(|| store.is_some().then_some(()).ok_or_else(none))?;
            let store = JournalledStore {
                journal: journal.clone(),
                behind: store.clone(),
            };
            return Ok(self.scratch.store.insert(store));
        }
        store.as_deref().ok_or_else(none)
    }

    fn log(&mut self, level: LogLevel, message: &str) -> Result<()> {
        self.permit(Effect::Log)?;
        if self.is_taped() {
            self.scratch.journal.log(level, message)?;
            if self.frame.mode == Mode::Replaying {
                return Ok(());
            }
        }
        let _engine = memory::outside();
        self.frame.shared.log.write(LogLine {
            time: self.frame.now(),
            tool: self.slot.meta.id.clone(),
            level,
            message: cut(message).to_owned(),
        });
        Ok(())
    }

    fn metric(&mut self, name: &MetricName, value: f64) -> Result<()> {
        self.permit(Effect::EmitMetric)?;
        if self.is_taped() {
            self.scratch.journal.metric(name, value)?;
        }
        let _engine = memory::outside();
        self.scratch.metrics.push((name.clone(), None, value));
        Ok(())
    }

    fn metric_like(&mut self, name: &MetricName, like: SeriesId, value: f64) -> Result<()> {
        self.permit(Effect::EmitMetric)?;
        if self.series(like).is_none() {
            return Err(Error::Missing {
                kind: "series",
                name: format!("number {}", like.0),
            });
        }
        if self.is_taped() {
            self.scratch.journal.metric_like(name, like, value)?;
        }
        let _engine = memory::outside();
        self.scratch.metrics.push((name.clone(), Some(like), value));
        Ok(())
    }

    fn emit(&mut self, finding: Finding) -> Result<()> {
        self.permit(Effect::EmitFinding)?;
        if finding.tool != self.slot.meta.id {
            return Err(Error::Tool {
                tool: self.slot.meta.id.to_string(),
                message: format!(
                    "it said a finding in the name of {:?}",
                    finding.tool.as_str()
                ),
            });
        }
        if self.is_taped() {
            self.scratch.journal.emit(&finding)?;
        }
        let _engine = memory::outside();
        self.scratch.findings.push(finding);
        Ok(())
    }

    fn output(&mut self, output: Output) {
        if self.slot.has_dependents() {
            let _engine = memory::outside();
            self.scratch.outputs.push(output);
        }
    }

    fn dependency(&self, tool: &ToolId) -> Result<DependencyView<'_>> {
        let declared = &self.slot.meta.dependencies;
        let at = declared.iter().position(|id| id == tool);
        let said = at.and_then(|at| self.scratch.heard.get(at));
        let said = said.ok_or_else(|| Error::Missing {
            kind: "dependency",
            name: tool.to_string(),
        })?;
        Ok(DependencyView {
            findings: &said.findings,
            outputs: &said.outputs,
        })
    }

    fn series(&self, id: SeriesId) -> Option<&SeriesInfo> {
        if self.is_taped() {
            return self.slot.series_at(self.frame, self.scratch, id);
        }
        self.frame.shared.names.get(id)
    }

    fn read_file(&mut self, path: &str, bytes_max: usize) -> Result<Vec<u8>> {
        self.permit(Effect::Io)?;
        let meta = &self.slot.meta;
        let files = self.frame.shared.files.as_ref();
        let live = || match files {
            None => files::read(&meta.id, &meta.permissions, path, bytes_max),
            Some(files) => files::read_from(files, &meta.id, &meta.permissions, path, bytes_max),
        };
        if self.is_taped() {
            return self.scratch.journal.read_file(path, bytes_max, live);
        }
        live()
    }

    fn session_is_open(&mut self, session: &str) -> Result<bool> {
        let asked = || format!("is_open {session:?}");
        let answer = self.session(session, asked, |sessions, asked| {
            sessions.is_open(asked).map(Spoken::Open)
        });
        match answer? {
            Spoken::Open(is_open) => Ok(is_open),
            _ => Err(other_answer()),
        }
    }

    fn session_send(
        &mut self,
        session: &str,
        to: &str,
        label: &str,
        payload: Vec<AttributeValue>,
    ) -> Result<()> {
        // Written before the payload is given away.
        let asked = if self.is_taped() {
            format!("send {session:?} {label:?} to {to:?}: {payload:?}")
        } else {
            String::new()
        };
        let answer = self.session(
            session,
            || asked,
            |sessions, asked| {
                let sent = sessions.send(asked, to, label, payload);
                sent.map(|()| Spoken::Sent)
            },
        );
        answer.map(drop)
    }

    fn session_receive(&mut self, session: &str) -> Result<Option<SessionMessage>> {
        let asked = || format!("receive {session:?}");
        let answer = self.session(session, asked, |sessions, asked| {
            sessions.receive(asked).map(Spoken::Received)
        });
        match answer? {
            Spoken::Received(message) => Ok(message),
            _ => Err(other_answer()),
        }
    }
}

fn other_answer() -> Error {
    Error::Unavailable {
        what: "the session",
        reason: "the recording holds an answer to another question",
    }
}
