//! Messages that have a time.

use std::time::Duration;

use voidstate_session::simulated::{Task, run};
use voidstate_session::{Clock, Error, ManualClock, protocol};

use crate::endpoints::engine;
use crate::protocols::coordination;

protocol! {
    protocol Timed(role client, role server) {
        Ask() from client to server;
        Answer(u8) from server to client within 250ms;
    }
}

async fn client(client: timed::client::Initial, clock: &mut impl Clock) -> Result<u8, Error> {
    let (answer, end) = client.send_ask().await?.receive(clock).await?;
    end.close();
    Ok(answer)
}

#[test]
fn a_message_that_is_late_is_a_timeout_and_the_other_is_told() {
    for (late, is_in_time) in [(249, true), (251, false)] {
        let (c, s) = timed::connect();
        let clock = ManualClock::new();
        let (mut of_client, mut of_server) = (clock.clone(), clock.clone());
        let server = async move {
            let server = s.receive().await?;
            let due = Duration::from_millis(late);
            std::future::poll_fn(|cx| of_server.poll_until(cx, due)).await;
            server.send_answer(9).await?.close();
            Ok(0)
        };
        let tasks: Vec<Task<'_, Result<u8, Error>>> = vec![
            Box::pin(async move { client(c, &mut of_client).await }),
            Box::pin(server),
        ];
        let mut ends = run(&clock, tasks).into_iter().map(Option::unwrap);
        let (client, server) = (ends.next().unwrap(), ends.next().unwrap());
        if is_in_time {
            assert_eq!((client.unwrap(), server.unwrap()), (9, 0));
        } else {
            let limit = Duration::from_millis(250);
            assert!(
                matches!(client, Err(Error::Timeout { peer: "server", limit: l }) if l == limit)
            );
            assert!(matches!(server, Err(Error::Cancelled { by: "client" })));
        }
    }
}

#[test]
fn a_role_that_is_late_has_crashed_where_the_protocol_foresees_that() {
    let (e, t) = coordination::connect();
    let clock = ManualClock::new();
    let mut of_engine = clock.clone();
    let silent = async {
        let (_, tool) = t.receive().await?;
        std::future::pending::<()>().await;
        drop(tool);
        Ok(("", 0))
    };
    let tasks: Vec<Task<'_, Result<_, Error>>> = vec![
        Box::pin(async move { engine(e, &mut of_engine, true).await }),
        Box::pin(silent),
    ];
    let ends = run(&clock, tasks);
    assert!(matches!(ends[0], Some(Ok(("crashed before ready", 0)))));
    assert_eq!(clock.now(), Duration::from_secs(5));
}
