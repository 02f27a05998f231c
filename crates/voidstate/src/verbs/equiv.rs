//! `voidstate equiv`: whether two pipelines, or two tools, do the same, and how that is known.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;

use serde::Serialize;
use voidstate_core::{Attributes, Grade, Verdict};
use voidstate_equivalence::evidence;
use voidstate_equivalence::path::{Direction, Path as Proof};
use voidstate_equivalence::pipeline::{Pipeline, Sample};
use voidstate_properties::tool::to_json_lines;

use crate::cli::EquivArgs;
use crate::equivalence::{self, Subject};
use crate::interrupt::Interrupt;
use crate::problem::{Exit, Problem, chain};
use crate::settings::{Line, Loaded};

/// What is compared.
enum Side {
    Pipeline(Pipeline),
    Tool(Subject),
}

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Answer {
    grade: Grade,
    sentence: String,
    /// Each step of the proof: which rule, and the pipeline after it.
    path: Option<Vec<(String, String)>>,
    /// A shortest input that was found to separate them.
    separating: Option<Separating>,
}

#[derive(Debug, Serialize)]
struct Separating {
    /// A sample a line for pipelines, a step a line for tools.
    input: Vec<String>,
    left: Vec<String>,
    right: Vec<String>,
}

/// Runs the verb.
pub(crate) fn run(args: &EquivArgs) -> Result<Exit, Problem> {
    let interrupt = Interrupt::listen()?;
    let loaded = Loaded::read(args.config.as_deref(), &[])?;
    let (a, b) = (side(&args.a, &loaded)?, side(&args.b, &loaded)?);
    let answer = match (a, b) {
        (Side::Pipeline(a), Side::Pipeline(b)) => of_pipelines(args, &a, &b)?,
        (a, b) => of_tools(args, &tool(a)?, &tool(b)?, &interrupt)?,
    };
    print(args, &answer)?;
    let is_enough = answer.grade != Grade::Refuted && answer.grade >= args.require;
    Ok(if is_enough { Exit::Ok } else { Exit::Finding })
}

fn side(text: &str, loaded: &Loaded) -> Result<Side, Problem> {
    if let Some(line) = loaded
        .settings
        .pipeline
        .iter()
        .find(|line| line.name == text)
    {
        return pipeline(&line.steps).map(Side::Pipeline);
    }
    let tools = loaded.tools()?;
    if let Some(told) = tools
        .into_iter()
        .find(|(f, _)| f.meta().id.as_str() == text)
    {
        return Ok(Side::Tool(told));
    }
    if Path::new(text)
        .extension()
        .is_some_and(|kind| kind == "wasm")
    {
        let why = "this build has no sandbox to run WebAssembly in";
        let next = "name a pipeline or a tool of `voidstate tools`";
        return Err(Problem::new(
            Exit::Usage,
            "this cannot be compared",
            text,
            why,
            next,
        ));
    }
    pipeline(text).map(Side::Pipeline)
}

fn pipeline(text: &str) -> Result<Pipeline, Problem> {
    Pipeline::parse(text).map_err(|error| {
        let next = "name a tool of `voidstate tools`, a pipeline of voidstate.toml, or write one: 'where value > 0 | \
                    window mean 10'";
        let what = "this is neither a tool nor a pipeline";
        let why = error.render(text);
        let why = why.strip_prefix("error: ").unwrap_or(&why);
        Problem::new(Exit::Usage, what, text, why, next)
    })
}

/// A pipeline beside a tool is a tool, too.
fn tool(side: Side) -> Result<Subject, Problem> {
    match side {
        Side::Tool(told) => Ok(told),
        Side::Pipeline(pipeline) => {
            let line = Line {
                name: "pipeline".to_owned(),
                series: "**".to_owned(),
                steps: pipeline.to_string(),
            };
            let factory = Line::factory(&line.name)
                .map_err(|error| Problem::internal("the tool of a pipeline", chain(&error)))?;
            let given: Attributes = line.given();
            Ok((factory, given))
        }
    }
}

fn of_pipelines(args: &EquivArgs, a: &Pipeline, b: &Pipeline) -> Result<Answer, Problem> {
    let verdict = equivalence::of_pipelines(a, b, args.seed)
        .map_err(|error| Problem::internal("comparing pipelines", chain(&error)))?;
    let grade = equivalence::grade(verdict.grade());
    let sentence = verdict.to_string();
    let (mut path, mut separating) = (None, None);
    match verdict {
        evidence::Verdict::Proved(proof) => path = Some(waypoints(&proof)?),
        evidence::Verdict::Refuted(found) => {
            let lines = |samples: &[Sample]| samples.iter().map(ToString::to_string).collect();
            separating = Some(Separating {
                input: lines(&found.input),
                left: lines(&found.left),
                right: lines(&found.right),
            });
        }
        _ => {}
    }
    Ok(Answer {
        grade,
        sentence,
        path,
        separating,
    })
}

fn waypoints(proof: &Proof) -> Result<Vec<(String, String)>, Problem> {
    let places = proof
        .waypoints()
        .map_err(|error| Problem::internal("a proof", chain(&error)))?;
    let after = places.iter().skip(1).map(ToString::to_string);
    let rules = proof.steps().iter().map(|step| match step.direction {
        Direction::Forward => step.rule.clone(),
        Direction::Backward => format!("{} backwards", step.rule),
    });
    Ok(rules.zip(after).collect())
}

fn of_tools(
    args: &EquivArgs,
    a: &Subject,
    b: &Subject,
    interrupt: &Interrupt,
) -> Result<Answer, Problem> {
    let progress = |_| {
        if interrupt.is_asked() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let outcome = equivalence::of_tools(a, b, (args.cases, args.seed), &progress);
    let (Verdict { grade, sentence }, comparison) = outcome.map_err(|error| {
        let next = "run `voidstate tools check` on it first";
        Problem::new(
            Exit::Input,
            "the tools cannot be compared",
            "equiv",
            chain(&error),
            next,
        )
    })?;
    if comparison.is_cut_short {
        eprintln!(
            "note: stopped after {} of {} streams",
            comparison.cases, args.cases
        );
    }
    let separating = comparison.difference.map(|difference| {
        let lines = to_json_lines(&difference.steps);
        let input = lines.unwrap_or_else(|error| error.to_string());
        Separating {
            input: input.lines().map(str::to_owned).collect(),
            left: Vec::new(),
            right: Vec::new(),
        }
    });
    Ok(Answer {
        grade,
        sentence,
        path: None,
        separating,
    })
}

fn print(args: &EquivArgs, answer: &Answer) -> Result<(), Problem> {
    let text = if args.json {
        let text = serde_json::to_string_pretty(answer);
        text.map_err(|error| Problem::internal("the verdict", error))? + "\n"
    } else {
        words(args, answer)
    };
    let mut out = anstream::AutoStream::auto(std::io::stdout()).lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Problem::output(&error))
}

fn words(args: &EquivArgs, answer: &Answer) -> String {
    let mut lines = Vec::new();
    if let Some(path) = &answer.path {
        lines.push(answer.sentence.clone());
        lines.push(format!("  {}", args.a));
        for (rule, after) in path {
            let after = if after.is_empty() { "pass" } else { after };
            lines.push(format!("= {after}    by {rule}"));
        }
    } else if let Some(found) = &answer.separating {
        let is_of_tools = found.left.is_empty() && found.right.is_empty();
        if is_of_tools {
            lines.push(format!("refuted: {}", answer.sentence));
            lines.push("shown these steps, as few as could be found:".to_owned());
        } else {
            lines
                .push("refuted: they differ on this input, as short as could be found:".to_owned());
        }
        lines.extend(found.input.iter().map(|line| format!("  {line}")));
        if !is_of_tools {
            for (name, made) in [("the first", &found.left), ("the second", &found.right)] {
                let made = if made.is_empty() {
                    "nothing".to_owned()
                } else {
                    made.join(", ")
                };
                lines.push(format!("{name} makes {made}"));
            }
        }
    } else if answer.grade == Grade::Tested && !answer.sentence.starts_with("tested") {
        lines.push(format!("tested: {}", answer.sentence));
    } else {
        lines.push(answer.sentence.clone());
    }
    if answer.grade != Grade::Refuted && answer.grade < args.require {
        lines.push(format!(
            "{} is less than the {} that is required",
            answer.grade, args.require
        ));
    }
    lines.join("\n") + "\n"
}
