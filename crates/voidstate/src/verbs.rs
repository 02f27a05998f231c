//! One file per verb.

pub(crate) mod analyze;
pub(crate) mod doctor;
pub(crate) mod equiv;
pub(crate) mod replay;
pub(crate) mod tool_host;
pub(crate) mod tools;
pub(crate) mod watch;
