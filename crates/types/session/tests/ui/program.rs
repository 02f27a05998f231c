// Included by the cases: what was written for the protocol as it should be.
pub async fn engine(engine: coordination::engine::Initial) -> Result<u64, Error> {
    let (InitResponse(n), engine) = engine.send_init(InitRequest(1)).await?.receive().await?;
    if n == 0 {
        engine.send_cancel().await?.close();
        return Ok(0);
    }
    let (WorkComplete(found), end) = engine.send_start("count".to_owned()).await?.receive().await?;
    end.close();
    Ok(found)
}

pub async fn tool(tool: coordination::tool::Initial) -> Result<(), Error> {
    let (InitRequest(n), tool) = tool.receive().await?;
    match tool.send_ready(InitResponse(n)).await?.offer().await? {
        coordination::tool::CancelOrStart::Start(_, tool) => {
            tool.send_complete(WorkComplete(7)).await?.close();
        }
        coordination::tool::CancelOrStart::Cancel(end) => end.close(),
    }
    Ok(())
}

fn main() {
    let (e, t) = coordination::connect();
    let found = std::thread::scope(|threads| {
        threads.spawn(|| block_on(tool(t)));
        block_on(engine(e))
    });
    assert_eq!(found.ok(), Some(7));
}
