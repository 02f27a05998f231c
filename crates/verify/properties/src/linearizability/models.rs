//! Sequential models of common objects.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Debug;
use std::hash::Hash;

use super::Model;

/// What can be asked of a [`Counter`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CounterOp {
    /// Adds, and answers what was there before.
    Add(i64),
    /// Answers what is there.
    Read,
}

/// A number that wraps, from 0.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counter;

impl Model for Counter {
    type State = i64;
    type Op = CounterOp;
    type Ret = i64;

    fn init(&self) -> i64 {
        0
    }

    fn step(&self, state: &i64, op: &CounterOp) -> (i64, i64) {
        match op {
            CounterOp::Add(by) => (state.wrapping_add(*by), *state),
            CounterOp::Read => (*state, *state),
        }
    }
}

/// What can be asked of a [`Register`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RegisterOp<T> {
    /// Sets it, and answers `None`.
    Write(T),
    /// Answers what is there.
    Read,
    /// Sets it to the second when the first is there; answers what was there.
    Swap(T, T),
}

/// One value.
#[derive(Debug, Clone, Default)]
pub struct Register<T>(
    /// The first value.
    pub T,
);

impl<T: Clone + Eq + Hash + Debug> Model for Register<T> {
    type State = T;
    type Op = RegisterOp<T>;
    type Ret = Option<T>;

    fn init(&self) -> T {
        self.0.clone()
    }

    fn step(&self, state: &T, op: &RegisterOp<T>) -> (T, Option<T>) {
        match op {
            RegisterOp::Write(value) => (value.clone(), None),
            RegisterOp::Read => (state.clone(), Some(state.clone())),
            RegisterOp::Swap(from, to) if from == state => (to.clone(), Some(state.clone())),
            RegisterOp::Swap(..) => (state.clone(), Some(state.clone())),
        }
    }
}

/// What can be asked of a [`Queue`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum QueueOp<T> {
    /// Puts at the back, and answers `None`.
    Push(T),
    /// Takes from the front; `None` when it is empty.
    Pop,
}

/// First in, first out; empty at first.
#[derive(Debug, Clone, Copy)]
pub struct Queue<T>(std::marker::PhantomData<fn() -> T>);

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<T: Clone + Eq + Hash + Debug> Model for Queue<T> {
    type State = VecDeque<T>;
    type Op = QueueOp<T>;
    type Ret = Option<T>;

    fn init(&self) -> VecDeque<T> {
        VecDeque::new()
    }

    fn step(&self, state: &VecDeque<T>, op: &QueueOp<T>) -> (VecDeque<T>, Option<T>) {
        let mut next = state.clone();
        let answer = match op {
            QueueOp::Push(value) => {
                next.push_back(value.clone());
                None
            }
            QueueOp::Pop => next.pop_front(),
        };
        (next, answer)
    }
}

/// What can be asked of a [`Map`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MapOp<K, V> {
    /// Sets the value of a key; answers what was there.
    Insert(K, V),
    /// Takes a key out; answers what was there.
    Remove(K),
    /// Answers what is there.
    Get(K),
}

impl<K, V> MapOp<K, V> {
    /// The key that it is about: keys do not meet, so [`check_by_key`](super::check_by_key) may part them.
    pub const fn key(&self) -> &K {
        match self {
            Self::Insert(key, _) | Self::Remove(key) | Self::Get(key) => key,
        }
    }
}

/// Values by key; empty at first.
#[derive(Debug, Clone, Copy)]
pub struct Map<K, V>(std::marker::PhantomData<fn() -> (K, V)>);

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<K, V> Model for Map<K, V>
where
    K: Clone + Ord + Hash + Debug,
    V: Clone + Eq + Hash + Debug,
{
    type State = BTreeMap<K, V>;
    type Op = MapOp<K, V>;
    type Ret = Option<V>;

    fn init(&self) -> BTreeMap<K, V> {
        BTreeMap::new()
    }

    fn step(&self, state: &BTreeMap<K, V>, op: &MapOp<K, V>) -> (BTreeMap<K, V>, Option<V>) {
        let mut next = state.clone();
        let answer = match op {
            MapOp::Insert(key, value) => next.insert(key.clone(), value.clone()),
            MapOp::Remove(key) => next.remove(key),
            MapOp::Get(key) => next.get(key).cloned(),
        };
        (next, answer)
    }
}

/// What can be asked of a [`Set`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SetOp<K> {
    /// Puts it in; answers whether it was not there.
    Insert(K),
    /// Takes it out; answers whether it was there.
    Remove(K),
    /// Answers whether it is there.
    Contains(K),
    /// Answers all, in order.
    List,
}

/// What a [`Set`] answers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SetRet<K> {
    /// Yes or no.
    Is(bool),
    /// All that is there.
    All(Vec<K>),
}

/// Keys; empty at first.
#[derive(Debug, Clone, Copy)]
pub struct Set<K>(std::marker::PhantomData<fn() -> K>);

impl<K> Default for Set<K> {
    fn default() -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<K: Clone + Ord + Hash + Debug> Model for Set<K> {
    type State = BTreeSet<K>;
    type Op = SetOp<K>;
    type Ret = SetRet<K>;

    fn init(&self) -> BTreeSet<K> {
        BTreeSet::new()
    }

    fn step(&self, state: &BTreeSet<K>, op: &SetOp<K>) -> (BTreeSet<K>, SetRet<K>) {
        let mut next = state.clone();
        let answer = match op {
            SetOp::Insert(key) => SetRet::Is(next.insert(key.clone())),
            SetOp::Remove(key) => SetRet::Is(next.remove(key)),
            SetOp::Contains(key) => SetRet::Is(next.contains(key)),
            SetOp::List => SetRet::All(next.iter().cloned().collect()),
        };
        (next, answer)
    }
}
