//! Which series there are, and their numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use voidstate_codec::{Kind, Schema};
use voidstate_core::{Selector, SeriesId, SeriesInfo, SeriesKey};

use crate::error::{Error, Result};
use crate::log::{Frame, Framing};
use crate::transaction::Acknowledged;

/// Most series of a store.
pub const SERIES_MAX: u32 = 1 << 20;

const SCHEMA: Schema = Schema::new(Kind::new(b"SERI"), 1);

/// The series of a store by key and by number.
#[derive(Debug, Default)]
pub(crate) struct Catalogue {
    by_key: BTreeMap<SeriesKey, u32>,
    by_id: Vec<Option<Arc<SeriesInfo>>>,
    next: u32,
}

impl Catalogue {
    /// The number of a series.
    pub(crate) fn id(&self, key: &SeriesKey) -> Option<u32> {
        self.by_key.get(key).copied()
    }

    /// Whether the number was issued.
    pub(crate) fn knows(&self, id: u32) -> bool {
        self.by_id.get(id as usize).is_some_and(Option::is_some)
    }

    /// Whether exactly this is known of the series.
    pub(crate) fn holds(&self, id: u32, info: &SeriesInfo) -> bool {
        let same_limit =
            |known: &SeriesInfo| known.limit.map(f64::to_bits) == info.limit.map(f64::to_bits);
        self.by_id
            .get(id as usize)
            .and_then(Option::as_deref)
            .is_some_and(|known| {
                known.hook == info.hook && known.unit == info.unit && same_limit(known)
            })
    }

    pub(crate) fn len(&self) -> u64 {
        self.by_key.len() as u64
    }

    /// The number that a new series gets.
    pub(crate) fn next(&self) -> Result<SeriesId> {
        if self.next >= SERIES_MAX {
            return Err(Error::Limit {
                what: "number of series",
                value: u64::from(self.next),
                limit: u64::from(SERIES_MAX),
                advice: "; use fewer label values or another store",
            });
        }
        Ok(SeriesId(self.next))
    }

    /// Never issues `id` or a smaller number again: points of a lost series must not pass for those of another.
    pub(crate) fn reserve(&mut self, id: u32) {
        self.next = self.next.max(id.saturating_add(1));
    }

    /// Enters or replaces what is known; false when number and key contradict what is there or the number is too large.
    pub(crate) fn enter(&mut self, _: Acknowledged, id: u32, info: SeriesInfo) -> bool {
        let other_key = self
            .by_id
            .get(id as usize)
            .and_then(Option::as_deref)
            .is_some_and(|known| known.key != info.key);
        let other_id = self.id(&info.key).is_some_and(|known| known != id);
        if id >= SERIES_MAX || other_key || other_id {
            return false;
        }
        self.reserve(id);
        let at = id as usize;
        if at >= self.by_id.len() {
            self.by_id.resize_with(at + 1, || None);
        }
        self.by_key.insert(info.key.clone(), id);
        if let Some(slot) = self.by_id.get_mut(at) {
            *slot = Some(Arc::new(info));
        }
        true
    }

    /// The selected series, in order of their keys.
    pub(crate) fn list(&self, selector: &Selector) -> Vec<SeriesInfo> {
        self.by_key
            .iter()
            .filter(|(key, _)| selector.matches(key))
            .filter_map(|(_, id)| self.by_id.get(*id as usize)?.as_deref().cloned())
            .collect()
    }
}

/// The record of one series.
pub(crate) fn encode(id: SeriesId, info: &SeriesInfo) -> Result<Vec<u8>> {
    SCHEMA.encode(&(id, info)).map_err(|cause| Error::Encode {
        what: "series",
        cause,
    })
}

/// What a record says; `None` when it is sound but not of this kind.
pub(crate) fn decode(record: &[u8]) -> Option<(SeriesId, SeriesInfo)> {
    SCHEMA.decode(record).ok()
}

/// How codec records are told from garbage.
pub(crate) fn framing() -> Framing<impl Fn(&[u8]) -> Frame> {
    let judge = |bytes: &[u8]| match voidstate_codec::open(bytes) {
        Ok(record) => Frame::Sound(record.bytes()),
        Err(voidstate_codec::Error::Truncated { need, .. }) => {
            usize::try_from(need).map_or(Frame::Bad(0), Frame::Needs)
        }
        Err(voidstate_codec::Error::Checksum { .. }) => Frame::Bad(claimed(bytes)),
        Err(_) => Frame::Bad(0),
    };
    Framing {
        magic: *b"VS\x00\x01",
        judge,
    }
}

/// Payload bytes that a codec header claims.
fn claimed(bytes: &[u8]) -> usize {
    bytes
        .get(10..)
        .and_then(|rest| rest.first_chunk())
        .map_or(0, |len| u32::from_le_bytes(*len) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use voidstate_core::{HookName, MetricName, Unit};

    fn info(name: &str) -> SeriesInfo {
        SeriesInfo {
            key: SeriesKey::plain(MetricName::new(name).unwrap()),
            hook: HookName::new("host.cpu").unwrap(),
            unit: Unit::None,
            limit: None,
        }
    }

    #[test]
    fn contradictions_are_refused() {
        let mut catalogue = Catalogue::default();
        assert!(catalogue.enter(Acknowledged::on_disk(), 3, info("a")));
        assert!(!catalogue.enter(Acknowledged::on_disk(), 3, info("b")));
        assert!(!catalogue.enter(Acknowledged::on_disk(), 4, info("a")));
        assert!(!catalogue.enter(Acknowledged::on_disk(), SERIES_MAX, info("c")));
        assert_eq!(catalogue.next().unwrap(), SeriesId(4));
        catalogue.reserve(10);
        assert_eq!(catalogue.next().unwrap(), SeriesId(11));
        catalogue.reserve(u32::MAX);
        assert!(matches!(catalogue.next(), Err(Error::Limit { .. })));
        assert!(catalogue.knows(3) && !catalogue.knows(4));
    }

    #[test]
    fn a_limit_that_is_not_a_number_is_not_news() {
        let mut catalogue = Catalogue::default();
        let odd = SeriesInfo {
            limit: Some(f64::NAN),
            ..info("a")
        };
        assert!(catalogue.enter(Acknowledged::on_disk(), 0, odd.clone()));
        assert!(catalogue.holds(0, &odd));
        assert!(!catalogue.holds(0, &info("a")));
    }
}
