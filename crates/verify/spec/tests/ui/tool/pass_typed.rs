use voidstate_core::effects::{Clock, EmitFinding, Io, Log, ReadStore};
use voidstate_core::{
    Allowed, Allows, EffectRow, Firing, LogLevel, Result, Tool, ToolMeta, TypedTool,
};
use voidstate_spec::implements;

struct Quiet;

#[implements(inline = "tool quiet { effects none\n operation observe {} }")]
impl TypedTool for Quiet {
    type Effects = ();

    fn observe(&mut self, _: &Firing<'_>, _: &mut Allowed<'_, Self::Effects>) -> Result<()> {
        Ok(())
    }
}

struct Told;

#[implements(inline = "tool told { effects log, clock\n operation observe {}\n operation tick {}\n operation finish {} }")]
impl TypedTool for Told {
    type Effects = (Clock, Log);

    fn observe(&mut self, _: &Firing<'_>, ctx: &mut Allowed<'_, Self::Effects>) -> Result<()> {
        let row = <Self::Effects as EffectRow>::SET;
        ctx.log(LogLevel::Info, &row.to_string())?;
        log(&mut ctx.narrow())
    }

    fn tick(&mut self, ctx: &mut Allowed<'_, (Clock, Log)>) -> Result<()> {
        any_row(ctx)
    }

    fn finish(&mut self, ctx: &mut Allowed<'_, Self::Effects>) -> Result<()> {
        ctx.narrow::<(Log, Clock), _>().now().map(drop)
    }
}

/// A spec that says nothing of effects.
struct Free;

#[implements(inline = "tool free { operation observe {} }")]
impl TypedTool for Free {
    type Effects = (EmitFinding, Io, ReadStore);

    fn observe(&mut self, _: &Firing<'_>, _: &mut Allowed<'_, Self::Effects>) -> Result<()> {
        Ok(())
    }
}

fn log(ctx: &mut Allowed<'_, (Log,)>) -> Result<()> {
    ctx.log(LogLevel::Info, "a line")
}

fn any_row<Row: Allows<Clock, At>, At>(ctx: &mut Allowed<'_, Row>) -> Result<()> {
    ctx.now().map(drop)
}

fn main() {
    let tools: [Box<dyn Tool>; 3] = [Box::new(Quiet), Box::new(Told), Box::new(Free)];
    let said = tools.map(|tool| tool.effects().map(|effects| effects.to_string()));
    let expected = ["", "log clock", "read_store emit_finding io"];
    assert_eq!(said, expected.map(|words| Some(words.to_owned())));
    assert!(ToolMeta::typed::<Told>("told", "host.**", "tells").is_ok());
}
