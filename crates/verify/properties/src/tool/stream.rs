//! Steps made ready to be fired: series numbered as an engine numbers them.

use std::collections::BTreeMap;

use voidstate_core::{SeriesId, SeriesInfo, SeriesKey, Signal, Timestamp, Unit};

use super::Step;

/// Steps with the numbers of their series.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    pub(crate) steps: Vec<Step>,
    /// Index in `infos` of the series of a sample.
    series: Vec<Option<usize>>,
    infos: Vec<SeriesInfo>,
}

/// How series are numbered; an engine that starts again may issue other numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbering {
    /// In the order in which they come.
    Coming,
    /// The last one first.
    Backwards,
}

impl Stream {
    pub(crate) fn new(steps: Vec<Step>) -> Self {
        let mut infos: Vec<SeriesInfo> = Vec::new();
        let mut known: BTreeMap<SeriesKey, usize> = BTreeMap::new();
        let mut series = Vec::with_capacity(steps.len());
        for step in &steps {
            series.push(match step {
                Step::Series(info) => {
                    let index = *known.entry(info.key.clone()).or_insert(infos.len());
                    match infos.get_mut(index) {
                        Some(before) => *before = info.clone(),
                        None => infos.push(info.clone()),
                    }
                    None
                }
                Step::Fire {
                    hook,
                    signal: Signal::Sample(sample),
                    unnumbered: false,
                } => {
                    let index = *known.entry(sample.series.clone()).or_insert(infos.len());
                    if index == infos.len() {
                        infos.push(SeriesInfo {
                            key: sample.series.clone(),
                            hook: hook.clone(),
                            unit: Unit::None,
                            limit: None,
                        });
                    }
                    Some(index)
                }
                Step::Fire { .. } | Step::Tick(_) => None,
            });
        }
        Self {
            steps,
            series,
            infos,
        }
    }

    /// The number of the series of the sample at step `at`; the highest number, which is never issued, when it has none.
    pub(crate) fn id(&self, at: usize, numbering: Numbering) -> SeriesId {
        let index = self.series.get(at).copied().flatten();
        let number = index.map(|index| match numbering {
            Numbering::Coming => index,
            Numbering::Backwards => self.infos.len() - 1 - index,
        });
        SeriesId(
            number
                .and_then(|n| u32::try_from(n).ok())
                .unwrap_or(u32::MAX),
        )
    }

    /// What is known of the series with this number.
    pub(crate) fn info(&self, id: SeriesId, numbering: Numbering) -> Option<&SeriesInfo> {
        let number = id.0 as usize;
        match numbering {
            Numbering::Coming => self.infos.get(number),
            Numbering::Backwards => self.infos.get(self.infos.len().checked_sub(1 + number)?),
        }
    }

    /// The time at which a clock starts that goes with the stream.
    pub(crate) fn start(&self) -> Timestamp {
        let time = |step: &Step| match step {
            Step::Series(_) => None,
            Step::Fire { signal, .. } => Some(signal.time()),
            Step::Tick(time) => Some(*time),
        };
        self.steps.iter().find_map(time).unwrap_or_default()
    }

    /// How many steps call the tool with a signal.
    pub(crate) fn signals(&self) -> u64 {
        let fired = |step: &&Step| matches!(step, Step::Fire { .. });
        self.steps.iter().filter(fired).count() as u64
    }
}
