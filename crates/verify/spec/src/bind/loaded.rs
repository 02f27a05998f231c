//! A spec in the running program.

use std::sync::OnceLock;

use voidstate_language::{
    CheckedClause, CheckedOperation, CheckedTool, RecordType, Span, Type, compile, node::PlaceKind,
};

/// The spec that an implementation was written against: its text, parsed at first use.
#[derive(Debug)]
pub struct Spec {
    source: &'static str,
    path: &'static str,
    tool: &'static str,
    loaded: OnceLock<Loaded>,
}

impl Spec {
    /// The tool of that name in a text that compiles; `path` is shown in messages.
    #[must_use]
    pub const fn new(source: &'static str, path: &'static str, tool: &'static str) -> Self {
        Self {
            source,
            path,
            tool,
            loaded: OnceLock::new(),
        }
    }

    /// The text.
    #[must_use]
    pub const fn source(&self) -> &'static str {
        self.source
    }

    /// The path as the attribute names it.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// The tool. Cost of the first call: parsing and checking the text; then nothing.
    ///
    /// # Panics
    /// When the text does not compile or has no such tool; the attribute has seen to both.
    #[must_use]
    pub fn tool(&self) -> &CheckedTool {
        &self.loaded().tool
    }

    pub(crate) fn loaded(&self) -> &Loaded {
        self.loaded.get_or_init(|| {
            let tool = compile(self.source).map(|checked| checked.tool(self.tool).cloned());
            match tool {
                Ok(Some(tool)) => Loaded::new(tool),
                Ok(None) => panic!("{} has no tool `{}`", self.path, self.tool),
                Err(wrong) => panic!("{}", wrong.render(self.source, self.path, false)),
            }
        })
    }

    /// `specs/x.spec:3`
    pub(crate) fn place(&self, span: Span) -> String {
        let at = usize::try_from(span.start)
            .unwrap_or(usize::MAX)
            .min(self.source.len());
        let before = self.source.get(..at).unwrap_or_default();
        format!("{}:{}", self.path, before.matches('\n').count() + 1)
    }
}

/// A tool and what is known about its operations.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) tool: CheckedTool,
    /// One per operation.
    pub(crate) plans: Vec<Plan>,
}

/// What the clauses of an operation read.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The type of several outputs returned as a tuple.
    pub(crate) tuple: Type,
    /// The type of several outputs returned as a struct.
    pub(crate) record: Type,
    /// Inputs that a clause reads.
    pub(crate) inputs: Vec<bool>,
    /// Outputs that a clause reads.
    pub(crate) outputs: Vec<bool>,
    /// Whether the state before the call is read.
    pub(crate) state_before: bool,
    /// Whether the state after the call is read.
    pub(crate) state_after: bool,
}

impl Loaded {
    fn new(tool: CheckedTool) -> Self {
        let plans = tool
            .operations
            .iter()
            .map(|o| Plan::new(&tool, o))
            .collect();
        Self { tool, plans }
    }
}

impl Plan {
    fn new(tool: &CheckedTool, operation: &CheckedOperation) -> Self {
        let types: Vec<Type> = operation
            .outputs
            .iter()
            .map(|slot| slot.type_.clone())
            .collect();
        let fields = operation
            .outputs
            .iter()
            .map(|slot| (slot.name.clone(), slot.type_.clone()));
        let record = RecordType {
            name: operation.name.clone(),
            fields: fields.collect(),
        };
        let mut plan = Self {
            tuple: Type::Tuple(types.into()),
            record: Type::Record(record.into()),
            inputs: vec![false; operation.inputs.len()],
            outputs: vec![false; operation.outputs.len()],
            state_before: false,
            state_after: !tool.invariants.is_empty(),
        };
        for clause in operation.requires.iter().chain(&operation.fails) {
            plan.note(clause, true);
        }
        for clause in &operation.ensures {
            plan.note(clause, false);
        }
        plan
    }

    fn note(&mut self, clause: &CheckedClause, is_before: bool) {
        for place in clause.condition.free_slots() {
            let mark = |all: &mut Vec<bool>| {
                if let Some(read) = all.get_mut(place.index) {
                    *read = true;
                }
            };
            match place.kind {
                PlaceKind::Input | PlaceKind::OldInput => mark(&mut self.inputs),
                PlaceKind::Output => mark(&mut self.outputs),
                PlaceKind::State if !is_before => self.state_after = true,
                PlaceKind::State | PlaceKind::OldState => self.state_before = true,
            }
        }
    }
}
