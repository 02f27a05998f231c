include!("parts.rs");
include!("coordination.rs");

async fn tool(tool: coordination::tool::Initial) -> Result<(), Error> {
    drop(tool.send_init(InitRequest(1)).await?);
    Ok(())
}

fn swapped() {
    let (engine, _tool) = coordination::connect();
    drop(tool(engine));
}

fn main() {}
