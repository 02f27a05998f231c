//! The protocols of these tests.

use serde::{Deserialize, Serialize};
use voidstate_session::protocol;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct InitRequest(pub(crate) u32);
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct InitResponse(pub(crate) u32);
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct WorkComplete(pub(crate) u64);

protocol! {
    #[wire]
    pub(crate) protocol Coordination(role engine, role tool) {
        {
            Init(InitRequest) from engine to tool;
            Ready(InitResponse) from tool to engine within 5s;
            choice at engine {
                Start(String, u64) from engine to tool;
                rec working {
                    choice at tool {
                        Ask(u64) from tool to engine;
                        Answer(u64) from engine to tool;
                        continue working;
                    } or {
                        Complete(WorkComplete) from tool to engine;
                    }
                }
            } or {
                Cancel() from engine to tool;
            }
        } crash tool {}
    }

    // Everybody speaks with everybody, in a ring.
    #[wire]
    #[derive(Debug)]
    pub(crate) protocol Ring(role a, role b, role c) {
        rec round {
            choice at a {
                Ab(u64) from a to b;
                Bc(u64) from b to c;
                Ca(u64) from c to a;
                continue round;
            } or {
                Stop() from a to b;
                Stop() from b to c;
            }
        }
    }

    // A buyer asks two sellers through a broker, who goes on without the second.
    pub(crate) protocol Offers(role buyer, role first, role second) {
        Want(String) from buyer to first;
        Want(String) from buyer to second;
        First(u64) from first to buyer;
        {
            Second(u64) from second to buyer;
            Closed() from buyer to first;
        } crash second {
            Alone() from buyer to first;
        }
    }

    // A farm of workers.
    #[wire]
    pub(crate) protocol Farm<N = 3>(role master, role worker[N]) {
        for i in worker {
            Job(u64) from master to worker[i];
        }
        for i in worker {
            Result(u64) from worker[i] to master;
        }
    }

    pub(crate) protocol Hire(role boss, role agent, role helper) {
        Job(u64, Vec<u8>) from boss to agent;
        choice at agent {
            Self_(String) from agent to boss;
            Idle() from agent to helper;
        } or {
            Handed() from agent to boss;
            Hand(session Errand@runner) from agent to helper;
        }
    }

    pub(crate) protocol Errand(role owner, role runner) {
        Go(u64) from owner to runner;
        Done(u64) from runner to owner;
    }
}
