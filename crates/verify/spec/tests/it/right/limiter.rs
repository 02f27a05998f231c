//! At most so many calls in any stretch of time.

use voidstate_spec::implements;

#[derive(Debug)]
pub(crate) struct Limiter {
    most: usize,
    stretch_ns: i64,
    let_in_ns: Vec<i64>,
}

#[derive(Debug)]
pub(crate) struct Refused;

#[implements(inline = r#"
tool limiter "at most so many calls in any stretch of time" {
  state most: int
  state stretch_ns: int<ns>
  state let_in_ns: [int<ns>]
  invariant "in order": is_sorted(let_in_ns)
  invariant "never more": all(0..len(let_in_ns), |i| i < most or let_in_ns[i] - let_in_ns[i - most] >= stretch_ns)
  operation new {
    input most: int
    input stretch_ns: int<ns>
    requires "a size": 0 <= most <= 50 and stretch_ns <= 1_000_000
    fails "none at all": most == 0
    fails "no time": stretch_ns <= 0
    ensures "as asked": state.most == most and state.stretch_ns == stretch_ns and let_in_ns == []
  }
  operation ask {
    input now_ns: int<ns>
    output let_in: bool
    requires "a time": 0 <= now_ns <= 1_000_000_000
    fails "time goes back": match last(let_in_ns) { some(t) -> now_ns < t, none -> false }
    ensures "let in when there is room": let_in <=> count(old(let_in_ns), |t| now_ns - t < stretch_ns) < most
    ensures "kept": let_in_ns == old(let_in_ns) ++ (if let_in then [now_ns] else [])
    ensures "as asked": most == old(most) and stretch_ns == old(stretch_ns)
  }
}"#)]
impl Limiter {
    pub(crate) fn new(most: usize, stretch_ns: i64) -> Result<Self, Refused> {
        if most == 0 || stretch_ns <= 0 {
            return Err(Refused);
        }
        Ok(Self {
            most,
            stretch_ns,
            let_in_ns: Vec::new(),
        })
    }

    pub(crate) fn ask(&mut self, now_ns: i64) -> Result<bool, Refused> {
        if self.let_in_ns.last().is_some_and(|last| now_ns < *last) {
            return Err(Refused);
        }
        let mut recent = 0;
        for time in self.let_in_ns.iter().rev() {
            if now_ns - time >= self.stretch_ns {
                break;
            }
            recent += 1;
        }
        let let_in = recent < self.most;
        if let_in {
            self.let_in_ns.push(now_ns);
        }
        Ok(let_in)
    }

    fn most(&self) -> usize {
        self.most
    }

    fn stretch_ns(&self) -> i64 {
        self.stretch_ns
    }

    fn let_in_ns(&self) -> &[i64] {
        &self.let_in_ns
    }
}
