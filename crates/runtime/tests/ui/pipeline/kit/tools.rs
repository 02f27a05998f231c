#![allow(dead_code, reason = "each case uses some")]

use voidstate_core::{Attributes, Config, Ctx, Firing, Placement, Result, Tool, ToolFactory, ToolId, ToolMeta};
use voidstate_runtime::{After, Exactly, PipelineTool};

pub struct Quiet;
impl Tool for Quiet {
    fn observe(&mut self, _: &Firing<'_>, _: &mut dyn Ctx) -> Result<()> {
        Ok(())
    }
}

macro_rules! tool {
    ($name:ident $id:literal $needs:ty, $after:ty) => {
        pub struct $name(pub ToolMeta);
        impl $name {
            pub fn new() -> Self {
                Self(ToolMeta::new($id, "host.**", "sees").unwrap())
            }
        }
        impl ToolFactory for $name {
            fn meta(&self) -> &ToolMeta {
                &self.0
            }
            fn create(&self, _: &Config, _: Placement) -> Result<Box<dyn Tool>> {
                Ok(Box::new(Quiet))
            }
        }
        impl PipelineTool for $name {
            const ID: &'static str = $id;
            type Needs = $needs;
            type After = $after;
            const MEMORY_BYTES: u64 = 100;
            const TIME_PER_SIGNAL_NS: u64 = 10;
        }
    };
}
tool!(Drift "drift" (), ());
tool!(Clock "clock" (), ());
tool!(Cause "cause" (Drift, Clock), ());
tool!(Late "late" (), (After<Drift>,));
tool!(Vote "vote" Exactly<2>, ());

pub fn id(text: &str) -> ToolId {
    ToolId::new(text).unwrap()
}

pub fn plain() -> Attributes {
    Attributes::new()
}
