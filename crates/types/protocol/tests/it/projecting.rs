//! From protocols to machines.

use std::sync::Arc;

use voidstate_protocol::{Direction, Error, Monitor, Role, format, parse};

use crate::examples::{self, last};

#[test]
fn every_example_is_projected_and_read_back() {
    for (name, text) in examples::ALL {
        let protocols = parse(text).unwrap();
        assert_eq!(format(&protocols), text, "{name}");
        for machine in last(text).machines().unwrap() {
            println!("{machine}");
            assert!(!machine.states().is_empty());
        }
    }
}

#[test]
fn the_engine_of_tool_coordination_is_as_drawn() {
    let engine = last(examples::TOOL_COORDINATION)
        .project(&Role::new("engine"))
        .unwrap()
        .machine();
    assert_eq!(
        engine.to_string(),
        "\
engine of ToolCoordination
0 !tool:Init(InitRequest) 1
1 ?tool:Ready(InitResponse) 2
1 ?tool:Refused(Refusal) 3
1 †tool 3
2 !tool:Cancel() 3
2 !tool:Start(StartWork) 4
3 end
4 ?tool:Ask(Question) 5
4 ?tool:Complete(WorkComplete) 2
4 †tool 3
5 !tool:Answer(Answer) 4
"
    );
}

#[test]
fn a_monitor_follows_a_run_and_a_crash() {
    let engine = Arc::new(
        last(examples::TOOL_COORDINATION)
            .project(&Role::new("engine"))
            .unwrap()
            .machine(),
    );
    let mut monitor = Monitor::new(Arc::clone(&engine));
    monitor
        .step(Direction::Send, "tool", "Init", Some("InitRequest"))
        .unwrap();
    let refused = monitor
        .step(Direction::Receive, "tool", "Complete", None)
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "`?tool:Complete` came to `engine` in state 1, expected was `?tool:Ready(InitResponse)` or `?tool:Refused(Refusal)` or `†tool`"
    );
    let wrong = monitor
        .step(Direction::Receive, 1, "Ready", Some("u8"))
        .unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "`Ready(u8)` came to `engine` in state 1, it should be `Ready(InitResponse)`"
    );
    monitor.step(Direction::Receive, 1, "Ready", None).unwrap();
    monitor
        .step(Direction::Send, "tool", "Start", None)
        .unwrap();
    monitor
        .step(Direction::Receive, "tool", "Ask", None)
        .unwrap();
    // The tool goes while it is the engine's turn: the answer goes nowhere, and then the engine notices.
    monitor.crash("tool").unwrap();
    assert!(!monitor.is_final());
    monitor
        .step(Direction::Send, "tool", "Answer", None)
        .unwrap();
    assert!(monitor.is_final());
}

#[test]
fn a_role_that_cannot_know_a_choice_is_named() {
    let text = "\
protocol Bad(role engine, role tool, role audit) {
  choice at engine {
    Start() from engine to tool;
    Log(Started) from audit to tool;
  } or {
    Cancel() from engine to tool;
  }
}
";
    let error = last(text).project(&Role::new("audit")).unwrap_err();
    let Error::Unknowable(clash) = &error else {
        panic!("{error}")
    };
    assert_eq!(clash.role, Role::new("audit"));
    assert_eq!(clash.chooser, Some(Role::new("engine")));
    assert_eq!(
        error.to_string(),
        "role `audit` cannot know the choice at `engine`: after `Cancel` it would be done, after `Start` it would send `Log(Started)` to `tool`"
    );
    println!("{}", error.diagnostic().unwrap().render(text, "bad.vsp"));
}
