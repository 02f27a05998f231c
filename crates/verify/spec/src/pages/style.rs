//! The pages' style: light and dark by the reader's choice, fit for print.

pub(super) const STYLE: &str = "
:root { color-scheme: light dark; --line: #8886; --good: #176f2c; --bad: #b3261e; --dim: #666; --box: #8881; }
@media (prefers-color-scheme: dark) { :root { --good: #7bd88f; --bad: #ff8a80; --dim: #aaa; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 68rem; margin: 0 auto; padding: 1rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; } h3 { font-size: 1rem; margin-top: 1.6rem; }
code, pre { font: 0.9em/1.5 ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 1rem; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--dim); font-weight: 600; } .n { text-align: right; font-variant-numeric: tabular-nums; }
pre { background: var(--box); padding: 0.75rem; overflow-x: auto; } .doc { color: var(--dim); }
.holds { color: var(--good); } .failed, .wrong { color: var(--bad); font-weight: 600; } .not-run { color: var(--dim); }
.failure { border-left: 3px solid var(--bad); padding-left: 0.75rem; } .never { color: var(--bad); }
.source { counter-reset: line; } .line::before { counter-increment: line; content: counter(line); display: inline-block;
  width: 2.5rem; margin-right: 1rem; text-align: right; color: var(--dim); user-select: none; }
.line:target { background: #fd04; }
@media print { pre { white-space: pre-wrap; } }
";
