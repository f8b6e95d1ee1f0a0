//! Work that computes for milliseconds, such as signing: off the async threads, where it would hold up every
//! page, and only so much of it at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use tokio::sync::{Semaphore, oneshot};

/// The work panicked, or the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("work on the blocking threads was interrupted")]
pub struct Interrupted;

/// A bounded share of the runtime's blocking threads; clones share the bound. Whoever waits is served in turn.
#[derive(Debug, Clone)]
pub struct BlockingPool {
    places: Arc<Semaphore>,
}

impl BlockingPool {
    /// As much at once as there are cores.
    pub fn of_all_cores() -> Self {
        Self::of(cores())
    }

    /// As much at once as half the cores, one at the least.
    pub fn of_half_the_cores() -> Self {
        Self::of((cores() / 2).max(1))
    }

    fn of(places: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(places)) }
    }

    /// Waits for a place, then for the work. Work that has begun is finished, also if nobody waits any more.
    pub async fn run<T, F>(&self, work: F) -> Result<T, Interrupted>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Interrupted)?;
        let task = tokio::task::spawn_blocking(move || {
            // Held by the work, not by the request: a client that goes away does not free a place early.
            let _place = place;
            work()
        });
        task.await.map_err(|_| Interrupted)
    }
}

/// So much less of a busy core than others have gets a thread that works in the background: about a thirtieth, since
/// there are several of them.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 15;

type Work = Box<dyn FnOnce() + Send>;

/// Threads of its own for work that can wait: where the system knows priorities of threads, it has the cores only as far
/// as others leave them. Clones share the threads, which are started when there is work for the first time and end with
/// the last clone.
#[derive(Debug, Clone)]
pub struct BackgroundPool {
    threads: usize,
    queue: Arc<OnceLock<mpsc::Sender<Work>>>,
}

impl BackgroundPool {
    /// As many threads as half the cores, one at the least.
    pub fn of_half_the_cores() -> Self {
        Self::of((cores() / 2).max(1))
    }

    fn of(threads: usize) -> Self {
        Self { threads, queue: Arc::default() }
    }

    /// Waits for its turn, then for the work. Work that has begun is finished, also if nobody waits any more; what has
    /// not begun by then is left out.
    pub async fn run<T, F>(&self, work: F) -> Result<T, Interrupted>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let work = move || {
            if !answer.is_closed() {
                // Nobody waits any more, perhaps.
                let _ = answer.send(work());
            }
        };
        self.queue().send(Box::new(work)).map_err(|_| Interrupted)?;
        answered.await.map_err(|_| Interrupted)
    }

    fn queue(&self) -> &mpsc::Sender<Work> {
        self.queue.get_or_init(|| {
            let (queue, works) = mpsc::channel();
            let works = Arc::new(Mutex::new(works));
            for _ in 0..self.threads {
                let works = Arc::clone(&works);
                let thread = std::thread::Builder::new().name("background".to_owned());
                if let Err(error) = thread.spawn(move || work_through(&works)) {
                    tracing::error!(%error, "a thread for work in the background cannot be started");
                }
            }
            queue
        })
    }
}

/// Until nobody can send any more.
fn work_through(works: &Mutex<mpsc::Receiver<Work>>) {
    give_way();
    loop {
        let next = works.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(work) = next else { return };
        // Whoever waits hears of it, since the answer is dropped; the thread goes on with the next.
        let _ = catch_unwind(AssertUnwindSafe(work));
    }
}

/// Lowers this thread's priority. Where the system does not let it, the work is done all the same.
#[cfg(target_os = "linux")]
pub(crate) fn give_way() {
    use rustix::process::{getpriority_process, setpriority_process};
    // On Linux both mean the thread that calls, and not its process.
    let lowered = getpriority_process(None).and_then(|now| setpriority_process(None, now.max(NICENESS)));
    if let Err(error) = lowered {
        tracing::warn!(%error, "work in the background has the priority of everything else");
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn give_way() {}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Work that says when it begins and goes on when it is told to.
    struct Gate {
        begun: mpsc::Receiver<usize>,
        go: mpsc::Sender<()>,
        tasks: Vec<tokio::task::JoinHandle<Result<(), Interrupted>>>,
    }

    fn start(pool: &BlockingPool, works: usize) -> Gate {
        let (starts, begun) = mpsc::channel();
        let (go, may_go) = mpsc::channel();
        let may_go = Arc::new(Mutex::new(may_go));
        let work = |number| {
            let (pool, starts, may_go) = (pool.clone(), starts.clone(), may_go.clone());
            tokio::spawn(async move {
                let work = move || {
                    starts.send(number).unwrap();
                    may_go.lock().unwrap_or_else(PoisonError::into_inner).recv().unwrap();
                };
                pool.run(work).await
            })
        };
        let tasks = (0..works).map(work).collect();
        Gate { begun, go, tasks }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn no_more_works_run_at_once_than_there_are_places() {
        let pool = BlockingPool::of(2);
        let Gate { begun, go, tasks } = start(&pool, 5);
        begun.recv().unwrap();
        begun.recv().unwrap();
        for running in [2, 2, 2, 1, 0] {
            // All places are taken by what has begun and not ended, so nothing else can have begun.
            assert!(begun.try_recv().is_err());
            go.send(()).unwrap();
            if running == 2 {
                begun.recv().unwrap();
            }
        }
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(pool.places.available_permits(), 2);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn work_that_nobody_waits_for_keeps_its_place_until_it_ends() {
        let pool = BlockingPool::of(1);
        let Gate { begun, go, tasks } = start(&pool, 1);
        begun.recv().unwrap();
        for task in tasks {
            task.abort();
            task.await.unwrap_err();
        }
        assert_eq!(pool.places.available_permits(), 0);
        go.send(()).unwrap();
        pool.run(|| ()).await.unwrap();
    }

    #[tokio::test]
    async fn work_that_panics_gives_its_place_back() {
        let pool = BlockingPool::of(1);
        assert_eq!(pool.run(|| panic!("in the work")).await, Err::<(), _>(Interrupted));
        assert_eq!(pool.run(|| 7).await, Ok(7));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn background_threads_are_bounded_and_survive_work_that_panics() {
        let pool = BackgroundPool::of(2);
        for _ in 0..4 {
            assert_eq!(pool.run(|| panic!("in the work")).await, Err::<(), _>(Interrupted));
        }
        let (starts, begun) = mpsc::channel();
        let (go, may_go) = mpsc::channel::<()>();
        let may_go = Arc::new(Mutex::new(may_go));
        let work = |number| {
            let (pool, starts, may_go) = (pool.clone(), starts.clone(), may_go.clone());
            tokio::spawn(async move {
                let work = move || {
                    starts.send(number).unwrap();
                    may_go.lock().unwrap_or_else(PoisonError::into_inner).recv().unwrap();
                };
                pool.run(work).await
            })
        };
        let tasks: Vec<_> = (0..5).map(work).collect();
        begun.recv().unwrap();
        begun.recv().unwrap();
        for running in [2, 2, 2, 1, 0] {
            assert!(begun.try_recv().is_err());
            go.send(()).unwrap();
            if running == 2 {
                begun.recv().unwrap();
            }
        }
        for task in tasks {
            task.await.unwrap().unwrap();
        }
    }

    /// Nobody else's priority changes by it: neither that of the caller nor that of tokio's blocking threads.
    #[cfg(target_os = "linux")]
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn background_threads_and_no_others_give_way() {
        let niceness = || rustix::process::getpriority_process(None).unwrap();
        let usual = niceness();
        let background = BackgroundPool::of(1);
        assert_eq!(background.run(niceness).await, Ok(usual.max(NICENESS)));
        assert_eq!(BlockingPool::of(1).run(niceness).await, Ok(usual));
        assert_eq!(niceness(), usual);
    }
}
