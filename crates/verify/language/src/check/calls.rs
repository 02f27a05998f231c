//! Calls: the signature that fits is found, its holes are filled, and lambdas learn what they are given.

use std::sync::Arc;

use super::Checker;
use super::convert::{conversion, count, flexible};
use super::names::Names;
use super::shapes::Holes;
use crate::ast::{Expr, ExprKind, Literal, Name, UnaryOp};
use crate::builtin::{Builtin, Shape, Signature};
use crate::node::{Definition, Lambda, MAX_DEPTH, Node, Typed};
use crate::{Diagnostic, Dimension, Span, Type};

impl Checker {
    pub(super) fn call(
        &mut self,
        function: &Name,
        arguments: &[Expr],
        expected: Option<&Type>,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        if let Some(define) = self.defines.get(&function.text).cloned() {
            return self.call_define(&define, function, arguments, span, names);
        }
        match Builtin::named(&function.text) {
            Some(builtin) => self.call_builtin(builtin, arguments, expected, span, names),
            None => self.unknown_function(function, names),
        }
    }

    fn call_define(
        &mut self,
        define: &Arc<Definition>,
        function: &Name,
        arguments: &[Expr],
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let wanted = &define.parameters;
        if wanted.len() != arguments.len() {
            let parameters: Vec<String> = wanted
                .iter()
                .map(|(local, type_)| format!("{}: {type_}", local.name))
                .collect();
            let signature = format!("{}({})", define.name, parameters.join(", "));
            return self.wrong_count(function, &[wanted.len()], arguments.len(), &signature, span);
        }
        let depth = self.depth + define.depth;
        if depth > MAX_DEPTH {
            return self.too_nested(span);
        }
        self.deepest = self.deepest.max(depth);
        let mut parts = Vec::new();
        let mut sound = true;
        for (argument, (_, type_)) in arguments.iter().zip(wanted) {
            match self.expect(argument, type_, names) {
                Some(part) => parts.push(part),
                None => sound = false,
            }
        }
        if !sound {
            return None;
        }
        let type_ = define.body.type_().clone();
        Some(Typed::new(
            type_,
            Node::Define(Arc::clone(define), parts),
            span,
        ))
    }

    fn wrong_count<T>(
        &mut self,
        function: &Name,
        wanted: &[usize],
        given: usize,
        signature: &str,
        span: Span,
    ) -> Option<T> {
        let mut wanted: Vec<usize> = wanted.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        let counts: Vec<String> = wanted.iter().map(ToString::to_string).collect();
        let takes = match wanted.as_slice() {
            [n] => count(*n, "argument"),
            _ => format!("{} arguments", counts.join(" or ")),
        };
        let message = format!(
            "`{}` takes {takes}, and {} given",
            function.text,
            super::convert::were(given)
        );
        let advice = format!("its signature is `{signature}`");
        self.fail(Diagnostic::error(span, message).advice(advice))
    }

    fn call_builtin(
        &mut self,
        builtin: &'static Builtin,
        arguments: &[Expr],
        expected: Option<&Type>,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let fitting = || {
            let signatures = builtin.signatures.iter();
            signatures.filter(|s| takes(s, arguments.len()))
        };
        if fitting().next().is_none() {
            let name = Name {
                text: builtin.name.to_owned(),
                span,
            };
            let wanted: Vec<usize> = builtin
                .signatures
                .iter()
                .map(|s| s.parameters.len())
                .collect();
            let signature = signatures(builtin);
            return self.wrong_count(&name, &wanted, arguments.len(), &signature, span);
        }
        let mut known: Vec<Option<Typed>> = vec![None; arguments.len()];
        let mut sound = true;
        for (argument, known) in arguments.iter().zip(&mut known) {
            // With a single signature its shape is worth more to the argument than the argument to it.
            let lone = fitting().nth(1).is_none();
            if !lone && !is_lambda(argument) && !flexible(argument) {
                *known = self.infer(argument, None, names);
                sound &= known.is_some();
            }
        }
        if !sound {
            return None;
        }
        // Bare literals decide as what they are, then as the reals that they can be, and then not at all.
        let bare: Vec<Option<Type>> = arguments.iter().map(|e| bare(e, MAX_DEPTH)).collect();
        let reals = bare
            .iter()
            .map(|type_| type_.as_ref().map(widened))
            .collect();
        let found = [bare, reals, vec![None; arguments.len()]]
            .iter()
            .find_map(|literals| {
                fitting().find(|signature| {
                    let mut holes = Holes::default();
                    let types = known.iter().zip(literals);
                    let mut types = types.map(|(typed, bare)| match typed {
                        Some(typed) => Some(typed.type_()),
                        None => bare.as_ref(),
                    });
                    let shapes = (0..).map_while(|i| parameter(signature, i));
                    shapes
                        .zip(&mut types)
                        .all(|(shape, type_)| type_.is_none_or(|t| holes.fits(shape, t)))
                })
            });
        let Some(signature) = found else {
            // With the first of them wrong, a list of all signatures says most.
            let typed = known.into_iter().flatten().next()?;
            return self.no_signature(builtin, &typed);
        };
        self.arguments(
            builtin,
            signature,
            (arguments, known),
            expected,
            span,
            names,
        )
    }

    fn no_signature<T>(&mut self, builtin: &Builtin, typed: &Typed) -> Option<T> {
        let message = format!("`{}` does not take {}", builtin.name, typed.type_());
        let diagnostic = Diagnostic::error(typed.span(), message).label(typed.type_().to_string());
        self.fail(diagnostic.advice(format!("it takes `{}`", signatures(builtin))))
    }

    /// Arguments with types of their own first, then bare literals, then lambdas: each learns from those before it.
    fn arguments(
        &mut self,
        builtin: &'static Builtin,
        signature: &Signature,
        (arguments, mut known): (&[Expr], Vec<Option<Typed>>),
        expected: Option<&Type>,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let mut holes = Holes::default();
        for (i, typed) in known.iter().enumerate() {
            if let Some(typed) = typed
                && !holes.fits(parameter(signature, i)?, typed.type_())
            {
                return self.no_signature(builtin, typed);
            }
        }
        let mut order: Vec<usize> = (0..arguments.len()).collect();
        order.sort_by_key(|i| arguments.get(*i).map_or(0, rank));
        for i in order {
            let (argument, shape) = (arguments.get(i)?, parameter(signature, i)?);
            if known.get(i)?.is_some() {
                continue;
            }
            let typed = match shape {
                Shape::Lambda(parameters, result) => {
                    self.lambda(builtin, argument, (*parameters, *result), &mut holes, names)?
                }
                _ => {
                    if flexible(argument)
                        && holes.type_of(shape).is_none()
                        && let Some(expected) = expected
                    {
                        let mut guess = holes.clone();
                        if guess.fits(&signature.result, expected) {
                            holes = guess;
                        }
                    }
                    self.argument(builtin, argument, shape, &mut holes, names)?
                }
            };
            *known.get_mut(i)? = Some(typed);
        }
        let parts: Option<Vec<Typed>> = known.into_iter().collect();
        let parts = parts?;
        let Some(type_) = holes.type_of(&signature.result) else {
            let message = format!("the type of `{}(…)` is not known here", builtin.name);
            let advice = format!("its signature is `{}`", signatures(builtin));
            return self.fail(Diagnostic::error(span, message).advice(advice));
        };
        Some(Typed::new(type_, Node::Call(builtin, parts), span))
    }

    fn argument(
        &mut self,
        builtin: &Builtin,
        argument: &Expr,
        shape: &Shape,
        holes: &mut Holes,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let wanted = holes.type_of(shape);
        let hint = match (&wanted, shape) {
            // `sqrt(2)`, `round(2)`: the literal is a real.
            (None, Shape::AnyReal(_)) => Some(Type::Real(None)),
            _ => wanted.clone(),
        };
        let typed = self.infer(argument, hint.as_ref(), names)?;
        if holes.fits(shape, typed.type_()) {
            return Some(typed);
        }
        let asked = match &wanted {
            Some(wanted) => wanted.to_string(),
            None => shape.to_string(),
        };
        let message = format!(
            "`{}` asks for {asked} here, and this is {}",
            builtin.name,
            typed.type_()
        );
        let advice = wanted.and_then(|wanted| conversion(&typed, &wanted));
        let advice =
            advice.unwrap_or_else(|| format!("its signature is `{}`", signatures(builtin)));
        let diagnostic = Diagnostic::error(argument.span, message).label(typed.type_().to_string());
        self.fail(diagnostic.advice(advice))
    }

    fn lambda(
        &mut self,
        builtin: &Builtin,
        argument: &Expr,
        (wanted, result): (&[Shape], &Shape),
        holes: &mut Holes,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let ExprKind::Lambda { parameters, body } = &*argument.kind else {
            let message = format!("`{}` asks for a lambda here", builtin.name);
            let advice = format!("write `|x| …`; its signature is `{}`", signatures(builtin));
            return self.fail(Diagnostic::error(argument.span, message).advice(advice));
        };
        let types: Option<Vec<Type>> = wanted.iter().map(|shape| holes.type_of(shape)).collect();
        let mut types = types?;
        let mut unpack = false;
        if let ([Type::Tuple(parts)], true) = (types.as_slice(), parameters.len() > 1)
            && parts.len() == parameters.len()
        {
            types = parts.to_vec();
            unpack = true;
        }
        if types.len() != parameters.len() {
            let message = format!(
                "the lambda is given {}, and has {}",
                count(types.len(), "value"),
                count(parameters.len(), "parameter")
            );
            let advice = format!("the signature is `{}`", signatures(builtin));
            return self.fail(Diagnostic::error(argument.span, message).advice(advice));
        }
        for (i, parameter) in parameters.iter().enumerate() {
            if parameter.text == "_" {
                continue;
            }
            let earlier = parameters.iter().take(i).map(|p| (&*p.text, p.span));
            if !self.distinct(parameter, "parameter", earlier) {
                return None;
            }
        }
        if self.depth >= MAX_DEPTH {
            return self.too_nested(argument.span);
        }
        let pairs = parameters.iter().zip(types);
        let locals: Vec<_> = pairs.map(|(p, t)| names.bind(&p.text, t)).collect();
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        let hint = holes.type_of(result);
        let body = self.infer(body, hint.as_ref(), names);
        self.depth -= 1;
        names.unbind(locals.len());
        let body = body?;
        if !holes.fits(result, body.type_()) {
            let asked = hint
                .as_ref()
                .map_or_else(|| result.to_string(), ToString::to_string);
            let message = format!("the lambda must give {asked}, and gives {}", body.type_());
            let diagnostic =
                Diagnostic::error(body.span(), message).label(body.type_().to_string());
            let advice = hint.and_then(|hint| conversion(&body, &hint));
            let advice =
                advice.unwrap_or_else(|| format!("the signature is `{}`", signatures(builtin)));
            return self.fail(diagnostic.advice(advice));
        }
        let type_ = body.type_().clone();
        let lambda = Lambda {
            parameters: locals,
            unpack,
            body,
        };
        Some(Typed::new(type_, Node::Lambda(lambda), argument.span))
    }
}

const fn takes(signature: &Signature, arguments: usize) -> bool {
    let wanted = signature.parameters.len();
    wanted == arguments || (signature.variadic && arguments > wanted)
}

/// Shape of the argument in that place; the last one's where it may come more than once.
fn parameter(signature: &Signature, place: usize) -> Option<&'static Shape> {
    let parameters = signature.parameters;
    let last = parameters.len().checked_sub(1)?;
    parameters.get(place.min(last)).map(|(_, shape)| shape)
}

fn is_lambda(expr: &Expr) -> bool {
    matches!(&*expr.kind, ExprKind::Lambda { .. })
}

/// The type of a bare literal that is told nothing.
fn bare(expr: &Expr, room: usize) -> Option<Type> {
    let room = room.checked_sub(1)?;
    match &*expr.kind {
        ExprKind::Literal(Literal::Int(_)) => Some(Type::Int(None)),
        ExprKind::Literal(Literal::Real(_)) => Some(Type::Real(None)),
        ExprKind::Literal(Literal::Quantity(q)) => Some(match q.unit.dimension() {
            Dimension::Time => Type::Duration,
            Dimension::Size => Type::Size,
        }),
        ExprKind::Unary(UnaryOp::Negate, inner) => bare(inner, room),
        ExprKind::List(items) => Some(Type::List(Arc::new(bare_of(items, room)?))),
        ExprKind::Some(inner) => Some(Type::Option(Arc::new(bare(inner, room)?))),
        ExprKind::Tuple(items) => {
            let types: Option<Vec<Type>> = items.iter().map(|e| bare(e, room)).collect();
            Some(Type::Tuple(types?.into()))
        }
        ExprKind::Map(entries) => {
            let key = bare_of(entries.iter().map(|(key, _)| key), room)?;
            let value = bare_of(entries.iter().map(|(_, value)| value), room)?;
            Some(Type::Map(Arc::new(key), Arc::new(value)))
        }
        ExprKind::Binary(_, left, right) if flexible(expr) => bare_of([left, right], room),
        ExprKind::If(_, then, otherwise) if flexible(expr) => bare_of([then, otherwise], room),
        _ => None,
    }
}

/// The type of bare literals beside each other: one with a point makes all of them reals.
fn bare_of<'a>(items: impl IntoIterator<Item = &'a Expr>, room: usize) -> Option<Type> {
    let mut types = items.into_iter().map(|e| bare(e, room));
    let first = types.next()??;
    types.try_fold(first, |kept, next| match (kept, next?) {
        (Type::Int(None), next) => Some(next),
        (kept, _) => Some(kept),
    })
}

/// The type with reals for ints.
fn widened(type_: &Type) -> Type {
    match type_ {
        Type::Int(None) => Type::Real(None),
        Type::List(item) => Type::List(Arc::new(widened(item))),
        Type::Option(inner) => Type::Option(Arc::new(widened(inner))),
        Type::Tuple(parts) => Type::Tuple(parts.iter().map(widened).collect()),
        Type::Map(key, value) => Type::Map(Arc::new(widened(key)), Arc::new(widened(value))),
        other => other.clone(),
    }
}

fn rank(expr: &Expr) -> u8 {
    if is_lambda(expr) {
        2
    } else {
        u8::from(flexible(expr))
    }
}

fn signatures(builtin: &Builtin) -> String {
    let all = builtin.signatures.iter();
    let all: Vec<String> = all.map(|s| format!("{}{s}", builtin.name)).collect();
    all.join("` or `")
}
