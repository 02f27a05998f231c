include!("parts.rs");
protocol! {
    protocol Coordination(role engine, role tool) {
        Init(InitRequest) from engine to tool;
        Ready(InitResponse) from tool to engine;
        choice at tool {
            Start(String) from tool to engine;
            Complete(WorkComplete) from engine to tool;
        } or {
            Cancel() from tool to engine;
        }
    }
}
include!("program.rs");
