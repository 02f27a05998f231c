//! ADWIN2: a window over the stream that drops its past when the means of two parts of it differ.
//!
//! Source: Bifet, Gavaldà, *Learning from time-changing data with adaptive windowing*, SDM 2007, sections 3 and 4
//! (exponential histogram, variance-based cut). Conventions where the paper leaves room (a check every `clock` items,
//! the newest bucket of each row is no cut, a fresh window after an alarm) are those of river 0.26, whose alarms the
//! golden test reproduces.

use crate::error::{Error, within};

/// Buckets kept per row before the two oldest are merged (the paper's M).
const BUCKETS_PER_ROW: usize = 5;
/// Largest magnitude accepted, so that squares of sums stay finite.
const MAGNITUDE_MAX: f64 = 1e100;
/// Rows allocated at once: enough for windows of about 300,000 items without growing.
const ROWS_RESERVED: usize = 16;

/// Settings of [`Adwin`]; the default is river's.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AdwinConfig {
    /// Confidence of one check, in (0, 1): the smaller, the fewer false alarms. Default 0.002.
    pub delta: f64,
    /// Items between two checks, at least 1. Default 32.
    pub clock: u32,
    /// Smallest part of the window that is compared, in items, at least 1. Default 5.
    pub min_window: u32,
    /// Items before the first check. Default 10.
    pub grace: u32,
}

impl Default for AdwinConfig {
    fn default() -> Self {
        Self {
            delta: 0.002,
            clock: 32,
            min_window: 5,
            grace: 10,
        }
    }
}

/// Sum and sum of squared deviations of the `2^row` items a bucket stands for; sums are relative to the anchor.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Bucket {
    total: f64,
    deviations: f64,
}

/// Buckets of one size, oldest first.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Row {
    buckets: [Bucket; BUCKETS_PER_ROW + 1],
    len: usize,
}

impl Row {
    fn live(&self) -> &[Bucket] {
        self.buckets.get(..self.len).unwrap_or_default()
    }

    fn push(&mut self, bucket: Bucket) {
        if let Some(slot) = self.buckets.get_mut(self.len) {
            *slot = bucket;
            self.len += 1;
        }
    }

    fn drop_oldest(&mut self, count: usize) {
        self.buckets.rotate_left(count.min(self.len));
        self.len -= count.min(self.len);
    }

    fn is_overfull(&self) -> bool {
        self.len > BUCKETS_PER_ROW
    }
}

/// Mean-change detector over an adaptive window in O(log W) memory.
///
/// State is 16 rows of 104 bytes up to about 300,000 items in the window, one more row per doubling. `update` is
/// O(1) amortised; every `clock` items it also costs one pass over the buckets, O(log W).
///
/// It promises little on autocorrelated streams (the test assumes independence): see
/// [`Detector`](crate::Detector), which feeds it decorrelated block means.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Adwin {
    config: AdwinConfig,
    rows: Vec<Row>,
    /// First item of the window: sums are kept relative to it, so that a large offset does not cancel.
    anchor: f64,
    total: f64,
    deviations: f64,
    width: u64,
    tick: u64,
    alarms: u64,
    alarmed: bool,
}

impl Adwin {
    /// A detector with river's settings and the given `delta`.
    ///
    /// # Errors
    /// [`Error::Setting`] when `delta` is not in (0, 1).
    pub fn with_delta(delta: f64) -> Result<Self, Error> {
        Self::new(AdwinConfig {
            delta,
            ..AdwinConfig::default()
        })
    }

    /// A detector with all settings given.
    ///
    /// # Errors
    /// [`Error::Setting`] when `delta` is not in (0, 1), or `clock` or `min_window` is 0.
    pub fn new(config: AdwinConfig) -> Result<Self, Error> {
        within(
            "delta",
            config.delta,
            0.0_f64.next_up(),
            1.0_f64.next_down(),
            "(0, 1)",
        )?;
        within(
            "clock",
            config.clock.into(),
            1.0,
            u32::MAX.into(),
            "[1, 2^32)",
        )?;
        within(
            "min_window",
            config.min_window.into(),
            1.0,
            u32::MAX.into(),
            "[1, 2^32)",
        )?;
        Ok(Self::fresh(config, 0))
    }

    fn fresh(config: AdwinConfig, alarms: u64) -> Self {
        let mut rows = Vec::with_capacity(ROWS_RESERVED);
        rows.push(Row::default());
        Self {
            config,
            rows,
            anchor: 0.0,
            total: 0.0,
            deviations: 0.0,
            width: 0,
            tick: 0,
            alarms,
            alarmed: false,
        }
    }

    /// Forgets the window; settings and the count of alarms stay.
    pub fn reset(&mut self) {
        self.rows.truncate(1);
        self.rows.fill(Row::default());
        (self.anchor, self.total, self.deviations) = (0.0, 0.0, 0.0);
        (self.width, self.tick, self.alarmed) = (0, 0, false);
    }

    /// Items in the window.
    #[must_use]
    pub fn width(&self) -> u64 {
        self.width
    }

    /// Alarms so far.
    #[must_use]
    pub fn alarms(&self) -> u64 {
        self.alarms
    }

    /// Mean of the window; 0 when it is empty.
    #[must_use]
    pub fn mean(&self) -> f64 {
        if self.width == 0 {
            0.0
        } else {
            self.anchor + self.total / as_f64(self.width)
        }
    }

    /// Population variance of the window; 0 when it is empty.
    #[must_use]
    pub fn variance(&self) -> f64 {
        if self.width == 0 {
            0.0
        } else {
            (self.deviations / as_f64(self.width)).max(0.0)
        }
    }

    /// Bytes of state, heap included.
    #[must_use]
    pub fn state_bytes(&self) -> usize {
        size_of::<Self>() + self.rows.capacity() * size_of::<Row>()
    }

    /// Takes one item; `true` when the window's mean has changed. The next item then starts a fresh window.
    ///
    /// # Errors
    /// [`Error::Value`] for NaN, infinities and magnitudes above 1e100; the state is left as it was.
    pub fn update(&mut self, value: f64) -> Result<bool, Error> {
        // A comparison that NaN fails as well.
        if !matches!(
            value.abs().partial_cmp(&MAGNITUDE_MAX),
            Some(std::cmp::Ordering::Less | std::cmp::Ordering::Equal)
        ) {
            return Err(Error::Value { value });
        }
        if self.alarmed {
            self.reset();
        }
        self.insert(value);
        self.tick += 1;
        if self.tick.is_multiple_of(self.config.clock.into())
            && self.width > self.config.grace.into()
        {
            while self.cut_exists() {
                self.alarmed = true;
                self.drop_oldest_bucket();
            }
        }
        self.alarms += u64::from(self.alarmed);
        Ok(self.alarmed)
    }

    fn insert(&mut self, value: f64) {
        if self.width == 0 {
            self.anchor = value;
        }
        let value = value - self.anchor;
        if self.width > 0 {
            let n = as_f64(self.width);
            let gap = value - self.total / n;
            self.deviations += n * gap * gap / (n + 1.0);
        }
        self.total += value;
        self.width += 1;
        if let Some(first) = self.rows.first_mut() {
            first.push(Bucket {
                total: value,
                deviations: 0.0,
            });
        }
        self.compress();
    }

    fn compress(&mut self) {
        let mut index = 0;
        while self.rows.get(index).is_some_and(Row::is_overfull) {
            if self.rows.len() == index + 1 {
                self.rows.push(Row::default());
            }
            let Some([row, next, ..]) = self.rows.get_mut(index..) else {
                return;
            };
            let [a, b, ..] = row.buckets;
            let size = bucket_size(index);
            let gap = (a.total - b.total) / size;
            next.push(Bucket {
                total: a.total + b.total,
                deviations: a.deviations + b.deviations + gap * gap * size / 2.0,
            });
            row.drop_oldest(2);
            index += 1;
        }
    }

    fn drop_oldest_bucket(&mut self) {
        let row = self.rows.len().saturating_sub(1);
        let (items, size) = (bucket_items(row), bucket_size(row));
        let Some(row) = self.rows.last_mut() else {
            return;
        };
        let [oldest, ..] = row.buckets;
        row.drop_oldest(1);
        if row.len == 0 && self.rows.len() > 1 {
            self.rows.pop();
        }
        self.width = self.width.saturating_sub(items);
        self.total -= oldest.total;
        let left = as_f64(self.width);
        if left > 0.0 {
            let gap = oldest.total / size - self.total / left;
            self.deviations -= oldest.deviations + size * left * gap * gap / (size + left);
        } else {
            (self.total, self.deviations) = (0.0, 0.0);
        }
    }

    /// Whether some cut of the window separates two parts whose means differ more than the bound allows.
    fn cut_exists(&self) -> bool {
        let width = as_f64(self.width);
        let min = f64::from(self.config.min_window);
        if width < 2.0 * min {
            return false;
        }
        let log_term = (2.0 * width.ln() / self.config.delta).ln();
        let spread = 2.0 * self.variance() * log_term;
        let (mut n0, mut u0) = (0.0, 0.0);
        for (index, row) in self.rows.iter().enumerate().rev() {
            let size = bucket_size(index);
            for bucket in row.live() {
                n0 += size;
                u0 += bucket.total;
                let n1 = width - n0;
                if n0 < min || n1 < min {
                    continue;
                }
                let gap = (u0 / n0 - (self.total - u0) / n1).abs();
                let inverse = 1.0 / (n0 - min + 1.0) + 1.0 / (n1 - min + 1.0);
                let excess = gap - 2.0 / 3.0 * log_term * inverse;
                if excess > 0.0 && excess * excess > spread * inverse {
                    return true;
                }
            }
        }
        false
    }
}

/// Exact below 2^53 items.
fn as_f64(n: u64) -> f64 {
    n as f64
}

/// Items a bucket of this row stands for.
fn bucket_size(row: usize) -> f64 {
    as_f64(bucket_items(row))
}

fn bucket_items(row: usize) -> u64 {
    1_u64
        .checked_shl(u32::try_from(row).unwrap_or(u32::MAX))
        .unwrap_or(u64::MAX)
}
