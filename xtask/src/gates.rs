//! Ratios that benches print and the limits they are held against.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{Error, Result};
use crate::shell;

/// Limits by crate, then by figure.
pub(crate) type Gates = BTreeMap<String, BTreeMap<String, f64>>;

/// The crate that a bench belongs to: benches are named `<short>` or, when a crate needs a process more, `<short>_<part>`.
pub(crate) fn owner(bench: &str) -> &str {
    bench.split_once('_').map_or(bench, |(short, _)| short)
}

/// Reads `benches/gates.toml`.
pub(crate) fn load(root: &Path) -> Result<Gates> {
    let path = root.join("benches/gates.toml");
    parse(&shell::read_file(&path)?)
        .map_err(|why| Error::malformed(path.display().to_string(), why))
}

fn parse(text: &str) -> std::result::Result<Gates, String> {
    let table: toml::Table = text.parse().map_err(|e: toml::de::Error| e.to_string())?;
    let mut gates = Gates::new();
    for (krate, figures) in table {
        let figures = figures
            .as_table()
            .ok_or_else(|| format!("`{krate}` is not a table [{krate}.<figure>]"))?;
        for (figure, gate) in figures {
            let limit = gate
                .get("limit")
                .and_then(|l| l.as_float().or_else(|| l.as_integer().map(|i| i as f64)));
            let limit = limit.filter(|l| l.is_finite() && *l > 0.0);
            let limit = limit
                .ok_or_else(|| format!("[{krate}.{figure}] needs `limit`, a positive number"))?;
            gates
                .entry(krate.clone())
                .or_default()
                .insert(figure.clone(), limit);
        }
    }
    Ok(gates)
}

/// Reads the `ratio <crate> <figure> <value>` lines that a bench printed for `krate`.
pub(crate) fn ratios(
    krate: &str,
    output: &str,
) -> std::result::Result<BTreeMap<String, f64>, String> {
    let mut found = BTreeMap::new();
    for line in output.lines().filter(|l| l.starts_with("ratio ")) {
        let words: Vec<_> = line.split_whitespace().collect();
        let &[_, of, figure, value] = words.as_slice() else {
            return Err(format!("`{line}` is not `ratio <crate> <figure> <value>`"));
        };
        if of != krate {
            return Err(format!(
                "`{line}` speaks of `{of}` in the bench of `{krate}`"
            ));
        }
        let value: f64 = value
            .parse()
            .map_err(|_| format!("`{line}` has no number"))?;
        if !value.is_finite() || value < 0.0 {
            return Err(format!("`{line}` is no ratio"));
        }
        if found.insert(figure.to_owned(), value).is_some() {
            return Err(format!("`{figure}` is printed twice"));
        }
    }
    Ok(found)
}

/// One figure beside its limit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) krate: String,
    pub(crate) figure: String,
    /// Best ratio of the tries; none was printed when absent.
    pub(crate) ratio: Option<f64>,
    /// No limit is written down when absent.
    pub(crate) limit: Option<f64>,
}

impl Row {
    /// Whether the figure holds. A figure without a limit gates nothing; a limit without a figure never holds.
    pub(crate) fn holds(&self) -> bool {
        match (self.ratio, self.limit) {
            (Some(ratio), Some(limit)) => ratio <= limit,
            (None, _) => false,
            (Some(_), None) => true,
        }
    }

    fn result(&self) -> &'static str {
        match (self.ratio, self.limit) {
            (None, _) => "missing",
            (_, None) => "no gate",
            _ if self.holds() => "ok",
            _ => "OVER",
        }
    }
}

/// Every figure of a crate, measured or gated.
pub(crate) fn rows(krate: &str, gates: &Gates, best: &BTreeMap<String, f64>) -> Vec<Row> {
    let limits = gates.get(krate).cloned().unwrap_or_default();
    let mut figures: Vec<_> = limits.keys().chain(best.keys()).cloned().collect();
    figures.sort();
    figures.dedup();
    let row = |figure: String| Row {
        krate: krate.to_owned(),
        ratio: best.get(&figure).copied(),
        limit: limits.get(&figure).copied(),
        figure,
    };
    figures.into_iter().map(row).collect()
}

/// The rows as a Markdown table.
pub(crate) fn markdown(rows: &[Row]) -> String {
    let number = |n: Option<f64>| n.map_or_else(|| "-".to_owned(), |n| format!("{n:.3}"));
    let mut text =
        String::from("| crate | figure | ratio | limit | result |\n|---|---|---:|---:|---|\n");
    for row in rows {
        let cells = [
            &row.krate,
            &row.figure,
            &number(row.ratio),
            &number(row.limit),
            row.result(),
        ]
        .map(str::to_owned);
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_are_positive_numbers() {
        let gates = parse("[a.x]\nlimit = 1.5\n[a.y]\nlimit = 2\n").unwrap();
        assert_eq!(gates["a"].get("y"), Some(&2.0));
        for bad in [
            "[a.x]\nlimit = nan",
            "[a.x]\nlimit = 0",
            "[a.x]\nlimt = 1",
            "a = 1",
            "[a",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_honest_ratio_lines_are_read() {
        let found = ratios("a", "hello\nratio a x 1.25\n  ratio of 3\nfact a y 3 ns\n").unwrap();
        assert_eq!(found, BTreeMap::from([("x".to_owned(), 1.25)]));
        for bad in [
            "ratio a x",
            "ratio b x 1",
            "ratio a x NaN",
            "ratio a x inf",
            "ratio a x -1",
            "ratio a x 1\nratio a x 2",
        ] {
            assert!(ratios("a", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_gate_that_nothing_prints_does_not_hold() {
        let gates = parse("[a.x]\nlimit = 1\n[a.gone]\nlimit = 1").unwrap();
        let rows = rows(
            "a",
            &gates,
            &BTreeMap::from([("x".to_owned(), 1.01), ("free".to_owned(), 9.0)]),
        );
        let results: Vec<_> = rows
            .iter()
            .map(|r| (r.figure.as_str(), r.result()))
            .collect();
        assert_eq!(
            results,
            [("free", "no gate"), ("gone", "missing"), ("x", "OVER")]
        );
        assert_eq!(rows.iter().filter(|r| r.holds()).count(), 1);
        assert!(markdown(&rows).contains("| a | x | 1.010 | 1.000 | OVER |"));
    }
}
