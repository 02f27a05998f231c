//! Public signatures: no crate may name another layer's types in what it offers.
//!
//! The sources are read, not compiled. `pub` is taken at its word (the workspace's lints deny `pub` that nobody can
//! reach), imports and private aliases are followed through the crate, tests are left out, and glob imports of another
//! layer's crate are refused because they hide the names. What macros generate is not seen.

use std::collections::BTreeSet;
use std::path::PathBuf;

use syn::spanned::Spanned as _;
use syn::visit::Visit as _;
use syn::{ImplItem, Item, TraitItem};

use crate::error::{Error, Result};
use crate::layers::rust_files;
use crate::names::{self, Module, Names, Paths, Scopes, is_public, is_test, leaves};
use crate::shell;
use crate::workspace::{Layer, Package, Workspace};

/// Every public signature that names another layer's type.
pub(crate) fn leaks(ws: &Workspace) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for package in ws
        .crates()
        .filter(|p| p.layer != Layer::App && !p.is_macros())
    {
        let mut files = Vec::new();
        for path in rust_files(&package.dir.join("src"))? {
            files.push((path.clone(), shell::read_file(&path)?));
        }
        let found = leaks_of(&foreign_crates(ws, package), &files)?;
        problems.extend(found.into_iter().map(|l| format!("{}: {l}", package.room)));
    }
    Ok(problems)
}

/// Names under which the source of `package` knows crates of other layers, core and codec excepted.
fn foreign_crates(ws: &Workspace, package: &Package) -> Names {
    let mut names = Names::new();
    for other in ws.packages.iter().filter(|o| o.layer != package.layer) {
        let Some(lib) = &other.lib else { continue };
        if matches!(other.layer, Layer::Core | Layer::Codec) {
            continue;
        }
        names.insert(lib.clone(), lib.clone());
        for dependency in package.dependencies.iter().filter(|d| d.name == other.name) {
            if let Some(rename) = &dependency.rename {
                names.insert(rename.replace('-', "_"), lib.clone());
            }
        }
    }
    names
}

fn leaks_of(crates: &Names, files: &[(PathBuf, String)]) -> Result<Vec<String>> {
    let mut parsed = Vec::new();
    for (path, text) in files {
        let file =
            syn::parse_file(text).map_err(|e| Error::malformed(path.display().to_string(), e))?;
        parsed.push((path.as_path(), file));
    }
    let test_files = names::test_only_files(&parsed);
    parsed.retain(|(path, _)| !test_files.contains(*path));

    let mut modules = Vec::new();
    for (path, file) in &parsed {
        names::flatten(path, names::module_path(path), &file.items, &mut modules);
    }
    let scopes = names::scopes(crates, &modules);
    let private = modules
        .iter()
        .flat_map(|m| m.items)
        .filter_map(names::private_name)
        .collect();

    let mut problems = Vec::new();
    for module in &modules {
        let mut check = Check {
            crates,
            scopes: &scopes,
            module,
            private: &private,
            problems: &mut problems,
        };
        module.items.iter().for_each(|item| check.item(item));
    }
    problems.sort();
    problems.dedup();
    Ok(problems)
}

struct Check<'a> {
    crates: &'a Names,
    scopes: &'a Scopes,
    module: &'a Module<'a>,
    private: &'a BTreeSet<String>,
    problems: &'a mut Vec<String>,
}

impl Check<'_> {
    fn report(&mut self, line: usize, what: &str, name: &str) {
        self.problems.push(format!(
            "{}:{line}: {what} names `{name}` of another layer",
            self.module.file.display()
        ));
    }

    fn look(&mut self, what: &str, look: impl FnOnce(&mut Paths<'_>)) {
        let Some(names) = self.scopes.get(&self.module.path) else {
            return;
        };
        let mut paths = Paths {
            names,
            found: Vec::new(),
        };
        look(&mut paths);
        for (line, name) in paths.found {
            self.report(line, what, &name);
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Use(u) if !is_test(&u.attrs) => self.import(u),
            Item::Fn(f) if is_public(&f.vis) => self.look(&format!("fn {}", f.sig.ident), |v| {
                v.visit_signature(&f.sig)
            }),
            Item::Struct(s) if is_public(&s.vis) => {
                self.look(&format!("struct {}", s.ident), |v| {
                    v.visit_generics(&s.generics)
                });
                for field in s.fields.iter().filter(|f| is_public(&f.vis)) {
                    self.look(&format!("a field of {}", s.ident), |v| {
                        v.visit_type(&field.ty)
                    });
                }
            }
            Item::Union(u) if is_public(&u.vis) => {
                for field in u.fields.named.iter().filter(|f| is_public(&f.vis)) {
                    self.look(&format!("a field of {}", u.ident), |v| {
                        v.visit_type(&field.ty)
                    });
                }
            }
            Item::Enum(e) if is_public(&e.vis) => {
                self.look(&format!("enum {}", e.ident), |v| {
                    v.visit_generics(&e.generics)
                });
                for field in e.variants.iter().flat_map(|variant| &variant.fields) {
                    self.look(&format!("a variant of {}", e.ident), |v| {
                        v.visit_type(&field.ty)
                    });
                }
            }
            Item::Trait(t) if is_public(&t.vis) => self.definition(t),
            Item::Type(t) if is_public(&t.vis) => {
                self.look(&format!("type {}", t.ident), |v| v.visit_item_type(t))
            }
            Item::Const(c) if is_public(&c.vis) => {
                self.look(&format!("const {}", c.ident), |v| v.visit_type(&c.ty))
            }
            Item::Static(s) if is_public(&s.vis) => {
                self.look(&format!("static {}", s.ident), |v| v.visit_type(&s.ty))
            }
            Item::Impl(i) if !is_test(&i.attrs) => self.implementation(i),
            _ => {}
        }
    }

    fn import(&mut self, import: &syn::ItemUse) {
        let line = import.span().start().line;
        for leaf in leaves(&import.tree) {
            if leaf.glob
                && leaf
                    .path
                    .first()
                    .is_some_and(|f| self.crates.contains_key(f))
            {
                self.report(line, "a glob import hides what it", &leaf.path.join("::"));
            } else if is_public(&import.vis) {
                let targets = leaf.resolve(&self.module.path, self.scopes);
                // A glob of a sibling module hands on what that module exports; its own lines are judged there.
                targets
                    .values()
                    .filter(|_| !leaf.glob)
                    .for_each(|t| self.report(line, "pub use", t));
            }
        }
    }

    fn definition(&mut self, t: &syn::ItemTrait) {
        let what = format!("trait {}", t.ident);
        self.look(&what, |v| {
            v.visit_generics(&t.generics);
            t.supertraits
                .iter()
                .for_each(|b| v.visit_type_param_bound(b));
            for item in &t.items {
                match item {
                    TraitItem::Fn(f) => v.visit_signature(&f.sig),
                    TraitItem::Const(c) => v.visit_type(&c.ty),
                    TraitItem::Type(t) => v.visit_trait_item_type(t),
                    _ => {}
                }
            }
        });
    }

    fn implementation(&mut self, i: &syn::ItemImpl) {
        let private = |path: &syn::Path| {
            path.segments
                .last()
                .is_some_and(|s| self.private.contains(&s.ident.to_string()))
        };
        let of_private = matches!(&*i.self_ty, syn::Type::Path(p) if private(&p.path));
        if of_private || i.trait_.as_ref().is_some_and(|(_, path, _)| private(path)) {
            return;
        }
        let Some((_, path, _)) = &i.trait_ else {
            for item in &i.items {
                match item {
                    ImplItem::Fn(f) if is_public(&f.vis) => {
                        self.look(&format!("fn {}", f.sig.ident), |v| {
                            v.visit_signature(&f.sig)
                        });
                    }
                    ImplItem::Const(c) if is_public(&c.vis) => {
                        self.look(&format!("const {}", c.ident), |v| v.visit_type(&c.ty));
                    }
                    _ => {}
                }
            }
            return;
        };
        // Implementing a trait of another layer says nothing about its types; its arguments do.
        self.look("an impl", |v| {
            v.visit_generics(&i.generics);
            path.segments
                .iter()
                .for_each(|s| v.visit_path_arguments(&s.arguments));
            v.visit_type(&i.self_ty);
            for item in &i.items {
                if let ImplItem::Type(t) = item {
                    v.visit_type(&t.ty);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)]) -> Vec<String> {
        let crates = Names::from([(
            "voidstate_anomaly".to_owned(),
            "voidstate_anomaly".to_owned(),
        )]);
        let files: Vec<_> = files
            .iter()
            .map(|(p, t)| (PathBuf::from(p), (*t).to_owned()))
            .collect();
        leaks_of(&crates, &files).unwrap()
    }

    fn one(source: &str) -> usize {
        check(&[("src/lib.rs", source)]).len()
    }

    #[test]
    fn private_use_is_fine() {
        assert_eq!(
            check(&[(
                "src/lib.rs",
                "use voidstate_anomaly::Detector;
                 pub struct Tool { inner: Detector, pub(crate) other: Option<Detector> }
                 struct Hidden(pub Detector);
                 impl Hidden { pub fn get(self) -> Detector { self.0 } }
                 impl From<Detector> for Hidden { fn from(d: Detector) -> Self { Hidden(d) } }
                 impl Tool { fn inner(&self) -> &Detector { &self.inner }
                             pub fn step(&mut self) -> f64 { let d: Detector = make(); d.step() } }
                 pub fn core(x: voidstate_core::Finding) -> voidstate_core::Finding { x }
                 #[cfg(test)] mod tests { use voidstate_anomaly::*; pub fn f() -> Detector { todo() } }",
            )]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn every_kind_of_public_item_is_looked_at() {
        for source in [
            "pub fn f(d: voidstate_anomaly::Detector) {}",
            "pub fn f() -> Option<Box<::voidstate_anomaly::Detector>> { None }",
            "pub fn f<T: Into<voidstate_anomaly::Detector>>(t: T) {}",
            "pub fn f<T>(t: T) where T: voidstate_anomaly::Step {}",
            "pub use voidstate_anomaly::Detector;",
            "pub use voidstate_anomaly as detectors;",
            "use voidstate_anomaly::{self as a, Detector}; pub struct S { pub d: Detector }",
            "use voidstate_anomaly as a; pub struct S(pub a::Detector);",
            "use voidstate_anomaly::{self}; pub enum E { A(voidstate_anomaly::Error) }",
            "use voidstate_anomaly::Detector as D; pub type T = Vec<D>;",
            "pub const C: voidstate_anomaly::Mode = m();",
            "pub static C: voidstate_anomaly::Mode = m();",
            "pub trait T { fn f(&self) -> voidstate_anomaly::Mode; }",
            "pub trait T { type A: Into<voidstate_anomaly::Mode>; }",
            "pub struct S; impl S { pub fn f(&self, m: &voidstate_anomaly::Mode) {} }",
            "pub struct S; impl From<voidstate_anomaly::Error> for S { fn from(e: voidstate_anomaly::Error) -> S { S } }",
            "pub struct S; impl Iterator for S { type Item = voidstate_anomaly::Mode; fn next(&mut self) -> Option<voidstate_anomaly::Mode> { None } }",
            "mod inner { pub fn f(m: voidstate_anomaly::Mode) {} }",
            "type Local = voidstate_anomaly::Mode; pub fn f(m: Local) {}",
            "use voidstate_anomaly::*;",
        ] {
            assert_eq!(one(source), 1, "{source}");
        }
    }

    #[test]
    fn a_name_is_followed_through_the_crates_modules() {
        let found = check(&[
            ("src/lib.rs", "mod a; mod b; pub use b::f;"),
            (
                "src/a.rs",
                "pub(crate) use voidstate_anomaly::Detector as Inner;",
            ),
            ("src/b.rs", "use crate::a::Inner;\n\npub fn f(d: Inner) {}"),
        ]);
        assert_eq!(
            found,
            ["src/b.rs:3: fn f names `voidstate_anomaly::Detector` of another layer"]
        );
        let same_word = check(&[
            (
                "src/a.rs",
                "pub(crate) use voidstate_anomaly::Detector as Inner;",
            ),
            ("src/b.rs", "pub struct Inner; pub fn f(d: Inner) {}"),
        ]);
        assert!(same_word.is_empty(), "{same_word:?}");
        let own_error = check(&[
            ("src/lib.rs", "mod a; mod error; pub use error::Error;"),
            (
                "src/a.rs",
                "use voidstate_anomaly::Error; fn g(e: Error) {}",
            ),
            ("src/error.rs", "pub struct Error;"),
            ("src/b.rs", "use crate::Error; pub fn f(e: Error) {}"),
        ]);
        assert!(own_error.is_empty(), "{own_error:?}");
        let by_super = check(&[(
            "src/lib.rs",
            "use voidstate_anomaly::Mode; mod a { use super::*; pub fn f(m: Mode) {} }",
        )]);
        assert_eq!(by_super.len(), 1, "{by_super:?}");
    }

    #[test]
    fn test_modules_in_files_of_their_own_are_left_out() {
        let found = check(&[
            ("src/lib.rs", "mod a;"),
            ("src/a.rs", "#[cfg(test)] mod tests;"),
            (
                "src/a/tests.rs",
                "pub fn f(d: voidstate_anomaly::Detector) {}",
            ),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_source_that_does_not_parse_is_named() {
        let error = leaks_of(
            &Names::new(),
            &[(PathBuf::from("src/x.rs"), "fn {".to_owned())],
        )
        .unwrap_err();
        assert!(error.to_string().starts_with("src/x.rs"), "{error}");
    }
}
