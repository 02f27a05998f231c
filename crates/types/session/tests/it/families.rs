//! Roles by number.

use voidstate_session::simulated::{Task, run};
use voidstate_session::{Channel, Error, ManualClock};

use crate::protocols::farm;

type Done = Result<u64, Error>;

async fn master<C: Channel<farm::Message>>(master: farm::master::Initial<C>) -> Done {
    let master = master
        .send_job(1)
        .await?
        .send_job(2)
        .await?
        .send_job(3)
        .await?;
    let (first, master) = master.receive().await?;
    let (second, master) = master.receive().await?;
    let (third, end) = master.receive().await?;
    end.close();
    Ok(first * 10_000 + second * 100 + third)
}

#[test]
fn a_family_of_workers_is_told_apart() {
    let (m, w0, w1, w2) = farm::connect();
    let first = async {
        let (job, worker) = w0.receive().await?;
        worker.send_result(job * 10).await?.close();
        Ok(0)
    };
    let second = async {
        let (job, worker) = w1.receive().await?;
        worker.send_result(job * 10).await?.close();
        Ok(0)
    };
    let third = async {
        let (job, worker) = w2.receive().await?;
        worker.send_result(job * 10).await?.close();
        Ok(0)
    };
    // Workers are started in the wrong order: their answers are kept until they are due.
    let tasks: Vec<Task<'_, Done>> = vec![
        Box::pin(third),
        Box::pin(second),
        Box::pin(master(m)),
        Box::pin(first),
    ];
    let ends = run(&ManualClock::new(), tasks);
    assert!(matches!(ends[2], Some(Ok(102_030))), "{ends:?}");
}
