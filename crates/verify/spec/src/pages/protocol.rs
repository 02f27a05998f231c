//! Protocols: projected, checked and drawn.

use maud::html;
use voidstate_protocol::{
    Answer, Bounds, Diagnostic, Protocol, mermaid, parse, parse_after, render,
};

use super::document;

/// What was found out about one protocol, or about a text that holds none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtocolVerdict {
    /// Its name; empty when its text cannot be read.
    pub name: String,
    /// How many roles it has.
    pub roles: usize,
    /// How many states their machines have together.
    pub states: usize,
    /// How many configurations were looked at.
    pub configurations: usize,
    /// `holds`, `fails`, `unknown`; `wrong` when it cannot be read or projected; `open` when a parameter has no value, so that
    /// only protocols that inline it are checked.
    pub verdict: &'static str,
    /// What is wrong, or not known.
    pub remarks: String,
    /// The protocol as a Mermaid drawing, and then the machine of each role.
    pub drawings: Vec<(String, String)>,
}

impl ProtocolVerdict {
    /// Whether nothing is wrong with it; what nobody knows is.
    #[must_use]
    pub fn passed(&self) -> bool {
        matches!(self.verdict, "holds" | "open")
    }

    fn wrong(name: &str, remarks: String) -> Self {
        Self {
            name: name.to_owned(),
            roles: 0,
            states: 0,
            configurations: 0,
            verdict: "wrong",
            remarks,
            drawings: Vec::new(),
        }
    }
}

/// What a text of protocols (a `.vsp` file) is worth, and whether it is in the formatter's layout.
#[must_use]
pub fn judge_text(file: &str, text: &str) -> (Vec<ProtocolVerdict>, bool) {
    match parse(text) {
        Ok(protocols) => {
            let formatted = voidstate_protocol::format(&protocols) == text;
            (
                protocols.iter().map(|p| judge(p, file, text)).collect(),
                formatted,
            )
        }
        Err(wrong) => (
            vec![ProtocolVerdict::wrong("", render(&wrong, text, file))],
            true,
        ),
    }
}

/// What the protocols of a document are worth; each may name those before it.
#[must_use]
pub fn judge_items(file: &str, texts: &[String]) -> Vec<ProtocolVerdict> {
    let mut known: Vec<Protocol> = Vec::new();
    let mut verdicts = Vec::new();
    for text in texts {
        match parse_after(text, &known) {
            Ok(found) => {
                verdicts.extend(found.iter().map(|p| judge(p, file, text)));
                known.extend(found);
            }
            Err(wrong) => verdicts.push(ProtocolVerdict::wrong("", render(&wrong, text, file))),
        }
    }
    verdicts
}

/// The formatter's layout of a text of protocols; none when it cannot be read.
#[must_use]
pub fn formatted(text: &str) -> Option<String> {
    parse(text)
        .ok()
        .map(|protocols| voidstate_protocol::format(&protocols))
}

fn judge(protocol: &Protocol, file: &str, text: &str) -> ProtocolVerdict {
    let name = protocol.name.text.clone();
    if protocol.params.iter().any(|p| p.value.is_none()) {
        let remarks = "a parameter has no value".to_owned();
        return ProtocolVerdict {
            verdict: "open",
            ..ProtocolVerdict::wrong(&name, remarks)
        };
    }
    let machines = match protocol.machines() {
        Ok(machines) => machines,
        Err(error) => {
            let diagnostic: Option<Diagnostic> = error.diagnostic();
            let remarks = diagnostic.map_or_else(|| error.to_string(), |d| d.render(text, file));
            return ProtocolVerdict::wrong(&name, remarks);
        }
    };
    let report = voidstate_protocol::check(&machines, Bounds::default());
    let (verdict, remarks) = match &report.answer {
        Answer::Holds => ("holds", String::new()),
        Answer::Fails(_) => ("fails", report.to_string()),
        Answer::Unknown(_) => ("unknown", report.to_string()),
    };
    let mut drawings: Vec<(String, String)> = Vec::new();
    drawings.extend(
        mermaid(protocol)
            .ok()
            .map(|drawing| (name.clone(), drawing)),
    );
    drawings.extend(machines.iter().map(|m| (m.role().to_string(), m.mermaid())));
    ProtocolVerdict {
        name,
        roles: machines.len(),
        states: machines.iter().map(|m| m.states().len()).sum(),
        configurations: report.configurations,
        verdict,
        remarks,
        drawings,
    }
}

/// A page of protocols: a table, remarks, and the Mermaid text of each drawing.
#[must_use]
pub fn protocols_page(file: &str, source: &str, verdicts: &[ProtocolVerdict]) -> String {
    let body = html! {
        p { a href="index.html" { "all specs" } }
        h1 { (file) }
        table {
            thead { tr {
                th { "protocol" } th.n { "roles" } th.n { "states" } th.n { "configurations" } th { "verdict" }
            } }
            tbody { @for v in verdicts { tr {
                td { code { (v.name) } } td.n { (v.roles) } td.n { (v.states) } td.n { (v.configurations) }
                td { span class=(v.verdict) { (v.verdict) } }
            } } }
        }
        @for v in verdicts {
            @if !v.remarks.is_empty() { pre.remarks { (v.remarks) } }
            @for (of, drawing) in &v.drawings {
                h3 { (of) }
                pre.mermaid { (drawing) }
            }
        }
        h2 { "Text" }
        pre.source { @for (at, line) in source.lines().enumerate() {
            span.line id=(format!("L{}", at + 1)) { (line) } "\n"
        } }
    };
    document(file, &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_protocol_is_judged_and_drawn() {
        let good = "protocol P(role a, role b) {\n  M() from a to b;\n}\n";
        let (verdicts, formatted) = judge_text("p.vsp", good);
        assert!(formatted && verdicts[0].passed(), "{verdicts:?}");
        assert_eq!(
            (
                verdicts[0].roles,
                verdicts[0].states,
                verdicts[0].configurations
            ),
            (2, 4, 3)
        );
        let page = protocols_page("p.vsp", good, &verdicts);
        assert!(page.contains("sequenceDiagram") && page.contains("stateDiagram-v2"));
        assert!(!judge_text("p.vsp", "protocol P(role a, role b) { M() from a to b; }").1);
    }

    #[test]
    fn what_is_wrong_with_a_protocol_is_said() {
        let unknowable = "protocol P(role a, role b, role c) {\n  choice at a {\n    X() from a to b;\n    Z() from c to b;\n  } or {\n    Y() from a to b;\n  }\n}\n";
        let (verdicts, _) = judge_text("p.vsp", unknowable);
        assert_eq!(verdicts[0].verdict, "wrong");
        assert!(
            verdicts[0]
                .remarks
                .contains("role `c` cannot know the choice at `a`"),
            "{}",
            verdicts[0].remarks
        );
        assert!(!judge_text("p.vsp", "protocol").0[0].passed());
        let open = "protocol P<N>(role w[N], role b) { M() from b to w[0]; }".to_owned();
        let user = "protocol Q(role w[2], role b) { do P<2>(w, b); }".to_owned();
        let verdicts: Vec<_> = judge_items("d.spec", &[open, user])
            .iter()
            .map(|v| v.verdict)
            .collect();
        assert_eq!(verdicts, ["open", "holds"]);
    }
}
