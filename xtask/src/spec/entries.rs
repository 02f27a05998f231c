//! Who must have a spec: every Tool, and every main public entry of an algorithm crate.
//!
//! The main entries are those that the crate's lib.rs lists under `# Main items`, as far as they do something: functions,
//! and types that are built or changed through their own methods. The spec of `CounterRate` is `tool counter_rate`.

use std::collections::BTreeSet;
use std::path::Path;

use syn::visit::Visit;
use syn::{Attribute, ImplItem, ItemFn, ItemImpl, Visibility};

use crate::error::{Error, Result};
use crate::layers::rust_files;
use crate::names::is_test;
use crate::shell;
use crate::workspace::{Layer, Package, Workspace};

/// Everything that lacks its spec.
pub(super) fn without_spec(ws: &Workspace, root: &Path) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for package in ws.crates() {
        let found = match package.layer {
            Layer::Tools => tools(package, root)?,
            Layer::Algorithms => algorithm(package, root)?,
            Layer::App => app(package, root)?,
            _ => Vec::new(),
        };
        problems.extend(found.into_iter().map(|p| format!("{}: {p}", package.room)));
    }
    Ok(problems)
}

fn parsed(dir: &Path) -> Result<Vec<syn::File>> {
    let mut files = Vec::new();
    for path in rust_files(dir)? {
        let file = syn::parse_file(&shell::read_file(&path)?)
            .map_err(|e| Error::malformed(path.display().to_string(), e))?;
        files.push(file);
    }
    Ok(files)
}

/// What `#[implements("file", tool = "name")]` says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Implements {
    file: String,
    tool: Option<String>,
}

fn implements(attributes: &[Attribute]) -> Option<Implements> {
    let attribute = attributes.iter().find(|a| {
        let last = a.path().segments.last();
        last.is_some_and(|s| s.ident == "implements")
    })?;
    let words = |input: syn::parse::ParseStream<'_>| {
        let file = input.parse::<syn::LitStr>()?.value();
        let rest: proc_macro2::TokenStream = input.parse()?;
        let tokens: Vec<_> = rest.into_iter().map(|t| t.to_string()).collect();
        let tool = tokens.windows(3).find_map(|w| match w {
            [name, equals, value] if name == "tool" && equals == "=" => {
                Some(value.trim_matches('"').to_owned())
            }
            _ => None,
        });
        Ok(Implements { file, tool })
    };
    attribute.parse_args_with(words).ok()
}

/// Tools that bear no spec, or one that is not there, or whose effects are no type.
fn tools(package: &Package, root: &Path) -> Result<Vec<String>> {
    let (mut problems, specs) = tool_impls(&parsed(&package.dir.join("src"))?);
    problems.extend(missing_files(&specs, root));
    Ok(problems)
}

/// The program may have tools of its own, which owe what all tools owe.
fn app(package: &Package, root: &Path) -> Result<Vec<String>> {
    let files = parsed(&package.dir.join("src"))?;
    let (mut problems, specs) = tool_impls(&files);
    problems.extend(missing_files(&specs, root));
    problems.retain(|problem| problem != NO_TOOL);
    Ok(problems)
}

const NO_TOOL: &str = "holds no `impl TypedTool for …`";

/// What is wrong with the tools in these files, and their specs.
fn tool_impls(files: &[syn::File]) -> (Vec<String>, BTreeSet<Implements>) {
    #[derive(Default)]
    struct Find {
        problems: Vec<String>,
        specs: BTreeSet<Implements>,
        tools: usize,
    }
    impl<'ast> Visit<'ast> for Find {
        fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
            let path = item.trait_.as_ref().map(|(_, path, _)| path);
            let Some(of) = path.and_then(|path| path.segments.last()) else {
                return;
            };
            let is_typed = of.ident == "TypedTool";
            if !is_typed && of.ident != "Tool" {
                return;
            }
            self.tools += 1;
            let type_ = &item.self_ty;
            let type_ = quote::quote!(#type_);
            if !is_typed {
                self.problems.push(format!(
                    "`impl Tool for {type_}`: write `impl TypedTool for {type_}`, whose effects are a type, so that the \
                     compiler holds it to them and its metadata follows from them"
                ));
            }
            match implements(&item.attrs) {
                Some(spec) => drop(self.specs.insert(spec)),
                None => self.problems.push(format!(
                    "`impl {} for {type_}` bears no #[implements(\"specs/….spec\")]",
                    of.ident
                )),
            }
        }
        fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
            if !is_test(&item.attrs) {
                syn::visit::visit_item_mod(self, item);
            }
        }
    }
    let mut find = Find::default();
    files.iter().for_each(|file| find.visit_file(file));
    if find.tools == 0 {
        find.problems.push(NO_TOOL.to_owned());
    }
    (find.problems, find.specs)
}

fn missing_files(specs: &BTreeSet<Implements>, root: &Path) -> Vec<String> {
    let missing = specs.iter().filter(|s| !root.join(&s.file).is_file());
    missing
        .map(|s| format!("{} is not there", s.file))
        .collect()
}

/// Main entries that no part of the crate's tests/it/spec.rs implements the spec of.
fn algorithm(package: &Package, root: &Path) -> Result<Vec<String>> {
    struct Find(BTreeSet<Implements>);
    impl<'ast> Visit<'ast> for Find {
        fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
            self.0.extend(implements(&item.attrs));
        }
        fn visit_item_fn(&mut self, item: &'ast ItemFn) {
            self.0.extend(implements(&item.attrs));
        }
    }
    let lib = shell::read_file(&package.dir.join("src/lib.rs"))?;
    let listed = main_items(&lib);
    if listed.is_empty() {
        return Ok(vec![
            "lib.rs lists no [`Item`] under `# Main items`, so nobody knows what needs a spec"
                .to_owned(),
        ]);
    }
    let entries = entries(&parsed(&package.dir.join("src"))?);
    let mut find = Find(BTreeSet::new());
    let tests = package.dir.join("tests/it");
    for path in rust_files(&tests)? {
        let below = path.strip_prefix(&tests).unwrap_or(&path);
        if below.starts_with("spec") || below == Path::new("spec.rs") {
            let file = syn::parse_file(&shell::read_file(&path)?)
                .map_err(|e| Error::malformed(path.display().to_string(), e))?;
            find.visit_file(&file);
        }
    }
    let mut problems = missing_files(&find.0, root);
    for item in listed.iter().filter(|item| entries.contains(*item)) {
        let tool = snake(item);
        let has = find.0.iter().any(|s| {
            s.tool.as_deref() == Some(tool.as_str())
                || (s.tool.is_none() && s.file.ends_with(&format!("/{tool}.spec")))
        });
        if !has {
            problems.push(format!(
                "`{item}` is a main item without a spec: nothing in tests/it/spec.rs bears \
                 #[implements(\"specs/{}.spec\", tool = \"{tool}\")]",
                package.short()
            ));
        }
    }
    Ok(problems)
}

/// Names linked under `# Main items` (or `# Items`) of a crate's documentation.
fn main_items(lib: &str) -> BTreeSet<String> {
    let mut inside = false;
    let mut names = BTreeSet::new();
    for line in lib.lines().filter_map(|l| l.strip_prefix("//!")) {
        let line = line.trim();
        if let Some(heading) = line.strip_prefix("# ") {
            inside = matches!(heading, "Main items" | "Items");
        } else if inside {
            let links = line.split("[`").skip(1).filter_map(|l| l.split_once('`'));
            names.extend(links.map(|(name, _)| name.to_owned()));
        }
    }
    names
}

/// Public functions, and types that are built or changed through public methods of their own.
fn entries(files: &[syn::File]) -> BTreeSet<String> {
    struct Find(BTreeSet<String>);
    impl<'ast> Visit<'ast> for Find {
        fn visit_item_fn(&mut self, item: &'ast ItemFn) {
            if matches!(item.vis, Visibility::Public(_)) {
                self.0.insert(item.sig.ident.to_string());
            }
        }
        fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
            let syn::Type::Path(path) = &*item.self_ty else {
                return;
            };
            let Some(last) = path.path.segments.last() else {
                return;
            };
            let acts = item.trait_.is_none()
                && item.items.iter().any(|i| match i {
                    ImplItem::Fn(f) if matches!(f.vis, Visibility::Public(_)) => {
                        f.sig.ident == "new"
                            || f.sig.receiver().is_some_and(|r| r.mutability.is_some())
                    }
                    _ => false,
                });
            if acts {
                self.0.insert(last.ident.to_string());
            }
        }
        fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
            if !is_test(&item.attrs) {
                syn::visit::visit_item_mod(self, item);
            }
        }
    }
    let mut find = Find(BTreeSet::new());
    files.iter().for_each(|f| find.visit_file(f));
    find.0
}

/// `CounterRate` as `counter_rate`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for (at, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() {
            if at > 0 {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_items_are_those_that_the_documentation_lists() {
        let lib = "//! A.\n//! [`Not`]\n//! # Main items\n//! [`Panel`] (gives [`Verdict`]s),\n//! [`run`].\n//!\n//! # Cost\n//! [`Other`]\nmod x;";
        let names: Vec<_> = main_items(lib).into_iter().collect();
        assert_eq!(names, ["Panel", "Verdict", "run"]);
    }

    #[test]
    fn plain_data_is_no_entry() {
        let file = syn::parse_file(
            "pub struct A; impl A { pub fn new() -> Self { A } }
             pub struct B { pub x: u8 } impl B { pub fn x(&self) -> u8 { self.x } }
             pub struct C; impl C { pub fn push(&mut self) {} fn new() {} }
             pub fn run() {} fn hidden() {}
             mod tests { }",
        )
        .unwrap();
        let found: Vec<_> = entries(&[file]).into_iter().collect();
        assert_eq!(found, ["A", "C", "run"]);
    }

    #[test]
    fn an_attribute_names_its_spec() {
        let read = |text: &str| implements(&syn::parse_str::<ItemFn>(text).unwrap().attrs);
        let spec = |tool: Option<&str>| {
            Some(Implements {
                file: "specs/a.spec".to_owned(),
                tool: tool.map(str::to_owned),
            })
        };
        assert_eq!(
            read("#[implements(\"specs/a.spec\")] fn f() {}"),
            spec(None)
        );
        assert_eq!(
            read(
                "#[voidstate_spec::implements(\"specs/a.spec\", tool = \"b\", operation = \"c\",)] fn f() {}"
            ),
            spec(Some("b"))
        );
        assert_eq!(
            read(
                "#[implements(\"specs/a.spec\", methods(open: Vec<u64>), tool = \"b\")] fn f() {}"
            ),
            spec(Some("b"))
        );
        assert_eq!(read("#[inline] fn f() {}"), None);
        assert_eq!(read("#[implements(4)] fn f() {}"), None);
    }

    #[test]
    fn a_tool_is_typed_and_bears_its_spec() {
        let problems = |text: &str| tool_impls(&[syn::parse_file(text).unwrap()]).0;
        let right = "#[implements(\"specs/a.spec\")] impl TypedTool for A { type Effects = (); }";
        assert_eq!(problems(right), Vec::<String>::new());
        let bare = problems("impl voidstate_core::TypedTool for A {}");
        assert_eq!(bare.len(), 1);
        assert!(
            bare[0].contains("`impl TypedTool for A` bears no"),
            "{bare:?}"
        );
        let untyped = problems(&right.replace("TypedTool", "Tool"));
        assert_eq!(untyped.len(), 1);
        assert!(
            untyped[0].starts_with("`impl Tool for A`: write `impl TypedTool for A`"),
            "{untyped:?}"
        );
        // A right one beside it does not help.
        assert_eq!(problems(&format!("{right} impl Tool for B {{}}")).len(), 2);
        assert_eq!(problems("struct A;"), ["holds no `impl TypedTool for …`"]);
        let test = format!("{right} #[cfg(test)] mod tests {{ impl Tool for B {{}} }}");
        assert_eq!(problems(&test), Vec::<String>::new());
    }

    #[test]
    fn names_become_snakes() {
        assert_eq!(snake("CounterRate"), "counter_rate");
        assert_eq!(snake("Adwin"), "adwin");
        assert_eq!(snake("run"), "run");
    }
}
