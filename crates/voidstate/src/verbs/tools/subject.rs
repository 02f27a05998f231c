//! What is to be checked: a tool by its name, or a file.

use std::path::Path;
use std::sync::Arc;

use voidstate_core::ToolFactory;

use super::spec::{self, SpecFile};
use crate::problem::{Exit, Problem};

/// What the user named.
pub(super) struct Subject {
    /// The tools to check.
    pub(super) tools: Vec<Arc<dyn ToolFactory>>,
    /// The file that names them, if it is one.
    pub(super) spec: Option<SpecFile>,
}

/// Finds what `named` stands for among `tools`, or reads it.
pub(super) fn find(named: &Path, tools: &[Arc<dyn ToolFactory>]) -> Result<Subject, Problem> {
    let name = named.to_string_lossy();
    let by_name = tools.iter().find(|tool| tool.meta().id.as_str() == name);
    if let Some(tool) = by_name {
        return Ok(Subject {
            tools: vec![Arc::clone(tool)],
            spec: None,
        });
    }
    let kind = named
        .extension()
        .map(|kind| kind.to_string_lossy().to_lowercase());
    match kind.as_deref() {
        Some("spec") => spec::read(named, tools),
        Some("wasm") => Err(Problem::new(
            Exit::Usage,
            "WebAssembly tools cannot be checked",
            name,
            "this build has no sandbox to run them in",
            "check a built-in tool; `voidstate tools` lists them",
        )),
        _ if named.exists() || name.contains('/') => Err(Problem::new(
            Exit::Input,
            "this file cannot be checked",
            name,
            "it is not a specification: its name does not end in .spec",
            "name a tool of `voidstate tools`, or a .spec file",
        )),
        _ => Err(unknown(&name, tools)),
    }
}

fn unknown(name: &str, tools: &[Arc<dyn ToolFactory>]) -> Problem {
    let ids = tools.iter().map(|tool| tool.meta().id.as_str());
    let nearest = ids
        .map(|id| (distance(id, name), id))
        .min()
        .filter(|(distance, id)| *distance <= id.len().div_ceil(3));
    let next = match nearest {
        Some((_, id)) => format!("did you mean `voidstate tools check {id}`?"),
        None => "`voidstate tools` lists the tools that there are".to_owned(),
    };
    Problem::new(
        Exit::Usage,
        "there is no such tool",
        name,
        "no tool of this program has that name, and no file is there",
        next,
    )
}

/// Letters to change, add or leave out to get from one to the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(128).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, x) in a.chars().enumerate() {
        let mut left = at + 1;
        let mut next = vec![left];
        for ((y, diagonal), above) in b.iter().zip(&row).zip(row.iter().skip(1)) {
            left = (left + 1)
                .min(above + 1)
                .min(diagonal + usize::from(x != *y));
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_levenshtein() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("anomaly", "anomaly"), 0);
    }
}
