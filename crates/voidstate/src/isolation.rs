//! Tools in processes of their own: this program again, called as `voidstate tool-host NAME`.

use std::path::PathBuf;
use std::sync::Arc;

use voidstate_core::ToolFactory;
use voidstate_runtime::Policy;
use voidstate_runtime::process::ProcessFactory;

use crate::problem::{Exit, Problem, chain};
use crate::settings::Told;
use crate::wiring;

/// Which tools run in processes of their own.
#[derive(Debug)]
pub(crate) struct Isolation {
    tools: Vec<String>,
    program: PathBuf,
}

impl Isolation {
    /// Those that `--isolate` names.
    pub(crate) fn of(tools: &[String]) -> Result<Self, Problem> {
        if tools.is_empty() {
            return Ok(Self {
                tools: Vec::new(),
                program: PathBuf::new(),
            });
        }
        let known = wiring::tools()?;
        let is_known = |name: &String| known.iter().any(|tool| tool.meta().id.as_str() == name);
        if let Some(unknown) = tools.iter().find(|name| !is_known(name)) {
            let ids: Vec<_> = known.iter().map(|tool| tool.meta().id.as_str()).collect();
            return Err(Problem::new(
                Exit::Usage,
                "a tool cannot be isolated",
                unknown.clone(),
                format!("there is no such tool; there are {}", ids.join(", ")),
                "name one of `voidstate tools`, several with commas between them",
            ));
        }
        let program = std::env::current_exe();
        let program =
            program.map_err(|error| Problem::internal("finding this program", chain(&error)))?;
        Ok(Self {
            tools: tools.to_vec(),
            program,
        })
    }

    /// The tools as they are to run.
    pub(crate) fn place_all(&self, tools: Vec<Told>) -> Vec<Told> {
        let tools = tools.into_iter();
        tools
            .map(|(tool, given)| (self.place(tool), given))
            .collect()
    }

    fn place(&self, tool: Arc<dyn ToolFactory>) -> Arc<dyn ToolFactory> {
        let id = tool.meta().id.to_string();
        if !self.tools.contains(&id) {
            return tool;
        }
        let factory = ProcessFactory::new(
            tool.meta().clone(),
            self.program.clone(),
            ["tool-host".to_owned(), id],
        );
        Arc::new(factory.limit(Policy::default().hang_after))
    }
}
