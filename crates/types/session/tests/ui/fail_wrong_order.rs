include!("parts.rs");
include!("coordination.rs");

async fn engine(engine: coordination::engine::Initial) -> Result<(), Error> {
    engine.receive().await?;
    Ok(())
}

fn main() {}
