include!("parts.rs");
include!("coordination.rs");

protocol! {
    protocol Other(role engine, role tool) {
        Init(InitRequest) from engine to tool;
    }
}

fn crossed() {
    let (one, _other) = voidstate_session::memory::pair::<coordination::Message>();
    let _engine = other::engine::start(other::engine::Peers { tool: one });
}

fn main() {}
