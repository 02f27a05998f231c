//! `voidstate tool-host`: one tool, in this process, for an engine at the other end of the pipes.

use std::io::IsTerminal;

use voidstate_runtime::process;

use crate::cli::ToolHostArgs;
use crate::problem::{Exit, Problem, chain};
use crate::wiring;

/// Runs the verb.
pub(crate) fn run(args: &ToolHostArgs) -> Result<Exit, Problem> {
    let refuse = |why: String| {
        Problem::new(
            Exit::Usage,
            "a tool cannot be hosted",
            args.name.clone(),
            why,
            "run `voidstate watch --isolate NAME`, which starts tool hosts as it needs them",
        )
    };
    let (input, output) = (std::io::stdin(), std::io::stdout());
    if input.is_terminal() || output.is_terminal() {
        let why = "a tool host talks with an engine over pipes, and this is a terminal";
        return Err(refuse(why.to_owned()));
    }
    let mut tools = wiring::tools()?;
    tools.retain(|tool| tool.meta().id.as_str() == args.name);
    if tools.is_empty() {
        return Err(refuse("there is no such tool".to_owned()));
    }
    let hosted =
        process::end_with_engine(&input).and_then(|()| process::host(&tools, &input, &output));
    hosted.map_err(|error| {
        Problem::new(
            Exit::Input,
            "a tool host cannot go on",
            args.name.clone(),
            chain(&error),
            "an engine of the same version starts tool hosts; there is nothing to do by hand",
        )
    })?;
    Ok(Exit::Ok)
}
