//! Subjects with state. Fault 0 is the right implementation.

use std::collections::VecDeque;

use voidstate_spec::language::Value;
use voidstate_spec::{Called, Subject};

use super::support::{Live, Machine, gave, int, list, option, refused, text};

pub(crate) const RING: &str = r#"
tool ring_buffer "keeps the newest values" {
  state values: [int]
  state capacity: int
  invariant "bounded": len(values) <= capacity
  operation new {
    input room: int
    requires "room": 1 <= room <= 1000
    ensures "empty": values == [] and capacity == room
  }
  operation push {
    input x: int
    output dropped: int?
    ensures "keeps the newest": values == (if len(old(values)) == capacity then drop(old(values), 1) else old(values)) ++ [x]
    ensures "says what went": dropped == (if len(old(values)) == capacity then first(old(values)) else none)
    ensures "same room": capacity == old(capacity)
  }
  operation pop {
    output oldest: int?
    ensures "the oldest": oldest == first(old(values))
    ensures "the others stay": values == drop(old(values), min(1, len(old(values))))
  }
  scenario "fills up" { new(room: 1); push(x: 7) => (dropped: none); push(x: 8) => (dropped: some(7)); pop() => (oldest: some(8)) }
}"#;

struct Ring {
    values: VecDeque<i64>,
    capacity: i64,
    fault: usize,
}

impl Live for Ring {
    fn call(&mut self, operation: usize, inputs: &[Value]) -> Called {
        if operation == 1 {
            let x = int(&inputs[0]);
            let room = match self.fault {
                1 => self.capacity + 1,
                5 if self.capacity >= 3 => self.capacity - 1,
                _ => self.capacity,
            };
            let full = i64::try_from(self.values.len()).unwrap() >= room;
            let mut dropped = None;
            if full {
                dropped = if self.fault == 2 {
                    self.values.pop_back()
                } else {
                    self.values.pop_front()
                };
            }
            self.values.push_back(x);
            if self.fault == 4 {
                dropped = None;
            }
            return gave(option(dropped));
        }
        gave(option(if self.fault == 3 {
            self.values.pop_back()
        } else {
            self.values.pop_front()
        }))
    }

    fn state(&self) -> Vec<Value> {
        vec![list(self.values.iter().copied()), Value::Int(self.capacity)]
    }
}

pub(crate) fn ring(fault: usize) -> Box<dyn Subject> {
    Box::new(Machine::new(move |inputs: &[Value]| Ring {
        values: VecDeque::new(),
        capacity: int(&inputs[0]),
        fault,
    }))
}

pub(crate) const LRU: &str = r#"
tool lru_cache "forgets what was used longest ago" {
  // Oldest use first.
  state entries: [(text, int)]
  state capacity: int
  invariant "bounded": len(entries) <= capacity
  invariant "one entry per key": unique(map(entries, |e| e.0))
  operation new {
    input room: int
    requires "room": 1 <= room <= 8
    ensures "empty": entries == [] and capacity == room
  }
  operation put {
    input key: text
    input value: int
    ensures "newest last, the oldest goes": let rest = filter(old(entries), |e| e.0 != key) in
      entries == drop(rest, max(0, len(rest) + 1 - capacity)) ++ [(key, value)]
  }
  operation get {
    input key: text
    output value: int?
    ensures "what was put": let hits = filter(old(entries), |e| e.0 == key) in
      value == (if len(hits) == 0 then none else some(hits[0].1))
    ensures "is used now": entries == filter(old(entries), |e| e.0 != key) ++ filter(old(entries), |e| e.0 == key)
  }
}"#;

struct Lru {
    entries: Vec<(String, i64)>,
    room: usize,
    fault: usize,
}

impl Live for Lru {
    fn call(&mut self, operation: usize, inputs: &[Value]) -> Called {
        let key = text(&inputs[0]).to_owned();
        let at = self.entries.iter().position(|(k, _)| *k == key);
        if operation == 1 {
            let value = int(&inputs[1]);
            if let Some(at) = at {
                if self.fault == 2 {
                    self.entries[at].1 = value;
                    return Called::Returned(Vec::new());
                }
                let (_, old) = self.entries.remove(at);
                let value = if self.fault == 5 { old } else { value };
                self.entries.push((key, value));
                if self.fault == 4 && self.entries.len() == self.room && self.room > 1 {
                    self.entries.remove(0);
                }
                return Called::Returned(Vec::new());
            }
            if self.entries.len() == self.room {
                if self.fault == 3 {
                    self.entries.pop()
                } else {
                    Some(self.entries.remove(0))
                };
            }
            self.entries.push((key, value));
            return Called::Returned(Vec::new());
        }
        let Some(at) = at else {
            return gave(option(None));
        };
        let value = self.entries[at].1;
        if self.fault != 1 {
            let entry = self.entries.remove(at);
            self.entries.push(entry);
        }
        gave(option(Some(value)))
    }

    fn state(&self) -> Vec<Value> {
        let entries = self
            .entries
            .iter()
            .map(|(k, v)| Value::tuple(vec![Value::text(k.as_str()), Value::Int(*v)]));
        vec![
            Value::list(entries.collect::<Vec<_>>()),
            Value::Int(i64::try_from(self.room).unwrap()),
        ]
    }
}

pub(crate) fn lru(fault: usize) -> Box<dyn Subject> {
    Box::new(Machine::new(move |inputs: &[Value]| Lru {
        entries: Vec::new(),
        room: usize::try_from(int(&inputs[0])).unwrap(),
        fault,
    }))
}

pub(crate) const STACK: &str = r#"
tool stack "last in, first out" {
  state values: [int]
  operation new { ensures "empty": values == [] }
  operation push { input x: int  ensures "on top": values == old(values) ++ [x] }
  operation pop {
    output x: int
    fails "empty": len(values) == 0
    ensures "from the top": old(values) == values ++ [x]
  }
  operation top {
    output x: int
    requires "some": len(values) > 0
    ensures "the last": x == values[len(values) - 1]
    ensures "stays": values == old(values)
  }
}"#;

struct Stack {
    values: Vec<i64>,
    fault: usize,
}

impl Live for Stack {
    fn call(&mut self, operation: usize, inputs: &[Value]) -> Called {
        match operation {
            1 => {
                if !(self.fault == 2 && self.values.len() == 6) {
                    self.values.push(int(&inputs[0]));
                }
                Called::Returned(Vec::new())
            }
            2 => match self.values.pop() {
                None if self.fault == 1 => gave(Value::Int(0)),
                None => refused("empty"),
                Some(x) if self.fault == 3 && self.values.len() == 3 => {
                    self.values.push(x);
                    gave(Value::Int(self.values.remove(0)))
                }
                Some(x) => gave(Value::Int(x)),
            },
            _ => {
                let x = *self.values.last().unwrap();
                if self.fault == 4 {
                    self.values.pop();
                }
                if self.fault == 5 {
                    return gave(Value::Int(self.values[self.values.len() - 2]));
                }
                gave(Value::Int(x))
            }
        }
    }

    fn state(&self) -> Vec<Value> {
        vec![list(self.values.iter().copied())]
    }
}

pub(crate) fn stack(fault: usize) -> Box<dyn Subject> {
    Box::new(Machine::new(move |_: &[Value]| Stack {
        values: Vec::new(),
        fault,
    }))
}

pub(crate) const INTERVALS: &str = r#"
define covered(spans: [(int, int)], x: int): bool = any(spans, |s| s.0 <= x < s.1)
tool interval_set "a set of whole numbers as few spans" {
  state spans: [(int, int)]
  invariant "no span is empty": all(spans, |s| s.0 < s.1)
  invariant "in order, none touch": all(1..len(spans), |i| spans[i - 1].1 < spans[i].0)
  operation new { ensures "empty": spans == [] }
  operation insert {
    input low: int
    input high: int
    requires "some": 0 <= low < high <= 48
    ensures "what was there and what came": all(0..48, |x| covered(spans, x) <=> (covered(old(spans), x) or low <= x < high))
  }
  operation holds {
    input x: int
    output is: bool
    requires "in range": 0 <= x < 48
    ensures "as the spans say": is <=> covered(spans, x)
    ensures "stays": spans == old(spans)
  }
}"#;

struct Intervals {
    spans: Vec<(i64, i64)>,
    fault: usize,
}

impl Live for Intervals {
    fn call(&mut self, operation: usize, inputs: &[Value]) -> Called {
        if operation == 2 {
            let x = int(&inputs[0]);
            let end = i64::from(self.fault == 4);
            return gave(Value::Bool(
                self.spans.iter().any(|(a, b)| *a <= x && x < *b + end),
            ));
        }
        let (mut low, mut high) = (int(&inputs[0]), int(&inputs[1]));
        let touch = match self.fault {
            1 => -1,
            2 => 1,
            _ => 0,
        };
        let mut kept = Vec::new();
        let mut joined = 0;
        for (a, b) in self.spans.drain(..) {
            if b + touch < low || high + touch < a {
                kept.push((a, b));
                continue;
            }
            joined += 1;
            if self.fault == 3 && joined == 2 {
                continue;
            }
            low = low.min(a);
            high = if self.fault == 5 { high } else { high.max(b) };
        }
        kept.push((low, high));
        kept.sort_unstable();
        self.spans = kept;
        Called::Returned(Vec::new())
    }

    fn state(&self) -> Vec<Value> {
        let spans = self
            .spans
            .iter()
            .map(|(a, b)| Value::tuple(vec![Value::Int(*a), Value::Int(*b)]));
        vec![Value::list(spans.collect::<Vec<_>>())]
    }
}

pub(crate) fn intervals(fault: usize) -> Box<dyn Subject> {
    Box::new(Machine::new(move |_: &[Value]| Intervals {
        spans: Vec::new(),
        fault,
    }))
}

pub(crate) const LIMITER: &str = r#"
tool rate_limiter "so many calls in any window" {
  // Times of the calls that were let through and still count.
  state calls: [duration]
  state limit: int
  state window: duration
  invariant "bounded": len(calls) <= limit
  invariant "in order": is_sorted(calls)
  operation new {
    input most: int
    input within_last: duration
    requires "some": 1 <= most <= 5
    requires "some time": 1 ms <= within_last <= 1 min
    ensures "nothing yet": calls == [] and limit == most and window == within_last
  }
  operation allow {
    input now: duration
    output allowed: bool
    requires "time does not run back": 0 s <= now <= 1 d and all(calls, |t| t <= now)
    ensures "few enough": allowed <=> count(old(calls), |t| t > now - window) < limit
    ensures "remembers": calls == filter(old(calls), |t| t > now - window) ++ (if allowed then [now] else [])
  }
}"#;

struct Limiter {
    calls: Vec<i64>,
    limit: usize,
    window: i64,
    fault: usize,
}

impl Live for Limiter {
    fn call(&mut self, _: usize, inputs: &[Value]) -> Called {
        let now = int(&inputs[0]);
        let oldest = now - self.window;
        match self.fault {
            1 => self.calls.retain(|t| *t >= oldest),
            4 if self.calls.first().is_some_and(|t| *t <= oldest) => self.calls.clear(),
            _ => self.calls.retain(|t| *t > oldest),
        }
        let most = match self.fault {
            2 if self.limit > 1 => self.limit - 1,
            5 if self.limit == 5 => 6,
            _ => self.limit,
        };
        let allowed = self.calls.len() < most;
        if allowed || self.fault == 3 {
            self.calls.push(now);
        }
        gave(Value::Bool(allowed))
    }

    fn state(&self) -> Vec<Value> {
        let calls = self.calls.iter().map(|t| Value::Duration(*t));
        vec![
            Value::list(calls.collect::<Vec<_>>()),
            Value::Int(i64::try_from(self.limit).unwrap()),
            Value::Duration(self.window),
        ]
    }
}

pub(crate) fn limiter(fault: usize) -> Box<dyn Subject> {
    Box::new(Machine::new(move |inputs: &[Value]| Limiter {
        calls: Vec::new(),
        limit: usize::try_from(int(&inputs[0])).unwrap(),
        window: int(&inputs[1]),
        fault,
    }))
}

pub(crate) const COUNTER: &str = r#"
tool counter "counts and refuses to overflow" {
  state value: int
  operation new { input start: int  ensures "starts": value == start }
  operation add {
    input by: int
    fails "overflow": not defined(value + by)
    ensures "sum": value == old(value) + by
  }
  operation clear {
    output was: int
    ensures "zero": value == 0 and was == old(value)
  }
}"#;

struct Counter {
    value: i64,
    fault: usize,
}

impl Live for Counter {
    fn call(&mut self, operation: usize, inputs: &[Value]) -> Called {
        if operation == 2 {
            let was = self.value;
            self.value = i64::from(self.fault == 5 && was < 0);
            return gave(Value::Int(was));
        }
        let by = int(&inputs[0]);
        match (self.value.checked_add(by), self.fault) {
            (None, 1) => self.value = self.value.wrapping_add(by),
            (None, 2) => self.value = self.value.saturating_add(by),
            (Some(i64::MAX), 3) => return refused("overflow"),
            (None, 4) if by < 0 => panic!("attempt to add with overflow"),
            (None, _) => return refused("overflow"),
            (Some(sum), _) => self.value = sum,
        }
        Called::Returned(Vec::new())
    }

    fn state(&self) -> Vec<Value> {
        vec![Value::Int(self.value)]
    }
}

pub(crate) fn counter(fault: usize) -> Box<dyn Subject> {
    Box::new(Machine::new(move |inputs: &[Value]| Counter {
        value: int(&inputs[0]),
        fault,
    }))
}
