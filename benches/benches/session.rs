//! What a session costs beside the channel that carries it.
//!
//! A client pings and a server answers, both on one thread of one executor, a thousand times a call. Instructions are
//! counted by valgrind in runs of this program that differ in length only.
//!
//! Peer: a pair of tokio's bounded channels that carry the same enum of messages by hand; par 0.3, which makes a one-shot
//! channel a step; rumpsteak-aura 0.9 over the unbounded channels of futures.

use std::process::Command;

use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender};
use par::Session as _;
use par::exchange::{Recv as ParRecv, Send as ParSend};
use rumpsteak_aura::channel::Bidirectional;
use rumpsteak_aura::{
    Branch, End, Message as AuraMessage, Receive, Role, Roles, Select, Send, session, try_session,
};
use tokio::sync::mpsc;
use voidstate_benches::{
    Plan, calibration_loop_ns, pair, plan, report_fact, report_pair, report_ratio,
};
use voidstate_session::protocol;
use voidstate_session::tokio::mpsc as session_mpsc;

protocol! {
    protocol PingPong(role client, role server) {
        rec round {
            choice at client {
                Ping(u64) from client to server;
                Pong(u64) from server to client;
                continue round;
            } or {
                Stop() from client to server;
            }
        }
    }
}

use ping_pong::{Message, client, server};

/// Round trips a call.
const ROUNDS: u64 = 1000;

async fn by_hand(rounds: u64) {
    let (to_server, mut from_client) = mpsc::channel::<Message>(1);
    let (to_client, mut from_server) = mpsc::channel::<Message>(1);
    let client = async move {
        for n in 0..rounds {
            to_server.send(Message::Ping(n)).await.unwrap();
            match from_server.recv().await {
                Some(Message::Pong(m)) => assert_eq!(m, n + 1),
                _ => panic!("no pong"),
            }
        }
        to_server.send(Message::Stop).await.unwrap();
    };
    let server = async move {
        loop {
            match from_client.recv().await {
                Some(Message::Ping(n)) => to_client.send(Message::Pong(n + 1)).await.unwrap(),
                Some(Message::Stop) => break,
                _ => panic!("no ping"),
            }
        }
    };
    futures::join!(client, server);
}

async fn play<C: voidstate_session::Channel<Message>>(
    (client, server): (client::Initial<C>, server::Initial<C>),
    rounds: u64,
) {
    let client = async move {
        let mut client = client;
        for n in 0..rounds {
            let (m, next) = client.send_ping(n).await.unwrap().receive().await.unwrap();
            assert_eq!(m, n + 1);
            client = next;
        }
        client.send_stop().await.unwrap().close();
    };
    let server = async move {
        let mut server = server;
        loop {
            match server.offer().await.unwrap() {
                server::PingOrStop::Ping(n, next) => server = next.send_pong(n + 1).await.unwrap(),
                server::PingOrStop::Stop(end) => break end.close(),
            }
        }
    };
    futures::join!(client, server);
}

async fn typed(rounds: u64) {
    play(ping_pong::connect_by(|_, _| session_mpsc(1)), rounds).await;
}

async fn typed_in_memory(rounds: u64) {
    play(ping_pong::connect(), rounds).await;
}

enum ParStep {
    Ping(u64, ParSend<u64, ParRecv<ParStep>>),
    Stop,
}

async fn with_par(rounds: u64) {
    let mut first = None;
    let server: ParRecv<ParStep> = ParRecv::fork_sync(|client| first = Some(client));
    let Some(client) = first else { return };
    let client = async move {
        let mut client: ParSend<ParStep> = client;
        for n in 0..rounds {
            let (m, next) = client.choose(|reply| ParStep::Ping(n, reply)).recv().await;
            assert_eq!(m, n + 1);
            client = next;
        }
        client.send1(ParStep::Stop);
    };
    let server = async move {
        let mut server = server;
        while let ParStep::Ping(n, reply) = server.recv1().await {
            server = reply.send(n + 1);
        }
    };
    futures::join!(client, server);
}

type AuraChannel = Bidirectional<UnboundedSender<Label>, UnboundedReceiver<Label>>;

#[derive(Roles)]
struct AuraRoles(C, S);

#[derive(Role)]
#[message(Label)]
struct C(#[route(S)] AuraChannel);

#[derive(Role)]
#[message(Label)]
struct S(#[route(C)] AuraChannel);

#[derive(AuraMessage)]
enum Label {
    Ping(Ping),
    Pong(Pong),
    Stop(Stop),
}

struct Ping(u64);
struct Pong(u64);
struct Stop;

#[session]
type AuraClient = Select<S, AuraClientChoice>;

#[session]
#[allow(dead_code, reason = "the peer chooses by type, not by variant")]
enum AuraClientChoice {
    Ping(Ping, Receive<S, Pong, AuraClient>),
    Stop(Stop, End),
}

#[session]
type AuraServer = Branch<C, AuraServerChoice>;

#[session]
enum AuraServerChoice {
    Ping(Ping, Send<C, Pong, AuraServer>),
    Stop(Stop, End),
}

type AuraResult = Result<(), Box<dyn std::error::Error>>;

async fn with_aura(rounds: u64) {
    let AuraRoles(mut c, mut s) = AuraRoles::default();
    let client = async {
        let played: AuraResult = try_session(&mut c, |mut s: AuraClient<'_, _>| async {
            for n in 0..rounds {
                let (Pong(m), next) = s.select(Ping(n)).await?.receive().await?;
                assert_eq!(m, n + 1);
                s = next;
            }
            let end = s.select(Stop).await?;
            Ok(((), end))
        })
        .await;
        played.unwrap();
    };
    let server = async {
        let played: AuraResult = try_session(&mut s, |mut s: AuraServer<'_, _>| async {
            loop {
                s = match s.branch().await? {
                    AuraServerChoice::Ping(Ping(n), s) => s.send(Pong(n + 1)).await?,
                    AuraServerChoice::Stop(Stop, end) => return Ok(((), end)),
                };
            }
        })
        .await;
        played.unwrap();
    };
    futures::join!(client, server);
}

/// Instructions of one run of this program.
fn instructions(which: &str, rounds: u64) -> Option<f64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().ok()?)
        .args(["--count", which, &rounds.to_string()])
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = said.lines().find(|line| line.contains("Collected :"))?;
    line.split_whitespace().last()?.parse().ok()
}

/// Instructions of one round trip: what a longer run takes more.
fn instructions_a_round(which: &str) -> Option<f64> {
    let (short, long) = (instructions(which, 1000)?, instructions(which, 11_000)?);
    Some((long - short) / 10_000.0)
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let mut arguments = std::env::args().skip_while(|a| a != "--count").skip(1);
    if let (Some(which), Some(rounds)) = (arguments.next(), arguments.next()) {
        let rounds: u64 = rounds.parse().unwrap();
        match which.as_str() {
            "by_hand" => runtime.block_on(by_hand(rounds)),
            "typed" => runtime.block_on(typed(rounds)),
            "par" => runtime.block_on(with_par(rounds)),
            _ => runtime.block_on(with_aura(rounds)),
        }
        return;
    }
    report_fact("session", "calibration", calibration_loop_ns(), "ns");
    let usual = plan(Plan {
        windows: 40,
        ..Plan::USUAL
    });
    println!("  a thousand round trips a call, two messages each");
    let ours = || runtime.block_on(typed(ROUNDS));
    let found = pair(usual, ours, || runtime.block_on(by_hand(ROUNDS)));
    report_pair("session", "over_tokio_mpsc", "tokio mpsc by hand", found);
    let found = pair(usual, ours, || runtime.block_on(with_par(ROUNDS)));
    report_pair("session", "over_par", "par", found);
    let found = pair(usual, ours, || runtime.block_on(with_aura(ROUNDS)));
    report_pair("session", "over_rumpsteak_aura", "rumpsteak-aura", found);
    let in_memory = || runtime.block_on(typed_in_memory(ROUNDS));
    let found = pair(usual, in_memory, || runtime.block_on(by_hand(ROUNDS)));
    report_pair(
        "session",
        "memory_over_tokio_mpsc",
        "tokio mpsc by hand",
        found,
    );
    let found = pair(usual, in_memory, || runtime.block_on(with_aura(ROUNDS)));
    report_pair(
        "session",
        "memory_over_rumpsteak_aura",
        "rumpsteak-aura",
        found,
    );

    let counted = ["typed", "by_hand", "par", "aura"].map(|which| {
        let count = instructions_a_round(which);
        match count {
            Some(count) => println!("  {which}: {count:.0} instructions a round trip"),
            None => println!("  {which}: skipped, valgrind is missing"),
        }
        count
    });
    if let [Some(ours), Some(by_hand), ..] = counted {
        report_ratio("session", "instructions", ours / by_hand);
    }
}
