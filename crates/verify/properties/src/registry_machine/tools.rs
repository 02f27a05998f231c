//! Tools that count their calls.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use voidstate_core::{Config, Ctx, Firing, Placement, Result, Tool, ToolFactory, ToolId, ToolMeta};

use super::{Calls, Reference};

pub(super) struct Counting {
    meta: ToolMeta,
    calls: Calls,
}

/// The number of the registration is in the version, so that the metadata of two registrations differ.
pub(super) fn counting(
    tool: usize,
    needs: &[usize],
    number: u64,
) -> Result<(Arc<Counting>, Calls)> {
    let mut meta = ToolMeta::new(&Reference::id(tool), "host.**", "counts its calls")?;
    meta.version = format!("0.{number}.0");
    let ids = needs.iter().map(|need| ToolId::new(&Reference::id(*need)));
    meta.dependencies = ids.collect::<Result<_>>()?;
    let calls = Calls::default();
    let factory = Counting {
        meta,
        calls: Arc::clone(&calls),
    };
    Ok((Arc::new(factory), calls))
}

/// One whose metadata do not hold.
pub(super) fn broken(tool: usize) -> Result<Arc<Counting>> {
    let mut meta = ToolMeta::new(&Reference::id(tool), "host.**", "does not hold")?;
    meta.layer = 9;
    Ok(Arc::new(Counting {
        meta,
        calls: Calls::default(),
    }))
}

impl ToolFactory for Counting {
    fn meta(&self) -> &ToolMeta {
        &self.meta
    }

    fn create(&self, _: &Config, _: Placement) -> Result<Box<dyn Tool>> {
        Ok(Box::new(Instance(Arc::clone(&self.calls))))
    }
}

struct Instance(Calls);

impl Tool for Instance {
    fn observe(&mut self, _: &Firing<'_>, _: &mut dyn Ctx) -> Result<()> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}
