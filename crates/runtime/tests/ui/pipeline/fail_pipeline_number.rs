#[path = "kit/tools.rs"]
mod tools;

use tools::*;
use voidstate_runtime::Pipeline;

fn main() {
    let _ = Pipeline::<(), 500, 50>::new().tool(Vote::new(), [id("drift")], plain());
    let _ = Pipeline::<(), 500, 50>::new().tool(Vote::new(), (), plain());
    let _ = Pipeline::<(), 500, 50>::new().tool(Drift::new(), [id("clock")], plain());
}
