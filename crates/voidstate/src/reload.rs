//! Settings that are read again while the program runs.

use std::fmt::Display;

use voidstate_core::{Attributes, Grade, Lifecycle, ToolId};
use voidstate_runtime::EngineHandle;

use crate::equivalence;
use crate::problem::chain;
use crate::settings::{Line, Loaded, Settings, Upgrade};
use crate::words::count;

/// Takes over what changed: configurations, pipelines that came or went, and other steps of a pipeline when the evidence
/// that they do what the old ones did is good enough. What cannot be taken over stays as it was, and is told.
pub(crate) fn reload(engine: &EngineHandle, loaded: &mut Loaded) {
    let Some(path) = loaded.path.clone() else {
        eprintln!("note: SIGHUP, but no settings are in use");
        return;
    };
    let new = match loaded.again(&path) {
        Ok(new) => new,
        Err(problem) => {
            eprintln!("{problem}\nwarning: the settings stay as they were");
            return;
        }
    };
    let mut kept = new.clone();
    let of_grade = Settings::UPGRADE.then(Upgrade::GRADE);
    let grade = of_grade.get(&loaded.settings);
    if of_grade.get(&new.settings) != grade {
        eprintln!("note: [upgrade] holds from the next start on; until then the grade is {grade}");
        of_grade.set(&mut kept.settings, grade);
    }
    let mut changes = 0_u32;
    for old in &loaded.settings.pipeline {
        if new
            .settings
            .pipeline
            .iter()
            .all(|line| line.name != old.name)
        {
            match id(&old.name).and_then(|id| remove(engine, &id)) {
                Ok(()) => changes += 1,
                Err(error) => {
                    refused(&format!("pipeline {} stays", old.name), &chain(&error));
                    kept.settings.pipeline.push(old.clone());
                }
            }
        }
    }
    for line in &mut kept.settings.pipeline {
        let old = loaded
            .settings
            .pipeline
            .iter()
            .find(|old| old.name == line.name);
        let outcome = match old {
            Some(old) if old == line => continue,
            Some(old) => change(engine, old, line, grade),
            None => add(engine, line).map_err(|error| chain(&error)),
        };
        match (outcome, old) {
            (Ok(()), _) => changes += 1,
            (Err(why), Some(old)) => {
                refused(&format!("pipeline {} stays as it was", line.name), &why);
                line.clone_from(old);
            }
            (Err(why), None) => refused(&format!("pipeline {} is left out", line.name), &why),
        }
    }
    changes += tools(engine, loaded, &new, &mut kept);
    let changes = count(changes.into(), "change");
    eprintln!("note: {} read again, {changes} taken over", path.display());
    *loaded = kept;
}

fn refused(what: &str, why: &dyn Display) {
    eprintln!("warning: {what}: {why}");
}

fn id(name: &str) -> voidstate_core::Result<ToolId> {
    ToolId::new(name)
}

fn remove(engine: &EngineHandle, id: &ToolId) -> voidstate_core::Result<()> {
    engine.detach(id)?;
    engine.registry().unregister(id)
}

fn add(engine: &EngineHandle, line: &Line) -> voidstate_core::Result<()> {
    let id = id(&line.name)?;
    engine.registry().register(Line::factory(&line.name)?)?;
    let attached = engine.attach_with(&id, &line.given());
    if attached.is_err() {
        engine.registry().unregister(&id)?;
    }
    attached
}

fn change(engine: &EngineHandle, old: &Line, new: &Line, grade: Grade) -> Result<(), String> {
    if old.steps != new.steps {
        let verdict = equivalence::of_steps(&old.steps, &new.steps);
        if !verdict.meets(grade) {
            return Err(format!(
                "the new steps are {} to do what the old ones do, {grade} is asked for: {}; give the new pipeline \
                 another name, or set upgrade.grade",
                verdict.grade, verdict.sentence
            ));
        }
        let (name, verdict) = (&new.name, &verdict);
        eprintln!(
            "note: pipeline {name} takes the new steps: {}, {}",
            verdict.grade, verdict.sentence
        );
    }
    let told = id(&new.name).and_then(|id| engine.reconfigure(&id, &new.given()));
    told.map_err(|error| chain(&error))
}

fn tools(engine: &EngineHandle, old: &Loaded, new: &Loaded, kept: &mut Loaded) -> u32 {
    let (Ok(before), Ok(after)) = (old.tools(), new.tools()) else {
        return 0;
    };
    let mut changes = 0;
    for (factory, given) in &after {
        let meta = factory.meta();
        let is_line = new
            .settings
            .pipeline
            .iter()
            .any(|l| l.name == meta.id.as_str());
        let same = |(other, told): &(_, Attributes)| {
            let other: &std::sync::Arc<dyn voidstate_core::ToolFactory> = other;
            other.meta().id == meta.id && told == given
        };
        if is_line || before.iter().any(same) {
            continue;
        }
        match engine.reconfigure(&meta.id, given) {
            Ok(()) => changes += 1,
            Err(error) => {
                refused(&format!("tool {} stays as it was", meta.id), &chain(&error));
                let name = meta.id.as_str();
                match old.settings.tools.get(name) {
                    Some(told) => {
                        kept.settings.tools.insert(name.to_owned(), told.clone());
                    }
                    None => {
                        kept.settings.tools.remove(name);
                    }
                }
            }
        }
    }
    changes
}
