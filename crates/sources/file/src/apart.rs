//! Text columns without which rows of one time cannot be told apart.

use std::collections::{HashMap, HashSet};

use voidstate_core::LABEL_VALUE_BYTES_MAX;

use crate::number::{is_missing, trim};

/// Share of the rows that must repeat time and labels of another one before a column is looked for.
const REPEATS_MIN: f64 = 0.1;
/// Share of these repetitions that a column must take away.
const TAKEN_MIN: f64 = 0.1;
/// Share of the texts of later times that must come at several times; request numbers come once.
const BACK_MIN: f64 = 0.5;

/// The columns that tell rows of one time apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Apart {
    pub(crate) columns: Vec<usize>,
    /// Whether the sample holds too few rows for columns of so many texts.
    pub(crate) is_unsure: bool,
}

type Cells = Vec<Vec<u8>>;

fn cell(row: &Cells, column: usize) -> &[u8] {
    row.get(column).map_or(&[], |cell| trim(cell))
}

/// Numbers of the combinations of `keys` and the cells of a column, and how many there are.
fn refined(keys: &[u32], rows: &[&Cells], column: usize) -> (Vec<u32>, usize) {
    let mut numbers = HashMap::with_capacity(rows.len());
    let mut refined = Vec::with_capacity(rows.len());
    let mut next = 0_u32;
    for (key, row) in keys.iter().zip(rows) {
        let number = numbers.entry((*key, cell(row, column))).or_insert_with(|| {
            next += 1;
            next
        });
        refined.push(*number);
    }
    (refined, numbers.len())
}

/// What is known of a column that may tell rows apart.
struct Candidate {
    column: usize,
    kinds: usize,
    comes_back: bool,
    /// Fewer than two cells of each text.
    is_rare: bool,
}

/// `None` for a column whose cells cannot be labels.
fn candidate(times: &[u32], rows: &[&Cells], column: usize) -> Option<Candidate> {
    let cells = || {
        let cells = times
            .iter()
            .zip(rows)
            .map(|(time, row)| (time, cell(row, column)));
        cells.filter(|(_, cell)| !is_missing(cell))
    };
    // Of each text its first time, and whether it comes at another one.
    let mut kinds = HashMap::<&[u8], (u32, bool)>::new();
    let mut count = 0;
    for (time, cell) in cells() {
        if cell.len() > LABEL_VALUE_BYTES_MAX || std::str::from_utf8(cell).is_err() {
            return None;
        }
        count += 1;
        let (first, several) = kinds.entry(cell).or_insert((*time, false));
        *several |= first != time;
    }
    let begin = times.first();
    let (mut later, mut back) = (0_u32, 0_u32);
    for (_, cell) in cells().filter(|(time, _)| Some(*time) != begin) {
        later += 1;
        back += u32::from(kinds.get(cell).is_some_and(|(_, several)| *several));
    }
    Some(Candidate {
        column,
        kinds: kinds.len(),
        comes_back: f64::from(back) >= BACK_MIN * f64::from(later),
        is_rare: kinds.len() * 2 > count,
    })
}

/// Which of the `texts` columns are needed beside the time and the labels, at most `room`; each takes away as many
/// repetitions as it can.
pub(crate) fn apart(
    rows: &[Cells],
    time: usize,
    labels: impl Iterator<Item = usize>,
    texts: &[usize],
    room: usize,
) -> Apart {
    let mut found = Apart::default();
    if texts.is_empty() {
        return found;
    }
    let rows: Vec<&Cells> = rows
        .iter()
        .filter(|row| !is_missing(cell(row, time)))
        .collect();
    let (times, mut distinct) = refined(&vec![0; rows.len()], &rows, time);
    let mut keys = times.clone();
    for label in labels {
        (keys, distinct) = refined(&keys, &rows, label);
    }
    let mut repeats = rows.len() - distinct;
    if repeats == 0 || (repeats as f64) < REPEATS_MIN * rows.len() as f64 {
        return found;
    }
    let candidates: Vec<_> = texts
        .iter()
        .filter_map(|text| candidate(&times, &rows, *text))
        .collect();
    let mut taken = HashSet::new();
    while repeats > 0 && found.columns.len() < room {
        let mut best: Option<((usize, usize, usize), Vec<u32>)> = None;
        for candidate in candidates.iter().filter(|c| !taken.contains(&c.column)) {
            let (refined, distinct) = refined(&keys, &rows, candidate.column);
            let left = rows.len() - distinct;
            if ((repeats - left) as f64) < TAKEN_MIN * repeats as f64 {
                continue;
            }
            found.is_unsure |= candidate.is_rare;
            let rank = (left, candidate.kinds, candidate.column);
            if candidate.comes_back && best.as_ref().is_none_or(|(best, _)| rank < *best) {
                best = Some((rank, refined));
            }
        }
        let Some(((left, _, column), refined)) = best else {
            break;
        };
        (repeats, keys) = (left, refined);
        taken.insert(column);
        found.columns.push(column);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Apart {
        let line = |line: &str| line.split('|').map(|c| c.as_bytes().to_vec()).collect();
        let rows: Vec<Cells> = text.lines().map(line).collect();
        apart(&rows, 0, std::iter::empty(), &[1, 2], 8)
    }

    #[test]
    fn columns_are_taken_that_are_needed_and_come_back() {
        assert_eq!(of("1|a|x\n1|b|x\n2|a|x\n2|b|x").columns, [1]);
        assert_eq!(
            of("1|a|x\n1|b|x\n1|a|y\n1|b|y\n2|a|x\n2|b|x\n2|a|y\n2|b|y").columns,
            [1, 2]
        );
        // Each text once.
        assert_eq!(of("1|a|k\n1|b|l\n2|c|m\n2|d|n").columns, [0; 0]);
        assert!(of("1|a|k\n1|b|l\n2|c|m\n2|d|n").is_unsure);
        // Times of their own, and rows that are the same.
        assert_eq!(of("1|a|x\n2|b|x\n3|a|x\n4|b|x"), Apart::default());
        assert_eq!(of("1|a|x\n1|a|x\n2|a|x\n2|a|x"), Apart::default());
    }

    #[test]
    fn cells_that_cannot_be_labels_are_not_taken() {
        let long = "l".repeat(LABEL_VALUE_BYTES_MAX + 1);
        let text = format!("1|{long}|x\n1|b|x\n2|{long}|x\n2|b|x");
        assert_eq!(of(&text), Apart::default());
    }
}
