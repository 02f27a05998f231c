//! Sessions: conversations of tools whose order is declared.

use serde::{Deserialize, Serialize};

use crate::{AttributeValue, Effect, Error, Result, ToolMeta};

/// Most bytes of a session's name, and of its role's.
pub const SESSION_NAME_BYTES_MAX: usize = 128;
/// Most bytes of the text of a protocol.
pub const PROTOCOL_BYTES_MAX: usize = 64 * 1024;

/// A conversation that a tool takes part in. Tools that declare a session of the same name are its parties, one for each
/// role.
///
/// Every party brings the protocol as it knows it; the engine refuses to attach a tool whose part does not fit those of
/// the others.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionDecl {
    /// Name of the session.
    pub name: String,
    /// The protocol in textual form, as the parser of `voidstate-protocol` reads it. Payload types are the kinds of
    /// [`AttributeValue`]: `bool`, `int`, `real`, `text`, `bytes`, `list`, `map`; `any` is each of them.
    pub protocol: String,
    /// Which of its roles the tool plays.
    pub role: String,
}

/// What came in a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionMessage {
    /// The role that sent it.
    pub from: String,
    /// Its label.
    pub label: String,
    /// What it carries, in the order of the protocol.
    pub payload: Vec<AttributeValue>,
}

/// What a context answers behind which there are no sessions.
pub(crate) const NO_SESSIONS: Error = Error::Unavailable {
    what: "a session",
    reason: "nothing stands behind the sessions of this context",
};

impl ToolMeta {
    /// The session of that name, if it is declared.
    #[must_use]
    pub fn session(&self, name: &str) -> Option<&SessionDecl> {
        self.sessions.iter().find(|session| session.name == name)
    }

    /// Sessions have names of their own, roles, protocols of a sensible size, and the effect that they need.
    pub(crate) fn check_sessions(&self) -> Result<()> {
        let fail = |session: &SessionDecl, reason: String| {
            Err(Error::Session {
                session: session.name.clone(),
                role: session.role.clone(),
                reason,
            })
        };
        for (at, session) in self.sessions.iter().enumerate() {
            for (what, text) in [("its name", &session.name), ("its role", &session.role)] {
                if !(1..=SESSION_NAME_BYTES_MAX).contains(&text.len()) {
                    let bytes = text.len();
                    return fail(
                        session,
                        format!("{what} has {bytes} bytes, expected 1 to {SESSION_NAME_BYTES_MAX}"),
                    );
                }
            }
            if session.protocol.len() > PROTOCOL_BYTES_MAX {
                let bytes = session.protocol.len();
                return fail(
                    session,
                    format!(
                        "its protocol has {bytes} bytes, at most {PROTOCOL_BYTES_MAX} are read"
                    ),
                );
            }
            let earlier = self.sessions.get(..at).unwrap_or_default();
            if earlier.iter().any(|other| other.name == session.name) {
                return fail(
                    session,
                    "the tool declares it twice; a tool plays one role of a session".to_owned(),
                );
            }
            if !self.effects.contains(Effect::Session) {
                return fail(
                    session,
                    format!(
                        "tool {} declares it without the effect session; add the effect",
                        self.id
                    ),
                );
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EffectSet;

    fn meta(sessions: Vec<SessionDecl>) -> ToolMeta {
        let mut meta = ToolMeta::new("t", "host.**", "talks").unwrap();
        meta.effects = EffectSet::of(&[Effect::Session]);
        meta.sessions = sessions;
        meta
    }

    fn declared(name: &str, role: &str) -> SessionDecl {
        SessionDecl {
            name: name.to_owned(),
            protocol: String::new(),
            role: role.to_owned(),
        }
    }

    #[test]
    fn declared_sessions_are_checked() {
        meta(vec![declared("a", "x"), declared("b", "x")])
            .check()
            .unwrap();
        let long = "l".repeat(SESSION_NAME_BYTES_MAX + 1);
        let mut large = declared("a", "x");
        large.protocol = " ".repeat(PROTOCOL_BYTES_MAX + 1);
        for (sessions, told) in [
            (vec![declared("", "x")], "its name has 0 bytes"),
            (vec![declared("a", "")], "its role has 0 bytes"),
            (vec![declared(&long, "x")], "its name has 129 bytes"),
            (vec![large], "at most 65536"),
            (vec![declared("a", "x"), declared("a", "y")], "twice"),
        ] {
            let error = meta(sessions).check().unwrap_err();
            assert!(error.to_string().contains(told), "{error}");
        }
        let mut silent = meta(vec![declared("a", "x")]);
        silent.effects = EffectSet::EMPTY;
        let error = silent.check().unwrap_err();
        assert!(error.to_string().contains("without the effect session"));
    }
}
