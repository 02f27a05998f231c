//! Texts and bytes.

use super::super::class::Look;
use super::super::draw::Draw;
use super::super::formula::{Formula, Spot, Step};
use super::super::plan::Plan;
use voidstate_language::{Type, Value};

impl Draw<'_> {
    pub(super) fn text_with(
        &mut self,
        spot: &Spot,
        length: usize,
        look: Option<Look>,
        planted: &[Value],
        plan: &Plan<'_>,
    ) -> Option<Value> {
        let mut letters = match self.alphabet(spot, plan) {
            Some(alphabet) => {
                let mut letters = Vec::with_capacity(length);
                for _ in 0..length {
                    letters.push(*self.random.pick(&alphabet)?);
                }
                letters
            }
            None => self.text(length, look),
        };
        for part in planted {
            if let Value::Text(part) = part {
                let part: Vec<char> = part.chars().collect();
                let at = self
                    .random
                    .below((letters.len() + 1).saturating_sub(part.len()).max(1));
                for (slot, letter) in letters.iter_mut().skip(at).zip(part) {
                    *slot = letter;
                }
            }
        }
        Some(Value::text(String::from_iter(letters)))
    }

    /// The characters that every character of the text must be among.
    pub(super) fn alphabet(&self, spot: &Spot, plan: &Plan<'_>) -> Option<Vec<char>> {
        let element = spot.step(Step::Element);
        for (_, _, inner) in plan
            .each
            .iter()
            .filter(|(l, at, _)| *l == spot && at.is_none())
        {
            if let Formula::Among(part, letters) = inner
                && *part == element
            {
                return match (self.evaluate)(letters)? {
                    Value::Text(text) => Some(text.chars().collect()),
                    Value::List(items) => Some(
                        items
                            .iter()
                            .filter_map(|item| match item {
                                Value::Text(text) => text.chars().next(),
                                _ => None,
                            })
                            .collect(),
                    ),
                    _ => None,
                };
            }
        }
        None
    }

    /// Characters in one of several styles; now and then a piece of a text that was drawn before.
    pub(super) fn text(&mut self, length: usize, look: Option<Look>) -> Vec<char> {
        const WIDE: [char; 8] = ['é', 'ß', '漢', '字', '🦀', '\u{301}', 'я', '\u{200b}'];
        const CONTROL: [char; 8] = ['\n', '\t', '\0', ' ', '"', '\\', '\u{7f}', '\r'];
        if look.is_none()
            && self.random.chance(2, 5)
            && let Some(Value::Text(text)) = self.random.pick(self.pool.of(&Type::Text))
        {
            let letters: Vec<char> = text.chars().collect();
            if letters.len() >= length {
                let at = self.random.below(letters.len() - length + 1);
                return letters.into_iter().skip(at).take(length).collect();
            }
        }
        let style = match look {
            Some(Look::Constant) => 0,
            Some(Look::Multibyte) => 4,
            Some(Look::Control) => 5,
            Some(Look::Repeating) => 1,
            _ => self.random.below(7),
        };
        let fixed = char::from(b'a' + u8::try_from(self.random.below(2)).unwrap_or(0));
        (0..length)
            .map(|_| match style {
                0 => fixed,
                1 | 2 => char::from(b'a' + u8::try_from(self.random.below(2)).unwrap_or(0)),
                4 => self.random.pick(&WIDE).copied().unwrap_or('é'),
                5 => self.random.pick(&CONTROL).copied().unwrap_or(' '),
                3 => char::from(b'a' + u8::try_from(self.random.below(26)).unwrap_or(0)),
                _ => char::from(b' ' + u8::try_from(self.random.below(95)).unwrap_or(0)),
            })
            .collect()
    }

    pub(super) fn bytes(&mut self, length: usize, look: Option<Look>) -> Vec<u8> {
        let few = look == Some(Look::Repeating) || self.random.chance(1, 2);
        let fixed = u8::try_from(self.random.below(256)).unwrap_or(0);
        (0..length)
            .map(|_| match look {
                Some(Look::Constant) => fixed,
                _ if few => [0, 1, 255, fixed][self.random.below(4)],
                _ => u8::try_from(self.random.below(256)).unwrap_or(0),
            })
            .collect()
    }
}
