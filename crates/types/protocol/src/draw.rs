//! Protocols and machines as drawings: Mermaid and Graphviz.

use std::fmt::Write as _;

use crate::ast::{Crash, Global, GlobalKind, Protocol};
use crate::error::Error;
use crate::graph::Graph;
use crate::machine::{Direction, Machine, named_payload};
use crate::show::Time;
use crate::unroll::unroll;

/// The protocol as a Mermaid `sequenceDiagram`, with `for` and `do` written out: choices are `alt`, loops `loop`, and what
/// follows a crash `break`.
///
/// # Errors
/// [`Error::Malformed`] when the protocol cannot be written out.
pub fn mermaid(protocol: &Protocol) -> Result<String, Error> {
    let roles = Graph::new(protocol)?.roles;
    let steps = unroll(protocol)?;
    let mut drawing = Drawing {
        lines: vec!["sequenceDiagram".to_owned()],
        roles: roles.iter().map(ToString::to_string).collect(),
    };
    for (i, role) in roles.iter().enumerate() {
        drawing.line(1, format!("participant r{i} as {role}"));
    }
    drawing.steps(&steps, 1);
    Ok(drawing.lines.join("\n") + "\n")
}

struct Drawing {
    lines: Vec<String>,
    roles: Vec<String>,
}

impl Drawing {
    fn line(&mut self, depth: usize, text: String) {
        self.lines.push(format!("{:1$}{text}", "", 2 * depth));
    }

    fn id(&self, role: &str) -> String {
        let at = self.roles.iter().position(|r| r == role);
        at.map_or_else(|| escaped(role), |at| format!("r{at}"))
    }

    fn everybody(&self) -> String {
        match self.roles.len() {
            0 | 1 => "r0".to_owned(),
            n => format!("r0,r{}", n - 1),
        }
    }

    fn steps(&mut self, steps: &[Global], depth: usize) {
        for step in steps {
            match &step.kind {
                GlobalKind::Comment(_) => {}
                GlobalKind::Message(m) => {
                    let within = m
                        .within
                        .map(|t| format!(" within {}", Time(t)))
                        .unwrap_or_default();
                    let text = escaped(&format!(
                        "{}{within}",
                        named_payload(&m.label.text, &m.payload)
                    ));
                    let (from, to) = (self.id(&m.from.to_string()), self.id(&m.to.to_string()));
                    self.line(depth, format!("{from}->>{to}: {text}"));
                }
                GlobalKind::Choice(choice) => {
                    self.crashing(&choice.crashes, depth);
                    for (i, branch) in choice.branches.iter().enumerate() {
                        let word = if i == 0 {
                            format!("alt {} decides", choice.at)
                        } else {
                            "else or".to_owned()
                        };
                        self.line(depth, word);
                        self.steps(branch, depth + 1);
                    }
                    self.line(depth, "end".to_owned());
                }
                GlobalKind::Scope(scope) => {
                    self.crashing(&scope.crashes, depth);
                    self.steps(&scope.body, depth);
                }
                GlobalKind::Rec(rec) => {
                    self.line(depth, format!("loop {}", rec.name));
                    self.steps(&rec.body, depth + 1);
                    self.line(depth, "end".to_owned());
                }
                GlobalKind::Continue(name) => {
                    let all = self.everybody();
                    self.line(depth, format!("Note over {all}: again {name}"));
                }
                // Written out before.
                GlobalKind::Do(_) | GlobalKind::For(_) => {}
            }
        }
    }

    fn crashing(&mut self, crashes: &[Crash], depth: usize) {
        for crash in crashes {
            self.line(
                depth,
                format!("break whenever {} is gone from here on", crash.role),
            );
            self.steps(&crash.body, depth + 1);
            let all = self.everybody();
            self.line(depth + 1, format!("Note over {all}: over"));
            self.line(depth, "end".to_owned());
        }
    }
}

/// Signs that mean something to Mermaid.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '#' => out.push_str("#35;"),
            ';' => out.push_str("#59;"),
            ':' => out.push_str("#58;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '{' => out.push_str("#123;"),
            '}' => out.push_str("#125;"),
            c => out.push(c),
        }
    }
    out
}

impl Machine {
    /// One transition without the colon that Mermaid keeps for itself.
    fn arrow(&self, t: &crate::Transition) -> String {
        let peer = self.role_name(t.peer);
        let within = t
            .within
            .map(|t| format!(" within {}", Time(t)))
            .unwrap_or_default();
        match t.direction {
            Direction::Send => format!("! {peer} {}{within}", named_payload(&t.label, &t.payload)),
            Direction::Receive => {
                format!("? {peer} {}{within}", named_payload(&t.label, &t.payload))
            }
            Direction::Crash => format!("{peer} is gone"),
        }
    }

    /// The machine as a Mermaid `stateDiagram-v2`.
    #[must_use]
    pub fn mermaid(&self) -> String {
        let mut out = String::from("stateDiagram-v2\n  [*] --> s0\n");
        for (i, state) in self.states().iter().enumerate() {
            for t in &state.transitions {
                let _ = writeln!(out, "  s{i} --> s{}: {}", t.target, escaped(&self.arrow(t)));
            }
            if state.transitions.is_empty() {
                let _ = writeln!(out, "  s{i} --> [*]");
            }
        }
        out
    }

    /// The machine as a Graphviz `digraph`.
    #[must_use]
    pub fn dot(&self) -> String {
        let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        let mut out = format!(
            "digraph \"{}\" {{\n  rankdir=LR;\n",
            quoted(&self.role().to_string())
        );
        for (i, state) in self.states().iter().enumerate() {
            let shape = if state.transitions.is_empty() {
                "doublecircle"
            } else {
                "circle"
            };
            let _ = writeln!(out, "  s{i} [shape={shape}, label=\"{i}\"];");
            for t in &state.transitions {
                let _ = writeln!(
                    out,
                    "  s{i} -> s{} [label=\"{}\"];",
                    t.target,
                    quoted(&self.describe(t))
                );
            }
        }
        out.push_str("}\n");
        out
    }
}
