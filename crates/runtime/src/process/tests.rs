//! A link with a peer that does what it likes, over pipes and without a process.

use std::io::{PipeReader, PipeWriter, Read as _, Write as _, pipe};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config as ProptestConfig, RngSeed};
use voidstate_core::{Config, Placement, Tool, ToolMeta};

use super::answering::Nowhere;
use super::child::Pipes;
use super::isolated::Isolated;
use super::link::{Link, length_of, machine};
use super::wire::{FRAME, InitResponse, Outcome, Question, ToEngine, ToTool, WorkComplete};
use super::{TOOL_COORDINATION, host};

const LIMIT: Duration = Duration::from_millis(400);

fn meta() -> ToolMeta {
    ToolMeta::new("peer", "host.**", "made for a test").unwrap()
}

/// The other end of a link.
struct Peer {
    from: PipeReader,
    to: PipeWriter,
}

impl Peer {
    fn receive(&mut self) -> Option<ToTool> {
        let mut frame = vec![0; voidstate_codec::HEADER_BYTES];
        self.from.read_exact(&mut frame).ok()?;
        let length = length_of(&frame).unwrap().unwrap();
        let head = frame.len();
        frame.resize(length, 0);
        self.from.read_exact(&mut frame[head..]).ok()?;
        Some(FRAME.decode(&frame).unwrap())
    }

    fn raw(&mut self, bytes: &[u8]) {
        // The engine may be done with us.
        let _ = self.to.write_all(bytes);
    }

    fn send(&mut self, message: &ToEngine) {
        self.raw(&FRAME.encode(message).unwrap());
    }

    fn ready(&mut self) {
        assert!(matches!(self.receive(), Some(ToTool::Init(_))));
        self.send(&ready());
    }
}

fn ready() -> ToEngine {
    let response = InitResponse {
        meta: meta(),
        effects: None,
    };
    ToEngine::Ready(Box::new(response))
}

fn complete() -> ToEngine {
    ToEngine::Complete(Box::new(WorkComplete {
        outcome: Outcome::Done,
        outputs: Vec::new(),
    }))
}

fn ask() -> ToEngine {
    ToEngine::Ask(Box::new(Question::Now))
}

/// What each label looks like.
fn said(which: usize) -> ToEngine {
    match which % 4 {
        0 => ready(),
        1 => ToEngine::Refused("no".to_owned()),
        2 => ask(),
        _ => complete(),
    }
}

/// A link with a peer that does `script`.
fn link(script: impl FnOnce(Peer) + Send + 'static) -> Link {
    let (from_engine, to_peer) = pipe().unwrap();
    let (from_peer, to_engine) = pipe().unwrap();
    std::thread::spawn(move || {
        script(Peer {
            from: from_engine,
            to: to_engine,
        });
    });
    let pipes = Pipes::new(to_peer.into(), from_peer.into(), None).unwrap();
    Link::new(pipes, None, LIMIT)
}

fn begin(script: impl FnOnce(Peer) + Send + 'static) -> voidstate_core::Result<Isolated> {
    let config = Config::default();
    Isolated::begin(&meta(), link(script), &config, Placement::ALONE)
}

fn told(result: voidstate_core::Result<impl Sized>) -> String {
    match result {
        Err(error @ voidstate_core::Error::Gone { .. }) => error.to_string(),
        Err(other) => panic!("{other} is no death"),
        Ok(_) => panic!("it went well"),
    }
}

#[test]
fn the_protocol_is_the_one_in_the_specs_and_every_role_can_play() {
    let specs = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../specs/tool-coordination.vsp"
    );
    assert_eq!(std::fs::read_to_string(specs).unwrap(), TOOL_COORDINATION);
    let machines = ["engine", "tool"].map(|role| (*machine(role).unwrap()).clone());
    let report = voidstate_protocol::check(&machines, voidstate_protocol::Bounds::default());
    assert_eq!(report.answer, voidstate_protocol::Answer::Holds, "{report}");
}

#[test]
fn whatever_comes_out_of_turn_while_it_starts_is_told() {
    for (which, label) in [(2, "Ask"), (3, "Complete")] {
        let begun = begin(move |mut peer| {
            peer.receive();
            peer.send(&said(which));
            peer.receive();
        });
        let expected =
            format!("it sent {label} where Ready or Refused was expected while being started");
        let reason = told(begun);
        assert!(reason.contains(&expected), "{reason}");
    }
}

#[test]
fn whatever_comes_out_of_turn_while_it_works_is_told() {
    for (which, label) in [(0, "Ready"), (1, "Refused")] {
        for asks in 0..3 {
            let mut tool = begin(move |mut peer| {
                peer.ready();
                peer.receive();
                for _ in 0..asks {
                    peer.send(&ask());
                    peer.receive();
                }
                peer.send(&said(which));
                peer.receive();
            })
            .unwrap();
            let reason = told(tool.tick(&mut Nowhere));
            let expected =
                format!("it sent {label} where Ask or Complete was expected while ticking");
            assert!(reason.contains(&expected), "{reason}");
            let again = told(tool.tick(&mut Nowhere));
            assert!(again.contains("not there any more"), "{again}");
        }
    }
}

#[test]
fn whatever_comes_before_it_is_asked_is_told() {
    for which in 0..4 {
        let mut tool = begin(move |mut peer| {
            peer.ready();
            peer.receive();
            peer.send(&complete());
            peer.send(&said(which));
            peer.receive();
        })
        .unwrap();
        let first = tool.tick(&mut Nowhere);
        // The second frame may come with the first, or a moment later.
        std::thread::sleep(Duration::from_millis(20));
        first.unwrap();
        let reason = told(tool.tick(&mut Nowhere));
        assert!(
            reason.contains("where nothing was expected while ticking"),
            "{reason}"
        );
    }
}

#[test]
fn frames_that_are_none_are_told() {
    let mut damaged = FRAME.encode(&complete()).unwrap();
    *damaged.last_mut().unwrap() ^= 1;
    let mut huge = FRAME.encode(&complete()).unwrap();
    huge[10..14].copy_from_slice(&(20_u32 << 20).to_le_bytes());
    let other = voidstate_codec::Schema::new(voidstate_codec::Kind::new(b"OTHR"), 1);
    for (bytes, expected) in [
        (damaged, "damaged"),
        (huge, "it claims 20971520 bytes"),
        (other.encode(&1_u8).unwrap(), "it begins with"),
        (FRAME.encode(&[7_u8; 3]).unwrap(), "it sent no frame"),
        (b"\n".to_vec(), "it begins with \"\\n\""),
    ] {
        let mut tool = begin(move |mut peer| {
            peer.ready();
            peer.receive();
            peer.raw(&bytes);
            peer.receive();
        })
        .unwrap();
        let reason = told(tool.tick(&mut Nowhere));
        assert!(
            reason.contains(expected) && reason.contains("no frame"),
            "{reason}"
        );
    }
}

#[test]
fn who_is_silent_or_never_stops_asking_is_late() {
    let scripts: [fn(Peer); 3] = [
        |mut peer| {
            peer.ready();
            while peer.receive().is_some() {}
        },
        |mut peer| {
            peer.ready();
            while peer.receive().is_some() {
                peer.send(&ask());
            }
        },
        // A byte now and then.
        |mut peer| {
            peer.ready();
            peer.receive();
            for byte in FRAME.encode(&complete()).unwrap() {
                peer.raw(&[byte]);
                std::thread::sleep(LIMIT / 8);
            }
        },
    ];
    for script in scripts {
        let mut tool = begin(script).unwrap();
        let begun = Instant::now();
        let reason = told(tool.tick(&mut Nowhere));
        assert!(
            reason.contains("did not answer within 400ms while ticking"),
            "{reason}"
        );
        assert!(begun.elapsed() >= LIMIT);
    }
}

#[test]
fn who_reads_nothing_is_late() {
    let mut tool = begin(|mut peer| {
        peer.ready();
        std::thread::sleep(LIMIT * 4);
    })
    .unwrap();
    let reason = told(tool.restore(&vec![1; 4 << 20]));
    assert!(
        reason.contains("did not answer within 400ms while being given its state"),
        "{reason}"
    );
}

#[test]
fn a_state_that_is_not_there_or_does_not_fit_is_told() {
    let tool = begin(|mut peer| {
        peer.ready();
        peer.receive();
        peer.send(&complete());
        peer.receive();
    })
    .unwrap();
    let reason = told(tool.save());
    assert!(
        reason.contains("it completed without the state"),
        "{reason}"
    );
    let mut tool = begin(|mut peer| {
        peer.ready();
        while peer.receive().is_some() {}
    })
    .unwrap();
    let reason = told(tool.restore(&vec![1; 17 << 20]));
    assert!(reason.contains("at most 16777216 are sent"), "{reason}");
}

/// What a peer does next.
#[derive(Debug, Clone)]
enum Act {
    Right(usize),
    Wrong(usize),
    Noise(Vec<u8>),
    Flipped(usize),
    Cut(usize),
    Close,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => any::<usize>().prop_map(Act::Right),
        2 => any::<usize>().prop_map(Act::Wrong),
        1 => proptest::collection::vec(any::<u8>(), 1..64).prop_map(Act::Noise),
        1 => any::<usize>().prop_map(Act::Flipped),
        1 => any::<usize>().prop_map(Act::Cut),
        1 => Just(Act::Close),
    ]
}

/// Plays the acts: right frames as the machine has it, and whatever else.
fn play(mut peer: Peer, acts: Vec<Act>) {
    let mut is_ready = false;
    for act in acts {
        if peer.receive().is_none() {
            return;
        }
        let right = |which: usize| match (is_ready, which % 3) {
            (false, _) => ready(),
            (true, 0) => ask(),
            (true, _) => complete(),
        };
        match act {
            Act::Right(which) => {
                peer.send(&right(which));
                is_ready = true;
            }
            Act::Wrong(which) => peer.send(&said(which)),
            Act::Noise(bytes) => peer.raw(&bytes),
            Act::Flipped(bit) => {
                let mut bytes = FRAME.encode(&right(bit)).unwrap();
                let at = bit % (bytes.len() * 8);
                bytes[at / 8] ^= 1 << (at % 8);
                peer.raw(&bytes);
            }
            Act::Cut(at) => {
                let bytes = FRAME.encode(&right(at)).unwrap();
                peer.raw(&bytes[..at % bytes.len()]);
                return;
            }
            Act::Close => return,
        }
    }
}

#[test]
fn no_peer_brings_the_engine_down() {
    let config = ProptestConfig {
        cases: 300,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(7),
        ..ProptestConfig::default()
    };
    proptest!(config, |(acts in proptest::collection::vec(act(), 0..12))| {
        let Ok(mut tool) = begin(move |peer| play(peer, acts)) else {
            return Ok(());
        };
        // However long it goes well, it ends with a death that is told, and is told again.
        let death = (0..64).find_map(|_| tool.tick(&mut Nowhere).err());
        let Some(voidstate_core::Error::Gone { reason, .. }) = death else {
            return Err(TestCaseError::fail("it outlived its peer"));
        };
        prop_assert!(reason.contains("while ticking"), "{}", reason);
        prop_assert!(tool.tick(&mut Nowhere).is_err());
    });
}

#[test]
fn a_host_refuses_what_no_engine_says() {
    let hosted = |bytes: Vec<u8>| {
        let (input, mut to_host) = pipe().unwrap();
        let (_from_host, output) = pipe().unwrap();
        to_host.write_all(&bytes).unwrap();
        drop(to_host);
        host(&[], &input, &output).unwrap_err().to_string()
    };
    assert!(hosted(Vec::new()).contains("cannot be read"));
    assert!(hosted(b"GET / HTTP/1.1".to_vec()).contains("it begins with \"GET / HTTP/1.1\""));
    let cancel = FRAME.encode(&ToTool::Cancel).unwrap();
    let told = hosted(cancel);
    assert!(
        told.contains("`Cancel` came to `tool` where `Init` was expected"),
        "{told}"
    );
}
