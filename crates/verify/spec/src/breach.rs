//! A broken contract: who broke which clause of which spec, and how one sees it.

use std::fmt;

/// Who is to blame.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Blame {
    /// The caller, who did not bring what the spec requires.
    Caller,
    /// The implementation, which did not do what the spec says.
    Implementation,
    /// The spec: a clause has no value.
    Spec,
}

/// What a contract says when it is broken. Its `Display` is the message of the panic that follows.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// The tool.
    pub tool: String,
    /// The operation.
    pub operation: String,
    /// Who is to blame.
    pub blame: Blame,
    /// The clause with its label and text, for example `ensures "sorted": is_sorted(xs)`.
    pub clause: String,
    /// Where the spec says so, for example `specs/sort.spec:4`.
    pub place: String,
    /// How one sees it: the failed comparison with both sides, or why the clause has no value.
    pub why: String,
    /// Names and values, long ones cut: inputs, then outputs, then state.
    pub values: Vec<(String, String)>,
    /// Where the call stands in the program, for example `src/main.rs:7:5`.
    pub called_at: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            tool, operation, ..
        } = self;
        let what = if tool == operation {
            format!("`{tool}`")
        } else {
            format!("`{tool}.{operation}`")
        };
        match self.blame {
            Blame::Caller => writeln!(f, "the caller of {what} broke its contract")?,
            Blame::Implementation => {
                writeln!(f, "the implementation of {what} broke its contract")?
            }
            Blame::Spec => writeln!(f, "a clause of {what} has no value")?,
        }
        writeln!(f, "  {}", self.clause)?;
        for line in self.why.lines() {
            writeln!(f, "    {line}")?;
        }
        for (name, value) in &self.values {
            writeln!(f, "  {name} = {value}")?;
        }
        writeln!(f, "  the spec says so at {}", self.place)?;
        write!(f, "  called at {}", self.called_at)
    }
}
