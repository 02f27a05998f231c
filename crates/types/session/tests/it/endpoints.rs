use voidstate_session::blocking::block_on;
use voidstate_session::{Error, protocol};

#[derive(Debug, PartialEq)]
pub struct InitRequest(pub u32);
#[derive(Debug, PartialEq)]
pub struct InitResponse(pub u32);
pub struct StartWork;
pub struct WorkComplete(pub u64);

protocol! {
    protocol ToolCoordination(role engine, role tool) {
        Init(InitRequest) from engine to tool;
        Ready(InitResponse) from tool to engine;
        choice at engine {
            Start(StartWork) from engine to tool;
            Complete(WorkComplete) from tool to engine;
        } or {
            Cancel() from engine to tool;
        }
    }
}

async fn engine(engine: tool_coordination::engine::Initial) -> Result<u64, Error> {
    let engine = engine.send_init(InitRequest(1)).await?;
    let (ready, engine) = engine.receive().await?;
    assert_eq!(ready, InitResponse(2));
    let engine = engine.send_start(StartWork).await?;
    let (WorkComplete(found), engine) = engine.receive().await?;
    engine.close();
    Ok(found)
}

#[test]
fn engine_and_tool() {
    let (e, t) = tool_coordination::connect();
    let found = std::thread::scope(|threads| {
        threads.spawn(|| block_on(async {
            let (InitRequest(n), t) = t.receive().await?;
            let t = t.send_ready(InitResponse(n + 1)).await?;
            match t.offer().await? {
                tool_coordination::tool::CancelOrStart::Start(_, t) => { t.send_complete(WorkComplete(9)).await?; }
                tool_coordination::tool::CancelOrStart::Cancel(_) => {}
            }
            Ok::<_, Error>(())
        }).unwrap());
        block_on(engine(e)).unwrap()
    });
    assert_eq!(found, 9);
}
