//! `voidstate.toml`: what tools are told, and pipelines, which are tools made of a line of text.

mod overrides;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use voidstate_category::Lenses;
use voidstate_core::{AttributeValue, Attributes, Config, Grade, ToolFactory};
use voidstate_tool_pipeline::{PipelineFactory, SERIES, STEPS};

use crate::problem::{Exit, Problem, chain};
use crate::wiring;

/// The file that is read when none is named.
pub(crate) const FILE: &str = "voidstate.toml";
/// Longest file that is read.
const BYTES_MAX: u64 = 1 << 20;

/// What the file says.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Lenses)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// How well a change must be understood.
    #[serde(default)]
    pub(crate) upgrade: Upgrade,
    /// Configuration of tools by id.
    #[serde(default)]
    pub(crate) tools: BTreeMap<String, BTreeMap<String, toml::Value>>,
    /// Pipelines, each a tool.
    #[serde(default)]
    pub(crate) pipeline: Vec<Line>,
}

/// How a tool or pipeline may be replaced while the program runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Lenses)]
#[serde(deny_unknown_fields)]
pub(crate) struct Upgrade {
    /// The weakest evidence that the new one does what the old one did.
    #[serde(default)]
    pub(crate) grade: Grade,
}

/// A pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Lenses)]
#[serde(deny_unknown_fields)]
pub(crate) struct Line {
    /// Id of the tool.
    pub(crate) name: String,
    /// Which series.
    pub(crate) series: String,
    /// What is made of them.
    pub(crate) steps: String,
}

/// A tool and what it is told.
pub(crate) type Told = (Arc<dyn ToolFactory>, Attributes);

impl Line {
    pub(crate) fn given(&self) -> Attributes {
        [
            (SERIES.to_owned(), self.series.as_str().into()),
            (STEPS.to_owned(), self.steps.as_str().into()),
        ]
        .into()
    }

    /// The tool; its defaults are the same for every pipeline, so that a recording needs no settings.
    pub(crate) fn factory(name: &str) -> voidstate_core::Result<Arc<dyn ToolFactory>> {
        Ok(Arc::new(PipelineFactory::new(name, "**", "pass")?))
    }
}

/// Settings, and where they are from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Loaded {
    pub(crate) settings: Settings,
    /// `None` when there was no file.
    pub(crate) path: Option<PathBuf>,
    /// What the command line says instead.
    overrides: Vec<String>,
}

impl Loaded {
    /// Reads `path`, or [`FILE`] in the current directory when that is there; `overrides` count more than the file.
    pub(crate) fn read(path: Option<&Path>, overrides: &[String]) -> Result<Self, Problem> {
        let mut loaded = Self::of_file(path)?;
        for one in overrides {
            overrides::set(&mut loaded.settings, one).map_err(|why| {
                let next = "write upgrade.grade=…, tools.ID.KEY=…, pipeline.NAME.series=… or pipeline.NAME.steps=…";
                Problem::new(Exit::Usage, "this cannot be set", format!("--set {one}"), why, next)
            })?;
        }
        loaded.overrides = overrides.to_vec();
        loaded.tools()?;
        Ok(loaded)
    }

    /// The same file and command line, read again.
    pub(crate) fn again(&self, path: &Path) -> Result<Self, Problem> {
        Self::read(Some(path), &self.overrides)
    }

    fn of_file(path: Option<&Path>) -> Result<Self, Problem> {
        let named = path.is_some();
        let path = path.unwrap_or(Path::new(FILE));
        let text = match text(path) {
            Ok(text) => text,
            Err(error) if !named && error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => {
                let next = "name a readable file with --config, or leave it out";
                return Err(problem(path, &error, next));
            }
        };
        let settings = toml::from_str(&text).map_err(|error| {
            let next = "see the example in the README of voidstate";
            problem(path, &error.to_string().trim_end(), next)
        })?;
        Ok(Self {
            settings,
            path: Some(path.to_owned()),
            overrides: Vec::new(),
        })
    }

    /// The tools of this program and of the pipelines, which have what they are told as defaults.
    pub(crate) fn factories(&self) -> Result<Vec<Arc<dyn ToolFactory>>, Problem> {
        let tools = self.tools()?.into_iter().map(|(factory, _)| {
            let lines = &self.settings.pipeline;
            let line = lines
                .iter()
                .find(|line| line.name == factory.meta().id.as_str());
            let own = line.and_then(|l| PipelineFactory::new(&l.name, &l.series, &l.steps).ok());
            own.map_or(factory, |own| Arc::new(own) as Arc<dyn ToolFactory>)
        });
        Ok(tools.collect())
    }

    /// The tools of this program and of the pipelines, each with a configuration that it accepts.
    pub(crate) fn tools(&self) -> Result<Vec<Told>, Problem> {
        let path = self.path.as_deref().unwrap_or(Path::new(FILE));
        let wrong = |what: &str, why: &dyn std::fmt::Display| {
            problem(
                path,
                &format!("{what}: {why}"),
                "correct it, or take it out",
            )
        };
        let Settings {
            tools, pipeline, ..
        } = &self.settings;
        let mut told: Vec<Told> = Vec::new();
        for factory in wiring::tools()? {
            let id = factory.meta().id.as_str();
            let given = tools
                .get(id)
                .map_or_else(|| Ok(Attributes::new()), attributes);
            let given = given.map_err(|why| wrong(&format!("[tools.{id}]"), &why))?;
            told.push((factory, given));
        }
        for id in tools.keys() {
            if !told
                .iter()
                .any(|(factory, _)| factory.meta().id.as_str() == id)
            {
                let known: Vec<_> = told.iter().map(|(f, _)| f.meta().id.as_str()).collect();
                let why = format!("there is no such tool; there are {}", known.join(", "));
                return Err(wrong(&format!("[tools.{id}]"), &why));
            }
        }
        for line in pipeline {
            let what = format!("pipeline {:?}", line.name);
            let taken = told.iter().any(|(f, _)| f.meta().id.as_str() == line.name);
            if taken {
                return Err(wrong(
                    &what,
                    &"the name is taken by another tool or pipeline",
                ));
            }
            let factory =
                Line::factory(&line.name).map_err(|error| wrong(&what, &chain(&error)))?;
            told.push((factory, line.given()));
        }
        for (factory, given) in &told {
            let meta = factory.meta();
            let made = Config::checked(&meta.config, given)
                .and_then(|config| factory.create(&config, voidstate_core::Placement::ALONE));
            made.map_err(|error| wrong(meta.id.as_str(), &chain(&error)))?;
        }
        Ok(told)
    }
}

fn text(path: &Path) -> std::io::Result<String> {
    use std::io::Read as _;
    let mut text = String::new();
    let read = std::fs::File::open(path)?
        .take(BYTES_MAX + 1)
        .read_to_string(&mut text)?;
    if read as u64 > BYTES_MAX {
        let why = format!("it has more than {BYTES_MAX} bytes");
        return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, why));
    }
    Ok(text)
}

fn problem(path: &Path, why: &dyn std::fmt::Display, next: &str) -> Problem {
    let place = path.display().to_string();
    Problem::new(Exit::Usage, "the settings cannot be used", place, why, next)
}

fn attributes(values: &BTreeMap<String, toml::Value>) -> Result<Attributes, String> {
    let each = values.iter().map(|(key, value)| {
        let value = match value {
            toml::Value::String(text) => text.as_str().into(),
            toml::Value::Integer(number) => AttributeValue::Int(*number),
            toml::Value::Float(number) => AttributeValue::from(*number),
            toml::Value::Boolean(truth) => AttributeValue::Bool(*truth),
            other => {
                let kind = other.type_str();
                return Err(format!(
                    "{key} is a {kind}, expected a text, a number or true or false"
                ));
            }
        };
        Ok((key.clone(), value))
    });
    each.collect()
}
