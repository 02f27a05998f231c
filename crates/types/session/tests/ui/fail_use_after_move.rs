include!("parts.rs");
include!("coordination.rs");

async fn engine(engine: coordination::engine::Initial) -> Result<(), Error> {
    let next = engine.send_init(InitRequest(1)).await?;
    engine.send_init(InitRequest(2)).await?;
    drop(next);
    Ok(())
}

fn main() {}
