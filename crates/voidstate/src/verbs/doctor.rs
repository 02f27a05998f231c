//! `voidstate doctor`: what can be read here, what not, why, and the exact command that would fix it.

use std::fmt::Write as _;
use std::io::Write;

use serde::Serialize;
use voidstate_core::StoreReader;
use voidstate_host::{HostConfig, Part, doctor};

use crate::cli::DoctorArgs;
use crate::problem::{Exit, Problem};
use crate::wiring;

#[derive(Debug, Serialize)]
struct Entry {
    part: String,
    readable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
}

impl From<Part> for Entry {
    fn from(part: Part) -> Self {
        Self {
            part: part.name.to_owned(),
            readable: part.readable,
            reason: part.reason,
            hidden: (!part.readable).then(|| part.effect.to_owned()),
            fix: part.fix,
        }
    }
}

/// Runs the verb.
pub(crate) fn run(args: &DoctorArgs) -> Result<Exit, Problem> {
    let config = HostConfig {
        proc_root: args.proc_root.clone(),
        sys_root: args.sys_root.clone(),
        ..HostConfig::default()
    };
    let mut entries: Vec<Entry> = doctor(&config).into_iter().map(Entry::from).collect();
    let nothing = entries.iter().all(|entry| !entry.readable);
    entries.push(store());
    let mut out = anstream::AutoStream::auto(std::io::stdout()).lock();
    let written = if args.json {
        let text =
            serde_json::to_string_pretty(&entries).map_err(|e| Problem::internal("doctor", e))?;
        writeln!(out, "{text}")
    } else {
        entries
            .iter()
            .try_for_each(|entry| out.write_all(lines(entry).as_bytes()))
    };
    written
        .and_then(|()| out.flush())
        .map_err(|error| Problem::output(&error))?;
    Ok(if nothing { Exit::Permission } else { Exit::Ok })
}

/// Whether the store in the default place can be used.
fn store() -> Entry {
    if let Some(place) = crate::place::default_store().filter(|place| !place.exists()) {
        let reason = format!("{}, which the first watch makes", place.display());
        return Entry {
            part: "store".to_owned(),
            readable: true,
            reason: Some(reason),
            hidden: None,
            fix: None,
        };
    }
    let (readable, reason, fix) = match wiring::store(None) {
        Ok(opened) => {
            let status = opened.store.status();
            match opened.warning {
                None => (
                    true,
                    Some(format!(
                        "{}, {} samples, {} bytes",
                        status.place, status.samples, status.bytes
                    )),
                    None,
                ),
                Some(warning) => (
                    false,
                    Some(warning),
                    Some("voidstate watch --store DIR".to_owned()),
                ),
            }
        }
        Err(problem) => (false, Some(problem.to_string()), None),
    };
    let hidden = (!readable).then(|| "samples and findings of earlier runs".to_owned());
    Entry {
        part: "store".to_owned(),
        readable,
        reason,
        hidden,
        fix,
    }
}

fn lines(entry: &Entry) -> String {
    let mut text = format!(
        "{} {}",
        if entry.readable { "ok " } else { "no " },
        entry.part
    );
    if let Some(reason) = &entry.reason {
        let _ = write!(text, "  ({reason})");
    }
    text.push('\n');
    if let Some(hidden) = &entry.hidden {
        let _ = writeln!(text, "     hidden: {hidden}");
    }
    if let Some(fix) = &entry.fix {
        let _ = writeln!(text, "     try:    {fix}");
    }
    text
}
