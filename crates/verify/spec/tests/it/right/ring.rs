//! The last values, as many as there is room for.

use std::collections::VecDeque;

use voidstate_spec::implements;

#[derive(Debug)]
pub(crate) struct Ring {
    values: VecDeque<i64>,
    capacity: usize,
    lost: u64,
}

#[derive(Debug)]
pub(crate) struct Refused;

#[implements(inline = r#"
tool ring "the last values, as many as there is room for" {
  state values: [int]
  state capacity: int
  state lost: int
  invariant "room": len(values) <= capacity
  operation new {
    input capacity: int
    requires "a size": 0 <= capacity <= 100
    fails "no room": capacity == 0
    ensures "empty": values == [] and state.capacity == capacity and lost == 0
  }
  operation push {
    input x: int
    output dropped: int?
    ensures "last": last(values) == some(x)
    ensures "the oldest goes when full": dropped == (if len(old(values)) == capacity then first(old(values)) else none)
    ensures "the others stay in order": values == drop(old(values), if is_some(dropped) then 1 else 0) ++ [x]
    ensures "what is lost is counted": lost == old(lost) + (if is_some(dropped) then 1 else 0)
    ensures "the room stays": capacity == old(capacity)
  }
  operation pop {
    output x: int?
    ensures "the oldest": x == first(old(values))
    ensures "the others stay": values == drop(old(values), 1)
    ensures "nothing is lost by it": lost == old(lost) and capacity == old(capacity)
  }
  operation resize {
    input room: int
    requires "a size": 0 <= room <= 100
    fails "no room": room == 0
    ensures "the newest stay": values == drop(old(values), max(0, len(old(values)) - room))
    ensures "what is lost is counted": lost == old(lost) + max(0, len(old(values)) - room)
    ensures "the room": capacity == room
  }
}"#)]
impl Ring {
    pub(crate) fn new(capacity: usize) -> Result<Self, Refused> {
        if capacity == 0 {
            return Err(Refused);
        }
        Ok(Self {
            values: VecDeque::new(),
            capacity,
            lost: 0,
        })
    }

    pub(crate) fn push(&mut self, x: i64) -> Option<i64> {
        let dropped = if self.values.len() == self.capacity {
            self.lost += 1;
            self.values.pop_front()
        } else {
            None
        };
        self.values.push_back(x);
        dropped
    }

    pub(crate) fn pop(&mut self) -> Option<i64> {
        self.values.pop_front()
    }

    pub(crate) fn resize(&mut self, room: usize) -> Result<(), Refused> {
        if room == 0 {
            return Err(Refused);
        }
        self.capacity = room;
        while self.values.len() > room {
            self.values.pop_front();
            self.lost += 1;
        }
        Ok(())
    }

    fn values(&self) -> Vec<i64> {
        self.values.iter().copied().collect()
    }

    fn capacity(&self) -> usize {
        self.capacity
    }

    fn lost(&self) -> u64 {
        self.lost
    }
}
