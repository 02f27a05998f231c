//! The text of a question.

use std::fmt::Write as _;
use std::time::Duration;

use super::Problem;

impl Problem {
    /// SMT-LIB 2; the solver is asked to stop after `timeout`.
    #[must_use]
    pub fn script(&self, timeout: Duration) -> String {
        let mut out = String::new();
        // A `String` takes every write.
        let _ = writeln!(out, "(set-option :produce-unsat-cores true)");
        let _ = writeln!(out, "(set-option :timeout {})", timeout.as_millis());
        out.push_str("(declare-sort Thing 0)\n");
        for line in &self.declarations {
            let _ = writeln!(out, "{line}");
        }
        for fact in &self.facts {
            let _ = writeln!(out, "(assert {fact})");
        }
        for (i, assertion) in self.assertions.iter().enumerate() {
            let _ = writeln!(out, "(assert (! {assertion} :named c{i}))");
        }
        out.push_str("(check-sat)\n(get-unsat-core)\n");
        out
    }
}
