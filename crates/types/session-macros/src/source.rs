//! The text of the protocols, and where in the program each piece of it stands.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use proc_macro2::{Delimiter, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::Parser as _;
use syn::{Attribute, Visibility};
use voidstate_protocol::Diagnostic;

/// What stands before a protocol: attributes and visibility.
#[derive(Default)]
pub(crate) struct Head {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Option<Visibility>,
}

impl Head {
    /// Whether `#[wire]` stands there: messages can cross a wire.
    pub(crate) fn is_wire(&self) -> bool {
        self.attributes.iter().any(|a| a.path().is_ident("wire"))
    }

    /// The attributes that go to the enum of messages.
    pub(crate) fn of_messages(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes
            .iter()
            .filter(|a| !a.path().is_ident("wire"))
    }

    /// Whether the caller derives that trait for messages.
    pub(crate) fn derives(&self, name: &str) -> bool {
        let is_named = |a: &Attribute| a.meta.to_token_stream().to_string().contains(name);
        let mut derives = self
            .attributes
            .iter()
            .filter(|a| a.path().is_ident("derive"));
        derives.any(is_named)
    }
}

/// The text of one call of the macro.
pub(crate) struct Source {
    pub(crate) text: String,
    /// What stands before each protocol, in order; for a file, before all.
    pub(crate) heads: Vec<Head>,
    /// The file it comes from.
    pub(crate) file: Option<PathBuf>,
    pieces: Vec<(Range<usize>, TokenTree)>,
    words: BTreeMap<String, Span>,
    first: Span,
    no_head: Head,
}

impl Source {
    fn new() -> Self {
        Self {
            text: String::new(),
            heads: Vec::new(),
            file: None,
            pieces: Vec::new(),
            words: BTreeMap::new(),
            first: Span::call_site(),
            no_head: Head::default(),
        }
    }

    /// Protocols that stand in the program; or, for a single string, in a file.
    pub(crate) fn read(input: TokenStream) -> syn::Result<Self> {
        if is_file(&input) {
            return Self::open(input);
        }
        let mut source = Self::new();
        let mut rest = input;
        while !rest.is_empty() {
            let (head, tokens) = head(rest)?;
            source.heads.push(head);
            rest = source.take_protocol(tokens);
        }
        Ok(source)
    }

    /// Protocols of a file, whose path starts at the manifest of the crate that is compiled.
    pub(crate) fn open(input: TokenStream) -> syn::Result<Self> {
        let (head, tokens) = head(input)?;
        let path: syn::LitStr = syn::parse2(tokens)?;
        let wrong = |why: String| syn::Error::new(path.span(), why);
        #[expect(
            clippy::disallowed_methods,
            reason = "cargo tells macros in this way where the crate is"
        )]
        let root = std::env::var("CARGO_MANIFEST_DIR")
            .map_err(|e| wrong(format!("the folder of the crate is unknown: {e}")))?;
        let file = PathBuf::from(root).join(path.value());
        #[expect(
            clippy::disallowed_methods,
            reason = "a macro reads its file while compiling"
        )]
        let text = std::fs::read_to_string(&file).map_err(|e| {
            wrong(format!(
                "`{}` cannot be read: {e}; the path starts at the folder of Cargo.toml",
                path.value()
            ))
        })?;
        let mut source = Self::new();
        source.text = text;
        source.first = path.span();
        source.heads.push(head);
        source.file = Some(file);
        Ok(source)
    }

    /// The head of the protocol at `at`.
    pub(crate) fn head(&self, at: usize) -> &Head {
        let at = if self.file.is_some() { 0 } else { at };
        self.heads.get(at).unwrap_or(&self.no_head)
    }

    /// What makes the compiler read the file again when it changes.
    pub(crate) fn dependency(&self) -> TokenStream {
        let path = self.file.as_ref().and_then(|file| file.to_str());
        path.map_or_else(TokenStream::new, |path| {
            quote!(
                const _: &[u8] = ::core::include_bytes!(#path);
            )
        })
    }

    /// Appends tokens up to and with the body of one protocol; gives what is behind.
    fn take_protocol(&mut self, tokens: TokenStream) -> TokenStream {
        let mut rest = tokens.into_iter();
        for token in rest.by_ref() {
            let is_body =
                matches!(&token, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace);
            self.append(token);
            if is_body {
                break;
            }
        }
        self.text.push('\n');
        rest.collect()
    }

    fn append(&mut self, token: TokenTree) {
        match &token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{ ", "} "),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                let mark =
                    |span| TokenTree::from(proc_macro2::Literal::u8_unsuffixed(0)).spanned(span);
                self.push(open, mark(group.span_open()));
                group.stream().into_iter().for_each(|t| self.append(t));
                self.push(close, mark(group.span_close()));
            }
            TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint => {
                let text = punct.as_char().to_string();
                self.push(&text, token);
            }
            TokenTree::Ident(word) => {
                let text = word.to_string();
                self.words.entry(text.clone()).or_insert(word.span());
                self.push(&text, token);
                self.text.push(' ');
            }
            other => {
                let text = other.to_string();
                self.push(&text, token);
                self.text.push(' ');
            }
        }
    }

    fn push(&mut self, text: &str, token: TokenTree) {
        let start = self.text.len();
        self.text.push_str(text);
        self.pieces.push((start..self.text.len(), token));
    }

    /// Where a word first stands, for names that the parser gives back as text.
    pub(crate) fn place_of(&self, word: &str) -> Span {
        self.words.get(word).copied().unwrap_or(self.first)
    }

    /// An error at a place of the text.
    pub(crate) fn error(&self, diagnostic: &Diagnostic) -> syn::Error {
        if let Some(file) = &self.file {
            let name = file.file_name().map(|n| n.to_string_lossy().into_owned());
            let shown = diagnostic.render(&self.text, &name.unwrap_or_default());
            return syn::Error::new(self.first, shown);
        }
        let mut error = self.error_at(&diagnostic.span, diagnostic.to_string());
        for (span, what) in &diagnostic.related {
            error.combine(self.error_at(span, what.clone()));
        }
        error
    }

    fn error_at(&self, span: &Range<usize>, message: String) -> syn::Error {
        let is_inside = |(range, _): &&(Range<usize>, TokenTree)| {
            range.start < span.end.max(span.start + 1) && span.start < range.end
        };
        let tokens: TokenStream = self
            .pieces
            .iter()
            .filter(is_inside)
            .map(|(_, token)| token.clone())
            .collect();
        if tokens.is_empty() {
            let last = self.pieces.last().map_or(self.first, |(_, t)| t.span());
            return syn::Error::new(last, message);
        }
        syn::Error::new_spanned(tokens, message)
    }
}

trait Spanned {
    fn spanned(self, span: Span) -> Self;
}

impl Spanned for TokenTree {
    fn spanned(mut self, span: Span) -> Self {
        self.set_span(span);
        self
    }
}

fn is_file(input: &TokenStream) -> bool {
    head(input.clone()).is_ok_and(|(_, rest)| syn::parse2::<syn::LitStr>(rest).is_ok())
}

/// Attributes and visibility, and what is behind them.
fn head(tokens: TokenStream) -> syn::Result<(Head, TokenStream)> {
    let parse = |input: syn::parse::ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = match input.parse()? {
            Visibility::Inherited => None,
            visibility => Some(visibility),
        };
        let rest: TokenStream = input.parse()?;
        Ok((
            Head {
                attributes,
                visibility,
            },
            rest,
        ))
    };
    parse.parse2(tokens)
}
