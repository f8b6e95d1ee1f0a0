//! Work that computes for milliseconds, such as signing: off the async threads, where it would hold up every
//! page, and only so much of it at once.

use crate::background::BackgroundTasks;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The work panicked, or the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("work on the blocking threads was interrupted")]
pub struct Interrupted;

/// A bounded share of blocking threads; clones share the bound. Whoever waits is served in turn.
#[derive(Debug, Clone)]
pub struct BlockingPool {
    places: Arc<Semaphore>,
    /// `None`: the threads of whoever asks.
    background: Option<BackgroundTasks>,
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
        Self { places: Arc::new(Semaphore::new(places)), background: None }
    }

    /// For work that can wait: it has the cores as far as others leave them.
    #[must_use]
    pub fn in_the_background(self, tasks: &BackgroundTasks) -> Self {
        Self { background: Some(tasks.clone()), ..self }
    }

    /// Waits for a place, then for the work. Work that has begun is finished, also if nobody waits any more.
    pub async fn run<T, F>(&self, work: F) -> Result<T, Interrupted>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Interrupted)?;
        let work = move || {
            // Held by the work, not by the request: a client that goes away does not free a place early.
            let _place = place;
            work()
        };
        let task = match &self.background {
            Some(background) => background.spawn_blocking(work),
            None => tokio::task::spawn_blocking(work),
        };
        task.await.map_err(|_| Interrupted)
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_os = "linux")]
    use crate::background::NICENESS;
    use std::sync::{Mutex, PoisonError, mpsc};

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

    /// Of a pool with two places.
    async fn no_more_than_two_run_at_once(pool: &BlockingPool) {
        let Gate { begun, go, tasks } = start(pool, 5);
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
    async fn no_more_works_run_at_once_than_there_are_places() {
        no_more_than_two_run_at_once(&BlockingPool::of(2)).await;
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
        let pool = BlockingPool::of(2).in_the_background(&BackgroundTasks::default());
        for _ in 0..4 {
            assert_eq!(pool.run(|| panic!("in the work")).await, Err::<(), _>(Interrupted));
        }
        no_more_than_two_run_at_once(&pool).await;
    }

    /// Nobody else's priority changes by it: neither that of the caller nor that of tokio's blocking threads.
    #[cfg(target_os = "linux")]
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn background_threads_and_no_others_give_way() {
        let niceness = || rustix::process::getpriority_process(None).unwrap();
        let usual = niceness();
        let background = BlockingPool::of(1).in_the_background(&BackgroundTasks::default());
        assert_eq!(background.run(niceness).await, Ok(usual.max(NICENESS)));
        assert_eq!(BlockingPool::of(1).run(niceness).await, Ok(usual));
        assert_eq!(niceness(), usual);
    }
}
