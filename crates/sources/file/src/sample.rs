//! The first rows of a file as a table of cells.

use std::collections::HashMap;

use crate::delimited::{Delimited, Step};
use crate::json::members;
use crate::lines::Lines;
use crate::options::COLUMNS_MAX;

/// Rows of one width; the first may be a header.
pub(crate) struct Table {
    /// Names, where the format gives them.
    pub(crate) names: Option<Vec<String>>,
    pub(crate) rows: Vec<Vec<Vec<u8>>>,
    pub(crate) width: usize,
    /// Rows before the first of that width.
    pub(crate) preamble: usize,
    /// Share of rows that have that width or, in JSON, parse.
    pub(crate) share: f64,
    /// Names of JSON members that are arrays or too deep.
    pub(crate) others: Vec<String>,
}

/// Splits a sample at a delimiter.
pub(crate) fn delimited(
    sample: &[u8],
    delimiter: u8,
    terminator: u8,
    rows_max: usize,
    row_bytes: usize,
) -> Table {
    let mut lines = Lines::new(Box::new(std::io::Cursor::new(sample.to_vec())), row_bytes);
    lines.terminator = terminator;
    let mut splitter = Delimited::new(delimiter, row_bytes);
    let (mut rows, mut total) = (Vec::<Vec<Vec<u8>>>::new(), 0_usize);
    // One row more: the first may be a header.
    while rows.len() <= rows_max {
        match splitter.step(&mut lines) {
            Step::Row => {
                let cells = 0..splitter.width();
                rows.push(cells.map(|i| splitter.cell(&lines, i).to_vec()).collect());
            }
            Step::Blank => continue,
            Step::Bad(_) => {}
            Step::End => break,
        }
        total += 1;
        if total > rows_max * 2 {
            break;
        }
    }
    let mut widths = HashMap::<usize, usize>::new();
    for row in &rows {
        *widths.entry(row.len()).or_default() += 1;
    }
    let width = widths
        .iter()
        .max_by_key(|(width, count)| (**count, **width))
        .map_or(0, |(width, _)| *width);
    let preamble = rows.iter().position(|row| row.len() == width).unwrap_or(0);
    rows.retain(|row| row.len() == width);
    let share = rows.len() as f64 / total.max(1) as f64;
    Table {
        names: None,
        rows,
        width,
        preamble,
        share,
        others: Vec::new(),
    }
}

/// Collects the members of sample lines; the columns are the names in order of first appearance.
pub(crate) fn json(sample: &[u8], terminator: u8, rows_max: usize) -> Result<Table, String> {
    let (mut names, mut index) = (Vec::<String>::new(), HashMap::<String, usize>::new());
    let (mut rows, mut others) = (Vec::new(), Vec::<String>::new());
    let (mut total, mut fault) = (0_usize, None);
    let lines = sample.split(|&b| b == terminator).map(<[u8]>::trim_ascii);
    for line in lines.filter(|line| !line.is_empty()).take(rows_max) {
        total += 1;
        let found = match members(line) {
            Ok(found) => found,
            Err(message) => {
                fault.get_or_insert(message);
                continue;
            }
        };
        let mut row = vec![Vec::new(); names.len()];
        for member in found {
            let Some(text) = member.text else {
                if others.len() < COLUMNS_MAX && !others.contains(&member.name) {
                    others.push(member.name);
                }
                continue;
            };
            let at = match index.get(&member.name) {
                Some(at) => *at,
                None if names.len() >= COLUMNS_MAX => continue,
                None => {
                    index.insert(member.name.clone(), names.len());
                    names.push(member.name);
                    names.len() - 1
                }
            };
            if row.len() <= at {
                row.resize(at + 1, Vec::new());
            }
            if let Some(cell) = row.get_mut(at) {
                *cell = text;
            }
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(fault.unwrap_or_else(|| "there is no line".to_owned()));
    }
    let share = rows.len() as f64 / total.max(1) as f64;
    Ok(Table {
        width: names.len(),
        names: Some(names),
        rows,
        preamble: 0,
        share,
        others,
    })
}
