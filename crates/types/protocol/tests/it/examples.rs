//! Protocols that tests speak about.

pub(crate) const TOOL_COORDINATION: &str =
    include_str!("../../../../../specs/tool-coordination.vsp");

pub(crate) const TWO_BUYERS: &str = "\
protocol TwoBuyers(role alice, role bob, role seller) {
  Title(String) from alice to seller;
  Quote(u64) from seller to alice;
  Quote(u64) from seller to bob;
  Share(u64) from alice to bob;
  choice at bob {
    Accept(Address) from bob to seller;
    Accept() from bob to alice;
    Date(Date) from seller to bob;
  } or {
    Quit() from bob to seller;
    Quit() from bob to alice;
  }
}
";

pub(crate) const RING: &str = "\
protocol Ring<N = 4>(role node[N]) {
  rec around {
    for i in 0..N - 1 {
      Token(u64) from node[i] to node[i + 1];
    }
    Token(u64) from node[N - 1] to node[0];
    continue around;
  }
}
";

pub(crate) const DOUBLE_BUFFERING: &str = "\
protocol DoubleBuffering(role source, role kernel, role sink) {
  rec copying {
    Ready() from kernel to source;
    Block(Vec<u8>) from source to kernel;
    Ready() from sink to kernel;
    Block(Vec<u8>) from kernel to sink;
    continue copying;
  }
}
";

pub(crate) const STREAMING: &str = "\
protocol Streaming(role source, role sink) {
  rec more {
    choice at source {
      Item(u64) from source to sink;
      continue more;
    } or {
      Done() from source to sink;
    }
  }
}
";

pub(crate) const AUTH: &str = "\
protocol Auth(role client, role service, role auth) {
  Login(Credentials) from client to auth;
  choice at auth {
    Granted(Token) from auth to client;
    Granted(Token) from auth to service;
    Rules(Policy) from auth to service;
    rec serving {
      choice at client {
        Request(Query) from client to service;
        Reply(Page) from service to client within 2s;
        continue serving;
      } or {
        Logout() from client to service;
        Logout() from client to auth;
      }
    }
  } or {
    Denied(Reason) from auth to client;
    Denied() from auth to service;
  }
}
";

pub(crate) const WORKERS: &str = "\
protocol Workers<N = 3>(role master, role worker[N]) {
  rec round {
    choice at master {
      for i in worker {
        Task(Task) from master to worker[i];
      }
      for i in worker {
        Result(Outcome) from worker[i] to master within 1m;
      }
      continue round;
    } or {
      for i in worker {
        Stop() from master to worker[i];
      }
    }
  }
}
";

pub(crate) const SUPERVISED: &str = "\
protocol Supervised(role engine, role tool, role audit) {
  {
    Start(Job) from engine to tool;
    Done(Outcome) from tool to engine within 10s;
    Passed() from engine to audit;
  } crash tool {
    Lost(Reason) from engine to audit;
  }
}
";

pub(crate) const DELEGATION: &str = "\
protocol Talk(role a, role b) {
  Hello(String) from a to b;
  Bye() from b to a;
}

protocol Broker(role client, role broker, role server) {
  Want() from client to broker;
  Serve(session Talk@b) from broker to server;
  Go(session Talk@a) from broker to client;
}
";

pub(crate) const INLINED: &str = "\
protocol Ping(role a, role b) {
  Ping(u32) from a to b;
  Pong(u32) from b to a within 100ms;
}

protocol Both(role left, role middle, role right) {
  do Ping(left, middle);
  do Ping(middle, right);
  Done() from right to left;
}
";

/// Each by a name, the last protocol of each text being the one that is meant.
pub(crate) const ALL: [(&str, &str); 10] = [
    ("tool-coordination", TOOL_COORDINATION),
    ("two-buyers", TWO_BUYERS),
    ("ring", RING),
    ("double-buffering", DOUBLE_BUFFERING),
    ("streaming", STREAMING),
    ("auth", AUTH),
    ("workers", WORKERS),
    ("supervised", SUPERVISED),
    ("delegation", DELEGATION),
    ("inlined", INLINED),
];

/// The last protocol of a text.
pub(crate) fn last(text: &str) -> voidstate_protocol::Protocol {
    match voidstate_protocol::parse(text) {
        Ok(protocols) => protocols.into_iter().next_back().expect("a protocol"),
        Err(wrong) => panic!("{}", voidstate_protocol::render(&wrong, text, "example")),
    }
}
