//! Work that computes for milliseconds, such as signing: off the async threads, where it would hold up every
//! page, and only so much of it at once.

use std::sync::Arc;
use tokio::sync::Semaphore;

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

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::sync::{Mutex, PoisonError};

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
}
