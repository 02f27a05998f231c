//! `voidstate watch`: this host, live, one line per episode.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use voidstate_core::{Clock, LifecycleState, StoreReader, StoreWriter};
use voidstate_embed::AttachSource;
use voidstate_host::{HostConfig, HostSource};
use voidstate_runtime::{Engine, EngineBuilder, EngineStats, Policy, RunningEngine, SystemClock};

use crate::cli::WatchArgs;
use crate::cost::Meter;
use crate::interrupt::{Hangup, Interrupt};
use crate::isolation::Isolation;
use crate::lines::{self, Summary};
use crate::problem::{Exit, Problem, chain};
use crate::recording;
use crate::reload::reload;
use crate::settings::Loaded;
use crate::sinks::{self, Board, Keeper, Record, Screen, Shared};
use crate::wiring;
use crate::words::count;

/// Time between two summaries.
const SUMMARY_EVERY: Duration = Duration::from_secs(10);
/// How quickly Ctrl-C and a closed pipe are noticed.
const STEP: Duration = Duration::from_millis(100);

/// Runs the verb.
pub(crate) fn run(args: &WatchArgs) -> Result<Exit, Problem> {
    let interrupt = Interrupt::listen()?;
    let board: Shared = Shared::default();
    let zone = TimeZone::system();
    let opened = wiring::store(args.store.as_deref())?;
    let mut builder = Engine::builder()
        .source(Box::new(host(args)?))
        // The store comes first: a terminal that stands still must not keep samples from it.
        .sink(Box::new(Keeper::new(
            Arc::clone(&board),
            opened.store.clone(),
        )))
        .sink(Box::new(Screen::new(
            Arc::clone(&board),
            zone.clone(),
            args.json,
        )))
        .store(opened.store.clone());
    builder = attach(builder, args)?;
    if let Some(path) = &args.record {
        builder = builder.record(recording::create(path)?);
    }
    let loaded = Loaded::read(args.config.as_deref(), &args.set)?;
    let hangup = Hangup::listen()?;
    let mut policy = Policy::default();
    policy.upgrade_grade = loaded.settings.upgrade.grade;
    builder = builder.policy(policy);
    let isolation = Isolation::of(&args.isolate)?;
    for (tool, given) in isolation.place_all(loaded.tools()?) {
        builder = builder.tool(tool, given);
    }
    let fail =
        |error: voidstate_runtime::Error| Problem::internal("starting the engine", chain(&error));
    let engine = builder.build().map_err(fail)?.start().map_err(fail)?;
    let status = opened.store.status();
    greet(
        args,
        &status.place,
        opened.warning.as_deref(),
        &status.notes,
        &loaded,
    );

    let handle = engine.handle();
    let mut watch = Watch {
        args,
        zone,
        board,
        meter: Meter::start(),
        clock: SystemClock::new(),
        recording: None,
        loaded,
    };
    watch.until_over(&engine, &interrupt, &hangup);
    let report = engine.stop();
    watch.recording = handle.recording().and_then(|state| state.trouble);
    watch.summarise(&report.stats)?;
    if let Err(error) = opened.store.sync() {
        eprintln!(
            "warning: the last second may not survive a power loss: {}",
            chain(&error)
        );
    }
    if let Some(state) = handle.recording() {
        recording::tell(&state);
    }
    for leftover in &report.leftovers {
        eprintln!("warning: {leftover}");
    }
    watch.outcome(&report.stats)
}

fn host(args: &WatchArgs) -> Result<HostSource, Problem> {
    let config = HostConfig {
        interval: args.interval,
        proc_root: args.proc_root.clone(),
        sys_root: args.sys_root.clone(),
        show_args: args.show_args,
        ..HostConfig::default()
    };
    HostSource::new(config).map_err(|error| {
        let next = "run `voidstate doctor` to see what can be read here, or `voidstate analyze FILE` on recorded numbers";
        let place = args.proc_root.display().to_string();
        Problem::new(Exit::Permission, "this host cannot be watched", place, chain(&error), next)
    })
}

fn attach(builder: EngineBuilder, args: &WatchArgs) -> Result<EngineBuilder, Problem> {
    let Some(socket) = &args.attach else {
        return Ok(builder);
    };
    let source = AttachSource::connect(socket).map_err(|error| {
        let next = "start the program first, and check that it serves this socket and runs as the same user";
        let place = socket.display().to_string();
        Problem::new(Exit::Input, "the program cannot be attached to", place, chain(&error), next)
    })?;
    Ok(builder.source(Box::new(source)))
}

/// Says what happens now, on standard error: standard output is for results.
fn greet(args: &WatchArgs, store: &str, warning: Option<&str>, notes: &[String], loaded: &Loaded) {
    let until = args.time.map_or_else(
        || "until Ctrl-C".to_owned(),
        |time| format!("for {} s", time.as_secs_f64()),
    );
    let every = args.interval.as_secs_f64();
    eprintln!("voidstate watches this host every {every} s {until}; store: {store}");
    eprintln!("the first 20 looks only teach it what is usual");
    if let Some(path) = &loaded.path {
        let pipelines = count(loaded.settings.pipeline.len() as u64, "pipeline");
        eprintln!(
            "settings: {}, {pipelines}; SIGHUP reads it again",
            path.display()
        );
    }
    if let Some(warning) = warning {
        eprintln!("warning: {warning}");
    }
    for note in notes {
        eprintln!("note: {note}");
    }
}

struct Watch<'a> {
    args: &'a WatchArgs,
    zone: TimeZone,
    board: Shared,
    meter: Meter,
    clock: SystemClock,
    /// Why the recording ended early, if it did.
    recording: Option<String>,
    /// The settings that hold.
    loaded: Loaded,
}

impl Watch<'_> {
    fn board(&self) -> std::sync::MutexGuard<'_, Board> {
        sinks::lock(&self.board)
    }

    /// Waits, with a summary now and then, until time is up, the user asks, or nobody reads the output.
    fn until_over(&mut self, engine: &RunningEngine, interrupt: &Interrupt, hangup: &Hangup) {
        let handle = engine.handle();
        let start = Instant::now();
        let mut next = start + SUMMARY_EVERY;
        while !(interrupt.is_asked() || engine.is_done() || self.board().output.is_some()) {
            if self.args.time.is_some_and(|time| start.elapsed() >= time) {
                return;
            }
            if hangup.take() {
                reload(&handle, &mut self.loaded);
            }
            if Instant::now() >= next {
                next += SUMMARY_EVERY;
                // A summary that cannot be printed is remembered on the board and ends the loop.
                self.recording = handle.recording().and_then(|state| state.trouble);
                let _ = self.summarise(&handle.stats());
            }
            self.clock.sleep(STEP);
        }
    }

    fn summarise(&mut self, stats: &EngineStats) -> Result<(), Problem> {
        let summary = self.summary(stats);
        let line = if self.args.json {
            sinks::json(&Record::Summary(&summary))
                .map_err(|error| Problem::internal("a summary", chain(&error)))?
        } else {
            lines::summary(&summary, &self.zone)
        };
        sinks::print(&self.board, &line);
        Ok(())
    }

    fn summary(&mut self, stats: &EngineStats) -> Summary {
        let cost = self.meter.lap();
        let board = self.board();
        let mut troubles: Vec<String> = board.storing.iter().cloned().collect();
        if board.unstored > 0 {
            troubles.push(format!(
                "{} not stored",
                count(board.unstored, "sample or finding")
            ));
        }
        let suspended = stats
            .tools
            .iter()
            .filter(|tool| matches!(tool.state, LifecycleState::Suspended { .. }));
        troubles.extend(suspended.map(|tool| format!("tool {} is {}", tool.tool, tool.state)));
        troubles.extend(stats.sources.iter().filter_map(|source| {
            source
                .failure
                .as_ref()
                .map(|why| format!("source {} ended: {why}", source.name))
        }));
        if let Some(why) = &self.recording {
            troubles.push(format!("the recording ended early: {why}"));
        }
        let undelivered = stats
            .sinks
            .iter()
            .map(|sink| sink.points_failed + sink.findings_failed)
            .sum::<u64>();
        if undelivered > board.unstored {
            troubles.push(format!(
                "{} not delivered",
                count(undelivered - board.unstored, "sample or finding")
            ));
        }
        let rejected = stats
            .sources
            .iter()
            .flat_map(|source| &source.rejected)
            .map(|(_, count)| count)
            .sum();
        Summary {
            time: self.clock.now(),
            series: stats.series,
            learned_percent: board.learned_percent,
            open_episodes: board.open_episodes(),
            episodes: board.episodes,
            samples: stats.delivered,
            dropped: stats.dropped_total(),
            rejected,
            cost,
            troubles,
        }
    }

    fn outcome(&self, stats: &EngineStats) -> Result<Exit, Problem> {
        let mut board = self.board();
        if let Some(error) = board.output.take() {
            return Err(Problem::output(&error));
        }
        let failed = stats
            .sources
            .iter()
            .find_map(|source| source.failure.as_ref().map(|why| (&source.name, why)));
        if let Some((source, why)) = failed {
            let next = "run `voidstate doctor` to see what can be read here";
            return Err(Problem::new(
                Exit::Permission,
                "a source ended early",
                source,
                why,
                next,
            ));
        }
        Ok(if board.fails(self.args.fail_on) {
            Exit::Finding
        } else {
            Exit::Ok
        })
    }
}
