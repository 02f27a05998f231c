include!("parts.rs");
include!("coordination.rs");

async fn engine(engine: coordination::engine::Initial) -> Result<(), Error> {
    engine.send_start("count".to_owned()).await?;
    Ok(())
}

fn main() {}
