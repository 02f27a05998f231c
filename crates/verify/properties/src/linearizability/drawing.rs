//! Histories drawn for people: one line for each client, time from left to right.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Display};

use super::{Counterexample, History, Operation};

/// Longer texts are cut.
const CHARS_MAX: usize = 48;

fn text(value: &impl Debug) -> String {
    let full = format!("{value:?}");
    // `Debug` of hostile text escapes it, but a hand-written one may not.
    let mut cut: String = full
        .chars()
        .map(|c| if c.is_control() { '?' } else { c })
        .take(CHARS_MAX)
        .collect();
    if full.chars().nth(CHARS_MAX).is_some() {
        cut.push('…');
    }
    cut
}

fn draw<Op: Debug, Ret: Debug>(
    f: &mut fmt::Formatter<'_>,
    operations: &[Operation<Op, Ret>],
    culprit: Option<usize>,
) -> fmt::Result {
    let mut events: Vec<(u64, usize)> = Vec::new();
    for (number, operation) in operations.iter().enumerate() {
        events.push((operation.call, number));
        events.extend(operation.answer.iter().map(|(_, at)| (*at, number)));
    }
    events.sort_unstable();
    let labels: Vec<String> = operations
        .iter()
        .enumerate()
        .map(|(number, operation)| match &operation.answer {
            Some((ret, _)) => {
                let mark = if culprit == Some(number) { " (!)" } else { "" };
                format!("{} -> {}{mark}", text(&operation.op), text(ret))
            }
            None => format!("{} -> ?", text(&operation.op)),
        })
        .collect();
    // Columns: an answer stands far enough behind its call for the label.
    let mut columns: BTreeMap<u64, usize> = BTreeMap::new();
    let mut column = 0;
    for (time, number) in events {
        let width = labels.get(number).map_or(0, |label| label.chars().count());
        let operation = operations.get(number);
        let called = operation.and_then(|operation| columns.get(&operation.call));
        column = called.map_or(column, |called| column.max(called + width + 3));
        columns.insert(time, column);
        column += 2;
    }
    let mut lines: BTreeMap<u32, String> = BTreeMap::new();
    for (operation, label) in operations.iter().zip(&labels) {
        let line = lines.entry(operation.client).or_default();
        let from = columns.get(&operation.call).copied().unwrap_or(0);
        let to = operation
            .answer
            .as_ref()
            .and_then(|(_, at)| columns.get(at));
        let used = line.chars().count();
        line.extend(std::iter::repeat_n(' ', from.saturating_sub(used)));
        line.push('[');
        line.push(' ');
        line.push_str(label);
        line.push(' ');
        match to {
            Some(to) => {
                let used = line.chars().count();
                line.extend(std::iter::repeat_n('-', to.saturating_sub(used)));
                line.push(']');
            }
            None => line.push_str("..."),
        }
    }
    let width = lines.keys().map(|client| client.to_string().len()).max();
    for (client, line) in lines {
        writeln!(f, "client {client:<0$} {line}", width.unwrap_or(0))?;
    }
    Ok(())
}

/// One line for each client, `[ operation -> answer ]` from its call to its answer.
impl<Op: Debug, Ret: Debug> Display for History<Op, Ret> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        draw(f, self.operations(), None)
    }
}

/// What the object remembered, then one line for each client; `(!)` stands at the answer that cannot be explained.
impl<S: Debug, Op: Debug, Ret: Debug> Display for Counterexample<S, Op, Ret> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let starts: Vec<String> = self.starts.iter().map(text).collect();
        writeln!(
            f,
            "no order explains (!), beginning in {}",
            starts.join(" or ")
        )?;
        draw(f, &self.operations, Some(self.culprit))?;
        if !self.is_minimal {
            writeln!(f, "(more could be left out; raise the limit of steps)")?;
        }
        Ok(())
    }
}
