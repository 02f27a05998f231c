#[path = "kit/tools.rs"]
mod tools;

use tools::*;
use voidstate_runtime::{Engine, Pipeline};

fn main() {
    let pipeline = Pipeline::<(), 500, 50>::new()
        .tool(Clock::new(), (), plain())
        .unwrap()
        .tool(Drift::new(), (), plain())
        .unwrap()
        .tool(Cause::new(), (), plain())
        .unwrap()
        .tool(Late::new(), (), plain())
        .unwrap()
        .tool(Vote::new(), [id("drift"), id("clock")], plain())
        .unwrap();
    assert_eq!(pipeline.metas().map(|m| m.dependencies.len()).sum::<usize>(), 4);
    pipeline.onto(Engine::builder()).build().unwrap();
}
