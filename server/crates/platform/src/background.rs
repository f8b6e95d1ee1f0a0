//! What can wait: on threads of its own, which have the cores as far as others leave them.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;

/// So much less of a busy core than others have gets a thread that works in the background: about a thirtieth, since
/// there are several of them.
#[cfg(target_os = "linux")]
pub(crate) const NICENESS: i32 = 15;

/// A runtime of one thread for tasks, and others for work that blocks; clones share it. It is started when there is
/// something to do for the first time, and ends with the last clone: what is not over by then is broken off.
#[derive(Debug, Clone, Default)]
pub struct BackgroundTasks(Arc<Mutex<Option<Owned>>>);

#[derive(Debug)]
struct Owned(Option<Runtime>);

impl BackgroundTasks {
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.handle().spawn(task);
    }

    pub fn spawn_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> JoinHandle<T> {
        self.handle().spawn_blocking(work)
    }

    /// Where the system gives no thread, that of whoever asks.
    fn handle(&self) -> Handle {
        self.started().unwrap_or_else(|error| {
            tracing::warn!(%error, "there is no thread for work in the background");
            Handle::current()
        })
    }

    fn started(&self) -> io::Result<Handle> {
        let mut owned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Owned(Some(runtime))) = &*owned {
            return Ok(runtime.handle().clone());
        }
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("background-tasks")
            .on_thread_start(give_way)
            .enable_all()
            .build()?;
        let handle = runtime.handle().clone();
        *owned = Some(Owned(Some(runtime)));
        Ok(handle)
    }
}

impl Drop for Owned {
    /// A runtime that is dropped waits for its threads, which no async thread may.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Lowers this thread's priority. Where the system does not let it, the work is done all the same.
#[cfg(target_os = "linux")]
fn give_way() {
    use rustix::process::{getpriority_process, setpriority_process};
    // On Linux both mean the thread that calls, and not its process.
    let lowered = getpriority_process(None).and_then(|now| setpriority_process(None, now.max(NICENESS)));
    if let Err(error) = lowered {
        tracing::warn!(%error, "work in the background has the priority of everything else");
    }
}

#[cfg(not(target_os = "linux"))]
fn give_way() {}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn tasks_run_on_one_thread_that_gives_way_and_end_with_the_last_clone() {
        let tasks = BackgroundTasks::default();
        let (tell, told) = oneshot::channel();
        let (alive, ended) = oneshot::channel::<()>();
        tasks.clone().spawn(async move {
            let name = std::thread::current().name().map(str::to_owned);
            // Another task on the same thread.
            let other = tokio::spawn(async { std::thread::current().id() }).await;
            let _ = tell.send((name, other.ok() == Some(std::thread::current().id()), niceness()));
            std::future::pending::<()>().await;
            drop(alive);
        });
        let (name, is_one_thread, niceness) = told.await.unwrap();
        assert_eq!((name.as_deref(), is_one_thread), (Some("background-tasks"), true));
        if cfg!(target_os = "linux") {
            assert!(niceness.is_some_and(|niceness| niceness >= 10), "{niceness:?}");
        }
        drop(tasks);
        ended.await.unwrap_err();
    }

    fn niceness() -> Option<i32> {
        rustix::process::getpriority_process(None).ok()
    }
}
