//! Moving through a recording: the calls of a worker, one firing at a time, without any decision of its own.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Worker;
use crate::engine::batch::{Batch, Item};
use crate::engine::frame::Frame;
use crate::engine::record::Here;
use crate::engine::shard::Phase;

impl Worker {
    pub(crate) fn frame(&self) -> &Frame {
        &self.frame
    }

    /// What is recorded of the calls to come, and what comes of them.
    pub(crate) fn here(&self) -> &RefCell<Here> {
        &self.frame.here
    }

    /// Goes to a position.
    pub(crate) fn play_at(&mut self, position: u64) {
        self.frame.position.set(position);
        self.shard().position.store(position, Ordering::Relaxed);
    }

    /// Fires one signal of a batch.
    pub(crate) fn play_signal(
        &mut self,
        batch: &Arc<Batch>,
        item: Item,
        sequence: u64,
        position: u64,
    ) {
        self.play_at(position);
        let hook = match item {
            Item::Point(point) => self.shared().names.series(point.series).map(|s| s.hook),
            Item::Other(index) => batch.others.get(index).map(|o| o.hook),
        };
        let Some(hook) = hook else { return };
        *self.frame.batch.borrow_mut() = Some(Arc::clone(batch));
        self.frame.item.set(item);
        self.frame.sequence.set(sequence);
        self.frame.hook.set(hook);
        self.shard().set_phase(Phase::Firing);
        self.fire(hook);
        self.shard().set_phase(Phase::Between);
        self.frame.hook.set(u32::MAX);
        *self.frame.batch.borrow_mut() = None;
    }

    /// Ticks every tool.
    pub(crate) fn play_tick(&mut self, position: u64) {
        self.play_at(position);
        self.refresh();
        for slot in self.slots.iter() {
            slot.tick(&self.frame);
        }
    }
}
