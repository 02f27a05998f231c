use voidstate_core::effects::{Clock, EmitFinding, Log};
use voidstate_core::{Allowed, Firing, LogLevel, Result, Tool, ToolMeta, TypedTool};

struct Sneaks;

impl TypedTool for Sneaks {
    type Effects = (EmitFinding, Log);

    fn observe(&mut self, _: &Firing<'_>, ctx: &mut Allowed<'_, Self::Effects>) -> Result<()> {
        ctx.now()?;
        ctx.random()?;
        time(&mut ctx.narrow())
    }
}

fn time(ctx: &mut Allowed<'_, (Clock, Log)>) -> Result<()> {
    ctx.now().map(drop)
}

fn loses(ctx: &mut Allowed<'_, (Clock, Log)>) -> Result<()> {
    ctx.narrow::<(Clock,), _>().log(LogLevel::Info, "gone")
}

struct Twice;

impl TypedTool for Twice {
    type Effects = (Log, Clock, Log);

    fn observe(&mut self, _: &Firing<'_>, _: &mut Allowed<'_, Self::Effects>) -> Result<()> {
        Ok(())
    }
}

struct NoTuple;

impl TypedTool for NoTuple {
    type Effects = Log;

    fn observe(&mut self, _: &Firing<'_>, _: &mut Allowed<'_, Self::Effects>) -> Result<()> {
        Ok(())
    }
}

struct NoEffect;

impl TypedTool for NoEffect {
    type Effects = (Log, String);

    fn observe(&mut self, _: &Firing<'_>, _: &mut Allowed<'_, Self::Effects>) -> Result<()> {
        Ok(())
    }
}

struct Untyped;

impl Tool for Untyped {
    fn observe(&mut self, _: &Firing<'_>, _: &mut dyn voidstate_core::Ctx) -> Result<()> {
        Ok(())
    }
}

fn main() {
    let _ = ToolMeta::typed::<Untyped>("untyped", "host.**", "says nothing of its effects");
}
