//! One operation as the generator sees it: formulas, classes and counts.

use voidstate_language::ast::BinaryOp;
use voidstate_language::node::{Node, PlaceKind, Typed};
use voidstate_language::{CheckedClause, CheckedOperation, CheckedTool, Type, Value};

use super::class::{Class, columns};
use super::cover::pairwise;
use super::draw::Wish;
use super::formula::{Formula, Spot};
use super::judge::Counts;
use super::pool::Pool;
use super::read;

/// What the generator knows about an operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) types: Vec<Type>,
    pub(crate) requires: Vec<Formula>,
    /// That no `fails` holds.
    pub(crate) succeeds: Vec<Formula>,
    /// One per `fails`: that it holds.
    pub(crate) fails: Vec<Formula>,
    /// What stands before `=>` in `ensures` and reads inputs only.
    pub(crate) goals: Vec<Formula>,
    /// Whether a `requires` or `fails` reads the state: then there must be an instance.
    pub(crate) reads_state: bool,
    columns: Vec<(Spot, Vec<Class>)>,
    /// Which class of which column occurred.
    reached: Vec<Vec<bool>>,
    /// Pairs of column and class that occurred together.
    pairs: Vec<((usize, usize), (usize, usize))>,
    pub(crate) rows: Vec<Vec<usize>>,
    pub(crate) counts: Counts,
    pub(crate) cases: usize,
    pub(crate) refused: usize,
    pub(crate) rejected: usize,
    pub(crate) unreachable: usize,
    pub(crate) inexpressible: usize,
    pub(crate) examples: usize,
}

impl Operation {
    pub(crate) fn new(operation: &CheckedOperation, tool: &CheckedTool, most_rows: usize) -> Self {
        let formulas = |clauses: &[CheckedClause]| -> Vec<Formula> {
            clauses
                .iter()
                .map(|c| read::formula(&c.condition))
                .collect()
        };
        let fails = formulas(&operation.fails);
        let mut goals = Vec::new();
        for clause in &operation.ensures {
            antecedents(&clause.condition, &mut goals);
        }
        let mut asked = Vec::new();
        for (i, slot) in operation.inputs.iter().enumerate() {
            columns(&Spot::input(i), &slot.type_, &mut asked);
        }
        let widths: Vec<usize> = asked.iter().map(|(_, classes)| classes.len()).collect();
        let mut rows = pairwise(&widths);
        rows.truncate(most_rows);
        let reads_state = operation
            .requires
            .iter()
            .chain(&operation.fails)
            .any(|clause| {
                let places = clause.condition.free_slots();
                places
                    .iter()
                    .any(|p| matches!(p.kind, PlaceKind::State | PlaceKind::OldState))
            });
        Self {
            types: operation
                .inputs
                .iter()
                .map(|slot| slot.type_.clone())
                .collect(),
            requires: formulas(&operation.requires),
            succeeds: fails.iter().cloned().map(Formula::negate).collect(),
            fails,
            goals,
            reads_state,
            reached: widths.iter().map(|n| vec![false; *n]).collect(),
            columns: asked,
            pairs: Vec::new(),
            rows,
            counts: Counts::new(operation, tool),
            cases: 0,
            refused: 0,
            rejected: 0,
            unreachable: 0,
            inexpressible: 0,
            examples: 0,
        }
    }

    /// What a row of the covering array asks for.
    pub(crate) fn wishes(&self, row: &[usize]) -> Vec<Wish> {
        self.columns
            .iter()
            .zip(row)
            .filter_map(|((spot, classes), choice)| {
                Some(Wish {
                    spot: spot.clone(),
                    class: *classes.get(*choice)?,
                    granted: false,
                })
            })
            .collect()
    }

    /// Notes which classes a call had.
    pub(crate) fn reach(&mut self, wishes: &[Wish]) {
        let mut had: Vec<(usize, usize)> = Vec::new();
        for wish in wishes.iter().filter(|wish| wish.granted) {
            let Some(column) = self.columns.iter().position(|(spot, _)| *spot == wish.spot) else {
                continue;
            };
            let classes = self
                .columns
                .get(column)
                .map(|(_, classes)| classes.as_slice());
            let class = classes
                .unwrap_or_default()
                .iter()
                .position(|c| *c == wish.class);
            if let Some(class) = class {
                had.push((column, class));
                if let Some(flag) = self.reached.get_mut(column).and_then(|c| c.get_mut(class)) {
                    *flag = true;
                }
            }
        }
        for (i, a) in had.iter().enumerate() {
            for b in had.iter().skip(i + 1) {
                if let Err(at) = self.pairs.binary_search(&(*a, *b)) {
                    self.pairs.insert(at, (*a, *b));
                }
            }
        }
    }

    /// A class of one column, at random.
    pub(crate) fn any_wish(&self, random: &mut super::random::Random) -> Vec<Wish> {
        let Some((spot, classes)) = random.pick(&self.columns) else {
            return Vec::new();
        };
        random
            .pick(classes)
            .map(|class| Wish {
                spot: spot.clone(),
                class: *class,
                granted: false,
            })
            .into_iter()
            .collect()
    }

    pub(crate) fn boundaries(&self) -> (usize, usize) {
        let reached = self.reached.iter().flatten().filter(|flag| **flag).count();
        (reached, self.reached.iter().map(Vec::len).sum())
    }

    pub(crate) fn paired(&self) -> (usize, usize) {
        let widths: Vec<usize> = self.reached.iter().map(Vec::len).collect();
        let mut all = 0;
        for (i, a) in widths.iter().enumerate() {
            all += widths.iter().skip(i + 1).map(|b| a * b).sum::<usize>();
        }
        (self.pairs.len(), all)
    }
}

/// What stands before `=>` in a conjunction, where it can be made true or false by the inputs alone.
fn antecedents(condition: &Typed, into: &mut Vec<Formula>) {
    let before = match condition.node() {
        Node::Binary(BinaryOp::And, a, b) => {
            antecedents(a, into);
            antecedents(b, into);
            return;
        }
        Node::Binary(BinaryOp::Implies | BinaryOp::Equivalent, before, _)
        | Node::If(before, ..) => before,
        _ => return,
    };
    let inputs_only = before
        .free_slots()
        .iter()
        .all(|p| matches!(p.kind, PlaceKind::Input | PlaceKind::OldInput));
    if inputs_only {
        match read::formula(before) {
            Formula::Opaque | Formula::True | Formula::False => {}
            formula => {
                into.push(formula.clone().negate());
                into.push(formula);
            }
        }
    }
}

/// Literals of the whole tool, and the values of its examples.
pub(crate) fn words(tool: &CheckedTool) -> Pool {
    let mut words = Pool::default();
    for operation in &tool.operations {
        let clauses = operation
            .requires
            .iter()
            .chain(&operation.fails)
            .chain(&operation.ensures);
        clauses.for_each(|clause| words.add_literals(&clause.condition));
        for example in &operation.examples {
            for (slot, value) in operation.inputs.iter().zip(&example.inputs) {
                words.add(&slot.type_, value);
            }
        }
    }
    for clause in &tool.invariants {
        words.add_literals(&clause.condition);
    }
    words
}

/// Every small value of a type, at most `most`; `None` when the type has more.
pub(crate) fn small(type_: &Type, most: usize) -> Option<Vec<Value>> {
    let all = match type_ {
        Type::Bool => vec![Value::Bool(false), Value::Bool(true)],
        Type::Int(_) => [0, 1, 2, 3, -1].map(Value::Int).to_vec(),
        Type::Text => ["", "a", "b", "aa", "ab", "ba", "aaa", "aba", "é", "éa"]
            .map(Value::text)
            .to_vec(),
        Type::Enum(of) if of.variants.iter().all(|(_, payload)| payload.is_empty()) => (0..)
            .take(of.variants.len())
            .map(|tag| Value::Enum(of.clone(), tag, [].into()))
            .collect(),
        Type::Option(inner) => {
            let mut all = vec![Value::none()];
            all.extend(small(inner, most)?.into_iter().map(Value::some));
            all
        }
        Type::List(inner) => {
            let items: Vec<Value> = small(inner, most)?.into_iter().take(3).collect();
            let mut all = vec![Value::list([])];
            let mut last: Vec<Vec<Value>> = vec![Vec::new()];
            for _ in 0..3 {
                last = last
                    .iter()
                    .flat_map(|front| {
                        items.iter().map(|item| {
                            let mut list = front.clone();
                            list.push(item.clone());
                            list
                        })
                    })
                    .collect();
                all.extend(last.iter().cloned().map(Value::list));
            }
            all
        }
        _ => return None,
    };
    (all.len() <= most).then_some(all)
}
