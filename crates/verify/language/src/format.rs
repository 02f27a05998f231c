//! From the tree back to a source text: one canonical text for each tree.
//!
//! Lines are at most 100 characters long where an expression can be broken; parentheses stand only where the tree needs
//! them.

mod bodies;
mod bounds;
mod exprs;
mod layout;
mod literals;
mod types;

use crate::ast::{Define, Document, Enum, Expr, Item, ItemKind, Record, Tool};
use layout::Pieces;

pub(crate) use literals::{bytes_text, real_text, text_text};
pub(crate) use types::type_text;

/// The canonical source text of a document.
///
/// `parse(&format(&d))` gives `d` back for every document that [`parse`](crate::parse) or
/// [`from_json`](crate::from_json) made. Of a tree that was built by hand and cannot be written (a name that is no word,
/// an infinite literal) it gives a text that is refused or means something else; [`from_json`](crate::from_json) of its
/// JSON form says what is wrong with it.
///
/// Time and memory grow linearly with the document.
#[must_use]
pub fn format(document: &Document) -> String {
    let mut out = Output::default();
    for (i, item) in document.items.iter().enumerate() {
        if i > 0 {
            out.text.push('\n');
        }
        out.item(item);
    }
    if !document.comments.is_empty() && !document.items.is_empty() {
        out.text.push('\n');
    }
    out.comments(&document.comments);
    out.text
}

/// An expression on one line.
pub(crate) fn expr_text(expr: &Expr) -> String {
    let mut pieces = Pieces::default();
    pieces.expr(expr);
    pieces.on_one_line()
}

/// The text so far.
#[derive(Debug, Default)]
struct Output {
    text: String,
    /// Levels of indentation.
    level: usize,
}

/// Blanks of one level.
const INDENT: usize = 2;

impl Output {
    fn indent(&mut self) {
        for _ in 0..self.level * INDENT {
            self.text.push(' ');
        }
    }

    /// One construct on lines of its own.
    fn lines(&mut self, pieces: &Pieces) {
        self.indent();
        pieces.print(&mut self.text, self.level * INDENT);
        self.text.push('\n');
    }

    fn line(&mut self, line: &str) {
        self.indent();
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn comments(&mut self, comments: &[String]) {
        for comment in comments.iter().flat_map(|c| c.split(['\n', '\r'])) {
            let blank = if comment.is_empty() || comment.starts_with('/') {
                ""
            } else {
                " "
            };
            self.line(format!("//{blank}{comment}").trim_end());
        }
    }

    fn item(&mut self, item: &Item) {
        self.comments(&item.comments);
        match &item.kind {
            ItemKind::Record(record) => self.lines(&record_pieces(record)),
            ItemKind::Enum(enum_) => self.lines(&enum_pieces(enum_)),
            ItemKind::Define(define) => self.lines(&define_pieces(define)),
            ItemKind::Tool(tool) => self.tool(tool),
            ItemKind::Protocol(text) => {
                self.text.push_str(text);
                self.text.push('\n');
            }
        }
    }

    fn tool(&mut self, tool: &Tool) {
        let head = head("tool", &tool.name.text, tool.doc.as_deref());
        self.body(&head, &tool.body);
    }
}

/// `tool name "doc"`
fn head(keyword: &str, name: &str, doc: Option<&str>) -> String {
    match doc {
        Some(doc) => format!("{keyword} {name} {}", text_text(doc)),
        None => format!("{keyword} {name}"),
    }
}

fn record_pieces(record: &Record) -> Pieces {
    let mut pieces = Pieces::default();
    pieces.text(format!("record {} ", record.name.text));
    pieces.listed("{", "}", true, &record.fields, |p, field| {
        p.text(format!("{}: {}", field.name.text, type_text(&field.type_)));
    });
    pieces
}

fn enum_pieces(enum_: &Enum) -> Pieces {
    let mut pieces = Pieces::default();
    pieces.text(format!("enum {} ", enum_.name.text));
    pieces.listed("{", "}", true, &enum_.variants, |p, variant| {
        p.text(variant.name.text.clone());
        if !variant.payload.is_empty() {
            p.listed("(", ")", false, &variant.payload, |p, t| {
                p.text(type_text(t))
            });
        }
    });
    pieces
}

fn define_pieces(define: &Define) -> Pieces {
    let mut pieces = Pieces::default();
    pieces.open();
    pieces.text(format!("define {}", define.name.text));
    pieces.listed("(", ")", false, &define.parameters, |p, field| {
        p.text(format!("{}: {}", field.name.text, type_text(&field.type_)));
    });
    pieces.text(format!(": {} =", type_text(&define.result)));
    pieces.indented(|p| {
        p.soft(" ");
        p.expr(&define.body);
    });
    pieces.close();
    pieces
}
