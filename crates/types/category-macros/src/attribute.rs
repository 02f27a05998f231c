//! `#[lens(skip)]`, `#[lens(name = "…")]` and their like.

use syn::{Attribute, Ident, LitStr, Result};

/// What is said of one field or variant.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) skip: bool,
    pub(crate) name: Option<Ident>,
}

/// Reads the attributes called `called`.
pub(crate) fn read(attributes: &[Attribute], called: &str) -> Result<Said> {
    let mut said = Said::default();
    for attribute in attributes.iter().filter(|a| a.path().is_ident(called)) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("skip") {
                said.skip = true;
                return Ok(());
            }
            if meta.path.is_ident("name") {
                let name: LitStr = meta.value()?.parse()?;
                said.name = Some(name.parse()?);
                return Ok(());
            }
            Err(meta.error(format!(
                "expected `{called}(skip)` or `{called}(name = \"NAME\")`"
            )))
        })?;
    }
    Ok(said)
}
