include!("parts.rs");
include!("coordination.rs");

async fn engine(engine: coordination::engine::Initial) -> Result<(), Error> {
    drop(engine.send_init(InitResponse(1)).await?);
    Ok(())
}

fn main() {}
