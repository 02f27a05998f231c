//! Small numbers for series and hooks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use voidstate_core::{Catalogue, HookName, SeriesId, SeriesInfo, SeriesKey};

use super::append::AppendVec;
use super::lock;
use super::record::{Entry, Tapes};

/// How often what is known of a series may change.
const REFINEMENTS_MAX: usize = 8;

/// The number that stands for a series beyond the limit; never issued.
pub(crate) const NO_SERIES: SeriesId = SeriesId(u32::MAX);

/// One series: what was first said of it, then what was said later.
#[derive(Debug)]
pub(crate) struct Series {
    first: SeriesInfo,
    later: [OnceLock<Box<SeriesInfo>>; REFINEMENTS_MAX],
    /// Number of its hook.
    pub(crate) hook: u32,
}

impl Series {
    #[inline]
    pub(crate) fn key(&self) -> &SeriesKey {
        &self.first.key
    }

    /// What is known of it by now.
    pub(crate) fn info(&self) -> &SeriesInfo {
        let known = self.later.iter().map_while(OnceLock::get);
        known.last().map_or(&self.first, |info| info)
    }

    /// What is known of it by now, and which edition that is, from 1.
    fn edition(&self) -> (u32, &SeriesInfo) {
        let mut known = (1, &self.first);
        for info in self.later.iter().map_while(OnceLock::get) {
            known = (known.0 + 1, info);
        }
        known
    }

    fn agrees(&self, info: &SeriesInfo) -> bool {
        let now = self.info();
        now.unit == info.unit && now.limit.map(f64::to_bits) == info.limit.map(f64::to_bits)
    }

    /// Takes over `unit` and `limit` where they differ, telling `note` before; false when that happened too often.
    fn refine(&self, info: &SeriesInfo, note: impl FnOnce(&SeriesInfo)) -> bool {
        if self.agrees(info) {
            return true;
        }
        let now = self.info();
        let refined = SeriesInfo {
            key: now.key.clone(),
            hook: now.hook.clone(),
            unit: info.unit,
            limit: info.limit,
        };
        match self.later.iter().find(|link| link.get().is_none()) {
            Some(link) => {
                note(&refined);
                link.set(Box::new(refined)).is_ok()
            }
            None => false,
        }
    }
}

/// What came of naming a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// Its number.
    Is(SeriesId),
    /// Its number; something said of it was not taken over, for this reason.
    But(SeriesId, &'static str),
    /// There are too many.
    Full,
}

/// Issues numbers for series and hooks and keeps what is known of them.
#[derive(Debug)]
pub(crate) struct Names {
    series: AppendVec<Series>,
    hooks: AppendVec<HookName>,
    issued: Mutex<Issued>,
    series_max: u32,
    tapes: Option<Arc<Tapes>>,
}

#[derive(Debug, Default)]
struct Issued {
    series: HashMap<SeriesKey, SeriesId>,
    hooks: HashMap<HookName, u32>,
}

impl Names {
    pub(crate) fn new(series_max: u32, tapes: Option<Arc<Tapes>>) -> Self {
        Self {
            series: AppendVec::new(),
            hooks: AppendVec::new(),
            issued: Mutex::default(),
            series_max,
            tapes,
        }
    }

    fn note(&self, entry: impl FnOnce() -> Entry) {
        if let Some(tapes) = &self.tapes {
            tapes.note(entry());
        }
    }

    /// Which edition of what is known of a series there is by now; 0 when it was never issued.
    pub(crate) fn edition(&self, id: SeriesId) -> (u32, Option<&SeriesInfo>) {
        match self.series(id).map(Series::edition) {
            Some((edition, info)) => (edition, Some(info)),
            None => (0, None),
        }
    }

    /// What was known of a series in an edition.
    pub(crate) fn info_at(&self, id: SeriesId, edition: u32) -> Option<&SeriesInfo> {
        let series = self.series(id)?;
        match edition {
            0 => None,
            1 => Some(&series.first),
            _ => series
                .later
                .get(edition as usize - 2)?
                .get()
                .map(|info| &**info),
        }
    }

    pub(crate) fn hook_count(&self) -> u32 {
        self.hooks.len()
    }

    #[inline]
    pub(crate) fn series(&self, id: SeriesId) -> Option<&Series> {
        self.series.get(id.0)
    }

    pub(crate) fn series_count(&self) -> u32 {
        self.series.len()
    }

    pub(crate) fn hook_name(&self, hook: u32) -> Option<&HookName> {
        self.hooks.get(hook)
    }

    /// The number of a hook; `None` when there are too many.
    pub(crate) fn hook(&self, name: &HookName) -> Option<u32> {
        self.hook_in(&mut lock(&self.issued), name)
    }

    fn hook_in(&self, issued: &mut Issued, name: &HookName) -> Option<u32> {
        if let Some(hook) = issued.hooks.get(name) {
            return Some(*hook);
        }
        if self.hooks.len() >= self.series_max {
            return None;
        }
        let hook = self.hooks.push(name.clone())?;
        self.note(|| Entry::Hook(name.clone()));
        issued.hooks.insert(name.clone(), hook);
        Some(hook)
    }

    /// Whether `info` says something new of a known series.
    pub(crate) fn refines(&self, info: &SeriesInfo) -> bool {
        let known = lock(&self.issued).series.get(&info.key).copied();
        let series = known.and_then(|id| self.series(id));
        series.is_some_and(|series| !series.agrees(info))
    }

    pub(crate) fn name(&self, info: &SeriesInfo) -> Named {
        let mut issued = lock(&self.issued);
        if let Some(id) = issued.series.get(&info.key).copied() {
            let Some(series) = self.series(id) else {
                return Named::Full;
            };
            return if series.first.hook != info.hook {
                Named::But(id, "its samples are fired at the hook that was named first")
            } else if series.refine(info, |info| {
                self.note(|| Entry::Refined {
                    series: id,
                    info: info.clone(),
                });
            }) {
                Named::Is(id)
            } else {
                Named::But(
                    id,
                    "unit and limit changed too often; the earlier ones stay",
                )
            };
        }
        if self.series.len() >= self.series_max {
            return Named::Full;
        }
        let Some(hook) = self.hook_in(&mut issued, &info.hook) else {
            return Named::Full;
        };
        let pushed = self.series.push(Series {
            first: info.clone(),
            later: [const { OnceLock::new() }; REFINEMENTS_MAX],
            hook,
        });
        let Some(id) = pushed.map(SeriesId) else {
            return Named::Full;
        };
        self.note(|| Entry::Series(info.clone()));
        issued.series.insert(info.key.clone(), id);
        Named::Is(id)
    }
}

impl Catalogue for Names {
    fn get(&self, id: SeriesId) -> Option<&SeriesInfo> {
        self.series(id).map(Series::info)
    }
}

#[cfg(test)]
mod tests {
    use voidstate_core::{MetricName, Unit};

    use super::*;

    fn info(metric: &str, hook: &str, limit: Option<f64>) -> SeriesInfo {
        SeriesInfo {
            key: SeriesKey::plain(MetricName::new(metric).unwrap()),
            hook: HookName::new(hook).unwrap(),
            unit: Unit::None,
            limit,
        }
    }

    #[test]
    fn a_series_has_one_number_and_its_latest_limit() {
        let names = Names::new(2, None);
        assert_eq!(names.name(&info("a", "x", None)), Named::Is(SeriesId(0)));
        assert_eq!(names.name(&info("b", "x", None)), Named::Is(SeriesId(1)));
        assert_eq!(
            names.name(&info("a", "x", Some(5.0))),
            Named::Is(SeriesId(0))
        );
        assert_eq!(names.get(SeriesId(0)).unwrap().limit, Some(5.0));
        assert!(matches!(
            names.name(&info("a", "y", None)),
            Named::But(SeriesId(0), _)
        ));
        assert_eq!(names.name(&info("c", "x", None)), Named::Full);
        assert!(names.series(NO_SERIES).is_none());
        let last = (0..20)
            .map(|i| names.name(&info("b", "x", Some(f64::from(i)))))
            .last();
        assert!(
            matches!(last, Some(Named::But(..))),
            "refinements are bounded"
        );
    }
}
