//! Where lines are broken: a group that does not fit its line is broken at all its own breaks (after Oppen, 1980).

use super::INDENT;

/// Characters of a line.
const WIDTH: usize = 100;

#[derive(Debug)]
enum Piece {
    Text(String),
    /// A line break in a broken group, this text otherwise.
    Soft(&'static str),
    /// A comma in a broken group, nothing otherwise.
    Comma,
    Open,
    Close,
    Indent,
    Dedent,
}

/// A text that can be broken.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    list: Vec<Piece>,
}

impl Pieces {
    pub(super) fn text(&mut self, text: impl Into<String>) {
        self.list.push(Piece::Text(text.into()));
    }

    pub(super) fn soft(&mut self, flat: &'static str) {
        self.list.push(Piece::Soft(flat));
    }

    pub(super) fn open(&mut self) {
        self.list.push(Piece::Open);
    }

    pub(super) fn close(&mut self) {
        self.list.push(Piece::Close);
    }

    pub(super) fn indented(&mut self, inner: impl FnOnce(&mut Self)) {
        self.list.push(Piece::Indent);
        inner(self);
        self.list.push(Piece::Dedent);
    }

    /// Items between brackets, with blanks inside the brackets where `airy`.
    pub(super) fn listed<T>(
        &mut self,
        open: &'static str,
        close: &'static str,
        airy: bool,
        items: &[T],
        mut item: impl FnMut(&mut Self, &T),
    ) {
        if items.is_empty() {
            return self.text(format!("{open}{close}"));
        }
        let edge = if airy { " " } else { "" };
        self.open();
        self.text(open);
        self.indented(|p| {
            for (i, x) in items.iter().enumerate() {
                if i > 0 {
                    p.text(",");
                }
                p.soft(if i > 0 { " " } else { edge });
                item(p, x);
            }
            p.list.push(Piece::Comma);
        });
        self.soft(edge);
        self.text(close);
        self.close();
    }

    /// Everything unbroken.
    pub(super) fn on_one_line(&self) -> String {
        let mut out = String::new();
        for piece in &self.list {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Soft(flat) => out.push_str(flat),
                _ => {}
            }
        }
        out
    }

    /// Writes everything from a column on; further lines begin at that column.
    pub(super) fn print(&self, out: &mut String, column: usize) {
        let widths = self.widths();
        let mut broken: Vec<bool> = Vec::new();
        let mut indent = column;
        let mut at = column;
        for (piece, width) in self.list.iter().zip(&widths) {
            match piece {
                Piece::Text(text) => {
                    out.push_str(text);
                    at += width;
                }
                Piece::Soft(_) if broken.last() == Some(&true) => {
                    out.truncate(out.trim_end_matches(' ').len());
                    out.push('\n');
                    out.extend(std::iter::repeat_n(' ', indent));
                    at = indent;
                }
                Piece::Soft(flat) => {
                    out.push_str(flat);
                    at += flat.len();
                }
                Piece::Comma if broken.last() == Some(&true) => {
                    out.push(',');
                    at += 1;
                }
                Piece::Comma => {}
                Piece::Open => {
                    let inside_flat = broken.last() == Some(&false);
                    broken.push(!inside_flat && at + width > WIDTH);
                }
                Piece::Close => {
                    broken.pop();
                }
                Piece::Indent => indent += INDENT,
                Piece::Dedent => indent = indent.saturating_sub(INDENT),
            }
        }
    }

    /// Of a text its width; of an opened group the width of the unbroken group and of what must follow it on its line.
    fn widths(&self) -> Vec<usize> {
        let mut widths = vec![0; self.list.len()];
        // Width from the end up to here, and up to the first place behind here where a line may be broken.
        let (mut total, mut to_break) = (0_usize, 0_usize);
        let mut closes: Vec<(usize, usize)> = Vec::new();
        for (piece, slot) in self.list.iter().zip(&mut widths).rev() {
            match piece {
                Piece::Text(text) => {
                    *slot = text.chars().count();
                    total += *slot;
                    to_break += *slot;
                }
                Piece::Soft(flat) => {
                    total += flat.len();
                    to_break = 0;
                }
                Piece::Close => closes.push((total, to_break)),
                Piece::Open => {
                    let (after, tail) = closes.pop().unwrap_or((total, 0));
                    *slot = total - after + tail;
                }
                Piece::Comma | Piece::Indent | Piece::Dedent => {}
            }
        }
        widths
    }
}
