include!("parts.rs");
protocol! {
    protocol Coordination(role engine, role tool) {
        Init(InitRequest) from engine to tool;
        choice at engine {
            Start(String) from engine to tool;
            Complete(WorkComplete) from tool to engine;
        } or {
            Cancel() from engine to tool;
        }
    }
}
include!("program.rs");
