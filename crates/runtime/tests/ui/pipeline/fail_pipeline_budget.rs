#[path = "kit/tools.rs"]
mod tools;

use tools::*;
use voidstate_runtime::Pipeline;

fn main() {
    let one = Pipeline::<(), 199, 50>::new().tool(Drift::new(), (), plain()).unwrap();
    let _ = one.tool(Clock::new(), (), plain());
    let one = Pipeline::<(), 500, 19>::new().tool(Drift::new(), (), plain()).unwrap();
    let _ = one.tool(Clock::new(), (), plain());
}
