//! Evaluation: total, deterministic, limited in steps, memory and stack.
//!
//! A tree walk over [`Node`]s. Every step is counted, lists are bounded, and the depth of the tree was bounded by the
//! checker, so that evaluation ends whatever the expression.

use crate::ast::BinaryOp;
use crate::node::{Arm, ArmPattern, Lambda, Node, Typed};
use crate::{CheckedClause, Error, Scope, Steps, Value};

pub(crate) mod access;
pub(crate) mod arithmetic;
pub(crate) mod compare;
pub(crate) mod lists;
pub(crate) mod logic;
pub(crate) mod maps;
pub(crate) mod numbers;
pub(crate) mod order;
pub(crate) mod texts;

/// A value or why there is none.
pub(crate) type Evaluated = Result<Value, Box<Error>>;

/// How a built-in function is evaluated: with its arguments as they stand.
pub(crate) type Run = fn(&mut Machine<'_>, &[Typed]) -> Evaluated;

/// Most elements of a list, a map or bytes, and a 16th of the bytes of a text.
pub(crate) const MAX_ELEMENTS: usize = 4_000_000;

impl Typed {
    /// Its value.
    ///
    /// # Errors
    /// [`Error`] says why there is none: overflow, division by zero, a position outside a list, an argument outside a
    /// function's domain, too many elements or steps, a place for which the scope has no value. [`Error::Mismatch`]
    /// comes only when the scope holds a value of another type than the place was declared with.
    pub fn eval(&self, scope: &Scope<'_>, steps: &mut Steps) -> Result<Value, Error> {
        Machine::new(*scope, steps).eval(self).map_err(|e| *e)
    }
}

impl CheckedClause {
    /// Whether the condition holds.
    ///
    /// # Errors
    /// As [`Typed::eval`]. A clause without a value is a breach, and the error its reason.
    pub fn holds(&self, scope: &Scope<'_>, steps: &mut Steps) -> Result<bool, Error> {
        Machine::new(*scope, steps)
            .truth(&self.condition)
            .map_err(|e| *e)
    }
}

/// One evaluation.
pub(crate) struct Machine<'a> {
    pub(crate) scope: Scope<'a>,
    pub(crate) steps: &'a mut Steps,
    /// Bound values, those of the innermost `define` from `base` on.
    locals: Vec<Value>,
    base: usize,
}

impl<'a> Machine<'a> {
    pub(crate) fn new(scope: Scope<'a>, steps: &'a mut Steps) -> Self {
        Self {
            scope,
            steps,
            locals: Vec::new(),
            base: 0,
        }
    }

    /// The value of a part.
    pub(crate) fn eval(&mut self, typed: &Typed) -> Evaluated {
        self.steps.take(1)?;
        match typed.node() {
            Node::Constant(value) => Ok(value.clone()),
            Node::Place(place) => self.scope.get(place).cloned(),
            Node::Local(local) => match self.locals.get(self.base + local.index) {
                Some(value) => Ok(value.clone()),
                None => Err(unbound(&local.name)),
            },
            Node::Compare { first, rest } => self.compare(first, rest).map(Value::Bool),
            Node::Binary(op, left, right) => self.binary(*op, left, right),
            Node::Call(builtin, arguments) => (builtin.run)(self, arguments),
            Node::Index(of, index) => self.index(of, index),
            Node::Member(of, number) => self.member(of, *number),
            Node::Not(part) => Ok(Value::Bool(!self.truth(part)?)),
            Node::If(condition, then, otherwise) => {
                if self.truth(condition)? {
                    self.eval(then)
                } else {
                    self.eval(otherwise)
                }
            }
            Node::Let { value, body, .. } => {
                let value = self.eval(value)?;
                self.bound(value, body)
            }
            Node::Match { of, arms } => self.matching(of, arms),
            Node::Define(define, arguments) => self.define(&define.body, arguments),
            Node::Negate(part) => arithmetic::negate(self.eval(part)?),
            Node::Range(from, to) => self.range(from, to),
            Node::Slice { of, from, to } => self.slice(of, from.as_ref(), to.as_ref()),
            Node::Approx {
                left,
                right,
                tolerance,
                relative,
            } => self.approx(left, right, tolerance, *relative),
            Node::Some(part) => self.eval(part).map(Value::some),
            Node::List(parts) => Ok(Value::List(self.parts(parts)?.into())),
            Node::Tuple(parts) => Ok(Value::Tuple(self.parts(parts)?.into())),
            Node::Record(of, parts) => {
                let fields = self.parts(parts)?;
                Ok(Value::Record(of.clone(), fields.into()))
            }
            Node::Variant(of, number, parts) => {
                let payload = self.parts(parts)?;
                Ok(Value::Enum(of.clone(), *number, payload.into()))
            }
            Node::Map(entries) => self.map_of(entries),
            Node::Lambda(lambda) => Err(unbound(&lambda.body.to_string())),
        }
    }

    /// The truth of a part.
    #[inline]
    pub(crate) fn truth(&mut self, typed: &Typed) -> Result<bool, Box<Error>> {
        match typed.node() {
            // The two commonest conditions need no value in between.
            Node::Compare { first, rest } => {
                self.steps.take(1)?;
                self.compare(first, rest)
            }
            Node::Binary(BinaryOp::And, left, right) => {
                self.steps.take(1)?;
                Ok(self.truth(left)? && self.truth(right)?)
            }
            _ => match self.eval(typed)? {
                Value::Bool(b) => Ok(b),
                other => Err(wrong("bool", &other)),
            },
        }
    }

    pub(crate) fn whole(&mut self, typed: &Typed) -> Result<i64, Box<Error>> {
        match self.eval(typed)? {
            Value::Int(i) => Ok(i),
            other => Err(wrong("int", &other)),
        }
    }

    pub(crate) fn parts(&mut self, parts: &[Typed]) -> Result<Vec<Value>, Box<Error>> {
        parts.iter().map(|part| self.eval(part)).collect()
    }

    /// `body` with one more bound value.
    pub(crate) fn bound(&mut self, value: Value, body: &Typed) -> Evaluated {
        self.locals.push(value);
        let result = self.eval(body);
        self.locals.pop();
        result
    }

    /// The value of a lambda for one argument.
    #[inline]
    pub(crate) fn apply(&mut self, lambda: &Lambda, argument: Value) -> Evaluated {
        let height = self.bind(lambda, argument)?;
        let result = self.eval(&lambda.body);
        self.locals.truncate(height);
        result
    }

    /// The truth of a lambda for one argument.
    #[inline]
    pub(crate) fn test(&mut self, lambda: &Lambda, argument: Value) -> Result<bool, Box<Error>> {
        let height = self.bind(lambda, argument)?;
        let result = self.truth(&lambda.body);
        self.locals.truncate(height);
        result
    }

    /// Binds the parameters of a lambda; gives how many values were bound before.
    #[inline]
    pub(crate) fn bind(&mut self, lambda: &Lambda, argument: Value) -> Result<usize, Box<Error>> {
        let height = self.locals.len();
        if lambda.unpack {
            match argument {
                Value::Tuple(parts) if parts.len() == lambda.parameters.len() => {
                    self.locals.extend(parts.iter().cloned());
                }
                other => return Err(wrong("tuple", &other)),
            }
        } else {
            self.locals.push(argument);
        }
        Ok(height)
    }

    #[inline]
    pub(crate) fn local(&self, index: usize) -> Option<&Value> {
        self.locals.get(self.base + index)
    }

    pub(crate) fn push(&mut self, value: Value) {
        self.locals.push(value);
    }

    pub(crate) fn mark(&self) -> (usize, usize) {
        (self.locals.len(), self.base)
    }

    /// Forgets what was bound since.
    pub(crate) fn reset(&mut self, (height, base): (usize, usize)) {
        self.locals.truncate(height);
        self.base = base;
    }

    /// Evaluates the arguments and makes them the only bound values; gives what [`reset`](Self::reset) takes.
    pub(crate) fn enter(&mut self, arguments: &[Typed]) -> Result<(usize, usize), Box<Error>> {
        let arguments = self.parts(arguments)?;
        let mark = self.mark();
        self.base = self.locals.len();
        self.locals.extend(arguments);
        Ok(mark)
    }

    fn define(&mut self, body: &Typed, arguments: &[Typed]) -> Evaluated {
        let mark = self.enter(arguments)?;
        let result = self.eval(body);
        self.reset(mark);
        result
    }

    fn matching(&mut self, of: &Typed, arms: &[Arm]) -> Evaluated {
        let value = self.eval(of)?;
        let mark = self.mark();
        let body = self.choose(&value, arms)?;
        let result = self.eval(body);
        self.reset(mark);
        result
    }

    /// The body of the first arm that fits, its names bound.
    pub(crate) fn choose<'b>(
        &mut self,
        value: &Value,
        arms: &'b [Arm],
    ) -> Result<&'b Typed, Box<Error>> {
        for arm in arms {
            match (&arm.pattern, value) {
                (ArmPattern::Any, _) | (ArmPattern::None, Value::Option(None)) => {}
                (ArmPattern::Some(_), Value::Option(Some(inner))) => {
                    self.locals.push((**inner).clone());
                }
                (ArmPattern::Variant(number, locals), Value::Enum(_, other, payload))
                    if number == other && locals.len() == payload.len() =>
                {
                    self.locals.extend(payload.iter().cloned());
                }
                _ => continue,
            }
            return Ok(&arm.body);
        }
        Err(wrong("one of the arms", value))
    }
}

/// A value of another type than was declared.
#[cold]
pub(crate) fn wrong(expected: &str, value: &Value) -> Box<Error> {
    Box::new(Error::Mismatch {
        expected: expected.to_owned(),
        value: crate::abbreviate::value(value),
    })
}

#[cold]
fn unbound(name: &str) -> Box<Error> {
    Box::new(Error::Missing {
        place: name.to_owned(),
    })
}

/// A function outside its domain.
#[cold]
pub(crate) fn domain(function: &'static str, argument: &Value, advice: &'static str) -> Box<Error> {
    Box::new(Error::Domain {
        function,
        argument: crate::abbreviate::value(argument),
        advice,
    })
}

/// A call with arguments that the checker never lets through.
#[cold]
pub(crate) fn arity(function: &str) -> Box<Error> {
    Box::new(Error::Mismatch {
        expected: format!("argument of {function}"),
        value: "nothing".to_owned(),
    })
}
