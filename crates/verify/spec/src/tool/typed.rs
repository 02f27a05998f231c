//! One call of a [`TypedTool`](voidstate_core::TypedTool), from begin to end.

use voidstate_core::{Allowed, EffectRow, Firing, Result as CoreResult};
use voidstate_language::{Slot, Value};

use super::Contract;
use crate::Error;

/// A call of `TypedTool::observe`.
///
/// # Errors
/// The tool's own.
///
/// # Panics
/// When the tool broke its contract; and when it panics itself.
#[track_caller]
pub fn observe<T, Row: EffectRow>(
    contract: &'static Contract,
    number: usize,
    tool: &mut T,
    firing: &Firing<'_>,
    ctx: &mut Allowed<'_, Row>,
    read: impl Fn(&T, &[Slot]) -> Result<Vec<Value>, Error>,
    body: impl FnOnce(&mut T, &Firing<'_>, &mut Allowed<'_, Row>) -> CoreResult<()>,
) -> CoreResult<()> {
    super::observe(
        contract,
        number,
        tool,
        firing,
        ctx.untyped(),
        read,
        |tool, firing, seen| body(tool, firing, &mut Allowed::over(seen)),
    )
}

/// A call of `TypedTool::tick`.
///
/// # Errors
/// The tool's own.
///
/// # Panics
/// When the tool broke its contract; and when it panics itself.
#[track_caller]
pub fn tick<T, Row: EffectRow>(
    contract: &'static Contract,
    number: usize,
    tool: &mut T,
    ctx: &mut Allowed<'_, Row>,
    read: impl Fn(&T, &[Slot]) -> Result<Vec<Value>, Error>,
    body: impl FnOnce(&mut T, &mut Allowed<'_, Row>) -> CoreResult<()>,
) -> CoreResult<()> {
    super::tick(contract, number, tool, ctx.untyped(), read, |tool, seen| {
        body(tool, &mut Allowed::over(seen))
    })
}

/// A call of `TypedTool::finish`.
///
/// # Errors
/// The tool's own.
///
/// # Panics
/// When the tool broke its contract; and when it panics itself.
#[track_caller]
pub fn finish<T, Row: EffectRow>(
    contract: &'static Contract,
    number: usize,
    tool: &mut T,
    ctx: &mut Allowed<'_, Row>,
    read: impl Fn(&T, &[Slot]) -> Result<Vec<Value>, Error>,
    body: impl FnOnce(&mut T, &mut Allowed<'_, Row>) -> CoreResult<()>,
) -> CoreResult<()> {
    super::finish(contract, number, tool, ctx.untyped(), read, |tool, seen| {
        body(tool, &mut Allowed::over(seen))
    })
}
