//! The hundred-order run (docs/performance.md) as a user of madsim would write it: typed messages instead of bytes, and nothing
//! checked but how a run ends. See README.md.
use madsim::{
    net::Endpoint,
    rand::{thread_rng, Rng},
    runtime::{Handle, NodeHandle, Runtime},
    task::spawn,
    time::{sleep, sleep_until, timeout, Duration, Instant},
    Config,
};
use std::{
    collections::{HashMap, HashSet},
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::sync::Notify;

const ORDERS: u32 = 100;
const PARTITIONS: usize = 4;

// ---- messages ----
const POST: u64 = 1;
const PRODUCE: u64 = 2;
const FETCH: u64 = 3;
const COMMIT: u64 = 4;
const OFFSETS: u64 = 5;

type Offsets = [usize; PARTITIONS];

#[derive(Clone, Copy)]
struct Event {
    id: u64,
    order: u32,
    sku: u32,
    quantity: u32,
}

/// A request: the answer goes to the sender's address with this tag.
#[derive(Clone)]
struct Req<T> {
    reply: u64,
    body: T,
}

#[derive(Clone)]
struct Post {
    order: u32,
    sku: u32,
    quantity: u32,
}
#[derive(Clone)]
struct Accepted;
#[derive(Clone)]
struct Produce {
    topic: usize,
    events: Vec<Event>,
}
#[derive(Clone)]
struct Fetch {
    topic: usize,
    from: Offsets,
}
#[derive(Clone)]
struct Fetched {
    events: Vec<Event>,
    next: Offsets,
}
#[derive(Clone)]
struct Commit {
    topic: usize,
    offsets: Offsets,
}
#[derive(Clone)]
struct Ack;

/// Sends a message; one in twenty is sent again.
async fn send<T: Clone + Send + Sync + 'static>(ep: &Endpoint, to: SocketAddr, tag: u64, msg: T) {
    if thread_rng().gen_bool(0.05) {
        let _ = ep.send_to_raw(to, tag, Box::new(msg.clone())).await;
    }
    let _ = ep.send_to_raw(to, tag, Box::new(msg)).await;
}

async fn recv<T: 'static>(ep: &Endpoint, tag: u64) -> (T, SocketAddr) {
    let (msg, from) = ep.recv_from_raw(tag).await.unwrap();
    (*msg.downcast::<T>().expect("message type"), from)
}

/// A node's way of asking others.
#[derive(Clone)]
struct Caller {
    ep: Endpoint,
    next: Arc<std::sync::atomic::AtomicU64>,
}

impl Caller {
    fn new(ep: Endpoint) -> Self {
        // random start, so that an answer to a life before a crash finds nobody
        let next = Arc::new((thread_rng().gen::<u64>() | (1 << 63)).into());
        Caller { ep, next }
    }
    async fn call<Q, A>(&self, to: SocketAddr, tag: u64, body: Q, wait: Duration) -> Option<A>
    where
        Q: Clone + Send + Sync + 'static,
        A: 'static,
    {
        let reply = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        send(&self.ep, to, tag, Req { reply, body }).await;
        match timeout(wait, recv::<A>(&self.ep, reply)).await {
            Ok((answer, _)) => Some(answer),
            Err(_) => None,
        }
    }
}

const ANSWER: Duration = Duration::from_millis(60);
const LONG_POLL: Duration = Duration::from_millis(100);

/// One SQL statement.
async fn sql() {
    sleep(Duration::from_micros(thread_rng().gen_range(200..1000))).await
}

// ---- the stores (they outlive a node's crash) ----
#[derive(Default)]
struct Outbox {
    rows: Vec<Event>, // the unsent ones
}

#[derive(Default)]
struct OrdersDb {
    orders: HashMap<u32, Status>,
    handled: HashSet<u64>,
    outbox: Outbox,
    confirmed: u32,
}
#[derive(Clone, Copy, PartialEq)]
enum Status {
    Pending,
    Confirmed,
}

#[derive(Default)]
struct InventoryDb {
    stock: HashMap<u32, u32>,
    reservations: HashMap<u32, u32>, // order -> times reserved (must be 1)
    handled: HashSet<u64>,
    outbox: Outbox,
}

#[derive(Default)]
struct Log {
    topics: [[Vec<Event>; PARTITIONS]; 2],
    committed: [Offsets; 2],
}
const TOPIC_ORDERS: usize = 0;
const TOPIC_INVENTORY: usize = 1;

impl Log {
    fn append(&mut self, topic: usize, events: &[Event]) {
        for e in events {
            self.topics[topic][e.order as usize % PARTITIONS].push(*e);
        }
    }
    fn read(&self, f: &Fetch) -> Fetched {
        let mut out = Fetched { events: vec![], next: f.from };
        for p in 0..PARTITIONS {
            let log = &self.topics[f.topic][p];
            out.events.extend_from_slice(&log[f.from[p]..]);
            out.next[p] = log.len();
        }
        out
    }
}

struct World {
    orders: Mutex<OrdersDb>,
    inventory: Mutex<InventoryDb>,
    log: Mutex<Log>,
    done: Notify,
    orders_at: SocketAddr,
    broker_at: SocketAddr,
}

// ---- the broker ----
async fn broker(w: Arc<World>) {
    let ep = Endpoint::bind(w.broker_at).await.unwrap();
    let news: Arc<[Notify; 2]> = Default::default();
    spawn({
        let (w, ep, news) = (w.clone(), ep.clone(), news.clone());
        async move {
            loop {
                let (q, from) = recv::<Req<Produce>>(&ep, PRODUCE).await;
                w.log.lock().unwrap().append(q.body.topic, &q.body.events);
                news[q.body.topic].notify_waiters();
                send(&ep, from, q.reply, Ack).await;
            }
        }
    });
    spawn({
        let (w, ep) = (w.clone(), ep.clone());
        async move {
            loop {
                let (q, from) = recv::<Req<Commit>>(&ep, COMMIT).await;
                {
                    let mut log = w.log.lock().unwrap();
                    let c = &mut log.committed[q.body.topic];
                    for p in 0..PARTITIONS {
                        c[p] = c[p].max(q.body.offsets[p]);
                    }
                }
                send(&ep, from, q.reply, Ack).await;
            }
        }
    });
    spawn({
        let (w, ep) = (w.clone(), ep.clone());
        async move {
            loop {
                let (q, from) = recv::<Req<usize>>(&ep, OFFSETS).await;
                let at = w.log.lock().unwrap().committed[q.body];
                send(&ep, from, q.reply, at).await;
            }
        }
    });
    loop {
        let (q, from) = recv::<Req<Fetch>>(&ep, FETCH).await;
        let got = w.log.lock().unwrap().read(&q.body);
        if !got.events.is_empty() {
            send(&ep, from, q.reply, got).await;
            continue;
        }
        let (w, ep, news) = (w.clone(), ep.clone(), news.clone());
        spawn(async move {
            let _ = timeout(LONG_POLL, news[q.body.topic].notified()).await;
            let got = w.log.lock().unwrap().read(&q.body);
            send(&ep, from, q.reply, got).await;
        });
    }
}

/// Brings the outbox to the broker: when woken, and every 50 ms.
async fn relay(
    w: Arc<World>,
    caller: Caller,
    wake: Arc<Notify>,
    topic: usize,
    outbox: impl Fn(&World, &mut dyn FnMut(&mut Outbox)),
) {
    loop {
        let _ = timeout(Duration::from_millis(50), wake.notified()).await;
        sql().await;
        let mut events = vec![];
        outbox(&w, &mut |o| events = o.rows.clone());
        if events.is_empty() {
            continue;
        }
        let ids: HashSet<u64> = events.iter().map(|e| e.id).collect();
        let ack: Option<Ack> = caller.call(w.broker_at, PRODUCE, Produce { topic, events }, ANSWER).await;
        if ack.is_none() {
            wake.notify_one();
            continue;
        }
        sql().await;
        outbox(&w, &mut |o| o.rows.retain(|e| !ids.contains(&e.id)));
    }
}

/// Long-polls a topic and gives each batch to `handle`, then commits.
async fn consume<F: std::future::Future<Output = ()>>(
    w: Arc<World>,
    caller: Caller,
    topic: usize,
    handle: impl Fn(Vec<Event>) -> F,
) {
    let mut from: Offsets = loop {
        if let Some(at) = caller.call(w.broker_at, OFFSETS, topic, ANSWER).await {
            break at;
        }
    };
    loop {
        let got: Option<Fetched> =
            caller.call(w.broker_at, FETCH, Fetch { topic, from }, LONG_POLL + ANSWER).await;
        let Some(got) = got else { continue };
        if got.events.is_empty() {
            continue;
        }
        handle(got.events).await;
        from = got.next;
        loop {
            let ack: Option<Ack> =
                caller.call(w.broker_at, COMMIT, Commit { topic, offsets: from }, ANSWER).await;
            if ack.is_some() {
                break;
            }
        }
    }
}

// ---- orders ----
async fn orders(w: Arc<World>) {
    let ep = Endpoint::bind(w.orders_at).await.unwrap();
    let wake = Arc::new(Notify::new());
    let caller = Caller::new(ep.clone());
    spawn(relay(w.clone(), caller.clone(), wake.clone(), TOPIC_ORDERS, |w, f| {
        f(&mut w.orders.lock().unwrap().outbox)
    }));
    spawn(consume(w.clone(), caller, TOPIC_INVENTORY, {
        let w = w.clone();
        move |events| {
            let w = w.clone();
            async move {
                sql().await; // the orders
                sql().await; // handled ids
                sql().await; // update + commit
                let mut db = w.orders.lock().unwrap();
                let db = &mut *db;
                for e in events {
                    if db.handled.insert(e.id) {
                        let s = db.orders.get_mut(&e.order).expect("known order");
                        if *s == Status::Pending {
                            *s = Status::Confirmed;
                            db.confirmed += 1;
                        }
                    }
                }
                if db.confirmed == ORDERS {
                    w.done.notify_one();
                }
            }
        }
    }));
    loop {
        let (q, from) = recv::<Req<Post>>(&ep, POST).await;
        let (w, ep, wake) = (w.clone(), ep.clone(), wake.clone());
        spawn(async move {
            sql().await; // load
            sql().await; // insert order + outbox row
            sql().await; // commit
            {
                let mut db = w.orders.lock().unwrap();
                let Post { order, sku, quantity } = q.body;
                if let std::collections::hash_map::Entry::Vacant(v) = db.orders.entry(order) {
                    v.insert(Status::Pending);
                    db.outbox.rows.push(Event { id: order as u64, order, sku, quantity });
                    wake.notify_one();
                }
            }
            send(&ep, from, q.reply, Accepted).await;
        });
    }
}

// ---- inventory ----
async fn inventory(w: Arc<World>, at: SocketAddr) {
    let ep = Endpoint::bind(at).await.unwrap();
    let wake = Arc::new(Notify::new());
    let caller = Caller::new(ep);
    spawn(relay(w.clone(), caller.clone(), wake.clone(), TOPIC_INVENTORY, |w, f| {
        f(&mut w.inventory.lock().unwrap().outbox)
    }));
    consume(w.clone(), caller, TOPIC_ORDERS, |events| async {
        sql().await; // reservations
        sql().await; // stock
        sql().await; // handled ids
        sql().await; // insert + commit
        let mut db = w.inventory.lock().unwrap();
        let db = &mut *db;
        let mut any = false;
        for e in events {
            if db.handled.insert(e.id) {
                *db.stock.get_mut(&e.sku).expect("known sku") -= e.quantity;
                *db.reservations.entry(e.order).or_default() += 1;
                db.outbox.rows.push(Event { id: e.id | 1 << 32, ..e });
                any = true;
            }
        }
        if any {
            wake.notify_one();
        }
    })
    .await
}

// ---- the client ----
fn exp(mean: Duration) -> Duration {
    let u: f64 = thread_rng().gen_range(f64::MIN_POSITIVE..1.0);
    mean.mul_f64(-u.ln())
}

async fn client(w: Arc<World>, at: SocketAddr) {
    let caller = Caller::new(Endpoint::bind(at).await.unwrap());
    let mut due = Instant::now();
    for order in 0..ORDERS {
        due += exp(Duration::from_millis(10));
        if due > Instant::now() {
            sleep_until(due).await;
        }
        let (caller, to) = (caller.clone(), w.orders_at);
        spawn(async move {
            let post = Post { order, sku: order % 10, quantity: 1 };
            while caller.call::<_, Accepted>(to, POST, post.clone(), ANSWER).await.is_none() {}
        });
    }
    std::future::pending::<()>().await
}

/// Panics where it ends without every order confirmed and reserved once.
fn run(seed: u64) {
    let rt = Runtime::with_seed_and_config(seed, Config::default()); // send_latency 1..10 ms is the default
    let addr = |i: u8| SocketAddr::from(([10, 0, 0, i], 1));
    let w = Arc::new(World {
        orders: Default::default(),
        inventory: Mutex::new(InventoryDb {
            stock: (0..10).map(|sku| (sku, 1000)).collect(),
            ..Default::default()
        }),
        log: Default::default(),
        done: Notify::new(),
        orders_at: addr(2),
        broker_at: addr(3),
    });
    rt.block_on(async {
        let h = Handle::current();
        let node = |name: &str, i: u8| h.create_node().name(name).ip(addr(i).ip());
        let o = { let w = w.clone(); node("orders", 2).init(move || orders(w.clone())).build() };
        let b = { let w = w.clone(); node("broker", 3).init(move || broker(w.clone())).build() };
        let i = { let w = w.clone(); node("inventory", 4).init(move || inventory(w.clone(), addr(4))).build() };
        let _c = { let w = w.clone(); node("client", 1).init(move || client(w.clone(), addr(1))).build() };
        let crash = |n: NodeHandle| async move {
            let h = Handle::current();
            loop {
                sleep(exp(Duration::from_secs(1))).await;
                h.kill(n.id());
                sleep(Duration::from_millis(20)).await;
                h.restart(n.id());
            }
        };
        let crashes = [spawn(crash(o)), spawn(crash(b)), spawn(crash(i))];
        w.done.notified().await;
        // Without this a Runtime that is dropped leaks its tasks, which costs more than it saves.
        for node in ["orders", "broker", "inventory", "client"] {
            h.kill(node);
        }
        crashes.iter().for_each(|c| c.abort());
        sleep(Duration::from_millis(1)).await;
    });
    let (o, i) = (w.orders.lock().unwrap(), w.inventory.lock().unwrap());
    assert!(o.orders.len() == 100 && o.orders.values().all(|s| *s == Status::Confirmed), "seed {seed}: confirmed");
    assert!(i.reservations.len() == 100 && i.reservations.values().all(|n| *n == 1), "seed {seed}: reserved once");
    assert!(i.stock.values().all(|n| *n == 990), "seed {seed}: stock");
}

fn cpu() -> f64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut t) };
    t.tv_sec as f64 + 1e-9 * t.tv_nsec as f64
}

/// SEEDS PASSES: runs per second of CPU time in the last pass.
fn main() {
    let arg = |n: usize, otherwise: u64| std::env::args().nth(n).map_or(otherwise, |a| a.parse().expect("SEEDS PASSES"));
    let (seeds, passes) = (arg(1, 200), arg(2, 2));
    let mut runs_per_s = 0.0;
    for _ in 0..passes {
        let begin = cpu();
        (1..=seeds).for_each(run);
        runs_per_s = seeds as f64 / (cpu() - begin);
    }
    println!("{runs_per_s:.1}");
}
