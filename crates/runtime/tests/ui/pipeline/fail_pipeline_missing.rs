#[path = "kit/tools.rs"]
mod tools;

use tools::*;
use voidstate_runtime::Pipeline;

fn main() {
    let one = Pipeline::<(), 500, 50>::new().tool(Drift::new(), (), plain()).unwrap();
    let _ = one.tool(Cause::new(), (), plain());
    let _ = Pipeline::<(), 500, 50>::new().tool(Late::new(), (), plain());
}
