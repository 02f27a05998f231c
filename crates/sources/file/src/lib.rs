//! File source: CSV, TSV and JSON lines, plain or compressed, in constant memory.
