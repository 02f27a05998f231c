//! The score of every row, as CSV files.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use voidstate_anomaly::{Detector, DetectorConfig};

use super::input::Input;
use crate::problem::{Exit, Problem, chain};

/// Writes `DIR/<stem>.csv`, or `DIR/<stem>.<column>.csv` when there are several columns of numbers: per usable row its
/// timestamp as it stands in the file, the value, and the detector's score in `[0, 1]`. A missing value scores 0.
pub(crate) fn write(input: &Input, dir: &Path) -> Result<(), Problem> {
    std::fs::create_dir_all(dir).map_err(|error| problem(dir, &error))?;
    let mut reader = input.open()?;
    let names: Vec<String> = reader
        .layout()
        .values
        .iter()
        .map(|column| column.name.clone())
        .collect();
    let paths = paths(dir, &input.stem, &names);
    let mut outputs = paths
        .into_iter()
        .map(Output::create)
        .collect::<Result<Vec<_>, _>>()?;
    loop {
        let row = match reader.next_row() {
            Ok(Some(row)) => row,
            Ok(None) => break,
            Err(error) => return Err(input.problem(&error)),
        };
        for (output, value) in outputs.iter_mut().zip(row.values) {
            output.row(row.time_text, row.group, row.time.as_nanos(), *value)?;
        }
    }
    outputs.into_iter().try_for_each(Output::finish)
}

/// One path per column; names that would meet or leave the directory are told apart by the column's number.
fn paths(dir: &Path, stem: &str, columns: &[String]) -> Vec<PathBuf> {
    if columns.len() == 1 {
        return vec![dir.join(format!("{stem}.csv"))];
    }
    let safe = |name: &str| -> String {
        name.chars()
            .map(|c| {
                if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') {
                    c
                } else {
                    '_'
                }
            })
            .take(100)
            .collect()
    };
    let names: Vec<String> = columns.iter().map(|name| safe(name)).collect();
    let path = |(n, name): (usize, &String)| {
        let unique = names.iter().filter(|other| *other == name).count() == 1 && !name.is_empty();
        if unique {
            dir.join(format!("{stem}.{name}.csv"))
        } else {
            dir.join(format!("{stem}.{name}.{n}.csv"))
        }
    };
    names.iter().enumerate().map(path).collect()
}

fn problem(path: &Path, error: &std::io::Error) -> Problem {
    let exit = if error.kind() == std::io::ErrorKind::PermissionDenied {
        Exit::Permission
    } else {
        Exit::Input
    };
    let next = "name a directory that you may write and that has room with --scores-out DIR";
    Problem::new(
        exit,
        "the scores cannot be written",
        path.display().to_string(),
        error,
        next,
    )
}

struct Output {
    path: PathBuf,
    file: BufWriter<File>,
    /// One detector per combination of labels.
    detectors: BTreeMap<u32, Detector>,
}

impl Output {
    fn create(path: PathBuf) -> Result<Self, Problem> {
        let file = File::create(&path).map_err(|error| problem(&path, &error))?;
        let mut file = BufWriter::new(file);
        writeln!(file, "timestamp,value,anomaly_score").map_err(|error| problem(&path, &error))?;
        Ok(Self {
            path,
            file,
            detectors: BTreeMap::new(),
        })
    }

    fn row(&mut self, time: &str, group: u32, time_ns: i64, value: f64) -> Result<(), Problem> {
        let detector = match self.detectors.entry(group) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(new) => {
                let made = Detector::new(DetectorConfig::default());
                new.insert(made.map_err(|error| Problem::internal("the detector", chain(&error)))?)
            }
        };
        let score = if value.is_nan() {
            0.0
        } else {
            detector.observe(time_ns, value).score
        };
        let text = if value.is_nan() {
            String::new()
        } else {
            value.to_string()
        };
        writeln!(self.file, "{},{text},{score}", quoted(time))
            .map_err(|error| problem(&self.path, &error))
    }

    fn finish(mut self) -> Result<(), Problem> {
        self.file
            .flush()
            .map_err(|error| problem(&self.path, &error))
    }
}

/// A CSV field.
fn quoted(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\"")).into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_never_share_a_file_or_leave_the_directory() {
        let names = ["a/b", "a b", "..", "ok"].map(str::to_owned);
        let paths = paths(Path::new("/d"), "s", &names);
        let distinct: std::collections::BTreeSet<_> = paths.iter().collect();
        assert_eq!(distinct.len(), 4);
        assert!(
            paths
                .iter()
                .all(|path| path.parent() == Some(Path::new("/d")))
        );
        assert_eq!(paths.last(), Some(&PathBuf::from("/d/s.ok.csv")));
    }

    #[test]
    fn a_time_with_a_comma_is_quoted() {
        assert_eq!(quoted("Tue, 1 Apr"), "\"Tue, 1 Apr\"");
        assert_eq!(quoted("2014-04-01 00:00:00"), "2014-04-01 00:00:00");
    }
}
