//! Names in the sources of one crate that stand for something of another layer, followed through its modules.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::spanned::Spanned as _;
use syn::visit::Visit;
use syn::{Item, UseTree, Visibility};

/// Names that stand for something of another layer, with what they stand for.
pub(crate) type Names = BTreeMap<String, String>;

/// Such names by module.
pub(crate) type Scopes = BTreeMap<Vec<String>, Names>;

/// One module: a file's, or one written inline.
pub(crate) struct Module<'a> {
    pub(crate) path: Vec<String>,
    pub(crate) file: &'a Path,
    pub(crate) items: &'a [Item],
}

/// The module that a file holds: everything after `src`, without `lib` and `main`.
pub(crate) fn module_path(file: &Path) -> Vec<String> {
    let parts: Vec<_> = file
        .with_extension("")
        .iter()
        .map(|p| p.to_string_lossy().into_owned())
        .collect();
    let start = parts
        .iter()
        .rposition(|p| p == "src")
        .map_or(0, |at| at + 1);
    let mut path: Vec<_> = parts.into_iter().skip(start).collect();
    if path
        .last()
        .is_some_and(|l| matches!(l.as_str(), "lib" | "main" | "mod"))
    {
        path.pop();
    }
    path
}

pub(crate) fn flatten<'a>(
    file: &'a Path,
    path: Vec<String>,
    items: &'a [Item],
    out: &mut Vec<Module<'a>>,
) {
    for item in items {
        if let Item::Mod(m) = item
            && let Some((_, inner)) = &m.content
            && !is_test(&m.attrs)
        {
            let mut below = path.clone();
            below.push(m.ident.to_string());
            flatten(file, below, inner, out);
        }
    }
    out.push(Module { path, file, items });
}

/// Foreign names by module: the crates themselves, imports, private aliases. Followed until nothing new is learnt.
pub(crate) fn scopes(crates: &Names, modules: &[Module<'_>]) -> Scopes {
    let mut scopes: BTreeMap<_, _> = modules
        .iter()
        .map(|m| (m.path.clone(), crates.clone()))
        .collect();
    loop {
        let mut learnt = false;
        for module in modules {
            let mut names = Names::new();
            for item in module.items {
                match item {
                    Item::Use(u) if !is_test(&u.attrs) => {
                        leaves(&u.tree)
                            .iter()
                            .for_each(|leaf| names.extend(leaf.resolve(&module.path, &scopes)));
                    }
                    Item::Type(alias) if !is_public(&alias.vis) => {
                        let Some(scope) = scopes.get(&module.path) else {
                            continue;
                        };
                        let target = first_foreign(scope, |v| v.visit_type(&alias.ty));
                        names.extend(target.map(|t| (alias.ident.to_string(), t)));
                    }
                    _ => {}
                }
            }
            let scope = scopes.entry(module.path.clone()).or_default();
            let before = scope.len();
            scope.extend(names);
            learnt |= scope.len() != before;
        }
        if !learnt {
            return scopes;
        }
    }
}

/// Name of a type or trait that is not public.
pub(crate) fn private_name(item: &Item) -> Option<String> {
    let (visibility, name) = match item {
        Item::Struct(s) => (&s.vis, &s.ident),
        Item::Enum(e) => (&e.vis, &e.ident),
        Item::Union(u) => (&u.vis, &u.ident),
        Item::Trait(t) => (&t.vis, &t.ident),
        _ => return None,
    };
    (!is_public(visibility)).then(|| name.to_string())
}

/// Files that are modules under `cfg(test)`.
pub(crate) fn test_only_files(parsed: &[(&Path, syn::File)]) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for (path, file) in parsed {
        let inner = match path.file_stem().and_then(|s| s.to_str()) {
            Some("lib" | "main") | None => path.with_file_name(""),
            Some(stem) => path.with_file_name(stem),
        };
        for item in &file.items {
            if let Item::Mod(module) = item
                && module.content.is_none()
                && is_test(&module.attrs)
            {
                found.insert(inner.join(format!("{}.rs", module.ident)));
            }
        }
    }
    found
}

pub(crate) fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|a| {
        a.path().is_ident("cfg") && a.parse_args::<syn::Ident>().is_ok_and(|i| i == "test")
    })
}

pub(crate) const fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// One name that a `use` brings in.
pub(crate) struct Leaf {
    pub(crate) path: Vec<String>,
    name: String,
    pub(crate) glob: bool,
}

impl Leaf {
    /// The foreign names it brings into the module at `here`, with what they stand for.
    pub(crate) fn resolve(&self, here: &[String], scopes: &Scopes) -> Names {
        let (Some(first), Some(scope)) = (self.path.first(), scopes.get(here)) else {
            return Names::new();
        };
        let mut module = match first.as_str() {
            "crate" => Vec::new(),
            "super" => here
                .split_last()
                .map(|(_, parent)| parent.to_vec())
                .unwrap_or_default(),
            "self" => here.to_vec(),
            _ if scope.contains_key(first) => {
                let target = self.target(scope);
                return if self.glob {
                    Names::new()
                } else {
                    Names::from([(self.name.clone(), target)])
                };
            }
            _ => here.iter().chain([first]).cloned().collect(),
        };
        let rest = self.path.get(1..).unwrap_or_default();
        let (through, last) = if self.glob {
            (rest, None)
        } else {
            rest.split_last()
                .map_or((rest, None), |(l, r)| (r, Some(l)))
        };
        for part in through {
            if part == "super" {
                drop(module.pop())
            } else {
                module.push(part.clone())
            }
        }
        let Some(from) = scopes.get(&module) else {
            return Names::new();
        };
        match last {
            None if self.glob => from.clone(),
            None => Names::new(),
            Some(last) => from
                .get(last)
                .map(|t| (self.name.clone(), t.clone()))
                .into_iter()
                .collect(),
        }
    }

    /// The path with its first name replaced by what that stands for.
    fn target(&self, scope: &Names) -> String {
        let first = self
            .path
            .first()
            .and_then(|f| scope.get(f))
            .map(String::as_str)
            .unwrap_or_default();
        let rest = self.path.iter().skip(1).map(|s| format!("::{s}"));
        std::iter::once(first.to_owned()).chain(rest).collect()
    }
}

pub(crate) fn leaves(tree: &UseTree) -> Vec<Leaf> {
    fn walk(tree: &UseTree, prefix: &[String], out: &mut Vec<Leaf>) {
        let with = |ident: &syn::Ident| {
            let mut path = prefix.to_vec();
            if ident != "self" || prefix.is_empty() {
                path.push(ident.to_string());
            }
            path
        };
        match tree {
            UseTree::Path(p) => walk(&p.tree, &with(&p.ident), out),
            UseTree::Name(n) => {
                let path = with(&n.ident);
                let name = path.last().cloned().unwrap_or_default();
                out.push(Leaf {
                    path,
                    name,
                    glob: false,
                });
            }
            UseTree::Rename(r) => out.push(Leaf {
                path: with(&r.ident),
                name: r.rename.to_string(),
                glob: false,
            }),
            UseTree::Glob(_) => out.push(Leaf {
                path: prefix.to_vec(),
                name: "*".to_owned(),
                glob: true,
            }),
            UseTree::Group(g) => g.items.iter().for_each(|t| walk(t, prefix, out)),
        }
    }
    let mut out = Vec::new();
    walk(tree, &[], &mut out);
    out
}

/// Collects foreign paths from a piece of syntax.
pub(crate) struct Paths<'a> {
    pub(crate) names: &'a Names,
    /// Line and path of each.
    pub(crate) found: Vec<(usize, String)>,
}

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let mut segments = path.segments.iter().map(|s| s.ident.to_string());
        if let Some(first) = segments.next()
            && let Some(target) = self.names.get(&first)
        {
            let rest = segments.map(|s| format!("::{s}")).collect::<String>();
            self.found
                .push((path.span().start().line, format!("{target}{rest}")));
        }
        syn::visit::visit_path(self, path);
    }

    // What a block does is private.
    fn visit_block(&mut self, _: &'ast syn::Block) {}
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}

fn first_foreign(names: &Names, look: impl FnOnce(&mut Paths<'_>)) -> Option<String> {
    let mut paths = Paths {
        names,
        found: Vec::new(),
    };
    look(&mut paths);
    paths.found.into_iter().next().map(|(_, p)| p)
}
