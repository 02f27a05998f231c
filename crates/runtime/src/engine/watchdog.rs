//! Watches workers and budgets while the engine runs on threads.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use voidstate_core::{Overflow, Severity, Stage, ToolId};

use super::failure::{Cause, Failure};
use super::lock;
use super::record::{Entry, Note};
use super::shard::{Phase, Shard};
use super::shared::Shared;
use super::slot::Slot;
use super::worker::Worker;

/// How often workers are looked at.
const PERIOD: Duration = Duration::from_millis(100);
/// Seconds over which a tool's share of a core is taken.
const WINDOW_SECS: usize = 10;

/// Threads that run workers.
#[derive(Debug, Default)]
pub(crate) struct Crew {
    /// The thread of each shard.
    pub(crate) workers: Vec<JoinHandle<()>>,
    /// Threads that hang in a tool, and in which.
    pub(crate) abandoned: Vec<(JoinHandle<()>, ToolId)>,
}

/// Ends the watchdog.
#[derive(Debug, Default)]
pub(crate) struct Whistle {
    is_over: Mutex<bool>,
    blown: Condvar,
}

impl Whistle {
    pub(crate) fn blow(&self) {
        *lock(&self.is_over) = true;
        self.blown.notify_all();
    }

    /// Waits for one period; true when it is over.
    fn wait(&self) -> bool {
        let is_over = lock(&self.is_over);
        if *is_over {
            return true;
        }
        let waited = self.blown.wait_timeout(is_over, PERIOD);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// A call that was under way when a shard was last looked at.
#[derive(Debug, Default, Clone)]
struct Seen {
    ticket: u64,
    since: Option<Instant>,
    looks: u32,
    is_reported: bool,
}

/// What a slot had cost when it was last looked at.
#[derive(Debug)]
struct Cost {
    slot: Arc<Slot>,
    busy_ns: u64,
    slow: u64,
    seconds: VecDeque<(u64, u64)>,
}

/// Names and suspends tools that hang or cost too much; replaces threads that hang.
#[derive(Debug)]
pub(crate) struct Watchdog {
    shared: Arc<Shared>,
    crew: Arc<Mutex<Crew>>,
    seen: Vec<Seen>,
    costs: Vec<Cost>,
    shard_costs: Vec<(u64, u64)>,
    costs_at: Instant,
    is_live: bool,
}

impl Watchdog {
    pub(crate) fn new(shared: Arc<Shared>, crew: Arc<Mutex<Crew>>) -> Self {
        let shards = shared.shards.len();
        let own = shared.own_source();
        let mut sources = shared.sources.iter().take(own);
        Self {
            is_live: sources.any(|source| source.overflow == Overflow::Drop),
            seen: vec![Seen::default(); shards],
            costs: Vec::new(),
            shard_costs: vec![(0, 0); shards],
            costs_at: Instant::now(),
            shared,
            crew,
        }
    }

    pub(crate) fn run(mut self, whistle: &Whistle) {
        while !whistle.wait() {
            for shard in self.shared.shards.clone() {
                self.look_at(&shard);
            }
            for slot in self.shared.tools.all_slots() {
                self.shared.tools.check_memory(&self.shared, &slot);
            }
            self.count_abandoned();
            let health = self.shared.take_health();
            if !health.is_empty() {
                self.shared.sinks.send_urgent(health);
            }
            if self.costs_at.elapsed() >= Duration::from_secs(1) {
                self.weigh();
            }
        }
    }

    /// Finds a call that does not return. The number of looks counts besides the time, so that a machine on which
    /// nothing runs for a second does not make its tools look guilty.
    fn look_at(&mut self, shard: &Arc<Shard>) {
        let Some(seen) = self.seen.get_mut(shard.number) else {
            return;
        };
        let Some((ticket, number)) = shard.beat.under_way() else {
            *seen = Seen::default();
            return;
        };
        if seen.ticket != ticket {
            *seen = Seen {
                ticket,
                since: Some(Instant::now()),
                looks: 0,
                is_reported: false,
            };
            return;
        }
        seen.looks += 1;
        let took = seen.since.map(|since| since.elapsed()).unwrap_or_default();
        let slot = lock(&shard.slots)
            .iter()
            .find(|s| s.number == number)
            .cloned();
        let Some(slot) = slot else { return };
        let limit = self
            .shared
            .policy
            .hang_after
            .max(slot.meta.budget.time_per_signal)
            .saturating_add(slot.factory.grace());
        let looks_min =
            u32::try_from(limit.as_millis() / PERIOD.as_millis()).unwrap_or(u32::MAX) * 3 / 4;
        if took < limit || seen.looks < looks_min || seen.is_reported {
            return;
        }
        seen.is_reported = true;
        self.hangs(shard, &slot, ticket);
    }

    fn hangs(&self, shard: &Arc<Shard>, slot: &Arc<Slot>, ticket: u64) {
        let shared = &self.shared;
        // The rest of the sentence depends on whether it returns.
        let reason = match shard.hook(shared) {
            Some(hook) => format!("its call at {hook}"),
            None => "its call".to_owned(),
        };
        let failure = Failure {
            cause: Cause::Hang,
            reason,
        };
        if shared.abandoned.load(Ordering::Relaxed) >= shared.policy.abandoned_max {
            shared.tools.failed(shared, slot, failure, shared.moment());
            let sentence = format!(
                "shard {} waits for tool {}, which hangs: {} threads are abandoned already and no more are made; \
                 its signals queue up and are then dropped",
                shard.number, slot.meta.id, shared.policy.abandoned_max
            );
            let episode = shared.new_episode();
            shared.say(
                episode,
                Stage::Instant,
                Severity::Critical,
                sentence,
                Some(&slot.meta.id),
            );
            return;
        }
        // From here on the call is abandoned; when it ended at the last moment, nothing is the matter.
        if !shard.beat.end(ticket) {
            return;
        }
        // Nobody works for the shard until the successor does.
        if let (Some(tape), Some(tapes)) = (&shard.tape, &shared.tapes)
            && !tapes.is_over()
        {
            let is_call = matches!(shard.phase(), Phase::Firing | Phase::Ticking);
            let slot = slot.number;
            let entry = Entry::Abandoned { slot, is_call };
            tape.note(shard.position.load(Ordering::Acquire), Note::Entry(entry));
        }
        slot.leave_body();
        shared.tools.leave_thread(&slot.meta.id);
        shared.tools.failed(shared, slot, failure, shared.moment());
        shared.abandoned.fetch_add(1, Ordering::Relaxed);
        let mut crew = lock(&self.crew);
        let Ok(successor) = spawn_worker(shared, shard, true) else {
            let sentence = format!(
                "shard {} stands still: no thread could be made for it",
                shard.number
            );
            let episode = shared.new_episode();
            shared.say(episode, Stage::Instant, Severity::Critical, sentence, None);
            shard.queue.close();
            return;
        };
        if let Some(worker) = crew.workers.get_mut(shard.number) {
            let hanging = std::mem::replace(worker, successor);
            crew.abandoned.push((hanging, slot.meta.id.clone()));
        }
    }

    /// Abandoned threads whose call came back after all have ended quietly.
    fn count_abandoned(&self) {
        let mut crew = lock(&self.crew);
        crew.abandoned.retain(|(thread, _)| !thread.is_finished());
        self.shared
            .abandoned
            .store(crew.abandoned.len(), Ordering::Relaxed);
        let mut by_tool = BTreeMap::new();
        for (_, tool) in &crew.abandoned {
            *by_tool.entry(tool.clone()).or_default() += 1;
        }
        drop(crew);
        self.shared.tools.set_abandoned(&self.shared, by_tool);
    }

    /// Once a second: what each tool cost.
    fn weigh(&mut self) {
        let elapsed = self.costs_at.elapsed();
        self.costs_at = Instant::now();
        let slots = self.shared.tools.all_slots();
        self.costs
            .retain(|cost| slots.iter().any(|slot| Arc::ptr_eq(slot, &cost.slot)));
        for slot in slots {
            if !self.costs.iter().any(|cost| Arc::ptr_eq(&slot, &cost.slot)) {
                self.costs.push(Cost {
                    busy_ns: slot.counts.busy_ns.get(),
                    slow: slot.counts.slow.get(),
                    seconds: VecDeque::with_capacity(WINDOW_SECS + 1),
                    slot,
                });
            }
        }
        let on_core = self.on_core();
        for cost in &mut self.costs {
            let busy_ns = cost.slot.counts.busy_ns.get();
            let slow = cost.slot.counts.slow.get();
            let share = on_core.get(cost.slot.shard).copied().unwrap_or(1.0);
            let used = busy_ns.saturating_sub(cost.busy_ns) as f64 * share;
            // A window cannot hold more than the time that went by.
            let used = used.min(elapsed.as_secs_f64() * 1e9);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "0 to the nanoseconds of a period"
            )]
            cost.seconds
                .push_back((used as u64, slow.saturating_sub(cost.slow)));
            (cost.busy_ns, cost.slow) = (busy_ns, slow);
            if cost.seconds.len() > WINDOW_SECS {
                cost.seconds.pop_front();
            }
        }
        self.judge();
    }

    /// For each shard, how much of its working time its thread had a core: waiting for one is not the tools' doing.
    fn on_core(&mut self) -> Vec<f64> {
        let shards = self.shared.shards.iter().zip(&mut self.shard_costs);
        shards
            .map(|(shard, (cpu, busy))| {
                let (cpu_now, busy_now) = (shard.cpu_ns.get(), shard.busy_ns.get());
                let used = cpu_now.saturating_sub(*cpu) as f64;
                let worked = busy_now.saturating_sub(*busy) as f64;
                (*cpu, *busy) = (cpu_now, busy_now);
                if worked > 0.0 && used > 0.0 {
                    (used / worked).min(1.0)
                } else {
                    1.0
                }
            })
            .collect()
    }

    fn judge(&self) {
        let mut shares: Vec<(Arc<Slot>, f64, u64)> = Vec::new();
        for cost in &self.costs {
            let used: u64 = cost.seconds.iter().map(|(used, _)| used).sum();
            let slow: u64 = cost.seconds.iter().map(|(_, slow)| slow).sum();
            let share = used as f64 / 1e9 / WINDOW_SECS as f64;
            match shares
                .iter_mut()
                .find(|(slot, ..)| slot.meta.id == cost.slot.meta.id)
            {
                Some((_, total, slows)) => {
                    *total += share;
                    *slows += slow;
                }
                None => shares.push((Arc::clone(&cost.slot), share, slow)),
            }
        }
        let shared = &self.shared;
        for (slot, share, slow) in shares {
            let budget = slot.meta.budget;
            shared.tools.set_core_share(&slot.meta.id, share);
            // Files are read as fast as the tools can: their time is nobody's budget.
            if !self.is_live || !slot.is_active() {
                continue;
            }
            if share > budget.core_share {
                let reason = format!(
                    "it used {:.0} % of a core over {WINDOW_SECS} s, its budget is {:.0} %",
                    share * 100.0,
                    budget.core_share * 100.0
                );
                shared.tools.over_budget(shared, &slot, Cause::Time, reason);
            } else if slow > shared.policy.slow_calls_max {
                let reason = format!(
                    "{slow} calls within {WINDOW_SECS} s took longer than its budget of {:?}",
                    budget.time_per_signal
                );
                shared.tools.over_budget(shared, &slot, Cause::Time, reason);
            }
        }
    }
}

/// A thread that works for a shard.
pub(crate) fn spawn_worker(
    shared: &Arc<Shared>,
    shard: &Arc<Shard>,
    is_replacement: bool,
) -> std::io::Result<JoinHandle<()>> {
    let parked = match shared.parked.get(shard.number) {
        Some(parked) if !is_replacement => lock(parked).take(),
        _ => None,
    };
    let (shared, shard) = (Arc::clone(shared), Arc::clone(shard));
    let name = format!("shard-{}", shard.number);
    std::thread::Builder::new().name(name).spawn(move || {
        let worker = parked.unwrap_or_else(|| Worker::new(shared, shard));
        worker.run(is_replacement);
    })
}
