//! What may stand in the brackets of `#[observed(…)]`.

use syn::parse::{Parse, ParseStream};
use syn::{Error, Ident, LitStr, Result, Token};

/// Longest name of a span in bytes.
const NAME_BYTES_MAX: usize = 128;

/// The options of one use of the attribute.
#[derive(Default)]
pub(crate) struct Options {
    /// The span's name, when it is said.
    pub(crate) name: Option<LitStr>,
    /// Whether the error's text is kept.
    pub(crate) err: Option<Ident>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut options = Self::default();
        while !input.is_empty() {
            let key: Ident = input.parse()?;
            if key == "name" && options.name.is_none() {
                input.parse::<Token![=]>()?;
                options.name = Some(checked_name(input.parse()?)?);
            } else if key == "err" && options.err.is_none() {
                options.err = Some(key);
            } else if key == "name" || key == "err" {
                return Err(Error::new(key.span(), format!("`{key}` is given twice")));
            } else {
                let text = format!(
                    "unknown option `{key}`: `#[observed]` takes `name = \"...\"` and `err`"
                );
                return Err(Error::new(key.span(), text));
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    }
}

fn checked_name(name: LitStr) -> Result<LitStr> {
    let bytes = name.value().len();
    if (1..=NAME_BYTES_MAX).contains(&bytes) {
        return Ok(name);
    }
    Err(Error::new(
        name.span(),
        format!("a span's name has 1 to {NAME_BYTES_MAX} bytes, this one has {bytes}"),
    ))
}
