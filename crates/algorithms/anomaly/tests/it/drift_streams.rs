//! Seven seeded streams that any language reproduces bit for bit: SplitMix64, and normal deviates as sums of uniforms.

pub const LENGTH: usize = 100_000;
pub const CHANGE: usize = 50_000;
pub const NAMES: [&str; 7] = ["bern-big", "bern-small", "ramp", "still", "ar1", "season", "var"];

struct Rng(u64);

impl Rng {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).fold(0.0, |sum, _| sum + self.unit()) - 6.0
    }

    fn coin(&mut self, p: f64) -> f64 {
        if self.unit() < p { 1.0 } else { 0.0 }
    }
}

/// The whole stream; `None` for a name that is not in [`NAMES`].
pub fn stream(name: &str, seed: u64) -> Option<Vec<f64>> {
    let (mut r, mut state) = (Rng(seed), 0.0);
    if !NAMES.contains(&name) {
        return None;
    }
    let item = |t: usize| {
        let late = t >= CHANGE;
        match name {
            "bern-big" => r.coin(if late { 0.5 } else { 0.2 }),
            "bern-small" => r.coin(if late { 0.25 } else { 0.2 }),
            "ramp" => {
                let done = (t as f64 - CHANGE as f64) / 10_000.0;
                let mean = if late { 0.3 + 0.2 * done.min(1.0) } else { 0.3 };
                mean + 0.1 * r.normal()
            }
            "still" => 0.3 + 0.1 * r.normal(),
            "ar1" => {
                state = 0.9 * state + r.normal();
                0.5 + 0.05 * state
            }
            "season" => {
                let k = (t % 288) as f64;
                let triangle = if k < 144.0 { k / 144.0 } else { (288.0 - k) / 144.0 };
                0.5 + 0.2 * triangle + 0.05 * r.normal()
            }
            _ => 0.5 + if late { 0.1 } else { 0.05 } * r.normal(),
        }
    };
    Some((0..LENGTH).map(item).collect())
}
