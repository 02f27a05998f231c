//! Seeded series that look like what machines emit, without any fault: nothing in them deserves an episode.

/// SplitMix64.
#[derive(Debug, Clone)]
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    pub(crate) fn u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Standard normal (Box, Muller).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    pub(crate) fn exponential(&mut self) -> f64 {
        -(1.0 - self.unit()).ln()
    }

    pub(crate) fn poisson(&mut self, mean: f64) -> f64 {
        let (limit, mut product, mut k) = ((-mean).exp(), self.unit(), 0.0);
        while product > limit {
            product *= self.unit();
            k += 1.0;
        }
        k
    }
}

/// Families of fault-free series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, voidstate_spec::SpecValue)]
pub(crate) enum World {
    /// 50 + 5 z.
    Gaussian,
    /// Two-sided exponential.
    Laplace,
    /// Student's t, 3 degrees of freedom.
    Student,
    /// First-order autoregression, coefficient 0.9.
    Ar1,
    /// Nine samples in ten are 0, the others Poisson with mean 4.
    Counts,
    /// Sine over 60 samples with noise.
    Seasonal,
    /// On and off: off for 12 samples, on for 3 in the mean, log-normal height while on.
    Bursty,
    /// Slow walk in pages of 4,096 bytes around 3 GB.
    Memory,
    /// A gauge of small integers that toggles now and then.
    Toggle,
    /// Share of a core of an idle machine: hundredths, mostly 0 to 0.03, a housekeeping blip now and then.
    IdleCpu,
}

impl World {
    pub(crate) const ALL: [Self; 10] = [
        Self::Gaussian,
        Self::Laplace,
        Self::Student,
        Self::Ar1,
        Self::Counts,
        Self::Seasonal,
        Self::Bursty,
        Self::Memory,
        Self::Toggle,
        Self::IdleCpu,
    ];
}

/// One endless series of a family.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    pub(crate) world: World,
    pub(crate) rng: Rng,
    t: u64,
    state: f64,
    left: f64,
}

impl Stream {
    pub(crate) fn new(world: World, seed: u64) -> Self {
        let mut rng = Rng(seed.wrapping_mul(0x2545_F491_4F6C_DD1D) ^ world as u64);
        let state = if world == World::Memory { 3e9 } else { 0.0 };
        let t = rng.u64() % 60;
        Self {
            world,
            rng,
            t,
            state,
            left: 5.0,
        }
    }

    pub(crate) fn draw(&mut self) -> f64 {
        self.t += 1;
        let r = &mut self.rng;
        match self.world {
            World::Gaussian => 50.0 + 5.0 * r.normal(),
            World::Laplace => {
                let sign = if r.unit() < 0.5 { -1.0 } else { 1.0 };
                10.0 + sign * 2.0 * r.exponential()
            }
            World::Student => {
                let chi: f64 = (0..3).map(|_| r.normal().powi(2)).sum();
                100.0 + r.normal() / (chi / 3.0).sqrt()
            }
            World::Ar1 => {
                self.state = 0.9 * self.state + r.normal();
                20.0 + self.state
            }
            World::Counts => {
                if r.unit() < 0.9 {
                    0.0
                } else {
                    r.poisson(4.0)
                }
            }
            World::Seasonal => {
                let phase = std::f64::consts::TAU * (self.t % 60) as f64 / 60.0;
                40.0 + 10.0 * phase.sin() + r.normal()
            }
            World::Bursty => {
                self.left -= 1.0;
                if self.left <= 0.0 {
                    let on = self.state <= 0.0;
                    self.state = if on {
                        1e6 * (0.75 * r.normal()).exp()
                    } else {
                        0.0
                    };
                    self.left = (if on { 3.0 } else { 12.0 } * r.exponential()).max(1.0);
                }
                if self.state > 0.0 {
                    self.state * (0.5 + r.unit())
                } else {
                    4096.0 * r.poisson(0.5)
                }
            }
            World::Memory => {
                self.state += 65_536.0 * r.normal();
                (self.state / 4096.0).round() * 4096.0
            }
            World::Toggle => {
                if r.unit() < 0.02 {
                    self.state = 1.0 - self.state;
                }
                3.0 + self.state
            }
            World::IdleCpu => {
                let blip = if r.unit() < 0.01 {
                    0.1 * r.exponential()
                } else {
                    0.0
                };
                ((r.poisson(1.2) / 100.0 + blip) * 100.0).round().min(100.0) / 100.0
            }
        }
    }
}

/// What is planted on top of a fault-free series from some sample on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fault {
    /// The value rises by so much and stays.
    Step(f64),
    /// The value rises by so much per sample.
    Ramp(f64),
    /// The value rises by so much for 8 samples.
    Burst(f64),
    /// Deviations from this centre are multiplied.
    Spread(f64, f64),
}

impl Fault {
    /// The faulty value, `age` samples after the onset.
    pub(crate) fn apply(self, clean: f64, age: u64) -> f64 {
        match self {
            Self::Step(by) => clean + by,
            Self::Ramp(by) => clean + by * (age + 1) as f64,
            Self::Burst(by) => clean + if age < 8 { by } else { 0.0 },
            Self::Spread(centre, factor) => centre + factor * (clean - centre),
        }
    }
}
