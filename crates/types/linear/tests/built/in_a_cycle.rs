//! Kept alive by a cycle.

use std::cell::RefCell;
use std::rc::Rc;

use voidstate_linear::{Linear, Static};

struct Node(RefCell<Option<Rc<Node>>>, Linear<u64, Static>);

fn main() {
    let node = Rc::new(Node(RefCell::new(None), Linear::checked(1)));
    *node.0.borrow_mut() = Some(Rc::clone(&node));
}
