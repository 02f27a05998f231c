//! Names of metrics, labels and files.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use voidstate_core::{LABEL_VALUE_BYTES_MAX, MetricName};

/// The metric of a column, and the column's name where that had to be changed.
pub(crate) fn metric(column: &str) -> (MetricName, Option<String>) {
    let name = MetricName::sanitised(column);
    let original = (name.as_str() != column).then(|| cut(column));
    (name, original)
}

fn cut(text: &str) -> String {
    let mut text = text.to_owned();
    while text.len() > LABEL_VALUE_BYTES_MAX {
        text.pop();
    }
    text
}

/// Valid and different label names for columns; `file` and `column` are taken.
pub(crate) fn label_names<'a>(columns: impl Iterator<Item = &'a str>) -> Vec<String> {
    const LONGEST: usize = 100;
    let mut taken = HashSet::from(["file".to_owned(), "column".to_owned()]);
    let mut names = Vec::new();
    for column in columns {
        let allowed = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        let mut base: String = column.chars().take(LONGEST).map(allowed).collect();
        if !base.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic()) {
            base.insert(0, '_');
        }
        let mut name = base.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{base}_{number}");
            number += 1;
        }
        names.push(name);
    }
    names
}

/// What tells files apart in the label `file`: their stems, or their paths where stems are the same; none for one file.
pub(crate) fn file_labels<P: AsRef<Path>>(paths: &[P]) -> Vec<Option<String>> {
    if paths.len() < 2 {
        return vec![None; paths.len()];
    }
    let stems: Vec<_> = paths.iter().map(|path| stem(path.as_ref())).collect();
    let mut count = HashMap::<&str, usize>::new();
    for stem in &stems {
        *count.entry(stem).or_default() += 1;
    }
    let label = |(path, stem): (&P, &String)| {
        let unique = count.get(stem.as_str()) == Some(&1);
        let shown = path.as_ref().display().to_string();
        Some(cut(if unique { stem } else { &shown }))
    };
    paths.iter().zip(&stems).map(label).collect()
}

/// The name of a file without directories, the ending of its compression and the ending of its format.
#[must_use]
pub fn stem(path: &Path) -> String {
    let name = path
        .file_name()
        .map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy());
    if name == "-" {
        return "stdin".to_owned();
    }
    let name = [".gz", ".zst"]
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .unwrap_or(&name);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_lose_compression_and_format() {
        for (path, expected) in [
            ("a/b.csv", "b"),
            ("b.c.csv.gz", "b.c"),
            ("b.jsonl.zst", "b"),
            (".csv", ".csv"),
            ("-", "stdin"),
            ("x", "x"),
        ] {
            assert_eq!(stem(Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn files_of_one_stem_are_told_apart_by_path() {
        let labels = file_labels(&["a/x.csv", "b/x.csv", "y.csv"]);
        let labels: Vec<_> = labels.iter().map(|l| l.as_deref().unwrap()).collect();
        assert_eq!(labels, ["a/x.csv", "b/x.csv", "y"]);
        assert_eq!(file_labels(&["x.csv"]), [None]);
    }

    #[test]
    fn label_names_are_valid_and_different() {
        assert_eq!(
            label_names(["host name", "host-name", "1", "file"].into_iter()),
            ["host_name", "host_name_2", "_1", "file_2"]
        );
    }
}
