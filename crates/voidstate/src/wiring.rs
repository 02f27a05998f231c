//! Which concrete tools, allocator and store this program is made of.

use std::path::Path;
use std::sync::Arc;

use voidstate_core::ToolFactory;
use voidstate_runtime::memory::Attributing;
use voidstate_timeseries::{Options, SegmentStore};
use voidstate_tool_anomaly::AnomalyFactory;

use crate::place;
use crate::problem::{Exit, Problem, chain};
use crate::self_cost::SelfCostFactory;

/// Charges memory to the tool that asked for it.
pub(crate) type Allocator = Attributing;

/// The one allocator.
pub(crate) const ALLOCATOR: Allocator = Attributing::system();

/// The tools of this program. A new tool is one line here and one in this crate's manifest.
pub(crate) fn tools() -> Result<Vec<Arc<dyn ToolFactory>>, Problem> {
    let fail = |error: voidstate_core::Error| Problem::internal("making the tools", chain(&error));
    Ok(vec![
        Arc::new(AnomalyFactory::new().map_err(fail)?),
        SelfCostFactory::shared().map_err(fail)?,
    ])
}

/// A store, and what the user should know of it.
pub(crate) struct OpenedStore {
    pub(crate) store: Arc<SegmentStore>,
    /// Why it is not the one asked for, when it is not.
    pub(crate) warning: Option<String>,
}

/// Options of a live host's store: little memory, a day, 256 MiB.
fn options() -> Options {
    Options {
        wal_bytes_max: 2 << 20,
        head_points_min: 8192,
        ..Options::default()
    }
}

/// Opens the store in `dir`, or in the default place. One that is in use, or a default place that cannot be written, gives
/// way to a temporary store with a warning.
pub(crate) fn store(dir: Option<&Path>) -> Result<OpenedStore, Problem> {
    let place = match dir {
        Some(dir) => dir.to_owned(),
        None => match place::default_store() {
            Some(place) => place,
            None => {
                return temporary("neither XDG_STATE_HOME nor HOME names a directory".to_owned());
            }
        },
    };
    match SegmentStore::open(&place, options()) {
        Ok(store) => Ok(OpenedStore {
            store: Arc::new(store),
            warning: None,
        }),
        Err(error @ voidstate_timeseries::Error::Locked { .. }) => temporary(chain(&error)),
        Err(error) if dir.is_none() => temporary(chain(&error)),
        Err(error) => {
            let next = "name a directory that you may write with --store DIR, or leave it out for the default place";
            let exit = if is_denied(&error) {
                Exit::Permission
            } else {
                Exit::Input
            };
            Err(Problem::new(
                exit,
                "the store cannot be opened",
                place.display().to_string(),
                chain(&error),
                next,
            ))
        }
    }
}

fn is_denied(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let io = error.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::PermissionDenied) {
            return true;
        }
        cause = error.source();
    }
    false
}

fn temporary(why: String) -> Result<OpenedStore, Problem> {
    let store = SegmentStore::temporary(options()).map_err(|error| {
        let next = "free some space there, or point TMPDIR at a directory that you may write";
        let place = std::env::temp_dir().display().to_string();
        Problem::new(
            Exit::Permission,
            "no store can be made",
            place,
            chain(&error),
            next,
        )
    })?;
    let warning =
        format!("{why}; what this run sees is kept in a temporary store and gone when it ends");
    Ok(OpenedStore {
        store: Arc::new(store),
        warning: Some(warning),
    })
}
