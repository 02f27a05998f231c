//! The same session over every kind of channel.

use std::os::unix::net::UnixStream;
use std::time::Duration;

use voidstate_session::blocking::{Timer, block_on, pipe};
use voidstate_session::wire::FRAME_BYTES_MAX;
use voidstate_session::{BoxChannel, Channel, Clock, Error, Fault, ManualClock, memory};

use crate::endpoints::{engine, tool};
use crate::protocols::coordination::{self, Message};

fn start<C: Channel<Message>>(
    to_tool: C,
    to_engine: C,
) -> (
    coordination::engine::Initial<C>,
    coordination::tool::Initial<C>,
) {
    let mut ends = Some((to_tool, to_engine));
    let mut pairs = 0;
    coordination::connect_by(|from, to| {
        pairs += 1;
        assert_eq!((from, to, pairs), ("engine", "tool", 1));
        ends.take().unwrap()
    })
}

#[test]
fn any_channel_in_a_box() {
    let (one, other) = memory::pair_with_capacity(std::num::NonZeroUsize::MIN);
    let (e, t) = start::<BoxChannel<Message>>(Box::new(one), Box::new(other));
    let found = std::thread::scope(|threads| {
        threads.spawn(|| block_on(tool(t, u32::MAX)).unwrap());
        block_on(engine(e, &mut ManualClock::new(), true)).unwrap()
    });
    assert_eq!(found, ("complete", 33));
}

#[test]
fn a_pipe_between_two_threads() {
    let (mine, theirs) = UnixStream::pair().unwrap();
    let (mine_too, theirs_too) = (mine.try_clone().unwrap(), theirs.try_clone().unwrap());
    let (to_tool, pump_of_engine) = pipe(mine, mine_too, FRAME_BYTES_MAX);
    let (to_engine, pump_of_tool) = pipe(theirs, theirs_too, FRAME_BYTES_MAX);
    let (e, t) = start(to_tool, to_engine);
    let found = std::thread::scope(|threads| {
        threads.spawn(|| pump_of_engine.run());
        threads.spawn(|| pump_of_tool.run());
        threads.spawn(|| block_on(tool(t, u32::MAX)).unwrap());
        block_on(engine(e, &mut ManualClock::new(), true)).unwrap()
    });
    assert_eq!(found, ("complete", 33));
}

#[test]
fn a_pipe_whose_other_end_dies_is_a_crash_or_a_closed_channel() {
    let (mine, theirs) = UnixStream::pair().unwrap();
    let mine_too = mine.try_clone().unwrap();
    let (to_tool, pump) = pipe(mine, mine_too, FRAME_BYTES_MAX);
    let peers = coordination::engine::Peers { tool: to_tool };
    let e = coordination::engine::start(peers);
    let found = std::thread::scope(|threads| {
        threads.spawn(|| pump.run());
        threads.spawn(|| drop(theirs));
        block_on(engine(e, &mut ManualClock::new(), true)).unwrap()
    });
    assert_eq!(found, ("crashed before ready", 0));

    let (mine, theirs) = UnixStream::pair().unwrap();
    let mine_too = mine.try_clone().unwrap();
    let (to_engine, pump) = pipe(mine, mine_too, FRAME_BYTES_MAX);
    let peers = coordination::tool::Peers { engine: to_engine };
    let t = coordination::tool::start(peers);
    drop(theirs);
    let found = std::thread::scope(|threads| {
        threads.spawn(|| pump.run());
        block_on(tool(t, 9))
    });
    assert!(
        matches!(found, Err(Error::Closed { peer: "engine" })),
        "{found:?}"
    );
}

#[test]
fn a_thread_waits_no_longer_than_the_protocol_says() {
    let (e, _t) = coordination::connect();
    let start = std::time::Instant::now();
    let timer = Timer::new(move || start.elapsed() * 100);
    let found = timer.block_on(|mut clock| async move {
        let found = engine(e, &mut clock, true).await;
        (found, clock.now())
    });
    assert!(matches!(found.0, Ok(("crashed before ready", 0))));
    assert!(found.1 >= Duration::from_secs(5));
}

#[cfg(feature = "tokio")]
mod over_tokio {
    use tokio::net::{TcpListener, TcpStream};
    use voidstate_session::tokio::{Framed, TokioClock, framed, mpsc};

    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    }

    #[test]
    fn tokio_mpsc() {
        for capacity in [1, 16] {
            let (one, other) = mpsc(capacity);
            let (e, t) = start(one, other);
            let found = runtime().block_on(async {
                let t = tokio::spawn(tool(t, u32::MAX));
                let found = engine(e, &mut TokioClock::new(), true).await.unwrap();
                t.await.unwrap().unwrap();
                found
            });
            assert_eq!(found, ("complete", 33));
        }
    }

    #[test]
    fn tokio_mpsc_that_is_dropped_tells_who_left() {
        let (one, other) = mpsc::<Message>(1);
        let (e, t) = start(one, other);
        drop(e);
        let found = runtime().block_on(tool(t, 9));
        assert!(matches!(found, Err(Error::Cancelled { by: "engine" })));
    }

    #[test]
    fn tokio_time_is_the_runtime_s() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        let (e, _t) = coordination::connect();
        let found = runtime.block_on(async { engine(e, &mut TokioClock::new(), true).await });
        assert!(matches!(found, Ok(("crashed before ready", 0))));
    }

    pub(super) async fn tcp() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (client, server) = tokio::join!(TcpStream::connect(address), listener.accept());
        (client.unwrap(), server.unwrap().0)
    }

    #[test]
    fn framed_tcp() {
        let found = runtime().block_on(async {
            let (one, other) = tcp().await;
            let (e, t) = start::<Framed<Message, _>>(framed(one), framed(other));
            let t = tokio::spawn(tool(t, u32::MAX));
            let found = engine(e, &mut TokioClock::new(), true).await.unwrap();
            t.await.unwrap().unwrap();
            found
        });
        assert_eq!(found, ("complete", 33));
    }

    #[test]
    fn framed_tcp_tells_who_left_and_a_cut_line_is_closed() {
        runtime().block_on(async {
            let (one, other) = tcp().await;
            let (e, t) = start::<Framed<Message, _>>(framed(one), framed(other));
            drop(e);
            let found = tool(t, 9).await;
            assert!(
                matches!(found, Err(Error::Cancelled { by: "engine" })),
                "{found:?}"
            );

            let (one, other) = tcp().await;
            drop(one);
            let peers = coordination::tool::Peers {
                engine: framed(other),
            };
            let found = tool(coordination::tool::start(peers), 9).await;
            assert!(
                matches!(found, Err(Error::Closed { peer: "engine" })),
                "{found:?}"
            );
        });
    }

    #[test]
    fn a_frame_over_the_limit_is_refused_on_both_sides() {
        runtime().block_on(async {
            let (one, other) = tcp().await;
            let (mut small, mut large) = (
                Framed::<Message, _>::with_limit(one, 100),
                framed::<Message, _>(other),
            );
            let long = || Message::Start("x".repeat(200), 1);
            let refused = small.send(long()).await;
            assert!(
                matches!(refused, Err(Fault::TooLong { limit: 100, .. })),
                "{refused:?}"
            );
            large.send(long()).await.unwrap();
            let refused = small.receive().await;
            assert!(matches!(refused, Err(Fault::TooLong { limit: 100, .. })));
        });
    }
}

#[cfg(feature = "tls")]
mod over_tls {
    use rcgen::{CertifiedKey, generate_simple_self_signed};
    use voidstate_session::tokio::TokioClock;
    use voidstate_session::tokio::tls::rustls::pki_types::{PrivateKeyDer, ServerName};
    use voidstate_session::tokio::tls::{accept, client_config, connect, server_config};

    use super::over_tokio::tcp;
    use super::*;

    fn certificate() -> CertifiedKey<rcgen::KeyPair> {
        generate_simple_self_signed(["engine.test".to_owned()]).unwrap()
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    }

    #[test]
    fn framed_tls() {
        let CertifiedKey { cert, signing_key } = certificate();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let of_server = server_config(vec![cert.der().clone()], key).unwrap();
        let of_client = client_config([cert.der().clone()]).unwrap();
        let name = ServerName::try_from("engine.test").unwrap();
        let found = runtime().block_on(async {
            let (one, other) = tcp().await;
            let serve = async {
                let peers = coordination::tool::Peers {
                    engine: accept(other, of_server).await.unwrap(),
                };
                tool(coordination::tool::start(peers), u32::MAX)
                    .await
                    .unwrap();
            };
            let call = async {
                let peers = coordination::engine::Peers {
                    tool: connect(one, name, of_client).await.unwrap(),
                };
                engine(
                    coordination::engine::start(peers),
                    &mut TokioClock::new(),
                    true,
                )
                .await
            };
            tokio::join!(serve, call).1.unwrap()
        });
        assert_eq!(found, ("complete", 33));
    }

    #[test]
    fn a_certificate_that_is_not_trusted_is_refused() {
        let CertifiedKey { cert, signing_key } = certificate();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let of_server = server_config(vec![cert.der().clone()], key).unwrap();
        let of_client = client_config([certificate().cert.der().clone()]).unwrap();
        let name = ServerName::try_from("engine.test").unwrap();
        runtime().block_on(async {
            let (one, other) = tcp().await;
            let (served, called) = tokio::join!(
                accept::<Message, _>(other, of_server),
                connect::<Message, _>(one, name, of_client)
            );
            assert!(served.is_err() && called.is_err());
        });
    }
}
