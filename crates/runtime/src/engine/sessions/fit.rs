//! Whether the parts of a session fit together.

use std::sync::Arc;

use voidstate_protocol::Machine;

/// The machines, one for each role in order, cannot get stuck, lose a message or be spoken to in a way that they do not
/// understand.
///
/// # Errors
/// What goes wrong, or why it is not known.
pub(super) fn fits(machines: &[Arc<Machine>]) -> Result<(), String> {
    let [one, other] = machines else {
        return Err("there is no checker".to_owned());
    };
    let dual = one.dual().map_err(|error| error.to_string())?;
    if dual.states() == other.states() {
        Ok(())
    } else {
        Err("not dual".to_owned())
    }
}
