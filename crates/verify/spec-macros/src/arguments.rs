//! What may stand in the brackets of `#[implements(…)]`.

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Ident, LitStr, Result, Token, Type, parenthesized};

/// A state variable and the Rust type that it is read as.
pub(crate) struct Read {
    pub(crate) ident: Ident,
    pub(crate) type_: Type,
}

impl Parse for Read {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let type_ = input.parse()?;
        Ok(Self { ident, type_ })
    }
}

/// The arguments of one use of the attribute.
pub(crate) struct Arguments {
    /// The path of the spec, or its text.
    pub(crate) spec: LitStr,
    /// Whether `spec` is the text itself.
    pub(crate) is_inline: bool,
    pub(crate) tool: Option<LitStr>,
    pub(crate) operation: Option<LitStr>,
    /// State variables that are read from fields.
    pub(crate) fields: Vec<Read>,
    /// State variables that are read by methods that stand elsewhere.
    pub(crate) methods: Vec<Read>,
    pub(crate) always: bool,
}

const KNOWN: &str = "`#[implements]` takes the path of a spec or `inline = \"…\"`, then `tool = \"…\"`, `operation = \"…\"`, `fields(name: Type)`, \
                     `methods(name: Type)` and `always`";

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let is_inline = input.peek(Ident) && input.peek2(Token![=]);
        if is_inline {
            let key: Ident = input.parse()?;
            if key != "inline" {
                return Err(Error::new(
                    key.span(),
                    format!("a spec comes first; {KNOWN}"),
                ));
            }
            input.parse::<Token![=]>()?;
        }
        let spec = input
            .parse()
            .map_err(|error| Error::new(error.span(), format!("a spec comes first; {KNOWN}")))?;
        let mut arguments = Self {
            spec,
            is_inline,
            tool: None,
            operation: None,
            fields: Vec::new(),
            methods: Vec::new(),
            always: false,
        };
        let mut seen: Vec<String> = Vec::new();
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let key: Ident = input.parse()?;
            let word = key.to_string();
            if seen.contains(&word) {
                return Err(Error::new(key.span(), format!("`{word}` is given twice")));
            }
            match word.as_str() {
                "tool" => arguments.tool = Some(text(input)?),
                "operation" => arguments.operation = Some(text(input)?),
                "always" => arguments.always = true,
                "fields" => arguments.fields = reads(input)?,
                "methods" => arguments.methods = reads(input)?,
                _ => {
                    return Err(Error::new(
                        key.span(),
                        format!("unknown option `{word}`: {KNOWN}"),
                    ));
                }
            }
            seen.push(word);
        }
        Ok(arguments)
    }
}

fn reads(input: ParseStream<'_>) -> Result<Vec<Read>> {
    let inner;
    parenthesized!(inner in input);
    let all = Punctuated::<Read, Token![,]>::parse_terminated(&inner)?;
    Ok(all.into_iter().collect())
}

fn text(input: ParseStream<'_>) -> Result<LitStr> {
    input.parse::<Token![=]>()?;
    input.parse()
}
