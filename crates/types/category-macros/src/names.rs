//! Names of constants.

use syn::Ident;
use syn::ext::IdentExt;

/// `detector_limit` and `DetectorLimit` become `DETECTOR_LIMIT`; `HTTPError` becomes `HTTP_ERROR`.
pub(crate) fn constant(name: &Ident) -> Ident {
    Ident::new(&capitals(&name.unraw().to_string()), name.span())
}

fn capitals(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (i, letter) in letters.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|b| letters.get(b));
        let after = letters.get(i + 1);
        let starts = letter.is_uppercase()
            && before.is_some_and(|b| *b != '_')
            && (before.is_some_and(|b| !b.is_uppercase())
                || after.is_some_and(|a| a.is_lowercase()));
        if starts {
            out.push('_');
        }
        out.extend(letter.to_uppercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_put_in_capitals() {
        for (name, wanted) in [
            ("limit", "LIMIT"),
            ("detector_limit", "DETECTOR_LIMIT"),
            ("DetectorLimit", "DETECTOR_LIMIT"),
            ("HTTPError", "HTTP_ERROR"),
            ("X", "X"),
            ("V2Limit", "V2_LIMIT"),
        ] {
            assert_eq!(capitals(name), wanted);
        }
    }
}
