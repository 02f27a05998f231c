use voidstate_core::effects::{Clock, Log};
use voidstate_core::{Allowed, Firing, Result, TypedTool};
use voidstate_spec::implements;

struct Less;

#[implements(inline = "tool less { effects clock, log\n operation observe {} }")]
impl TypedTool for Less {
    type Effects = (Log,);

    fn observe(&mut self, _: &Firing<'_>, _: &mut Allowed<'_, Self::Effects>) -> Result<()> {
        Ok(())
    }
}

struct More;

#[implements(inline = "tool more { effects none\n operation observe {} }")]
impl TypedTool for More {
    type Effects = (Clock, Log);

    fn observe(&mut self, _: &Firing<'_>, _: &mut Allowed<'_, Self::Effects>) -> Result<()> {
        Ok(())
    }
}

fn main() {}
