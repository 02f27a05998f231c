//! The spec that an attribute names: found, read and checked while compiling.

use std::path::{Path, PathBuf};

use proc_macro2::{Span as At, TokenStream};
use quote::quote;
use syn::{Error, LitStr, Result};
use voidstate_language::{Checked, CheckedOperation, CheckedTool, Span, compile};

use crate::arguments::Arguments;

/// A spec and the tool of it that is meant.
pub(crate) struct Source {
    /// Where the attribute says it.
    at: At,
    /// What it is called in messages: the path as the attribute names it.
    shown: String,
    /// `None`: it stands in the attribute.
    file: Option<PathBuf>,
    text: String,
    checked: Checked,
    tool: usize,
}

impl Source {
    /// # Errors
    /// At the path or the name that is wrong; what is wrong in the spec itself is shown as the language shows it.
    pub(crate) fn load(arguments: &Arguments) -> Result<Self> {
        let spec = &arguments.spec;
        let at = spec.span();
        let (shown, file) = if arguments.is_inline {
            ("inline spec".to_owned(), None)
        } else {
            (spec.value(), Some(find(spec)?))
        };
        let text = match &file {
            None => spec.value(),
            Some(file) => std::fs::read_to_string(file).map_err(|error| {
                Error::new(at, format!("{} cannot be read: {error}", file.display()))
            })?,
        };
        let checked = compile(&text).map_err(|wrong| {
            let shown = wrong.render(&text, &shown, false);
            Error::new(at, format!("the spec has errors\n{shown}"))
        })?;
        let mut source = Self {
            at,
            shown,
            file,
            text,
            checked,
            tool: 0,
        };
        source.tool = source.choose(arguments.tool.as_ref())?;
        Ok(source)
    }

    fn choose(&self, named: Option<&LitStr>) -> Result<usize> {
        let tools = &self.checked.tools;
        let names = || {
            let names: Vec<String> = tools.iter().map(|t| format!("`{}`", t.name)).collect();
            names.join(", ")
        };
        match (named, tools.len()) {
            (_, 0) => Err(Error::new(self.at, "this spec has no tool")),
            (None, 1) => Ok(0),
            (None, _) => {
                let text = format!(
                    "this spec has several tools: say `tool = \"…\"`, one of {}",
                    names()
                );
                Err(Error::new(self.at, text))
            }
            (Some(name), _) => {
                let found = tools.iter().position(|tool| tool.name == name.value());
                found.ok_or_else(|| {
                    let text = format!(
                        "the spec has no tool `{}`; it has {}",
                        name.value(),
                        names()
                    );
                    Error::new(name.span(), text)
                })
            }
        }
    }

    pub(crate) fn tool(&self) -> Result<&CheckedTool> {
        let tool = self.checked.tools.get(self.tool);
        tool.ok_or_else(|| Error::new(self.at, "this spec has no tool"))
    }

    /// Where the attribute says the spec.
    pub(crate) const fn at(&self) -> At {
        self.at
    }

    /// The number and the operation that `name` names.
    pub(crate) fn operation(&self, name: &LitStr) -> Result<(usize, &CheckedOperation)> {
        let operations = &self.tool()?.operations;
        let found = operations
            .iter()
            .enumerate()
            .find(|(_, o)| o.name == name.value());
        found.ok_or_else(|| {
            let names: Vec<String> = operations.iter().map(|o| format!("`{}`", o.name)).collect();
            let text = format!(
                "the spec has no operation `{}`; it has {}",
                name.value(),
                names.join(", ")
            );
            Error::new(name.span(), text)
        })
    }

    /// `specs/x.spec:3: input text: text`: the line in which `span` begins.
    pub(crate) fn line(&self, span: Span) -> String {
        let at = usize::try_from(span.start)
            .unwrap_or(usize::MAX)
            .min(self.text.len());
        let before = self.text.get(..at).unwrap_or_default();
        let number = before.matches('\n').count() + 1;
        let line = self.text.lines().nth(number - 1).unwrap_or_default().trim();
        format!("{}:{number}: {line}", self.shown)
    }

    /// Text, path and tool: what the running program keeps. The file becomes a dependency of the build.
    pub(crate) fn constant(&self) -> Result<TokenStream> {
        let (text, shown, tool) = (self.text_expression()?, &self.shown, &self.tool()?.name);
        Ok(quote!(#text, #shown, #tool))
    }

    /// An item that makes the file a dependency of the build and leaves nothing in the program.
    pub(crate) fn dependency(&self) -> Result<TokenStream> {
        let text = self.text_expression()?;
        Ok(quote!(const _: &::core::primitive::str = #text;))
    }

    fn text_expression(&self) -> Result<TokenStream> {
        let Some(file) = &self.file else {
            let text = &self.text;
            return Ok(quote!(#text));
        };
        let path = file.to_str();
        let path = path.ok_or_else(|| Error::new(self.at, "the path of the spec is no UTF-8"))?;
        Ok(quote!(::core::include_str!(#path)))
    }
}

/// The file, looked for from the manifest's directory upwards, then from the source file's.
fn find(path: &LitStr) -> Result<PathBuf> {
    let wanted = path.value();
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let written = proc_macro::is_available()
        .then(|| path.span().unwrap().local_file())
        .flatten()
        .map(|file| std::path::absolute(&file).unwrap_or(file));
    let starts: Vec<PathBuf> = [manifest, written].into_iter().flatten().collect();
    let found = starts
        .iter()
        .flat_map(|start| start.ancestors())
        .find_map(|dir| {
            let file: PathBuf = dir.join(Path::new(&wanted));
            file.is_file().then_some(file)
        });
    found.ok_or_else(|| {
        let from = starts
            .first()
            .map(|p| p.display().to_string())
            .unwrap_or_default();
        Error::new(
            path.span(),
            format!("no file `{wanted}` in {from} or any directory above it"),
        )
    })
}
