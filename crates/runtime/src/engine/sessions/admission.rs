//! Who may take part in a session: checked when a tool is attached.

use std::sync::Arc;

use voidstate_core::{Error, Result, SessionDecl, ToolMeta};
use voidstate_protocol::{Machine, Payload, Role, parse};

use super::fit::fits;
use crate::engine::lock;
use crate::engine::shared::Shared;

/// What the payload of a message may be: the kinds of values, and any of them.
const KINDS: [&str; 8] = ["any", "bool", "bytes", "int", "list", "map", "real", "text"];

/// A tool's part in a session, as its own protocol says it.
#[derive(Debug, Clone)]
pub(crate) struct Admitted {
    pub(crate) session: String,
    pub(crate) machine: Arc<Machine>,
}

/// What a tool declares is sound by itself and fits what the others declared; nothing is changed.
///
/// # Errors
/// [`Error::Session`] with the reason.
pub(crate) fn admit(shared: &Shared, meta: &ToolMeta) -> Result<Vec<Admitted>> {
    let admit = |session: &SessionDecl| {
        let refuse = |reason: String| Error::Session {
            session: session.name.clone(),
            role: session.role.clone(),
            reason,
        };
        let machine = Arc::new(part_of(session).map_err(refuse)?);
        beside(shared, meta, session, &machine).map_err(refuse)?;
        Ok(Admitted {
            session: session.name.clone(),
            machine,
        })
    };
    meta.sessions.iter().map(admit).collect()
}

/// The machine of the declared role, from the declared text. Roles are numbered by name, so that parties whose texts name
/// them in another order understand each other.
fn part_of(session: &SessionDecl) -> std::result::Result<Machine, String> {
    let protocols = parse(&session.protocol).map_err(|diagnostics| {
        let told = diagnostics.first();
        let told = told.map(|d| d.render(&session.protocol, &session.name));
        format!("its protocol cannot be read: {}", told.unwrap_or_default())
    })?;
    // Those before it are there to be named by it.
    let Some(protocol) = protocols.last() else {
        return Err("its protocol is an empty text".to_owned());
    };
    let roles = protocol.all_roles().map_err(|error| error.to_string())?;
    let wanted = roles.iter().find(|role| role.to_string() == session.role);
    let Some(role) = wanted else {
        let known: Vec<_> = roles.iter().map(ToString::to_string).collect();
        return Err(format!(
            "its protocol {} has no such role; its roles are {}",
            protocol.name.text,
            known.join(", ")
        ));
    };
    // Every role, so that whoever cannot know a choice is named by the first who attaches.
    for role in &roles {
        protocol
            .project(role)
            .map_err(|error| format!("its protocol cannot be kept: {error}"))?;
    }
    let machine = protocol.project(role).map_err(|error| error.to_string())?;
    let machine = numbered_by_name(&machine.machine())?;
    let transitions = machine.states().iter().flat_map(|state| &state.transitions);
    for payload in transitions.flat_map(|t| t.payload.iter()) {
        match payload {
            Payload::Type(text) if KINDS.contains(&text.as_str()) => {}
            other => {
                return Err(format!(
                    "its messages carry `{other}`; between tools they carry {}",
                    KINDS.join(", ")
                ));
            }
        }
    }
    Ok(machine)
}

fn numbered_by_name(machine: &Machine) -> std::result::Result<Machine, String> {
    let mut roles: Vec<Role> = machine.roles().to_vec();
    roles.sort_by_key(ToString::to_string);
    let place = |at: usize| {
        let role = machine.roles().get(at)?;
        roles.iter().position(|other| other == role)
    };
    let mut states = machine.states().to_vec();
    for transition in states.iter_mut().flat_map(|state| &mut state.transitions) {
        transition.peer = place(transition.peer).unwrap_or(transition.peer);
    }
    let role = place(machine.role_index()).unwrap_or_default();
    Machine::new(machine.protocol(), roles, role, states).map_err(|error| error.to_string())
}

/// Whether the part fits beside those that are taken already.
fn beside(
    shared: &Shared,
    meta: &ToolMeta,
    session: &SessionDecl,
    machine: &Arc<Machine>,
) -> std::result::Result<(), String> {
    // All shards on which the tool would be hold the same parties.
    for shard in &shared.shards {
        let sessions = lock(&shard.sessions);
        let Some(talk) = sessions.talk(&session.name) else {
            continue;
        };
        let mut machines = vec![Arc::clone(machine)];
        for (slot, other) in talk.machines() {
            let tool = &slot.meta.id;
            if slot.meta.scope != meta.scope && shared.spread > 1 {
                return Err(format!(
                    "it and tool {tool} differ in scope, so with {} shards they cannot hear each other; run one shard \
                     or give both the same scope",
                    shared.spread
                ));
            }
            if other.role() == machine.role() {
                return Err(format!(
                    "tool {tool} plays that role already; detach it first"
                ));
            }
            if other.roles() != machine.roles() {
                return Err(format!(
                    "its protocol {} has the roles {}, that of tool {tool} has {}",
                    machine.protocol(),
                    named(machine),
                    named(other)
                ));
            }
            machines.push(Arc::clone(other));
        }
        if machines.len() == machine.roles().len() {
            machines.sort_by_key(|machine| machine.role_index());
            fits(&machines)?;
        }
    }
    Ok(())
}

fn named(machine: &Machine) -> String {
    let roles: Vec<_> = machine.roles().iter().map(ToString::to_string).collect();
    roles.join(", ")
}
