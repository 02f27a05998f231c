//! Protocols made at random, most of which every role can play.

use std::fmt::Write as _;

use crate::walk::Dice;

/// The text of a protocol between two to four roles.
pub(crate) fn made(seed: u64) -> String {
    let mut dice = Dice::new(seed);
    let roles = 2 + dice.below(3);
    let mut maker = Maker {
        dice,
        roles,
        labels: 0,
        loops: 0,
        text: String::new(),
    };
    let names: Vec<String> = (0..roles).map(|i| format!("role r{i}")).collect();
    let _ = writeln!(maker.text, "protocol Made({}) {{", names.join(", "));
    maker.block(3, &mut Vec::new());
    maker.text.push_str("}\n");
    maker.text
}

struct Maker {
    dice: Dice,
    roles: usize,
    labels: usize,
    loops: usize,
    text: String,
}

impl Maker {
    fn two(&mut self) -> (usize, usize) {
        let from = self.dice.below(self.roles);
        let to = (from + 1 + self.dice.below(self.roles - 1)) % self.roles;
        (from, to)
    }

    fn message(&mut self, from: usize, to: usize) {
        self.labels += 1;
        let payload = ["", "u8", "Vec<u8>", "String, u64"][self.dice.below(4)];
        let within = ["", "", " within 50ms", " within 2s"][self.dice.below(4)];
        let _ = writeln!(
            self.text,
            "M{}({payload}) from r{from} to r{to}{within};",
            self.labels
        );
    }

    /// Steps; whether they end in a `continue`.
    fn block(&mut self, depth: usize, loops: &mut Vec<usize>) -> bool {
        for _ in 0..=self.dice.below(3) {
            match self.dice.below(6) {
                0 if depth > 0 => {
                    if self.choice(depth, loops) {
                        return true;
                    }
                }
                1 if depth > 0 => {
                    self.loops += 1;
                    let name = self.loops;
                    let _ = writeln!(self.text, "rec L{name} {{");
                    loops.push(name);
                    let (from, to) = self.two();
                    self.message(from, to);
                    let ended = self.choice(depth, loops);
                    loops.pop();
                    self.text.push_str("}\n");
                    if ended {
                        return true;
                    }
                }
                2 if depth > 0 && self.dice.below(3) == 0 => {
                    // Who waits tells all others what became of it.
                    let (gone, waits) = self.two();
                    self.text.push_str("{\n");
                    self.message(gone, waits);
                    let others: Vec<usize> = (0..self.roles)
                        .filter(|r| *r != gone && *r != waits)
                        .collect();
                    for &other in &others {
                        self.message(waits, other);
                    }
                    let _ = writeln!(self.text, "}} crash r{gone} {{");
                    for &other in &others {
                        self.message(waits, other);
                    }
                    self.text.push_str("}\n");
                }
                _ => {
                    let (from, to) = self.two();
                    self.message(from, to);
                }
            }
        }
        false
    }

    /// A choice that the chooser mostly tells everybody; whether all branches go back.
    fn choice(&mut self, depth: usize, loops: &mut Vec<usize>) -> bool {
        let at = self.dice.below(self.roles);
        let tells_all = self.dice.below(8) > 0;
        let branches = 2 + self.dice.below(2);
        let mut all = true;
        for i in 0..branches {
            let head = if i == 0 {
                format!("choice at r{at} {{\n")
            } else {
                "or {\n".to_owned()
            };
            self.text.push_str(&head);
            let mut told: Vec<usize> = (0..self.roles).filter(|r| *r != at).collect();
            if !tells_all {
                told.truncate(1);
            }
            for to in told {
                self.message(at, to);
            }
            let ended = self.block(depth - 1, loops);
            let goes_back = !ended && i > 0 && !loops.is_empty() && self.dice.below(2) == 0;
            if goes_back {
                let to = loops[self.dice.below(loops.len())];
                let _ = writeln!(self.text, "continue L{to};");
            }
            all &= ended || goes_back;
            self.text.push_str("}\n");
        }
        all
    }
}
