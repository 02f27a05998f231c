//! Cells to times.

use jiff::civil;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;
use voidstate_core::Timestamp;

use crate::number::trim;
use crate::{Error, TimeKind, TimeUnit};

static PARSER: DateTimeParser = DateTimeParser::new();

/// Epoch seconds of 1990-01-01 and 2100-01-01: numbers outside are no dates of machines.
const PLAUSIBLE_SECS: (i128, i128) = (631_152_000, 4_102_444_800);
const NANOS: i128 = 1_000_000_000;

/// The zone of times that name none.
#[derive(Debug, Clone)]
pub(crate) struct Zone {
    zone: TimeZone,
    is_utc: bool,
    pub(crate) name: String,
}

impl Zone {
    pub(crate) fn new(name: Option<&str>) -> Result<Self, Error> {
        let Some(name) = name else {
            return Ok(Self {
                zone: TimeZone::UTC,
                is_utc: true,
                name: "UTC".to_owned(),
            });
        };
        let zone = PARSER.parse_time_zone(name).map_err(|_| Error::Option {
            option: "zone",
            value: name.to_owned(),
            reason: "an IANA name that this machine knows, such as Europe/Paris, or an offset such as +02:00 is accepted",
        })?;
        let is_utc = zone == TimeZone::UTC;
        Ok(Self {
            zone,
            is_utc,
            name: name.to_owned(),
        })
    }

    fn place(&self, at: civil::DateTime) -> Option<Timestamp> {
        narrow(
            self.zone
                .to_ambiguous_timestamp(at)
                .compatible()
                .ok()?
                .as_nanosecond(),
        )
    }
}

fn narrow(nanos: i128) -> Option<Timestamp> {
    i64::try_from(nanos).ok().map(Timestamp::from_nanos)
}

/// A time in ISO-8601 or a relative, and whether its text names a zone.
pub(crate) fn iso(cell: &[u8], zone: &Zone) -> Option<(Timestamp, bool)> {
    let cell = trim(cell);
    if let Some((at, zoned)) = strict(cell)
        && (zoned || zone.is_utc)
    {
        return Some((at, zoned));
    }
    relaxed(cell, zone)
}

/// `YYYY-MM-DD[ T]HH:MM[:SS[.fraction]][Z|±HH:MM]` as if in UTC when there is no zone; the form of nearly every file.
fn strict(cell: &[u8]) -> Option<(Timestamp, bool)> {
    let date = cell.get(..10)?;
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *date else {
        return None;
    };
    let year = i64::from(two(y0, y1)?) * 100 + i64::from(two(y2, y3)?);
    let (month, day) = (two(m0, m1)?, two(d0, d1)?);
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    let [b' ' | b'T', h0, h1, b':', n0, n1, rest @ ..] = cell.get(10..)? else {
        return None;
    };
    let (hour, minute) = (two(*h0, *h1)?, two(*n0, *n1)?);
    let (second, rest) = match rest {
        [b':', s0, s1, rest @ ..] => (two(*s0, *s1)?, rest),
        rest => (0, rest),
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (fraction, rest) = fraction(rest)?;
    let (offset_secs, zoned) = match rest {
        [] => (0, false),
        [b'Z'] => (0, true),
        [sign @ (b'+' | b'-'), a, b, b':', c, d] => {
            let (hours, minutes) = (two(*a, *b)?, two(*c, *d)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let secs = i64::from(hours) * 3600 + i64::from(minutes) * 60;
            (if *sign == b'-' { -secs } else { secs }, true)
        }
        _ => return None,
    };
    let secs = days_from_civil(year, month, day) * 86_400
        + i64::from(hour) * 3600
        + i64::from(minute) * 60
        + i64::from(second)
        - offset_secs;
    narrow(i128::from(secs) * NANOS + i128::from(fraction)).map(|at| (at, zoned))
}

fn two(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
}

/// Nanoseconds of `.123456789` at the head of `rest`, at most nine digits, and what follows.
fn fraction(rest: &[u8]) -> Option<(u32, &[u8])> {
    let [b'.', tail @ ..] = rest else {
        return Some((0, rest));
    };
    let len = tail.iter().take_while(|b| b.is_ascii_digit()).count();
    if !(1..=9).contains(&len) {
        return None;
    }
    let (digits, after) = tail.split_at_checked(len)?;
    let read = digits
        .iter()
        .fold(0_u32, |sum, b| sum * 10 + u32::from(b - b'0'));
    let missing = u32::try_from(9 - len).ok()?;
    Some((read * 10_u32.pow(missing), after))
}

const fn days_in_month(year: i64, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar: whole 400-year eras, years that begin in March.
fn days_from_civil(year: i64, month: u8, day: u8) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (i64::from(month) + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Everything else that jiff reads, and dates with slashes in order year, month, day.
fn relaxed(cell: &[u8], zone: &Zone) -> Option<(Timestamp, bool)> {
    const LONGEST: usize = 80;
    let mut copy = [0_u8; LONGEST];
    let text = copy.get_mut(..cell.len())?;
    text.copy_from_slice(cell);
    if let [_, _, _, _, a @ b'/', _, _, b @ b'/', ..] = text {
        (*a, *b) = (b'-', b'-');
    }
    let bare = text.iter().all(u8::is_ascii_digit);
    if bare || text.len() < 8 {
        return None;
    }
    let pieces = PARSER.parse_pieces(&*text).ok()?;
    if pieces.offset().is_some() {
        let at = PARSER.parse_timestamp(&*text).ok()?;
        return narrow(at.as_nanosecond()).map(|at| (at, true));
    }
    if pieces.time_zone_annotation().is_some() {
        let at = PARSER.parse_zoned_datetime(&*text).ok()?;
        return narrow(at.timestamp().as_nanosecond()).map(|at| (at, true));
    }
    let at = pieces.date().to_datetime(pieces.time().unwrap_or_default());
    zone.place(at).map(|at| (at, false))
}

/// A time of the given kind; `None` when the cell does not write one.
pub(crate) fn parse(cell: &[u8], kind: &TimeKind, zone: &Zone) -> Option<Timestamp> {
    match kind {
        TimeKind::IsoZoned => iso(cell, zone).and_then(|(at, zoned)| zoned.then_some(at)),
        TimeKind::IsoLocal => iso(cell, zone).map(|(at, _)| at),
        TimeKind::CompactDate => compact(trim(cell), zone),
        TimeKind::Rfc2822 => {
            let at = jiff::fmt::rfc2822::DateTimeParser::new()
                .parse_timestamp(trim(cell))
                .ok()?;
            narrow(at.as_nanosecond())
        }
        TimeKind::Epoch(unit) => {
            let nanos = decimal(trim(cell), *unit)?;
            let (low, high) = PLAUSIBLE_SECS;
            (low * NANOS..=high * NANOS)
                .contains(&nanos)
                .then(|| narrow(nanos))?
        }
        TimeKind::Elapsed(unit) => narrow(decimal(trim(cell), *unit)?),
        TimeKind::Custom(pattern) => custom(trim(cell), pattern, zone),
        TimeKind::RowNumber => None,
    }
}

fn compact(cell: &[u8], zone: &Zone) -> Option<Timestamp> {
    let [y0, y1, y2, y3, m0, m1, d0, d1] = *cell else {
        return None;
    };
    let year = i16::from(two(y0, y1)?) * 100 + i16::from(two(y2, y3)?);
    if !(1900..=2100).contains(&year) {
        return None;
    }
    let (month, day) = (
        i8::try_from(two(m0, m1)?).ok()?,
        i8::try_from(two(d0, d1)?).ok()?,
    );
    zone.place(
        civil::Date::new(year, month, day)
            .ok()?
            .to_datetime(civil::Time::midnight()),
    )
}

fn custom(cell: &[u8], pattern: &str, zone: &Zone) -> Option<Timestamp> {
    let parts = jiff::fmt::strtime::parse(pattern, cell).ok()?;
    if let Ok(at) = parts.to_timestamp() {
        return narrow(at.as_nanosecond());
    }
    let at = parts
        .to_datetime()
        .or_else(|_| {
            parts
                .to_date()
                .map(|date| date.to_datetime(civil::Time::midnight()))
        })
        .ok()?;
    zone.place(at)
}

/// Nanoseconds in a decimal number of `unit`, exact for up to 18 digits before and any number after the point (what lies
/// below a nanosecond is cut); exponents go through a double.
pub(crate) fn decimal(cell: &[u8], unit: TimeUnit) -> Option<i128> {
    let (negative, digits) = match cell {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (whole, rest) =
        digits.split_at_checked(digits.iter().take_while(|b| b.is_ascii_digit()).count())?;
    if whole.is_empty() || whole.len() > 19 {
        return None;
    }
    let fold = |sum: i128, b: &u8| sum * 10 + i128::from(b - b'0');
    let mut nanos = whole.iter().fold(0, fold) * i128::from(unit.nanos());
    match rest {
        [] => {}
        [b'.', tail @ ..] if tail.iter().all(u8::is_ascii_digit) => {
            let mut scale = i128::from(unit.nanos());
            for b in tail.iter().take(9) {
                scale /= 10;
                nanos += i128::from(b - b'0') * scale;
            }
        }
        _ => {
            let value = crate::number::parse(cell, crate::NumberStyle::Point)?;
            let nanos = value * unit.nanos() as f64;
            #[expect(
                clippy::cast_possible_truncation,
                reason = "bounded by the line before"
            )]
            return (nanos.abs() < 9e18).then_some(nanos as i128);
        }
    }
    Some(if negative { -nanos } else { nanos })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nanos(cell: &str) -> Option<(i64, bool)> {
        iso(cell.as_bytes(), &Zone::new(None).unwrap()).map(|(at, zoned)| (at.as_nanos(), zoned))
    }

    #[test]
    fn iso_and_relatives() {
        let day = 1_396_310_400_000_000_000;
        for (cell, at, zoned) in [
            ("2014-04-01 00:00:00", day, false),
            ("2014-04-01", day, false),
            ("2014-04-01T00:00", day, false),
            ("2014/04/01 00:00:00", day, false),
            (" 2014-04-01 00:00:00 ", day, false),
            ("2014-04-01T00:00:00Z", day, true),
            ("2014-04-01t00:00:00z", day, true),
            ("2014-04-01T02:00:00+02:00", day, true),
            ("2014-04-01T02:00:00+0200", day, true),
            ("2014-03-31T19:00:00-05:00", day, true),
            ("2014-04-01T02:00:00[Europe/Paris]", day, true),
            ("2014-04-01T02:00:00+02:00[Europe/Paris]", day, true),
            ("20140401T000000Z", day, true),
            ("2014-04-01 00:00:00.000000001", day + 1, false),
            ("2014-04-01 00:00:00,5", day + 500_000_000, false),
            ("1969-12-31 23:59:59.5", -500_000_000, false),
        ] {
            assert_eq!(nanos(cell), Some((at, zoned)), "{cell}");
        }
        for cell in [
            "",
            "2014-02-30",
            "2014-13-01 00:00:00",
            "2014-04-01 25:00:00",
            "12:30:00",
            "01/04/2014",
            "20140401",
            "2014",
            "x",
            "9999-01-01",
            "1600-01-01 00:00:00",
        ] {
            assert_eq!(nanos(cell), None, "{cell}");
        }
    }

    #[test]
    fn a_zone_moves_local_times_only() {
        let paris = Zone::new(Some("+02:00")).unwrap();
        let at = |cell: &str| iso(cell.as_bytes(), &paris).unwrap().0;
        assert_eq!(at("2014-04-01 02:00:00"), at("2014-04-01T00:00:00Z"));
        assert!(matches!(
            Zone::new(Some("Nowhere/Land")),
            Err(Error::Option { .. })
        ));
    }

    #[test]
    fn numbers_of_time() {
        for (cell, unit, nanos) in [
            ("1397088000", TimeUnit::Seconds, 1_397_088_000_000_000_000),
            (
                "1397088000.123456789",
                TimeUnit::Seconds,
                1_397_088_000_123_456_789,
            ),
            ("1397088000123", TimeUnit::Millis, 1_397_088_000_123_000_000),
            (
                "1397088000123.5",
                TimeUnit::Millis,
                1_397_088_000_123_500_000,
            ),
            (
                "1397088000123456789",
                TimeUnit::Nanos,
                1_397_088_000_123_456_789,
            ),
            ("1.397088e9", TimeUnit::Seconds, 1_397_088_000_000_000_000),
            ("-1.5", TimeUnit::Seconds, -1_500_000_000),
        ] {
            assert_eq!(decimal(cell.as_bytes(), unit), Some(nanos), "{cell}");
        }
        for cell in ["", "-", "1e999", "1.2.3", "NaN", "99999999999999999999"] {
            assert_eq!(decimal(cell.as_bytes(), TimeUnit::Seconds), None, "{cell}");
        }
    }

    #[test]
    fn magnitude_tells_the_unit() {
        let zone = Zone::new(None).unwrap();
        let units = |cell: &str| {
            let is =
                |unit: &TimeUnit| parse(cell.as_bytes(), &TimeKind::Epoch(*unit), &zone).is_some();
            TimeUnit::ALL.into_iter().filter(is).collect::<Vec<_>>()
        };
        assert_eq!(units("1397088000"), [TimeUnit::Seconds]);
        assert_eq!(units("1397088000000"), [TimeUnit::Millis]);
        assert_eq!(units("1397088000000000"), [TimeUnit::Micros]);
        assert_eq!(units("1397088000000000000"), [TimeUnit::Nanos]);
        assert_eq!(units("12"), []);
    }
}
