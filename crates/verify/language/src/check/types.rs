//! Types as they are written become types as they are meant.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Checker, did_you_mean};
use crate::ast::{Document, Enum, ItemKind, Name, Record, TypeExpr, TypeKind};
use crate::node::MAX_DEPTH;
use crate::{Diagnostic, EnumType, RecordType, Type, Unit};

/// A declaration that is not resolved yet, and whether it is being resolved.
enum Pending<'a> {
    Record(&'a Record, bool),
    Enum(&'a Enum, bool),
}

/// Declarations by name, and how deep each resolved one nests.
struct Declarations<'a> {
    pending: HashMap<&'a str, Pending<'a>>,
    depths: HashMap<String, usize>,
}

impl Checker {
    /// Resolves every record and enum of the document; they may name each other in any order.
    pub(super) fn types(&mut self, document: &Document) {
        let mut declarations = Declarations {
            pending: HashMap::new(),
            depths: HashMap::new(),
        };
        let mut order = Vec::new();
        for item in &document.items {
            let (name, pending) = match &item.kind {
                ItemKind::Record(record) => (&record.name, Pending::Record(record, false)),
                ItemKind::Enum(of) => (&of.name, Pending::Enum(of, false)),
                ItemKind::Define(define) => {
                    self.later
                        .entry(define.name.text.clone())
                        .or_insert(define.name.span);
                    continue;
                }
                ItemKind::Tool(_) | ItemKind::Protocol(_) => continue,
            };
            if let Some(first) = declarations.pending.get(&*name.text) {
                let span = match first {
                    Pending::Record(record, _) => record.name.span,
                    Pending::Enum(of, _) => of.name.span,
                };
                self.distinct(name, "type", std::iter::once((&*name.text, span)));
                continue;
            }
            declarations.pending.insert(&name.text, pending);
            order.push(name);
        }
        for name in order {
            self.declare(name, &mut declarations, 0);
        }
    }

    /// Resolves one declaration and what it names; gives the depth of its type.
    fn declare(
        &mut self,
        name: &Name,
        known: &mut Declarations<'_>,
        depth: usize,
    ) -> Option<usize> {
        if let Some(depth) = known.depths.get(&name.text) {
            return Some(*depth);
        }
        match known.pending.get_mut(&*name.text)? {
            Pending::Record(_, true) | Pending::Enum(_, true) => {
                let message = format!("`{}` contains itself", name.text);
                let advice = "values are finite trees of known shape; use a list of something else";
                self.fail(Diagnostic::error(name.span, message).advice(advice))
            }
            Pending::Record(record, busy) => {
                *busy = true;
                let record = *record;
                let inner = self.record_type(record, known, depth)?;
                known.depths.insert(name.text.clone(), inner + 1);
                Some(inner + 1)
            }
            Pending::Enum(of, busy) => {
                *busy = true;
                let of = *of;
                let inner = self.enum_type(of, known, depth)?;
                known.depths.insert(name.text.clone(), inner + 1);
                Some(inner + 1)
            }
        }
    }

    fn record_type(
        &mut self,
        record: &Record,
        known: &mut Declarations<'_>,
        depth: usize,
    ) -> Option<usize> {
        let mut deepest = 0;
        for field in &record.fields {
            deepest = deepest.max(self.prepare(&field.type_, known, depth + 1)?);
        }
        let slots = self.fields(&record.fields, "field")?;
        let fields = slots.into_iter().map(|slot| (slot.name, slot.type_));
        let type_ = RecordType {
            name: record.name.text.clone(),
            fields: fields.collect(),
        };
        self.records
            .insert(record.name.text.clone(), Arc::new(type_));
        Some(deepest)
    }

    fn enum_type(
        &mut self,
        of: &Enum,
        known: &mut Declarations<'_>,
        depth: usize,
    ) -> Option<usize> {
        if of.variants.is_empty() {
            let message = format!("`{}` has no alternative", of.name.text);
            let advice = "name at least one, for example `enum Kind { normal }`";
            return self.fail(Diagnostic::error(of.name.span, message).advice(advice));
        }
        let mut deepest = 0;
        let mut variants: Vec<(String, Vec<Type>)> = Vec::new();
        for (i, variant) in of.variants.iter().enumerate() {
            let earlier = of.variants.iter().take(i);
            let earlier = earlier.map(|v| (&*v.name.text, v.name.span));
            self.distinct(&variant.name, "alternative", earlier);
            let mut payload = Vec::new();
            for type_ in &variant.payload {
                deepest = deepest.max(self.prepare(type_, known, depth + 1)?);
                payload.push(self.resolve(type_)?);
            }
            variants.push((variant.name.text.clone(), payload));
        }
        let type_ = EnumType {
            name: of.name.text.clone(),
            variants,
        };
        self.enums.insert(of.name.text.clone(), Arc::new(type_));
        Some(deepest)
    }

    /// Resolves the declarations that a type names, and gives its depth.
    fn prepare(
        &mut self,
        type_: &TypeExpr,
        known: &mut Declarations<'_>,
        depth: usize,
    ) -> Option<usize> {
        if depth > MAX_DEPTH {
            return self.too_deep(type_);
        }
        let inner = match &type_.kind {
            TypeKind::List(item) | TypeKind::Option(item) => {
                self.prepare(item, known, depth + 1)?
            }
            TypeKind::Map(key, value) => {
                let key = self.prepare(key, known, depth + 1)?;
                key.max(self.prepare(value, known, depth + 1)?)
            }
            TypeKind::Tuple(items) => {
                let mut deepest = 0;
                for item in items {
                    deepest = deepest.max(self.prepare(item, known, depth + 1)?);
                }
                deepest
            }
            TypeKind::Named(name) if known.pending.contains_key(&**name) => {
                let name = Name {
                    text: name.clone(),
                    span: type_.span,
                };
                self.declare(&name, known, depth)?
            }
            _ => 0,
        };
        if depth + inner > MAX_DEPTH {
            return self.too_deep(type_);
        }
        Some(inner + 1)
    }

    fn too_deep<T>(&mut self, type_: &TypeExpr) -> Option<T> {
        let message = format!("a type nests deeper than {MAX_DEPTH} levels");
        self.fail(Diagnostic::error(type_.span, message).advice("use fewer levels"))
    }

    /// What a written type means.
    pub(crate) fn resolve(&mut self, type_: &TypeExpr) -> Option<Type> {
        self.resolve_at(type_, 0).map(|(type_, _)| type_)
    }

    fn resolve_at(&mut self, type_: &TypeExpr, depth: usize) -> Option<(Type, usize)> {
        if depth > MAX_DEPTH {
            return self.too_deep(type_);
        }
        let simple = match &type_.kind {
            TypeKind::Bool => Type::Bool,
            TypeKind::Int(unit) => Type::Int(*unit),
            TypeKind::Real(unit) => Type::Real(*unit),
            TypeKind::Text => Type::Text,
            TypeKind::Bytes => Type::Bytes,
            TypeKind::Duration => Type::Duration,
            TypeKind::Size => Type::Size,
            TypeKind::List(item) => {
                let (item, inner) = self.resolve_at(item, depth + 1)?;
                return Some((Type::List(Arc::new(item)), inner + 1));
            }
            TypeKind::Option(item) => {
                let (item, inner) = self.resolve_at(item, depth + 1)?;
                return Some((Type::Option(Arc::new(item)), inner + 1));
            }
            TypeKind::Map(key, value) => {
                let (key, a) = self.resolve_at(key, depth + 1)?;
                let (value, b) = self.resolve_at(value, depth + 1)?;
                let map = Type::Map(Arc::new(key), Arc::new(value));
                return Some((map, a.max(b) + 1));
            }
            TypeKind::Tuple(items) => {
                if items.len() < 2 {
                    let message = "a tuple has at least two parts";
                    let advice = "write the type of the only part without parentheses";
                    return self.fail(Diagnostic::error(type_.span, message).advice(advice));
                }
                let mut deepest = 0;
                let mut parts = Vec::new();
                for item in items {
                    let (item, inner) = self.resolve_at(item, depth + 1)?;
                    deepest = deepest.max(inner);
                    parts.push(item);
                }
                return Some((Type::Tuple(parts.into()), deepest + 1));
            }
            TypeKind::Named(name) => self.named(name, type_)?,
        };
        Some((simple, 0))
    }

    fn named(&mut self, name: &str, type_: &TypeExpr) -> Option<Type> {
        if let Some(record) = self.records.get(name) {
            return Some(Type::Record(Arc::clone(record)));
        }
        if let Some(of) = self.enums.get(name) {
            return Some(Type::Enum(Arc::clone(of)));
        }
        let plain = ["bool", "int", "real", "text", "bytes", "duration", "size"];
        let known = self.records.keys().chain(self.enums.keys());
        let known = known.map(String::as_str).chain(plain);
        let known: std::collections::BTreeSet<&str> = known.collect();
        let advice = did_you_mean(name, known, || {
            format!("declare it: `record {name} {{ … }}` or `enum {name} {{ … }}`")
        });
        let message = format!("no type is called `{name}`");
        self.fail(Diagnostic::error(type_.span, message).advice(advice))
    }

    /// Records and enums in the order of the document.
    pub(super) fn declared(
        &mut self,
        document: &Document,
    ) -> (Vec<Arc<RecordType>>, Vec<Arc<EnumType>>) {
        let mut records = Vec::new();
        let mut enums = Vec::new();
        for item in &document.items {
            match &item.kind {
                ItemKind::Record(record) => records.extend(self.records.remove(&record.name.text)),
                ItemKind::Enum(of) => enums.extend(self.enums.remove(&of.name.text)),
                _ => {}
            }
        }
        (records, enums)
    }
}

/// Whether it is a number, and in which unit.
pub(crate) const fn number_unit(type_: &Type) -> Option<Option<Unit>> {
    match type_ {
        Type::Int(unit) | Type::Real(unit) => Some(*unit),
        _ => None,
    }
}

/// Whether `<` is known of it.
pub(crate) const fn is_ordered(type_: &Type) -> bool {
    matches!(
        type_,
        Type::Int(_) | Type::Real(_) | Type::Text | Type::Bytes | Type::Duration | Type::Size
    )
}
