//! The metadata against the spec that the tool's contract is read from.

use voidstate_spec::language::compile;
use voidstate_spec::tool::disagreements;

use crate::context::factory;

#[test]
fn metadata_and_spec_agree() {
    let spec = compile(include_str!("../../specs/tool-anomaly.spec")).unwrap();
    let tool = spec.tool(voidstate_tool_anomaly::ID).unwrap();
    assert_eq!(disagreements(factory().meta(), tool), Vec::<String>::new());
    let permitted: Vec<_> = factory().meta().permissions.clone();
    assert!(permitted.is_empty());
}
