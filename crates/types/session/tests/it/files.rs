//! A protocol of a file.

use voidstate_session::blocking::block_on;
use voidstate_session::protocol_file;

pub(crate) struct InitRequest;
pub(crate) struct InitResponse;
pub(crate) struct StartWork;
pub(crate) struct Question(u8);
pub(crate) struct Answer(u8);
pub(crate) struct WorkComplete(u8);
pub(crate) struct Refusal;

protocol_file!(pub(crate) "../../../specs/tool-coordination.vsp");

use tool_coordination::{engine, tool};

/// Its message `Answer` carries an `Answer`.
#[test]
fn a_protocol_of_a_file_runs() {
    let (e, t) = tool_coordination::connect();
    let tool = async {
        let (InitRequest, t) = t.receive().await.unwrap();
        let t = t.send_ready(InitResponse).await.unwrap();
        let tool::CancelOrStart::Start(StartWork, t) = t.offer().await.unwrap() else {
            panic!("it was started");
        };
        let t = t.send_ask(Question(20)).await.unwrap();
        let (Answer(n), t) = t.receive().await.unwrap();
        let t = t.send_complete(WorkComplete(n + 1)).await.unwrap();
        let tool::CancelOrStart::Cancel(end) = t.offer().await.unwrap() else {
            panic!("it was cancelled");
        };
        end.close();
    };
    let engine = async {
        let e = e.send_init(InitRequest).await.unwrap();
        let engine::ReadyOrRefusedOrCrash::Ready(InitResponse, e) = e.offer().await.unwrap() else {
            panic!("it was ready");
        };
        let mut e = e.send_start(StartWork).await.unwrap();
        loop {
            e = match e.offer().await.unwrap() {
                engine::AskOrCompleteOrCrash::Ask(Question(n), e) => {
                    e.send_answer(Answer(n * 2)).await.unwrap()
                }
                engine::AskOrCompleteOrCrash::Complete(WorkComplete(n), e) => {
                    e.send_cancel().await.unwrap().close();
                    return n;
                }
                engine::AskOrCompleteOrCrash::ToolCrashed(_) => panic!("it lives"),
            };
        }
    };
    let found = std::thread::scope(|threads| {
        threads.spawn(|| block_on(tool));
        block_on(engine)
    });
    assert_eq!(found, 41);
}
