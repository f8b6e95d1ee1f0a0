//! `spawn_app`, a browser without a screen, and a caller that signs its requests.

pub mod aggregated;
mod app;
pub mod balancer;
mod browser;
mod caller;
mod listener;
pub mod proxy;
mod rows;
pub mod shapes;

pub use app::{
    App, balance_in, fresh_postgres_schemas, hidden_fields, instrument_id, recipient_token, spawn_app,
    spawn_app_on, spawn_app_with, start_time,
};
pub use browser::{Browser, Page};
pub use caller::{Answer, Caller};
pub use listener::listen;
pub use rows::rows;

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgres,
}

/// Declares each async function as two tests, one per database.
#[macro_export]
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::support::spawn_app($crate::support::On::Sqlite).await.expect("SQLite is always there")).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                match $crate::support::spawn_app($crate::support::On::Postgres).await {
                    Some(app) => super::$name(app).await,
                    None => eprintln!("SKIPPED on PostgreSQL: DD_TEST_POSTGRES_URL is not set (run through .ci/postgres)"),
                }
            })+
        }
    };
}
