//! Signals on their way from a source to a shard, and the pool that recycles them.

use std::sync::{Arc, Mutex};

use voidstate_core::{Point, Signal, Timestamp};

use super::lock;

/// A signal that is not a point.
#[derive(Debug)]
pub(crate) struct Other {
    /// How many points of the batch came before it.
    before: usize,
    pub(crate) hook: u32,
    pub(crate) signal: Signal,
}

/// Signals of one source for one shard, in order.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) source: usize,
    pub(crate) points: Vec<Point>,
    pub(crate) others: Vec<Other>,
}

/// One signal of a batch.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Item {
    Point(Point),
    /// Index among the others.
    Other(usize),
}

impl Batch {
    pub(crate) fn len(&self) -> usize {
        self.points.len() + self.others.len()
    }

    pub(crate) fn push_other(&mut self, hook: u32, signal: Signal) {
        self.others.push(Other {
            before: self.points.len(),
            hook,
            signal,
        });
    }

    /// The others: how many points came before each, its hook, the signal.
    pub(crate) fn placed_others(&self) -> impl Iterator<Item = (usize, u32, &Signal)> {
        let others = self.others.iter();
        others.map(|other| (other.before, other.hook, &other.signal))
    }

    /// Adds a signal that is not a point after `before` points; the places must not fall.
    pub(crate) fn place_other(&mut self, before: usize, hook: u32, signal: Signal) {
        self.others.push(Other {
            before,
            hook,
            signal,
        });
    }

    /// When the item happened.
    pub(crate) fn time_of(&self, item: Item) -> Option<Timestamp> {
        match item {
            Item::Point(point) => Some(point.time),
            Item::Other(index) => self.others.get(index).map(|other| other.signal.time()),
        }
    }

    fn clear(&mut self) {
        self.points.clear();
        self.others.clear();
    }

    /// Number of others in front of the item at `at`.
    pub(crate) fn others_before(&self, at: usize) -> usize {
        let mut index = 0..self.others.len();
        index
            .find(|i| self.others.get(*i).is_none_or(|o| o.before + i >= at))
            .unwrap_or(self.others.len())
    }

    /// The item at `at`, when `others` of them lie in front.
    #[inline]
    pub(crate) fn item(&self, at: usize, others: usize) -> Option<Item> {
        match self.others.get(others) {
            Some(other) if other.before + others == at => Some(Item::Other(others)),
            _ => self.points.get(at - others).copied().map(Item::Point),
        }
    }
}

/// Empty batches to be used again, so that the steady path allocates nothing.
#[derive(Debug)]
pub(crate) struct Pool {
    free: Mutex<Vec<Arc<Batch>>>,
    kept_max: usize,
    points: usize,
}

impl Pool {
    pub(crate) fn new(kept_max: usize, points: usize) -> Self {
        Self {
            free: Mutex::new(Vec::with_capacity(kept_max)),
            kept_max,
            points,
        }
    }

    pub(crate) fn take(&self, source: usize) -> Arc<Batch> {
        let recycled = lock(&self.free).pop();
        let mut batch = recycled.unwrap_or_else(|| {
            Arc::new(Batch {
                source,
                points: Vec::with_capacity(self.points),
                others: Vec::new(),
            })
        });
        if let Some(batch) = Arc::get_mut(&mut batch) {
            batch.source = source;
        }
        batch
    }

    /// Takes a batch back; one that somebody else still holds is left to them.
    pub(crate) fn give(&self, mut batch: Arc<Batch>) {
        let Some(inner) = Arc::get_mut(&mut batch) else {
            return;
        };
        inner.clear();
        let mut free = lock(&self.free);
        if free.len() < self.kept_max {
            free.push(batch);
        }
    }
}

#[cfg(test)]
mod tests {
    use voidstate_core::{Attributes, Event, SeriesId, Timestamp};

    use super::*;

    #[test]
    fn items_come_in_the_order_of_pushing() {
        let point = |i: u32| Point {
            series: SeriesId(i),
            time: Timestamp::default(),
            value: 0.0,
        };
        let event = || {
            Signal::Event(Event {
                name: "e".to_owned(),
                time: Timestamp::default(),
                attributes: Attributes::new(),
            })
        };
        for pattern in 0_u32..256 {
            let mut batch = Batch::default();
            for i in 0..8 {
                if pattern >> i & 1 == 1 {
                    batch.push_other(i, event());
                } else {
                    batch.points.push(point(i));
                }
            }
            for start in 0..=8 {
                let mut others = batch.others_before(start);
                for at in start..8 {
                    match batch.item(at, others).unwrap() {
                        Item::Point(p) => assert_eq!(p.series.0 as usize, at),
                        Item::Other(i) => {
                            assert_eq!(batch.others[i].hook as usize, at);
                            others += 1;
                        }
                    }
                }
            }
        }
    }
}
