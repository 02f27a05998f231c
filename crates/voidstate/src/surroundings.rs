//! What stands behind a tool that is written as a program of effects: the engine's context.

use std::ops::ControlFlow;

use voidstate_core::{Ctx, Effect, EffectSet, Error, LogLevel, MetricName, Result};
use voidstate_effects::standard::{
    Clock, EmitMetric, Failure, FailureKind, Io, Level, Log, Moved, Random, ReadState, Standard,
    WriteState,
};
use voidstate_effects::{self as effects, Flow, Interp, Program, Row, RowEffects, Sum};

/// The effects of a row, as a tool's metadata say them.
///
/// # Errors
/// [`Error::Missing`] when the row has an effect that a context does not know.
pub(crate) fn effects_of<R: RowEffects>() -> Result<EffectSet> {
    let named = |name: &&str| {
        let known = Effect::ALL
            .into_iter()
            .find(|effect| effect.name() == *name);
        known.ok_or_else(|| Error::Missing {
            kind: "effect",
            name: (*name).to_owned(),
        })
    };
    R::NAMES.iter().map(named).collect()
}

/// Lowers the standard effects onto a [`Ctx`].
///
/// What a tool may not do (an undeclared effect, a name that is none) aborts the program, and [`run`] returns the context's
/// own error, so that the engine sees what it would see of any tool. What could not be done is an answer to the program.
pub(crate) struct Lowered<'c> {
    ctx: &'c mut dyn Ctx,
    refused: Option<Error>,
}

/// Runs a program with a context behind it.
///
/// # Errors
/// What the context refused; [`Error::Tool`] when the program gave up or awaits what nobody answers.
pub(crate) fn run<T>(
    tool: &str,
    program: &mut dyn Program<Standard, Out = T>,
    ctx: &mut dyn Ctx,
) -> Result<T> {
    let mut lowered = Lowered { ctx, refused: None };
    program.run(&mut lowered).map_err(|error| {
        lowered.refused.unwrap_or_else(|| Error::Tool {
            tool: tool.to_owned(),
            message: error.to_string(),
        })
    })
}

impl Interp<Standard> for Lowered<'_> {
    fn step(&mut self, op: <Standard as Row>::Op) -> Flow<<Standard as Row>::Out> {
        use Sum::{Here, There};
        let answered = match op {
            Here(read) => self.read_state(&read).map(Here),
            There(Here(write)) => self.write_state(&write).map(Here).map(There),
            There(There(Here(metric))) => self.metric(&metric).map(|()| There(There(Here(())))),
            There(There(There(Here(line)))) => {
                self.log(&line).map(|()| There(There(There(Here(())))))
            }
            There(There(There(There(Here(Clock))))) => {
                (self.ctx.now()).map(|now| There(There(There(There(Here(now.as_nanos()))))))
            }
            There(There(There(There(There(Here(Random)))))) => {
                (self.ctx.random()).map(|bits| There(There(There(There(There(Here(bits)))))))
            }
            There(There(There(There(There(There(Here(io))))))) => self
                .io(&io)
                .map(|moved| There(There(There(There(There(There(Here(moved)))))))),
            There(There(There(There(There(There(There(never))))))) => match never {},
        };
        match answered {
            Ok(out) => ControlFlow::Continue(out),
            Err(error) => {
                let reason = error.to_string();
                self.refused = Some(error);
                ControlFlow::Break(effects::Error::aborted(reason))
            }
        }
    }
}

impl Lowered<'_> {
    fn read_state(
        &mut self,
        read: &ReadState,
    ) -> Result<std::result::Result<Option<Vec<u8>>, Failure>> {
        answer(self.ctx.read_state(&read.key))
    }

    fn write_state(&mut self, write: &WriteState) -> Result<std::result::Result<(), Failure>> {
        answer(self.ctx.write_state(&write.key, &write.value))
    }

    fn metric(&mut self, metric: &EmitMetric) -> Result<()> {
        let name = MetricName::new(&metric.name)?;
        self.ctx.metric(&name, metric.value)
    }

    fn log(&mut self, line: &Log) -> Result<()> {
        let level = match line.level {
            Level::Debug => LogLevel::Debug,
            Level::Info => LogLevel::Info,
            Level::Warn => LogLevel::Warn,
            _ => LogLevel::Error,
        };
        self.ctx.log(level, &line.message)
    }

    fn io(&mut self, io: &Io) -> Result<std::result::Result<Moved, Failure>> {
        let Io::Read { path, bytes_max } = io else {
            let what = format!("a context reads files and does nothing else: {io:?}");
            return Ok(Err(Failure::new(FailureKind::Unsupported, what)));
        };
        let bytes_max = usize::try_from(*bytes_max).unwrap_or(usize::MAX);
        answer(self.ctx.read_file(path, bytes_max).map(Moved::Bytes))
    }
}

/// A refusal ends the program; a failure is its answer.
fn answer<T>(outcome: Result<T>) -> Result<std::result::Result<T, Failure>> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(error @ Error::UndeclaredEffect { .. }) => Err(error),
        Err(error) => {
            let kind = match &error {
                Error::Missing { .. } => FailureKind::NotFound,
                Error::Denied { .. } => FailureKind::Denied,
                _ => FailureKind::Other,
            };
            Ok(Err(Failure::new(kind, error.to_string())))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use voidstate_core::{
        DependencyView, Finding, Output, SeriesId, SeriesInfo, StoreReader, Timestamp, ToolId,
    };
    use voidstate_effects::{Cap, Perform, program};

    use super::*;

    #[derive(Default)]
    struct Double {
        state: BTreeMap<String, Vec<u8>>,
        said: Vec<String>,
        clock_undeclared: bool,
    }

    impl Ctx for Double {
        fn now(&mut self) -> Result<Timestamp> {
            if self.clock_undeclared {
                return Err(Error::UndeclaredEffect {
                    tool: "counter".to_owned(),
                    effect: Effect::Clock,
                });
            }
            Ok(Timestamp::from_nanos(7))
        }

        fn random(&mut self) -> Result<u64> {
            Ok(35)
        }

        fn read_state(&mut self, key: &str) -> Result<Option<Vec<u8>>> {
            Ok(self.state.get(key).cloned())
        }

        fn write_state(&mut self, key: &str, value: &[u8]) -> Result<()> {
            self.state.insert(key.to_owned(), value.to_vec());
            Ok(())
        }

        fn store(&mut self) -> Result<&dyn StoreReader> {
            Err(Error::Missing {
                kind: "store",
                name: String::new(),
            })
        }

        fn log(&mut self, level: LogLevel, message: &str) -> Result<()> {
            self.said.push(format!("{level:?} {message}"));
            Ok(())
        }

        fn metric(&mut self, name: &MetricName, value: f64) -> Result<()> {
            self.said.push(format!("{name} {value}"));
            Ok(())
        }

        fn emit(&mut self, _: Finding) -> Result<()> {
            Ok(())
        }

        fn output(&mut self, _: Output) {}

        fn dependency(&self, tool: &ToolId) -> Result<DependencyView<'_>> {
            Err(Error::Missing {
                kind: "dependency",
                name: tool.to_string(),
            })
        }

        fn series(&self, _: SeriesId) -> Option<&SeriesInfo> {
            None
        }

        fn read_file(&mut self, path: &str, _: usize) -> Result<Vec<u8>> {
            Err(Error::Denied {
                holder: "counter".to_owned(),
                action: "read",
                resource: path.to_owned(),
            })
        }
    }

    async fn counter<C: Cap<R = Standard>>(c: &mut C) -> u64 {
        let seen = c.perform(ReadState::new("seen")).await.ok().flatten();
        let seen = seen.map_or(0, |bytes| bytes[0]) + 1;
        c.perform(WriteState::new("seen", [seen])).await.unwrap();
        let refused = c
            .perform(Io::Read {
                path: "/etc/x".into(),
                bytes_max: 1,
            })
            .await;
        assert_eq!(refused.unwrap_err().kind, FailureKind::Denied);
        let sent = c
            .perform(Io::Send {
                to: "b".into(),
                bytes: vec![],
            })
            .await;
        assert_eq!(sent.unwrap_err().kind, FailureKind::Unsupported);
        c.perform(EmitMetric::new("runs", f64::from(seen))).await;
        c.perform(Log::warn("counted")).await;
        let now = c.perform(Clock).await;
        u64::try_from(now).unwrap() + c.perform(Random).await
    }

    struct Foreign;
    impl effects::Effect for Foreign {
        type Out = ();
        const NAME: &'static str = "foreign";
    }

    #[test]
    fn the_effects_of_a_row_are_known_by_name() {
        let some = effects_of::<effects::row![Clock, Log]>().unwrap();
        assert_eq!(some, EffectSet::of(&[Effect::Log, Effect::Clock]));
        assert_eq!(effects_of::<effects::row![]>().unwrap(), EffectSet::EMPTY);
        let all = effects_of::<Standard>().unwrap();
        assert_eq!(all.iter().count(), 7);
        let error = effects_of::<effects::row![Clock, Foreign]>().unwrap_err();
        assert!(error.to_string().contains("foreign"), "{error}");
    }

    #[test]
    fn a_program_runs_on_a_context() {
        let mut double = Double::default();
        let mut tool = program(async |c| counter(c).await);
        assert_eq!(run("counter", &mut tool, &mut double).unwrap(), 42);
        assert_eq!(run("counter", &mut tool, &mut double).unwrap(), 42);
        assert_eq!(double.state["seen"], [2]);
        assert_eq!(
            double.said,
            ["runs 1", "Warn counted", "runs 2", "Warn counted"]
        );
    }

    #[test]
    fn what_the_context_refuses_ends_the_program() {
        let mut double = Double {
            clock_undeclared: true,
            ..Double::default()
        };
        let mut tool = program(async |c| counter(c).await);
        let error = run("counter", &mut tool, &mut double).unwrap_err();
        assert!(
            matches!(
                error,
                Error::UndeclaredEffect {
                    effect: Effect::Clock,
                    ..
                }
            ),
            "{error}"
        );
        let mut nameless = program(async |c: &mut effects::Erased<'_, Standard>| {
            c.perform(EmitMetric::new("no name", 1.0)).await;
        });
        let error = run("counter", &mut nameless, &mut double).unwrap_err();
        assert!(matches!(error, Error::Name { .. }), "{error}");
    }
}
