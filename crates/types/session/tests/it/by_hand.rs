use voidstate_session as vs;
use vs::{Channel, Error, Link};

pub enum Message {
    Ping(u64),
    Pong(u64),
    Stop,
}
impl vs::Labelled for Message {
    fn label(&self) -> &str {
        match self {
            Message::Ping(..) => "Ping",
            Message::Pong(..) => "Pong",
            Message::Stop => "Stop",
        }
    }
}
pub mod alice {
    use super::*;
    pub struct Here;
    impl vs::Role<1> for Here {
        type Message = Message;
        const NAME: &'static str = "alice";
        const PEERS: [&'static str; 1] = ["bob"];
        const SURVIVES: [bool; 1] = [false];
        const ROLES: &'static [&'static str] = &["alice", "bob"];
    }
    pub struct Choose<C: Channel<Message>>(pub Link<Here, C, 1>);
    pub struct ReceivePong<C: Channel<Message>>(Link<Here, C, 1>);
    pub struct End<C: Channel<Message>>(Link<Here, C, 1>);
    impl<C: Channel<Message>> Choose<C> {
        #[inline]
        pub async fn send_ping(self, a: u64) -> Result<ReceivePong<C>, Error> {
            let mut link = self.0;
            link.send(0, Message::Ping(a)).await?;
            Ok(ReceivePong(link))
        }
        #[inline]
        pub async fn send_stop(self) -> Result<End<C>, Error> {
            let mut link = self.0;
            link.send(0, Message::Stop).await?;
            Ok(End(link))
        }
    }
    impl<C: Channel<Message>> End<C> {
        pub fn close(self) {
            self.0.finish()
        }
    }
    impl<C: Channel<Message>> ReceivePong<C> {
        #[inline]
        pub async fn receive(self) -> Result<(u64, Choose<C>), Error> {
            let mut link = self.0;
            match link.receive(0).await? {
                Message::Pong(a) => Ok((a, Choose(link))),
                other => Err(link.unexpected(0, &other, "`Pong`")),
            }
        }
    }
}
pub mod bob {
    use super::*;
    pub struct Here;
    impl vs::Role<1> for Here {
        type Message = Message;
        const NAME: &'static str = "bob";
        const PEERS: [&'static str; 1] = ["alice"];
        const SURVIVES: [bool; 1] = [false];
        const ROLES: &'static [&'static str] = &["alice", "bob"];
    }
    pub struct Offer<C: Channel<Message>>(pub Link<Here, C, 1>);
    pub struct SendPong<C: Channel<Message>>(Link<Here, C, 1>);
    pub struct End<C: Channel<Message>>(Link<Here, C, 1>);
    pub enum PingOrStop<C: Channel<Message>> {
        Ping(u64, SendPong<C>),
        Stop(End<C>),
    }
    impl<C: Channel<Message>> Offer<C> {
        #[inline]
        pub async fn offer(self) -> Result<PingOrStop<C>, Error> {
            let mut link = self.0;
            match link.receive(0).await? {
                Message::Ping(a) => Ok(PingOrStop::Ping(a, SendPong(link))),
                Message::Stop => Ok(PingOrStop::Stop(End(link))),
                other => Err(link.unexpected(0, &other, "`Ping` or `Stop`")),
            }
        }
    }
    impl<C: Channel<Message>> SendPong<C> {
        #[inline]
        pub async fn send_pong(self, a: u64) -> Result<Offer<C>, Error> {
            let mut link = self.0;
            link.send(0, Message::Pong(a)).await?;
            Ok(Offer(link))
        }
    }
    impl<C: Channel<Message>> End<C> {
        pub fn close(self) {
            self.0.finish()
        }
    }
}
#[test]
fn works() {
    let (a, b) = vs::memory::pair();
    let alice = async {
        let mut s = alice::Choose(Link::new([a]));
        for i in 0..10 {
            let r = s.send_ping(i).await.unwrap();
            let (n, t) = r.receive().await.unwrap();
            assert_eq!(n, i + 1);
            s = t;
        }
        s.send_stop().await.unwrap().close();
    };
    std::thread::scope(|t| {
        t.spawn(|| {
            let bob = async {
                let mut s = bob::Offer(Link::new([b]));
                loop {
                    match s.offer().await.unwrap() {
                        bob::PingOrStop::Ping(n, t) => s = t.send_pong(n + 1).await.unwrap(),
                        bob::PingOrStop::Stop(e) => {
                            e.close();
                            break;
                        }
                    }
                }
            };
            vs::blocking::block_on(bob)
        });
        vs::blocking::block_on(alice)
    });
}
