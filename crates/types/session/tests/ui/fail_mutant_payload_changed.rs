include!("parts.rs");
protocol! {
    protocol Coordination(role engine, role tool) {
        Init(InitRequest) from engine to tool;
        Ready(InitResponse) from tool to engine;
        choice at engine {
            Start(String) from engine to tool;
            Complete(u64) from tool to engine;
        } or {
            Cancel() from engine to tool;
        }
    }
}
include!("program.rs");
