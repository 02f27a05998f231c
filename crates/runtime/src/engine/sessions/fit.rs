//! Whether the parts of a session fit together.

use std::sync::Arc;

use voidstate_protocol::{Answer, Bounds, FailureKind, Machine, check};

/// How far the checker looks: some milliseconds, and less memory than a tool may have.
const BOUNDS: Bounds = Bounds {
    queue: 4,
    configurations: 50_000,
};

/// The machines, one for each role in order, cannot get stuck, lose a message or be spoken to in a way that they do not
/// understand. That one of them could do more than the others ever let it is no harm.
///
/// # Errors
/// What goes wrong with the steps that lead there, or why it is not known.
pub(super) fn fits(machines: &[Arc<Machine>]) -> Result<(), String> {
    let machines: Vec<Machine> = machines.iter().map(|machine| (**machine).clone()).collect();
    let report = check(&machines, BOUNDS);
    match report.answer {
        Answer::Holds => Ok(()),
        Answer::Unknown(why) => Err(format!(
            "nobody knows whether the protocols of its parties fit: {why}; write a protocol that is easier to follow"
        )),
        Answer::Fails(failures) => {
            let is_harm =
                |kind: &FailureKind| !matches!(kind, FailureKind::UnreachableState { .. });
            match failures.into_iter().find(|failure| is_harm(&failure.kind)) {
                None => Ok(()),
                Some(failure) => Err(format!(
                    "the protocols of its parties do not fit: {failure}"
                )),
            }
        }
    }
}
