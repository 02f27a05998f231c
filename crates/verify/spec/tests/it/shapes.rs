//! Records, enums, maps, bytes, durations, several outputs.

use std::collections::BTreeMap;
use std::time::Duration;

use voidstate_spec::language::Value;
use voidstate_spec::{Called, Implements, SpecValue, implements, subject};

use crate::breach_of;

#[derive(Debug, Clone, PartialEq, SpecValue)]
pub(crate) enum Kind {
    Normal,
    Anomaly(f64),
    #[spec(rename = "named")]
    Known {
        name: String,
        number: u32,
    },
}

#[derive(Debug, Clone, PartialEq, SpecValue)]
pub(crate) struct Episode {
    pub(crate) start_ns: i64,
    pub(crate) end: Option<Nanos>,
    pub(crate) peak: f64,
    pub(crate) kind: Kind,
    #[spec(skip)]
    pub(crate) cached: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, SpecValue)]
#[spec(unit = "ns")]
pub(crate) struct Nanos(pub(crate) i64);

#[derive(Debug, SpecValue)]
#[spec(read_only)]
pub(crate) struct Parts {
    pub(crate) large: Vec<u32>,
    pub(crate) small: Vec<u32>,
}

#[derive(Debug)]
pub(crate) struct Episodes;

#[implements("tests/specs/shapes.spec")]
impl Episodes {
    pub(crate) fn longest(at_least: Duration, episodes: &[Episode]) -> Option<Episode> {
        let lasted = |e: &&Episode| e.end.map_or(0, |end| end.0 - e.start_ns);
        let found = episodes.iter().max_by_key(lasted)?;
        let long = i128::from(lasted(&found)) >= i128::try_from(at_least.as_nanos()).ok()?;
        long.then(|| found.clone())
    }

    pub(crate) fn split(numbers: Vec<u32>) -> Parts {
        let (small, large) = numbers.into_iter().partition(|n| *n < 10);
        Parts { large, small }
    }

    pub(crate) fn count(words: &[String]) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for word in words {
            *counts.entry(word.clone()).or_default() += 1;
        }
        counts
    }

    pub(crate) fn checksum(data: &[u8], weights: (i16, f32)) -> u64 {
        let _ = weights;
        data.iter().map(|byte| u64::from(*byte)).sum()
    }
}

/// The same split as a tuple.
#[implements("tests/specs/shapes.spec", tool = "episodes", operation = "split")]
fn split(numbers: &[i64]) -> (Vec<i64>, Vec<i64>) {
    numbers.iter().partition(|n| **n < 10)
}

fn episode(start: i64, end: i64) -> Episode {
    Episode {
        start_ns: start,
        end: Some(Nanos(end)),
        peak: 1.5,
        kind: Kind::Known {
            name: "x".into(),
            number: 3,
        },
        cached: None,
    }
}

#[test]
fn everything_that_a_value_can_be_goes_through_a_contract() {
    let all = [episode(0, 5), episode(10, 30)];
    assert_eq!(
        Episodes::longest(Duration::from_nanos(7), &all),
        Some(all[1].clone())
    );
    let open = [Episode {
        end: None,
        ..episode(0, 0)
    }];
    assert!(breach_of(|| Episodes::longest(Duration::ZERO, &open)).contains("requires \"ended\""));
    let parts = Episodes::split(vec![1, 20, 3]);
    assert_eq!((parts.small, parts.large), (vec![1, 3], vec![20]));
    assert_eq!(split(&[1, 20, 3]), (vec![1, 3], vec![20]));
    assert_eq!(Episodes::count(&["a".into(), "a".into()]).len(), 1);
    assert_eq!(Episodes::checksum(b"ab", (1, 0.5)), 195);
    let text = breach_of(|| Episodes::checksum(b"\xff\xff", (1, 0.5)));
    assert!(
        text.contains("ensures \"in a byte\"") && text.contains("510"),
        "{text}"
    );
}

#[test]
fn a_subject_takes_records_and_gives_several_outputs() {
    let mut subject = subject!(Episodes);
    let tool = Episodes::spec().tool();
    let number = |name: &str| tool.operations.iter().position(|o| o.name == name).unwrap();
    let numbers = Value::List(vec![Value::Int(1), Value::Int(20)].into());
    let list = |n| Value::List(vec![Value::Int(n)].into());
    assert_eq!(
        subject.call(number("split"), &[numbers]),
        Called::Returned(vec![list(1), list(20)])
    );
    let longest = &tool.operations[number("longest")];
    let all = vec![episode(0, 5)]
        .to_value(&longest.inputs[0].type_)
        .unwrap();
    let found = subject.call(number("longest"), &[all, Value::Duration(0)]);
    let same = Some(episode(0, 5))
        .to_value(&longest.outputs[0].type_)
        .unwrap();
    assert_eq!(found, Called::Returned(vec![same]));
    let bytes = Value::Bytes(b"ab".as_slice().into());
    let weights = |x| Value::Tuple(vec![Value::Int(1), Value::Real(x)].into());
    assert_eq!(
        subject.call(number("checksum"), &[bytes.clone(), weights(0.5)]),
        Called::Returned(vec![Value::Int(195)])
    );
    // 0.1 is no 32-bit number.
    assert!(matches!(
        subject.call(number("checksum"), &[bytes, weights(0.1)]),
        Called::Inexpressible(_)
    ));
}
