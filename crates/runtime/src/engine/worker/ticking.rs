//! What is done when time passes: ticks, accounts, saving, retries.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use super::Fate::{self, Lives, Replaced};
use super::Worker;
use crate::engine::policy::EngineTime;
use crate::engine::record::Entry;
use crate::engine::shard::Phase;
use crate::engine::slot::Slot;

const TICK_NS: i64 = 1_000_000_000;

impl Worker {
    /// Whether a second has passed; the first call only sets the beat.
    pub(super) fn is_tick_due(&self, now_ns: i64) -> bool {
        let due = &self.shard().tick_due_ns;
        let due_ns = due.load(Ordering::Relaxed);
        if due_ns == i64::MIN {
            due.store(
                now_ns
                    .div_euclid(TICK_NS)
                    .saturating_add(1)
                    .saturating_mul(TICK_NS),
                Ordering::Relaxed,
            );
            return false;
        }
        if now_ns < due_ns {
            return false;
        }
        due.store(
            now_ns
                .div_euclid(TICK_NS)
                .saturating_add(1)
                .saturating_mul(TICK_NS),
            Ordering::Relaxed,
        );
        true
    }

    pub(super) fn tick(&mut self) -> Fate {
        self.frame.advance();
        self.frame.note(|| Entry::Tick);
        self.tick_all()
    }

    pub(super) fn tick_all(&mut self) -> Fate {
        self.shard().set_phase(Phase::Ticking);
        let hook = self.frame.hook.replace(u32::MAX);
        self.refresh();
        for slot in self.slots.iter() {
            slot.tick(&self.frame);
            survive!(self.fate());
        }
        self.frame.hook.set(hook);
        self.shard().set_phase(Phase::Between);
        self.account();
        survive!(self.save());
        if self.shared().time == EngineTime::Signals {
            survive!(self.retry());
        }
        Lives
    }

    pub(super) fn refresh(&mut self) {
        let version = self.frame.shard.slots_version.load(Ordering::Acquire);
        if version != self.slots_version {
            self.slots = self.frame.shard.slots();
            self.slots_version = version;
        }
    }

    /// Once a second: how much CPU time went by, who holds too much memory, what was dropped.
    pub(super) fn account(&mut self) {
        let cpu = clock_gettime(ClockId::ThreadCPUTime);
        let nanos = cpu
            .tv_sec
            .saturating_mul(TICK_NS)
            .saturating_add(cpu.tv_nsec);
        self.shard().cpu_ns.raise(u64::try_from(nanos).unwrap_or(0));
        let shared = self.shared();
        if !shared.is_threaded.load(Ordering::Relaxed) {
            for slot in self.slots.iter() {
                shared.tools.check_memory(shared, slot);
            }
        }
        if self.shard().number == 0 {
            self.report_drops();
        }
    }

    fn save(&mut self) -> Fate {
        let every = self.shared().policy.save_every;
        if every.is_zero() {
            return Lives;
        }
        let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let now = nanos(self.frame.moment());
        let due = self.shard().save_due_ns.load(Ordering::Relaxed);
        if now < due {
            return Lives;
        }
        let next = now.saturating_add(nanos(every)).max(1);
        self.shard().save_due_ns.store(next, Ordering::Relaxed);
        if due == 0 {
            return Lives;
        }
        for slot in self.slots.iter().filter(|slot| slot.is_active()) {
            slot.save(&self.frame);
            survive!(self.fate());
        }
        Lives
    }

    fn next_retry(&self, now: Duration) -> Option<Arc<Slot>> {
        let shared = self.shared();
        shared.tools.next_retry(shared, self.shard().number, now)
    }

    /// Tries suspended tools whose time has come.
    pub(super) fn retry(&mut self) -> Fate {
        if !self.shared().tools.has_retries() {
            return Lives;
        }
        let now = self.frame.moment();
        while let Some(slot) = self.next_retry(now) {
            match slot.revive(&self.frame, true) {
                Ok(true) => self.shared().tools.probe(&slot),
                Ok(false) => return Replaced,
                Err(error) => {
                    let shared = self.shared();
                    shared.tools.not_made(shared, &slot, &error, now);
                }
            }
        }
        Lives
    }
}
