//! A .spec file: the tools that it names, and whether it says of their effects what they say themselves.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use voidstate_core::ToolFactory;
use voidstate_language::CheckedTool;

use super::subject::Subject;
use crate::problem::{Exit, Problem};

/// Longest specification that is read, in bytes.
const BYTES_MAX: u64 = 16 << 20;

/// What was read of a specification.
#[derive(Debug, Serialize)]
pub(super) struct SpecFile {
    pub(super) file: String,
    pub(super) tools: Vec<SpecTool>,
}

/// A tool that a specification names.
#[derive(Debug, Serialize)]
pub(super) struct SpecTool {
    pub(super) name: String,
    /// Whether this program has a tool of that name.
    pub(super) is_here: bool,
    /// What the specification says of it otherwise than the tool itself, in sentences.
    pub(super) differences: Vec<String>,
}

impl SpecFile {
    /// Whether any tool differs from what is said of it.
    pub(super) fn differs(&self) -> bool {
        self.tools.iter().any(|tool| !tool.differences.is_empty())
    }
}

pub(super) fn read(path: &Path, tools: &[Arc<dyn ToolFactory>]) -> Result<Subject, Problem> {
    let file = path.display().to_string();
    let source = text(path, &file)?;
    let checked = voidstate_language::compile(&source).map_err(|diagnostics| {
        let why = diagnostics.render(&source, &file, false);
        let next = "mend the places shown; nothing was checked";
        Problem::new(
            Exit::Input,
            "the specification cannot be read",
            file.clone(),
            why.trim_end(),
            next,
        )
    })?;
    let mut found = Vec::new();
    let mut told = Vec::new();
    for spec in &checked.tools {
        let tool = tools
            .iter()
            .find(|tool| word(tool.meta().id.as_str()) == spec.name);
        told.push(SpecTool {
            name: spec.name.clone(),
            is_here: tool.is_some(),
            differences: tool.map_or_else(Vec::new, |tool| differences(spec, tool.as_ref())),
        });
        found.extend(tool.cloned());
    }
    if found.is_empty() {
        let names: Vec<&str> = told.iter().map(|tool| tool.name.as_str()).collect();
        let why = if names.is_empty() {
            "it specifies no tool".to_owned()
        } else {
            format!(
                "it specifies {}, which this program has not",
                names.join(", ")
            )
        };
        let next = "`voidstate tools` lists the tools that can be checked";
        return Err(Problem::new(
            Exit::Input,
            "there is no tool to check",
            file,
            why,
            next,
        ));
    }
    Ok(Subject {
        tools: found,
        spec: Some(SpecFile { file, tools: told }),
    })
}

fn text(path: &Path, file: &str) -> Result<String, Problem> {
    let fail = |error: std::io::Error| {
        let exit = match error.kind() {
            std::io::ErrorKind::PermissionDenied => Exit::Permission,
            _ => Exit::Input,
        };
        let next = "check the path, and that you may read the file";
        Problem::new(exit, "the specification cannot be read", file, error, next)
    };
    let bytes = std::fs::metadata(path).map_err(fail)?.len();
    if bytes > BYTES_MAX {
        return Err(Problem::new(
            Exit::Input,
            "the specification cannot be read",
            file,
            format!("it has {bytes} bytes, at most {BYTES_MAX} are read"),
            "split it",
        ));
    }
    std::fs::read_to_string(path).map_err(fail)
}

/// A tool's id as a word of the language, which has neither dots nor hyphens in names.
fn word(id: &str) -> String {
    id.replace(['-', '.'], "_")
}

fn differences(spec: &CheckedTool, tool: &dyn ToolFactory) -> Vec<String> {
    let Some(said) = &spec.effects else {
        return Vec::new();
    };
    let said: BTreeSet<String> = said.iter().cloned().collect();
    let own: BTreeSet<String> = tool.meta().effects.iter().map(|e| e.to_string()).collect();
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>, words: &str| -> Vec<String> {
        let names = a.difference(b);
        names.map(|name| format!("effect {name} {words}")).collect()
    };
    let mut found = only(
        &said,
        &own,
        "is in the specification, and the tool does not declare it",
    );
    found.extend(only(
        &own,
        &said,
        "is declared by the tool, and not in the specification",
    ));
    found
}
