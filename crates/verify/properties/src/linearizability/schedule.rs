//! Histories of clients whose steps are interleaved as one says.

use super::{Event, History};
use crate::Error;

/// How far a step brought an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<Ret> {
    /// There is more to do.
    More,
    /// It is done, with this answer.
    Done(Ret),
}

/// What a client has left to do, and what it is at.
struct Turn<'a, Op, L> {
    program: std::slice::Iter<'a, Op>,
    current: Option<(&'a Op, L)>,
}

/// Runs the programs of several clients on `shared`, one atomic step at a time, in the order of `schedule` (numbers of
/// clients), and gives the history.
///
/// `step` does the next step of an operation; what the operation knows between steps is in the last argument, fresh for
/// each operation. The first step of an operation is its call, the last one its answer. A turn of a client that has
/// nothing left to do is passed over; what is not done when the schedule ends stays without an answer.
///
/// # Errors
/// [`Error::Schedule`] for a client that has no program.
pub fn interleaved<S, Op: Clone, Ret, L: Default>(
    shared: &mut S,
    programs: &[Vec<Op>],
    schedule: &[usize],
    mut step: impl FnMut(&mut S, &Op, &mut L) -> Progress<Ret>,
) -> Result<History<Op, Ret>, Error> {
    let mut clients: Vec<Turn<'_, Op, L>> = programs
        .iter()
        .map(|program| Turn {
            program: program.iter(),
            current: None,
        })
        .collect();
    let mut events = Vec::new();
    for &turn in schedule {
        let number = u32::try_from(turn).unwrap_or(u32::MAX);
        let Some(Turn { program, current }) = clients.get_mut(turn) else {
            return Err(Error::Schedule {
                client: turn,
                clients: programs.len(),
            });
        };
        if current.is_none() {
            let Some(op) = program.next() else { continue };
            events.push(Event::Call(number, op.clone()));
            *current = Some((op, L::default()));
        }
        if let Some((op, local)) = current
            && let Progress::Done(ret) = step(shared, op, local)
        {
            events.push(Event::Answer(number, ret));
            *current = None;
        }
    }
    History::from_events(events)
}

/// All schedules of clients that take so many steps each, in lexicographic order: (Σ steps)! / Π (steps!) of them.
pub fn schedules(steps: &[usize]) -> impl Iterator<Item = Vec<usize>> + use<> {
    let first: Vec<usize> = steps
        .iter()
        .enumerate()
        .flat_map(|(client, steps)| std::iter::repeat_n(client, *steps))
        .collect();
    std::iter::successors(Some(first), |schedule| {
        let mut next = schedule.clone();
        let pivot = next
            .windows(2)
            .rposition(|pair| matches!(pair, [a, b] if a < b))?;
        let least = *next.get(pivot)?;
        let swap = next.iter().rposition(|client| *client > least)?;
        next.swap(pivot, swap);
        next.get_mut(pivot + 1..)?.reverse();
        Some(next)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_schedules_are_given_once() {
        let all: Vec<_> = schedules(&[2, 1, 1]).collect();
        assert_eq!(all.len(), 12);
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(schedules(&[]).count(), 1);
        assert_eq!(schedules(&[0, 3]).next().unwrap(), [1, 1, 1]);
    }

    #[test]
    fn a_schedule_for_nobody_is_refused() {
        let error = interleaved(&mut (), &[vec![()]], &[1], |(), (), (): &mut ()| {
            Progress::Done(())
        });
        assert!(matches!(
            error,
            Err(Error::Schedule {
                client: 1,
                clients: 1
            })
        ));
    }
}
