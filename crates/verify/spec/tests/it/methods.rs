//! An impl with state: invariants, old values, constructors, sequences.

use voidstate_spec::language::Value;
use voidstate_spec::{Called, Implements, Subject, implements, subject};

use crate::breach_of;

#[derive(Debug)]
pub(crate) struct Window {
    values: Vec<i64>,
    capacity: usize,
    /// What is done wrong on purpose.
    fault: Fault,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    None,
    KeepsTooMany,
    CountsWrong,
    Panics,
}

#[derive(Debug)]
pub(crate) struct Empty;

#[implements("tests/specs/window.spec", fields(capacity: usize))]
impl Window {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            values: Vec::new(),
            capacity,
            fault: Fault::None,
        }
    }

    fn values(&self) -> &[i64] {
        &self.values
    }

    pub(crate) fn push(&mut self, mut x: i64) -> usize {
        assert!(self.fault != Fault::Panics || x != 13, "unlucky");
        x += 0;
        self.values.push(x);
        let is_full = self.values.len() > self.capacity;
        if is_full && self.fault != Fault::KeepsTooMany {
            self.values.remove(0);
        }
        usize::from(is_full != (self.fault == Fault::CountsWrong))
    }

    pub(crate) fn mean(&self) -> Result<f64, Empty> {
        if self.values.is_empty() {
            return Err(Empty);
        }
        Ok(self.total() / self.values.len() as f64)
    }

    /// No operation of the spec.
    fn total(&self) -> f64 {
        self.values.iter().map(|x| *x as f64).sum()
    }
}

#[test]
fn a_right_window_passes() {
    let mut window = Window::new(2);
    assert_eq!((window.push(1), window.push(2), window.push(3)), (0, 0, 1));
    assert!((window.mean().unwrap() - 2.5).abs() < 1e-12);
    assert!(Window::new(1).mean().is_err());
}

#[test]
fn ensures_invariants_and_the_state_before_are_held() {
    let mut window = Window::new(1);
    window.fault = Fault::CountsWrong;
    let text = breach_of(|| window.push(5));
    assert!(
        text.contains("ensures \"what is gone is counted\""),
        "{text}"
    );
    assert!(
        text.contains("`window.push`") && text.contains("old state.values = []"),
        "{text}"
    );

    let mut window = Window::new(1);
    window.fault = Fault::KeepsTooMany;
    window.push(1);
    let text = breach_of(|| window.push(2));
    assert!(text.contains("broke its contract"), "{text}");
    assert!(
        text.contains("ensures \"what is gone is counted\"")
            || text.contains("invariant \"bounded\""),
        "{text}"
    );

    let text = breach_of(|| Window::new(0));
    assert!(
        text.contains("the caller of `window.new`") && text.contains("requires \"room\""),
        "{text}"
    );
}

#[test]
fn a_subject_has_state_that_is_reset() {
    let mut subject: Box<dyn Subject> = subject!(Window);
    let tool = Window::spec().tool();
    let number = |name: &str| tool.operations.iter().position(|o| o.name == name).unwrap();
    assert_eq!(
        subject.call(number("push"), &[Value::Int(1)]),
        Called::NoInstance
    );
    assert_eq!(subject.state(), None);
    assert_eq!(
        subject.call(number("new"), &[Value::Int(1)]),
        Called::Returned(vec![])
    );
    assert_eq!(
        subject.call(number("push"), &[Value::Int(7)]),
        Called::Returned(vec![Value::Int(0)])
    );
    let state = vec![Value::List(vec![Value::Int(7)].into()), Value::Int(1)];
    assert_eq!(subject.state(), Some(state));
    assert!(matches!(
        subject.call(number("new"), &[Value::Int(-1)]),
        Called::Inexpressible(_)
    ));
    assert!(matches!(subject.call(9, &[]), Called::NoInstance));
    subject.reset();
    assert!(matches!(
        subject.call(number("mean"), &[]),
        Called::NoInstance
    ));
}

#[derive(Debug, Default)]
struct Fragile(Vec<i64>);

#[implements("tests/specs/counter.spec")]
impl Fragile {
    fn add(&mut self, n: i64) -> Result<(), String> {
        if n < 0 {
            return Err(format!("{n} is negative"));
        }
        assert!(n != 13, "unlucky");
        self.0.push(n);
        Ok(())
    }

    /// Calls another operation while its own is not over: the invariant need not hold there.
    fn add_twice(&mut self, n: i64) {
        self.0.push(-1);
        let _ = self.add(n);
        let _ = self.0.remove(self.0.len() - 2);
        let _ = self.add(n);
    }

    fn total(&self) -> i64 {
        self.0.iter().sum()
    }

    fn least(&self) -> i64 {
        // An operation inside what a contract reads: not looked at, or it would never end.
        self.peek().min(0)
    }

    fn peek(&self) -> i64 {
        self.0.iter().copied().min().unwrap_or(0)
    }
}

#[test]
fn inner_operations_may_break_invariants_for_a_while() {
    let mut it = Fragile::default();
    it.add_twice(2);
    assert_eq!(it.total(), 4);
    it.0.push(-5);
    let text = breach_of(|| it.add(1));
    assert!(text.contains("invariant \"nothing negative\""), "{text}");
}

#[test]
fn a_subject_without_a_constructor_begins_with_its_default() {
    let mut subject = subject!(Fragile);
    assert_eq!(subject.call(0, &[Value::Int(3)]), Called::Returned(vec![]));
    assert!(
        matches!(subject.call(0, &[Value::Int(-3)]), Called::Refused(text) if text.contains("negative"))
    );
    assert_eq!(subject.state(), Some(vec![Value::Int(3), Value::Int(0)]));
    assert_eq!(
        subject.call(0, &[Value::Int(13)]),
        Called::Panicked("unlucky".to_owned())
    );
    assert_eq!(subject.state(), None);
    assert_eq!(subject.call(0, &[Value::Int(1)]), Called::NoInstance);
    subject.reset();
    assert_eq!(subject.state(), Some(vec![Value::Int(0), Value::Int(0)]));
}
