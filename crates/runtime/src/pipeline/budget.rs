//! A budget for tools that are known only at run time.

use std::time::Duration;

use voidstate_core::ToolMeta;
use voidstate_dependent::{Error as Refused, Spent};

use crate::{Error, Result};

/// What the tools that are given to an engine may declare together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) memory_bytes: u64,
    pub(crate) time_per_signal: Duration,
}

/// Whether the declared budgets add up to no more than the limits.
pub(crate) fn hold<'a>(limits: Limits, metas: impl Iterator<Item = &'a ToolMeta>) -> Result<()> {
    let mut spent = Spent::default();
    for meta in metas {
        let next = of(meta.budget.memory_bytes, meta.budget.time_per_signal);
        spent = spent.then(next).map_err(|refused| error(refused, limits))?;
    }
    let limit = of(limits.memory_bytes, limits.time_per_signal);
    let held = spent.within(limit);
    held.map_err(|refused| error(refused, limits))
}

/// Times of more than 584 years count as that.
fn of(ram_bytes: u64, time: Duration) -> Spent {
    Spent {
        ram_bytes,
        latency_ns: u64::try_from(time.as_nanos()).unwrap_or(u64::MAX),
    }
}

/// A sum that does not fit into 64 bits is told as the largest number.
fn error(refused: Refused, limits: Limits) -> Error {
    let limit = of(limits.memory_bytes, limits.time_per_signal);
    match refused {
        Refused::OverBudget { what, limit, spent } => Error::OverBudget { what, limit, spent },
        Refused::Overflow { what: "bytes" } => Error::OverBudget {
            what: "bytes",
            limit: limit.ram_bytes,
            spent: u64::MAX,
        },
        _ => Error::OverBudget {
            what: "nanoseconds",
            limit: limit.latency_ns,
            spent: u64::MAX,
        },
    }
}
