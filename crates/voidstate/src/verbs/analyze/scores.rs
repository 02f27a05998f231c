//! The score of every row, as CSV files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use voidstate_anomaly::{Detector, DetectorConfig};
use voidstate_file::stem;

use super::input::Input;
use crate::interrupt::Interrupt;
use crate::problem::{Exit, Problem, chain};

/// Refuses what would write two files to one place.
pub(crate) fn check(files: &[PathBuf], dir: &Path) -> Result<(), Problem> {
    let mut seen = BTreeMap::new();
    for path in files {
        if let Some(other) = seen.insert(stem(path), path) {
            let why = format!(
                "{} and {} would both be written there",
                other.display(),
                path.display()
            );
            let next = "analyse them one after the other with different directories";
            let place = dir.display().to_string();
            return Err(Problem::new(
                Exit::Usage,
                "the scores of two files have one name",
                place,
                why,
                next,
            ));
        }
    }
    Ok(())
}

/// Writes `DIR/<stem>.csv`, or `DIR/<stem>.<column>.csv` when there are several columns of numbers: per usable row its
/// timestamp as it stands in the file, the value, and the detector's score in `[0, 1]`. A missing value scores 0. A file
/// takes its place when it is whole; an input is never written over.
pub(crate) fn write(input: &Input, dir: &Path, interrupt: &Interrupt) -> Result<(), Problem> {
    std::fs::create_dir_all(dir).map_err(|error| problem(dir, &error))?;
    let mut reader = input.open()?;
    let names: Vec<String> = reader
        .layout()
        .values
        .iter()
        .map(|column| column.name.clone())
        .collect();
    let paths = paths(dir, &input.stem, &names);
    paths
        .iter()
        .try_for_each(|path| refuse_input(path, input))?;
    let mut outputs = paths
        .into_iter()
        .map(Output::create)
        .collect::<Result<Vec<_>, _>>()?;
    while !interrupt.is_asked() {
        let row = match reader.next_row() {
            Ok(Some(row)) => row,
            Ok(None) => return outputs.into_iter().try_for_each(Output::finish),
            Err(error) => return Err(input.problem(&error)),
        };
        for (output, value) in outputs.iter_mut().zip(row.values) {
            output.row(row.time_text, row.group, row.time.as_nanos(), *value)?;
        }
    }
    eprintln!(
        "stopped before the end: no scores of {} were written",
        input.name
    );
    Ok(())
}

/// Refuses to write over the file that is being read.
fn refuse_input(path: &Path, input: &Input) -> Result<(), Problem> {
    use std::os::unix::fs::MetadataExt;
    let identity = |path: &Path| {
        std::fs::metadata(path)
            .ok()
            .map(|meta| (meta.dev(), meta.ino()))
    };
    let same = input
        .path()
        .and_then(identity)
        .is_some_and(|own| identity(path) == Some(own));
    if !same {
        return Ok(());
    }
    let next = "name another directory with --scores-out DIR";
    let place = path.display().to_string();
    Err(Problem::new(
        Exit::Usage,
        "the scores would replace the file they are made of",
        place,
        "it is the input",
        next,
    ))
}

/// One path per column, all different, none outside the directory.
fn paths(dir: &Path, stem: &str, columns: &[String]) -> Vec<PathBuf> {
    if columns.len() == 1 {
        return vec![dir.join(format!("{stem}.csv"))];
    }
    let safe = |c: char| {
        if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') {
            c
        } else {
            '_'
        }
    };
    let mut taken = BTreeSet::new();
    let mut path = |(n, name): (usize, &String)| {
        let mut name: String = name.chars().map(safe).take(100).collect();
        while name.is_empty() || !taken.insert(name.clone()) {
            name.push_str(&format!(".{n}"));
        }
        dir.join(format!("{stem}.{name}.csv"))
    };
    columns.iter().enumerate().map(&mut path).collect()
}

fn problem(path: &Path, error: &std::io::Error) -> Problem {
    let denied = error.kind() == std::io::ErrorKind::PermissionDenied;
    let exit = if denied {
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
    /// Where it is written until it is whole.
    part: PathBuf,
    file: Option<BufWriter<File>>,
    /// One detector per combination of labels.
    detectors: BTreeMap<u32, Detector>,
}

impl Output {
    fn create(path: PathBuf) -> Result<Self, Problem> {
        let mut part = path.clone().into_os_string();
        part.push(format!(".part-{}", std::process::id()));
        let part = PathBuf::from(part);
        let file = File::create(&part).map_err(|error| problem(&part, &error))?;
        let mut output = Self {
            path,
            part,
            file: Some(BufWriter::new(file)),
            detectors: BTreeMap::new(),
        };
        output.line("timestamp,value,anomaly_score")?;
        Ok(output)
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
        self.line(&format!("{},{text},{score}", quoted(time)))
    }

    fn line(&mut self, line: &str) -> Result<(), Problem> {
        let written = self
            .file
            .as_mut()
            .map_or(Ok(()), |file| writeln!(file, "{line}"));
        written.map_err(|error| problem(&self.part, &error))
    }

    fn finish(mut self) -> Result<(), Problem> {
        let flushed = self.file.as_mut().map_or(Ok(()), Write::flush);
        self.file = None;
        flushed
            .and_then(|()| std::fs::rename(&self.part, &self.path))
            .map_err(|error| problem(&self.path, &error))
    }
}

/// What is not whole is not left behind; after a rename there is nothing to remove.
impl Drop for Output {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.part);
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
        let names = ["a/b", "a b", "a_b.1", "..", "", "ok"].map(str::to_owned);
        let paths = paths(Path::new("/d"), "s", &names);
        let distinct: BTreeSet<_> = paths.iter().collect();
        assert_eq!(distinct.len(), names.len());
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
