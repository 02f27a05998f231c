//! Specs as HTML pages: one page per file and an index, each complete in itself, no script, no font from elsewhere.

mod protocol;
mod style;
mod tool;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use voidstate_language::{Checked, CheckedTool, Diagnostics};

pub use protocol::{ProtocolVerdict, formatted, judge_items, judge_text, protocols_page};

use crate::generate::Report;

/// What is known of one file of specs.
#[derive(Debug)]
pub struct Page<'a> {
    /// The file's name as it is shown.
    pub file: &'a str,
    /// Its text.
    pub source: &'a str,
    /// What it says, when it says something.
    pub checked: Option<&'a Checked>,
    /// What is wrong with it.
    pub diagnostics: &'a Diagnostics,
    /// What came of the tests generated from its tools.
    pub reports: &'a [Report],
}

impl Page<'_> {
    /// The report of a tool, when its tests ran.
    fn report(&self, tool: &str) -> Option<&Report> {
        self.reports.iter().find(|r| r.tool == tool)
    }

    /// Name of the page's own file: `anomaly.html` for `specs/anomaly.spec`.
    #[must_use]
    pub fn file_name(&self) -> String {
        page_name(self.file)
    }
}

/// Name of a file's page: `anomaly.html` for `specs/anomaly.spec`, `talk.vsp.html` for `specs/talk.vsp`.
#[must_use]
pub fn page_name(file: &str) -> String {
    let last = file.rsplit(['/', '\\']).next().unwrap_or(file);
    format!("{}.html", last.strip_suffix(".spec").unwrap_or(last))
}

/// The list of all pages; of protocols, each with the name of its file.
#[must_use]
pub fn index(pages: &[Page<'_>], protocols: &[(String, ProtocolVerdict)]) -> String {
    let body = html! {
        h1 { "Specs" }
        p { "What every tool must do, and whether the tests made from it found it doing so." }
        table {
            thead { tr {
                th { "file" } th { "tool" } th.n { "operations" } th.n { "clauses" } th.n { "cases" }
                th.n { "rejected" } th { "verdict" }
            } }
            tbody {
                @for page in pages {
                    @match page.checked {
                        Some(checked) => { @for tool in &checked.tools {
                            @let row = row(tool, page);
                            tr {
                                td { a href=(page.file_name()) { (page.file) } }
                                td { a href=(format!("{}#{}", page.file_name(), tool.name)) { code { (tool.name) } } }
                                td.n { (row.operations) } td.n { (row.clauses) } td.n { (row.cases) }
                                td.n { (row.rejected) }
                                td { span class=(row.verdict.replace(' ', "-")) { (row.verdict) } }
                            }
                        } }
                        None => { tr {
                            td { a href=(page.file_name()) { (page.file) } }
                            td colspan="5" { "cannot be read" }
                            td { span.wrong { "wrong" } }
                        } }
                    }
                }
            }
        }
        @if !protocols.is_empty() {
            h2 { "Protocols" }
            table {
                thead { tr {
                    th { "file" } th { "protocol" } th.n { "roles" } th.n { "states" } th.n { "configurations" } th { "verdict" }
                } }
                tbody { @for (file, v) in protocols { tr {
                    td { a href=(page_name(file)) { (file) } } td { code { (v.name) } }
                    td.n { (v.roles) } td.n { (v.states) } td.n { (v.configurations) }
                    td { span class=(v.verdict) { (v.verdict) } }
                } } }
            }
        }
    };
    document("Specs", &body)
}

/// One tool in a table.
#[derive(Debug)]
pub struct Row<'a> {
    /// How many operations it has.
    pub operations: usize,
    /// How many conditions.
    pub clauses: usize,
    /// How many calls were judged; a dash when none was.
    pub cases: String,
    /// Greatest share of generated inputs that were thrown away.
    pub rejected: String,
    /// `holds`, `failed`, `wrong`; `not tried` when no call of an operation was judged; `contract` for a tool of the
    /// engine, whose every test runs under it; `not run`.
    pub verdict: &'static str,
    /// What came of its tests.
    pub report: Option<&'a Report>,
}

/// The tool's line.
#[must_use]
pub fn row<'a>(tool: &CheckedTool, page: &'a Page<'_>) -> Row<'a> {
    let report = page.report(&tool.name);
    Row {
        operations: tool.operations.len(),
        clauses: tool::clauses(tool),
        cases: report.map_or_else(|| "–".to_owned(), |r| r.cases.to_string()),
        rejected: report.map_or_else(|| "–".to_owned(), tool::rejection),
        verdict: match report {
            _ if page.diagnostics.has_errors() => "wrong",
            Some(report) if !report.passed() => "failed",
            Some(report) if report.untried().next().is_some() => "not tried",
            Some(_) => "holds",
            None if is_contract(tool) => "contract",
            None => "not run",
        },
        report,
    }
}

/// Whether the spec is one of a tool that an engine calls, so that nothing but its contract holds it: it says its
/// effects and has no other operations than an engine calls.
fn is_contract(tool: &CheckedTool) -> bool {
    let calls = ["observe", "tick", "finish"];
    let mut operations = tool.operations.iter();
    tool.effects.is_some() && operations.all(|o| calls.contains(&o.name.as_str()))
}

/// One file's page.
#[must_use]
pub fn page(page: &Page<'_>) -> String {
    let body = html! {
        p { a href="index.html" { "all specs" } }
        h1 { (page.file) }
        @if !page.diagnostics.is_empty() {
            h2 { "Remarks" }
            pre.remarks { (page.diagnostics.render(page.source, page.file, false)) }
        }
        @if let Some(checked) = page.checked {
            @for tool in &checked.tools { (tool::section(tool, page.report(&tool.name))) }
            @for verdict in judge_items(page.file, &checked.protocols) {
                section {
                    h2 id=(verdict.name) { "protocol " code { (verdict.name) } }
                    p { span class=(verdict.verdict) { (verdict.verdict) } }
                    @if !verdict.remarks.is_empty() { pre.remarks { (verdict.remarks) } }
                    @for (of, drawing) in &verdict.drawings { h3 { (of) } pre.mermaid { (drawing) } }
                }
            }
            @for record in &checked.records {
                section {
                    h2 id=(record.name) { "record " code { (record.name) } }
                    table { tbody { @for (name, type_) in &record.fields {
                        tr { td { code { (name) } } td { code { (type_) } } }
                    } } }
                }
            }
            @for choice in &checked.enums {
                section {
                    h2 id=(choice.name) { "enum " code { (choice.name) } }
                    p { @for (at, (name, payload)) in choice.variants.iter().enumerate() {
                        @if at > 0 { ", " }
                        code { (name) @if !payload.is_empty() { "(" (comma(payload)) ")" } }
                    } }
                }
            }
        }
        h2 { "Text" }
        pre.source { @for (at, line) in page.source.lines().enumerate() {
            span.line id=(format!("L{}", at + 1)) { (line) } "\n"
        } }
    };
    document(page.file, &body)
}

fn comma(types: &[voidstate_language::Type]) -> String {
    let words: Vec<String> = types.iter().map(ToString::to_string).collect();
    words.join(", ")
}

fn document(title: &str, body: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(style::STYLE)) }
            }
            body { main { (body) } }
        }
    }
    .into_string()
}
