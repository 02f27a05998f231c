//! Writes every fault into the source at once, each behind the question whether it is the chosen one.
//!
//! A fault's branch holds the original text of what is inside it: only one fault is ever chosen, so nested faults need
//! not be reachable from one another, and the code grows with its depth, not exponentially.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens as _;
use syn::spanned::Spanned as _;
use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprIf, ItemFn, Stmt, parse_quote};

use super::faults::{self, Kind};
use crate::names::is_test;

/// Name of the function that is asked.
pub(crate) const ASK: &str = "__voidstate_mutant";

/// A fault that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mutant {
    pub(crate) id: usize,
    pub(crate) kind: Kind,
    pub(crate) file: String,
    pub(crate) line: usize,
    /// Function that it is in.
    pub(crate) function: String,
    pub(crate) before: String,
    pub(crate) after: String,
    /// Which of those that look the same in the function it is, from 1 on.
    pub(crate) place: usize,
}

/// The root module's part: which mutant is chosen, and which were asked about.
pub(crate) const CHOOSER: &str = r#"
#[doc(hidden)]
#[allow(missing_docs, warnings, clippy::all)]
pub fn __voidstate_mutant(id: usize) -> bool {
    static CHOSEN: std::sync::OnceLock<usize> = std::sync::OnceLock::new();
    static SEEN: std::sync::Mutex<std::collections::BTreeSet<usize>> =
        std::sync::Mutex::new(std::collections::BTreeSet::new());
    let chosen = *CHOSEN.get_or_init(|| {
        std::env::var("VOIDSTATE_MUTANT").ok().and_then(|v| v.parse().ok()).unwrap_or(0)
    });
    if chosen == usize::MAX {
        let mut seen = SEEN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if seen.insert(id) {
            if let Some(path) = std::env::var_os("VOIDSTATE_MUTANT_SEEN") {
                use std::io::Write as _;
                if let Ok(mut file) = std::fs::OpenOptions::new().create(true).append(true).open(path) {
                    let _ = file.write_all(format!("{id}\n").as_bytes());
                }
            }
        }
        return false;
    }
    chosen == id
}
"#;

/// The file with every fault in it, and the faults. Ids go on from `next`; those in `refused` are left out.
pub(crate) fn instrument(
    file: &str,
    source: &str,
    next: &mut usize,
    refused: &BTreeSet<usize>,
) -> syn::Result<(String, Vec<Mutant>)> {
    let mut tree = syn::parse_file(source)?;
    let mut planter = Planter {
        file,
        next,
        refused,
        function: Vec::new(),
        places: BTreeMap::new(),
        mutants: Vec::new(),
    };
    planter.visit_file_mut(&mut tree);
    let mutants = planter.mutants;
    Ok((tree.to_token_stream().to_string(), mutants))
}

struct Planter<'a> {
    file: &'a str,
    next: &'a mut usize,
    refused: &'a BTreeSet<usize>,
    function: Vec<String>,
    /// Faults so far by function, text before and text after.
    places: BTreeMap<(String, String, String), usize>,
    mutants: Vec<Mutant>,
}

impl Planter<'_> {
    /// Numbers a fault; `None` when it was refused before.
    fn plant(&mut self, kind: Kind, line: usize, before: String, after: String) -> Option<usize> {
        let id = *self.next;
        *self.next += 1;
        let function = self.function.join("::");
        let looks = (function.clone(), before.clone(), after.clone());
        let place = self.places.entry(looks).or_default();
        *place += 1;
        let place = *place;
        if self.refused.contains(&id) {
            return None;
        }
        self.mutants.push(Mutant {
            id,
            kind,
            file: self.file.to_owned(),
            line,
            function,
            before,
            after,
            place,
        });
        Some(id)
    }

    /// `original` behind the faults: `if chosen(1) { fault } else { changed }`.
    fn choose(&mut self, original: &Expr, changed: Expr, faults: Vec<(Kind, Expr)>) -> Expr {
        let line = original.span().start().line;
        let mut out = changed;
        for (kind, fault) in faults {
            let planted = self.plant(kind, line, faults::shown(original), faults::shown(&fault));
            if let Some(id) = planted {
                out = parse_quote!((if crate::__voidstate_mutant(#id) { #fault } else { #out }));
            }
        }
        out
    }

    fn body(&mut self, signature: &syn::Signature, block: &mut Block) {
        if signature.constness.is_some() {
            return;
        }
        self.function.push(signature.ident.to_string());
        visit_mut::visit_block_mut(self, block);
        let line = signature.ident.span().start().line;
        for answer in faults::answers(&signature.output) {
            let planted = self.plant(
                Kind::Answer,
                line,
                format!("fn {}", signature.ident),
                faults::shown(&answer),
            );
            if let Some(id) = planted {
                block.stmts.insert(
                    0,
                    parse_quote!(if crate::__voidstate_mutant(#id) { return #answer; }),
                );
            }
        }
        self.function.pop();
    }

    /// A condition: negated as a whole unless it binds names.
    fn condition(&mut self, cond: &mut Expr) {
        let original = cond.clone();
        self.visit_expr_mut(cond);
        if binds(&original) {
            return;
        }
        // A comparison turned round is the same fault.
        if matches!(original, Expr::Binary(_) | Expr::Unary(_)) {
            return;
        }
        let changed = cond.clone();
        let fault: Expr = parse_quote!(!(#original));
        *cond = self.choose(&original, changed, vec![(Kind::Condition, fault)]);
    }
}

/// Whether the expression holds a `let` condition.
fn binds(expr: &Expr) -> bool {
    match expr {
        Expr::Let(_) => true,
        Expr::Binary(b) => binds(&b.left) || binds(&b.right),
        Expr::Paren(p) => binds(&p.expr),
        _ => false,
    }
}

impl VisitMut for Planter<'_> {
    fn visit_item_fn_mut(&mut self, item: &mut ItemFn) {
        if !is_test(&item.attrs) {
            let signature = item.sig.clone();
            self.body(&signature, &mut item.block);
        }
    }

    fn visit_impl_item_fn_mut(&mut self, item: &mut syn::ImplItemFn) {
        let signature = item.sig.clone();
        self.body(&signature, &mut item.block);
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        // What only people read is no behaviour that a spec speaks about.
        let shown = item
            .trait_
            .as_ref()
            .and_then(|(_, path, _)| path.segments.last());
        if shown.is_some_and(|s| s.ident == "Display" || s.ident == "Debug") {
            return;
        }
        self.function.push(faults::shown(&*item.self_ty));
        visit_mut::visit_item_impl_mut(self, item);
        self.function.pop();
    }

    fn visit_item_mod_mut(&mut self, item: &mut syn::ItemMod) {
        if !is_test(&item.attrs) {
            visit_mut::visit_item_mod_mut(self, item);
        }
    }

    // What is computed by the compiler cannot ask.
    fn visit_item_const_mut(&mut self, _: &mut syn::ItemConst) {}
    fn visit_impl_item_const_mut(&mut self, _: &mut syn::ImplItemConst) {}
    fn visit_trait_item_const_mut(&mut self, _: &mut syn::TraitItemConst) {}
    fn visit_item_static_mut(&mut self, _: &mut syn::ItemStatic) {}
    fn visit_item_enum_mut(&mut self, _: &mut syn::ItemEnum) {}
    fn visit_expr_const_mut(&mut self, _: &mut syn::ExprConst) {}
    fn visit_type_mut(&mut self, _: &mut syn::Type) {}
    fn visit_pat_mut(&mut self, _: &mut syn::Pat) {}
    fn visit_attribute_mut(&mut self, _: &mut syn::Attribute) {}
    fn visit_path_mut(&mut self, _: &mut syn::Path) {}

    fn visit_expr_if_mut(&mut self, expr: &mut ExprIf) {
        self.condition(&mut expr.cond);
        self.visit_block_mut(&mut expr.then_branch);
        if let Some((_, other)) = &mut expr.else_branch {
            // `else` is followed by a block or an `if`, never by a choice.
            match &mut **other {
                Expr::If(next) => self.visit_expr_if_mut(next),
                Expr::Block(block) => self.visit_block_mut(&mut block.block),
                _ => {}
            }
        }
    }

    fn visit_expr_while_mut(&mut self, expr: &mut syn::ExprWhile) {
        self.condition(&mut expr.cond);
        self.visit_block_mut(&mut expr.body);
    }

    fn visit_expr_repeat_mut(&mut self, expr: &mut syn::ExprRepeat) {
        self.visit_expr_mut(&mut expr.expr);
    }

    fn visit_arm_mut(&mut self, arm: &mut syn::Arm) {
        if let Some((_, guard)) = &mut arm.guard {
            let original = (**guard).clone();
            self.visit_expr_mut(guard);
            if !binds(&original) {
                let changed = (**guard).clone();
                **guard = self.choose(&original, changed, vec![(Kind::Guard, parse_quote!(false))]);
            }
        }
        self.visit_expr_mut(&mut arm.body);
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        let original = stmt.clone();
        visit_mut::visit_stmt_mut(self, stmt);
        if !faults::can_be_dropped(&original) {
            return;
        }
        let line = original.span().start().line;
        let before = faults::shown(&original);
        if let Some(id) = self.plant(Kind::Statement, line, before, String::new()) {
            let changed = stmt.clone();
            *stmt = parse_quote!(if !crate::__voidstate_mutant(#id) { #changed });
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let original = expr.clone();
        // The left side of an assignment and what is borrowed are places, not values.
        match expr {
            Expr::Assign(assign) => {
                self.visit_expr_mut(&mut assign.right);
                return;
            }
            Expr::Reference(reference) => {
                if !matches!(&*reference.expr, Expr::Lit(_)) {
                    visit_mut::visit_expr_mut(self, &mut reference.expr);
                }
                return;
            }
            Expr::Macro(_) => return,
            Expr::Binary(binary) if faults::of_assignment(&binary.op).is_some() => {
                self.visit_expr_mut(&mut binary.right);
                let Expr::Binary(plain) = &original else {
                    return;
                };
                if let Some(op) = faults::of_assignment(&plain.op) {
                    let (left, right) = (&plain.left, &plain.right);
                    let fault: Expr = parse_quote!(#left #op #right);
                    let changed = expr.clone();
                    *expr = self.choose(&original, changed, vec![(Kind::Assignment, fault)]);
                }
                return;
            }
            Expr::Range(range) => {
                if let Some(start) = &mut range.start {
                    self.visit_expr_mut(start);
                }
                if let Some(end) = &mut range.end {
                    let whole = (**end).clone();
                    self.visit_expr_mut(end);
                    let changed = (**end).clone();
                    let faults = faults::of_range_end(&whole);
                    // A literal end is already off by one.
                    if !matches!(whole, Expr::Lit(_)) {
                        **end = self.choose(&whole, changed, faults);
                    }
                }
                return;
            }
            // `if a && let b = c`: only the parts may change.
            Expr::Binary(binary) if binds(&original) => {
                self.visit_expr_mut(&mut binary.left);
                self.visit_expr_mut(&mut binary.right);
                return;
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
        let faults = faults::of_expr(&original);
        if !faults.is_empty() {
            let changed = expr.clone();
            *expr = self.choose(&original, changed, faults);
        }
    }
}

/// Where each fault stands in an instrumented text: id, first byte and one past the last.
pub(crate) fn regions(instrumented: &str) -> syn::Result<Vec<(usize, std::ops::Range<usize>)>> {
    struct Find(Vec<(usize, std::ops::Range<usize>)>);
    impl<'ast> Visit<'ast> for Find {
        fn visit_expr_if(&mut self, expr: &'ast ExprIf) {
            let mut cond = &*expr.cond;
            if let Expr::Unary(not) = cond {
                cond = &not.expr;
            }
            if let Expr::Call(call) = cond
                && let Expr::Path(path) = &*call.func
                && path.path.segments.last().is_some_and(|s| s.ident == ASK)
                && let Some(Expr::Lit(literal)) = call.args.first()
                && let syn::Lit::Int(id) = &literal.lit
                && let Ok(id) = id.base10_parse()
            {
                self.0.push((id, expr.span().byte_range()));
                self.0.push((id, expr.then_branch.span().byte_range()));
            }
            syn::visit::visit_expr_if(self, expr);
        }
    }
    let mut find = Find(Vec::new());
    find.visit_file(&syn::parse_file(instrumented)?);
    Ok(find.0)
}

/// The fault that the byte belongs to: the smallest region around it.
pub(crate) fn at(regions: &[(usize, std::ops::Range<usize>)], byte: usize) -> Option<usize> {
    regions
        .iter()
        .filter(|(_, range)| range.contains(&byte))
        .min_by_key(|(_, range)| range.len())
        .map(|(id, _)| *id)
}
