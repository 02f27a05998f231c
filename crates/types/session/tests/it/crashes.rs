//! Going on without a role, where the protocol says how.

use voidstate_session::simulated::{Task, run};
use voidstate_session::{Error, ManualClock};

use crate::endpoints::{engine, tool};
use crate::protocols::{coordination, offers};

#[test]
fn the_engine_goes_on_whenever_the_tool_dies() {
    let mut seen = Vec::new();
    for steps in 1..8 {
        let (e, t) = coordination::connect();
        let clock = ManualClock::new();
        let mut of_engine = clock.clone();
        let tasks: Vec<Task<'_, Result<_, Error>>> = vec![
            Box::pin(async move { engine(e, &mut of_engine, true).await }),
            Box::pin(async { tool(t, steps).await.map(|()| ("tool", 0)) }),
        ];
        let ends = run(&clock, tasks);
        seen.push(ends.into_iter().next().unwrap().unwrap().unwrap());
    }
    let expected = [
        ("crashed before ready", 0),
        ("crashed before ready", 0),
        ("crashed at work", 0),
        ("crashed at work", 0),
        ("crashed at work", 1),
        ("crashed at work", 3),
        ("complete", 33),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn a_crash_branch_carries_on_with_the_others() {
    for lives in [true, false] {
        let (buyer, first, second) = offers::connect();
        let buyer = async {
            let buyer = buyer.send_want("salt".to_owned()).await?;
            let buyer = buyer.send_want("salt".to_owned()).await?;
            let (_, buyer) = buyer.receive().await?;
            match buyer.offer().await? {
                offers::buyer::SecondOrCrash::Second(price, buyer) => {
                    buyer.send_closed().await?.close();
                    Ok(price)
                }
                offers::buyer::SecondOrCrash::SecondCrashed(buyer) => {
                    buyer.send_alone().await?.close();
                    Ok(0)
                }
            }
        };
        let first = async {
            let (_, first) = first.receive().await?;
            match first.send_first(7).await?.offer().await? {
                offers::first::AloneOrClosed::Closed(_) => Ok(1),
                offers::first::AloneOrClosed::Alone(_) => Ok(2),
            }
        };
        let second = async {
            let (_, second) = second.receive().await?;
            if lives {
                second.send_second(5).await?.close();
            }
            Ok::<u64, Error>(0)
        };
        let tasks: Vec<Task<'_, Result<u64, Error>>> =
            vec![Box::pin(buyer), Box::pin(first), Box::pin(second)];
        let ends = run(&ManualClock::new(), tasks);
        let ends: Vec<u64> = ends.into_iter().map(|e| e.unwrap().unwrap()).collect();
        assert_eq!(ends, if lives { [5, 1, 0] } else { [0, 2, 0] });
    }
}
