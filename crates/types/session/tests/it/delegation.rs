//! An endpoint is handed to somebody else.

use voidstate_session::simulated::{Task, run};
use voidstate_session::{Error, ManualClock};

use crate::protocols::{errand, hire};

async fn boss(boss: hire::boss::Initial, owner: errand::owner::Initial) -> Result<u64, Error> {
    let boss = boss.send_job(4, vec![1]).await?;
    match boss.offer().await? {
        hire::boss::HandedOrSelf::Handed(end) => end.close(),
        hire::boss::HandedOrSelf::Self_(_, end) => end.close(),
    }
    let (found, end) = owner.send_go(4).await?.receive().await?;
    end.close();
    Ok(found)
}

#[test]
fn an_endpoint_is_handed_over() {
    let (b, a, h) = hire::connect();
    let (owner, runner) = errand::connect();
    let agent = async move {
        let ((_, _), a) = a.receive().await?;
        let a = a.send_handed().await?;
        a.send_hand(runner).await?.close();
        Ok(0)
    };
    let helper = async move {
        match h.offer().await? {
            hire::helper::HandOrIdle::Hand(runner, end) => {
                end.close();
                let (n, runner) = runner.receive().await?;
                runner.send_done(n * 2).await?.close();
            }
            hire::helper::HandOrIdle::Idle(end) => end.close(),
        }
        Ok(0)
    };
    let tasks: Vec<Task<'_, Result<u64, Error>>> =
        vec![Box::pin(boss(b, owner)), Box::pin(agent), Box::pin(helper)];
    let ends = run(&ManualClock::new(), tasks);
    assert!(
        matches!(ends[..], [Some(Ok(8)), Some(Ok(0)), Some(Ok(0))]),
        "{ends:?}"
    );
}

#[test]
fn an_endpoint_that_is_lost_on_its_way_cancels_its_session() {
    let (b, a, h) = hire::connect();
    let (owner, runner) = errand::connect();
    let agent = async move {
        let ((_, _), a) = a.receive().await?;
        let a = a.send_handed().await?;
        a.send_hand(runner).await?.close();
        Ok(0)
    };
    let helper = async move {
        drop(h);
        Ok(0)
    };
    let tasks: Vec<Task<'_, Result<u64, Error>>> =
        vec![Box::pin(boss(b, owner)), Box::pin(agent), Box::pin(helper)];
    let ends = run(&ManualClock::new(), tasks);
    assert!(
        matches!(ends[0], Some(Err(Error::Cancelled { .. }))),
        "{ends:?}"
    );
}
