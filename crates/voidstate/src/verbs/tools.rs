//! `voidstate tools`: who is there, what they do to the world, what they may cost, and their state.

mod check;
mod laws;
mod meter;
mod signals;
mod spec;
mod subject;
mod table;

use std::fmt::Write as _;
use std::io::Write;

use serde::Serialize;
use voidstate_core::{AttributeValue, Attributes, LifecycleState, ToolMeta};
use voidstate_runtime::Engine;

use crate::cli::{ToolsArgs, ToolsVerb};
use crate::problem::{Exit, Problem, chain};
use crate::settings::Loaded;

#[derive(Debug, Serialize)]
struct Entry {
    #[serde(flatten)]
    meta: ToolMeta,
    /// In a fresh engine of this program.
    lifecycle: LifecycleState,
    /// What the settings say instead of the defaults.
    #[serde(skip_serializing_if = "Attributes::is_empty")]
    told: Attributes,
}

/// Runs the verb.
pub(crate) fn run(args: &ToolsArgs) -> Result<Exit, Problem> {
    let settings = Loaded::read(args.config.as_deref(), &[])?;
    if let Some(ToolsVerb::Check(args)) = &args.verb {
        return check::run(args, &settings);
    }
    if args.laws {
        return laws(args, &settings);
    }
    let entries = entries(&settings)?;
    let mut out = anstream::AutoStream::auto(std::io::stdout()).lock();
    let written = if args.json {
        let text =
            serde_json::to_string_pretty(&entries).map_err(|e| Problem::internal("tools", e))?;
        writeln!(out, "{text}")
    } else {
        entries
            .iter()
            .try_for_each(|entry| out.write_all(lines(entry).as_bytes()))
    };
    written
        .and_then(|()| out.flush())
        .map_err(|error| Problem::output(&error))?;
    Ok(Exit::Ok)
}

/// What is tried is drawn from here.
const LAWS_SEED: u64 = 1;

fn laws(args: &ToolsArgs, settings: &Loaded) -> Result<Exit, Problem> {
    let tried = laws::check(settings, LAWS_SEED)?;
    let text = if args.json {
        let text = serde_json::to_string_pretty(&tried);
        text.map_err(|error| Problem::internal("the laws", error))? + "\n"
    } else {
        tried.iter().map(|tried| tried.line() + "\n").collect()
    };
    let mut out = anstream::AutoStream::auto(std::io::stdout()).lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Problem::output(&error))?;
    let holds = tried.iter().all(laws::Tried::holds);
    Ok(if holds { Exit::Ok } else { Exit::Finding })
}

fn entries(settings: &Loaded) -> Result<Vec<Entry>, Problem> {
    let fail =
        |error: voidstate_runtime::Error| Problem::internal("attaching the tools", chain(&error));
    let tools = settings.factories()?;
    let told = settings.tools()?;
    let mut builder = Engine::builder();
    for (tool, given) in &told {
        builder = builder.tool(tool.clone(), given.clone());
    }
    let stats = builder.build().map_err(fail)?.handle().stats();
    let state = |meta: &ToolMeta| {
        let known = stats.tools.iter().find(|tool| tool.tool == meta.id);
        known.map_or(LifecycleState::Registered, |tool| tool.state.clone())
    };
    Ok(tools
        .iter()
        .zip(told)
        .map(|(tool, (_, told))| Entry {
            told,
            lifecycle: state(tool.meta()),
            meta: tool.meta().clone(),
        })
        .collect())
}

fn lines(entry: &Entry) -> String {
    let meta = &entry.meta;
    let or_none = |text: String| {
        if text.is_empty() {
            "none".to_owned()
        } else {
            text
        }
    };
    let hooks: Vec<&str> = meta
        .subscriptions
        .iter()
        .map(|s| s.pattern.as_str())
        .collect();
    let needs: Vec<String> = meta.dependencies.iter().map(ToString::to_string).collect();
    let permissions: Vec<String> = meta
        .permissions
        .iter()
        .map(|p| format!("{:?} {}", p.action, p.resource))
        .collect();
    let mut text = format!(
        "{} {} · {} · layer {}, phase {}, {:?} · {}\n  {}\n",
        meta.id,
        meta.version,
        meta.category,
        meta.layer,
        meta.phase,
        meta.priority,
        entry.lifecycle,
        meta.description
    );
    let budget = format!(
        "{} ms per signal, {} of a core, {} MiB",
        meta.budget.time_per_signal.as_millis(),
        meta.budget.core_share,
        meta.budget.memory_bytes >> 20
    );
    let rows = [
        ("hooks", hooks.join(" ")),
        ("effects", or_none(meta.effects.to_string())),
        ("permissions", or_none(permissions.join(", "))),
        ("depends on", or_none(needs.join(" "))),
        ("budget", budget),
    ];
    for (name, value) in rows {
        let _ = writeln!(text, "  {name:<12} {value}");
    }
    for field in &meta.config {
        let default = match entry.told.get(&field.name).unwrap_or(&field.default) {
            AttributeValue::Text(text) => text.clone(),
            other => other
                .as_f64()
                .map_or_else(|| format!("{other:?}"), |v| v.to_string()),
        };
        let _ = writeln!(
            text,
            "  {:<12} {} = {default}: {}",
            "config", field.name, field.description
        );
    }
    text
}
