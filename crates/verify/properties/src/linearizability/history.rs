//! Who called what, when, and what was answered.

use std::collections::BTreeMap;

use crate::Error;

/// One operation of one client.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Operation<Op, Ret> {
    /// Who called.
    pub client: u32,
    /// What was asked.
    pub op: Op,
    /// When it was asked.
    pub call: u64,
    /// What was answered, and when; `None` when nobody saw an answer (the client crashed or gave up).
    pub answer: Option<(Ret, u64)>,
}

impl<Op, Ret> Operation<Op, Ret> {
    /// The same without an answer.
    pub(super) fn forget_answer(self) -> Self {
        Self {
            answer: None,
            ..self
        }
    }
}

/// One thing that a client did, for histories written down in the order of what happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Event<Op, Ret> {
    /// A client calls.
    Call(u32, Op),
    /// A client gets the answer to what it called last.
    Answer(u32, Ret),
}

/// Operations in order of their calls. Their times are ranks: no two events share one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct History<Op, Ret> {
    operations: Vec<Operation<Op, Ret>>,
}

impl<Op, Ret> History<Op, Ret> {
    /// Checks and orders operations. Times may come from any clock; a call and an answer at the same time count as
    /// overlapping, which never finds fault where there is none.
    ///
    /// # Errors
    /// [`Error::History`] when an answer comes before its call, or a client calls before its last answer came.
    pub fn new(mut operations: Vec<Operation<Op, Ret>>) -> Result<Self, Error> {
        let fail = |operation, reason| Err(Error::History { operation, reason });
        let mut by_client: BTreeMap<u32, Vec<(u64, usize)>> = BTreeMap::new();
        for (number, operation) in operations.iter().enumerate() {
            if matches!(operation.answer, Some((_, at)) if at < operation.call) {
                return fail(number, "its answer comes before its call");
            }
            let calls = by_client.entry(operation.client).or_default();
            calls.push((operation.call, number));
        }
        for calls in by_client.values_mut() {
            calls.sort_unstable();
            for pair in calls.windows(2) {
                let [(_, first), (call, second)] = pair else {
                    continue;
                };
                match operations.get(*first).map(|o| o.answer.as_ref()) {
                    Some(Some((_, at))) if at < call => {}
                    Some(Some(_)) => {
                        return fail(
                            *second,
                            "its client had not got its last answer; one client calls one at a time",
                        );
                    }
                    _ => {
                        return fail(
                            *second,
                            "its client never got its last answer; give the client a new number after a crash",
                        );
                    }
                }
            }
        }
        // Calls before answers at the same time.
        let mut events: Vec<(u64, bool, usize)> = Vec::with_capacity(operations.len() * 2);
        for (number, operation) in operations.iter().enumerate() {
            events.push((operation.call, false, number));
            if let Some((_, at)) = operation.answer {
                events.push((at, true, number));
            }
        }
        events.sort_unstable();
        for (rank, (_, is_answer, number)) in (0..).zip(events) {
            let Some(operation) = operations.get_mut(number) else {
                continue;
            };
            match &mut operation.answer {
                Some((_, at)) if is_answer => *at = rank,
                _ => operation.call = rank,
            }
        }
        operations.sort_by_key(|operation| operation.call);
        Ok(Self { operations })
    }

    /// A history from events in the order in which they happened.
    ///
    /// # Errors
    /// [`Error::History`] when a client gets an answer without a call, or calls before its last answer came; the number
    /// is that of the event.
    pub fn from_events(events: impl IntoIterator<Item = Event<Op, Ret>>) -> Result<Self, Error> {
        let mut operations: Vec<Operation<Op, Ret>> = Vec::new();
        let mut open: BTreeMap<u32, usize> = BTreeMap::new();
        for (rank, event) in (0_u64..).zip(events) {
            let fail = |reason| {
                Err(Error::History {
                    operation: usize::try_from(rank).unwrap_or(usize::MAX),
                    reason,
                })
            };
            match event {
                Event::Call(client, op) => {
                    if open.insert(client, operations.len()).is_some() {
                        return fail(
                            "its client had not got its last answer; one client calls one at a time",
                        );
                    }
                    operations.push(Operation {
                        client,
                        op,
                        call: rank,
                        answer: None,
                    });
                }
                Event::Answer(client, ret) => {
                    let called = open.remove(&client);
                    let Some(operation) = called.and_then(|at| operations.get_mut(at)) else {
                        return fail("it answers a client that called nothing");
                    };
                    operation.answer = Some((ret, rank));
                }
            }
        }
        Ok(Self { operations })
    }

    /// The operations, in order of their calls.
    #[must_use]
    pub fn operations(&self) -> &[Operation<Op, Ret>] {
        &self.operations
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(client: u32, call: u64, at: Option<u64>) -> Operation<char, ()> {
        Operation {
            client,
            op: 'x',
            call,
            answer: at.map(|at| ((), at)),
        }
    }

    #[test]
    fn times_become_ranks_and_ties_overlap() {
        let history = History::new(vec![
            operation(1, 7, Some(9)),
            operation(0, 1, Some(7)),
            operation(2, 7, None),
        ])
        .unwrap();
        let times: Vec<_> = history
            .operations()
            .iter()
            .map(|o| (o.client, o.call, o.answer.map(|(_, at)| at)))
            .collect();
        assert_eq!(times, [(0, 0, Some(3)), (1, 1, Some(4)), (2, 2, None)]);
    }

    #[test]
    fn histories_that_cannot_be_are_refused() {
        let refused = |operations| match History::new(operations) {
            Err(Error::History { operation, .. }) => operation,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(vec![operation(0, 3, Some(2))]), 0);
        let overlapping = vec![operation(0, 3, Some(8)), operation(0, 5, Some(9))];
        assert_eq!(refused(overlapping), 1);
        let tied = vec![operation(0, 5, Some(9)), operation(0, 3, Some(5))];
        assert_eq!(refused(tied), 0);
        assert_eq!(
            refused(vec![operation(0, 3, None), operation(0, 5, Some(9))]),
            1
        );
        let unasked = [Event::<(), _>::Answer(0, ())];
        assert!(History::from_events(unasked).is_err());
        let twice = [Event::<_, ()>::Call(0, ()), Event::Call(0, ())];
        assert!(History::from_events(twice).is_err());
    }
}
