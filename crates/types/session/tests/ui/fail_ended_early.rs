include!("parts.rs");
include!("coordination.rs");

fn engine(engine: coordination::engine::Initial) {
    engine.close();
}

fn main() {}
