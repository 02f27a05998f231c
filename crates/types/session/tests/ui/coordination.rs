// Included by the cases: the protocol as it should be.
protocol! {
    protocol Coordination(role engine, role tool) {
        Init(InitRequest) from engine to tool;
        Ready(InitResponse) from tool to engine;
        choice at engine {
            Start(String) from engine to tool;
            Complete(WorkComplete) from tool to engine;
        } or {
            Cancel() from engine to tool;
        }
    }
}
