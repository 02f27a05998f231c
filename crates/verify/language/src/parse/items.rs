//! Records, enums, functions and tools.

use super::{Parsed, Parser};
use crate::Diagnostic;
use crate::ast::{Define, Document, Enum, Item, ItemKind, Name, Record, Tool, Variant};
use crate::lex::Kind;
use crate::words::is_type_name;

impl Parser<'_> {
    pub(super) fn document(&mut self) -> Document {
        let mut items: Vec<Item> = Vec::new();
        loop {
            while self.accept(";") {}
            if matches!(self.peek(), Kind::End) {
                let comments = self.comments_before(u32::MAX);
                return Document { items, comments };
            }
            self.brackets.clear();
            match self.item() {
                Ok(item) => items.push(item),
                Err(_) => self.skip_to_item(),
            }
        }
    }

    fn item(&mut self) -> Parsed<Item> {
        let start = self.here();
        let mut comments = self.comments_before(start.start);
        let kind = match self.peek() {
            Kind::Word("record") => ItemKind::Record(self.record()?),
            Kind::Word("enum") => ItemKind::Enum(self.enum_()?),
            Kind::Word("define") => ItemKind::Define(self.define()?),
            Kind::Word("tool") => ItemKind::Tool(self.tool(&mut comments)?),
            Kind::Word("protocol") => ItemKind::Protocol(self.protocol()?),
            _ => return Err(self.no_item()),
        };
        let span = start.to(self.last);
        comments.append(&mut self.comments_to_here());
        Ok(Item {
            comments,
            kind,
            span,
        })
    }

    fn type_name(&mut self, what: &str) -> Parsed<Name> {
        let name = self.name(what)?;
        if is_type_name(&name.text) {
            return Ok(name);
        }
        let mut capital = name.text.trim_start_matches('_').to_owned();
        capital.get_mut(..1).map(str::make_ascii_uppercase);
        let diagnostic =
            Diagnostic::error(name.span, format!("`{}` cannot name a type", name.text))
                .label("begins with a small letter")
                .advice(format!(
                    "names of records and enums begin with a capital: `{capital}`"
                ));
        Err(self.report(diagnostic))
    }

    fn record(&mut self) -> Parsed<Record> {
        self.next();
        let name = self.type_name("the record's name")?;
        let what_for = format!(" before the fields of `{}`", name.text);
        let fields = self.listed("{", &what_for, |p| p.field("a field's name"))?;
        Ok(Record { name, fields })
    }

    fn enum_(&mut self) -> Parsed<Enum> {
        self.next();
        let name = self.type_name("the enum's name")?;
        let what_for = format!(" before the alternatives of `{}`", name.text);
        let variants = self.listed("{", &what_for, |p| {
            let name = p.name("an alternative's name")?;
            let payload = if p.at("(") {
                let types = p.listed("(", "", Self::type_)?;
                if types.is_empty() {
                    return Err(p.empty_payload(&name));
                }
                types
            } else {
                Vec::new()
            };
            Ok(Variant { name, payload })
        })?;
        if variants.is_empty() {
            let diagnostic =
                Diagnostic::error(name.span, format!("`{}` has no alternatives", name.text))
                    .label("can have no value")
                    .advice("name at least one: `enum Kind { normal }`");
            return Err(self.report(diagnostic));
        }
        Ok(Enum { name, variants })
    }

    fn define(&mut self) -> Parsed<Define> {
        self.next();
        let name = self.name("the function's name")?;
        let what_for = format!(" before the parameters of `{}`", name.text);
        let parameters = self.listed("(", &what_for, |p| p.field("a parameter's name"))?;
        self.expect(":", " and the type of the result")?;
        let result = self.type_()?;
        self.expect("=", " before the value")?;
        let body = self.expr()?;
        Ok(Define {
            name,
            parameters,
            result,
            body,
        })
    }

    fn tool(&mut self, comments: &mut Vec<String>) -> Parsed<Tool> {
        self.next();
        let name = self.name("the tool's name")?;
        let doc = self.doc()?;
        let (body, mut more) = self.body(&name, true)?;
        comments.append(&mut more);
        Ok(Tool { name, doc, body })
    }

    pub(super) fn doc(&mut self) -> Parsed<Option<String>> {
        match self.peek() {
            Kind::Text(_) => self.label("what it does").map(Some),
            _ => Ok(None),
        }
    }
}
