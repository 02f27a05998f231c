#![deny(unused_must_use)]
include!("parts.rs");
include!("coordination.rs");

async fn engine(engine: coordination::engine::Initial) -> Result<(), Error> {
    engine.send_init(InitRequest(1)).await?;
    Ok(())
}

fn main() {}
