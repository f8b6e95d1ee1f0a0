//! Notifications about nothing that the shop knows: taken, and kept within bounds.

use super::Stage;
use super::fake_amazon::news;
use crate::ids::NotificationDigest;
use crate::orders::received_notifications::Notification;
use crate::purchase::{notifications, order_updates};
use fps_protocol::enums::{IpnOperation, TransactionStatus};
use platform::db::Columns;

/// As many as are kept.
const BOUND: usize = 1000;

impl Stage {
    /// How many are kept, and how long the longest is.
    async fn kept(&self) -> (usize, usize) {
        let row = sqlx::query(
            "SELECT COUNT(*) AS kept, COALESCE(MAX(LENGTH(body)), 0) AS longest FROM received_notifications",
        )
        .fetch_one(self.shop.db.readers())
        .await
        .unwrap();
        let number = |column| usize::try_from(row.integer(column).unwrap()).unwrap();
        (number("kept"), number("longest"))
    }

    async fn is_kept(&self, number: usize) -> bool {
        let found = sqlx::query("SELECT 1 FROM received_notifications WHERE digest = $1")
            .bind(digest(number).as_str())
            .fetch_optional(self.shop.db.readers());
        found.await.unwrap().is_some()
    }

    async fn unknown(&self, number: usize) {
        let notification = Notification {
            digest: digest(number),
            about: "T".to_owned(),
            summary: "PAY SUCCESS".to_owned(),
            body: "é".repeat(30_000),
        };
        order_updates::keep(&self.shop, notification, "ignored: no order of this shop").await.unwrap();
    }
}

fn digest(number: usize) -> NotificationDigest {
    NotificationDigest::new(format!("{number:064x}")).unwrap()
}

#[tokio::test]
async fn so_many_are_kept_and_the_oldest_go_first() {
    for stage in Stage::set_on_each().await {
        stage.unknown(0).await;
        stage.later(1).await;
        // All at one moment, as on a clock that stands.
        for number in 1..=BOUND + 20 {
            stage.unknown(number).await;
        }
        let (kept, longest) = stage.kept().await;
        assert_eq!(kept, BOUND);
        assert!(longest <= 4096, "{longest}");
        assert!(!stage.is_kept(0).await && stage.is_kept(BOUND + 20).await);

        // What Amazon signed is still taken, and what is about an order stays whatever else comes.
        let told =
            news(IpnOperation::Pay, TransactionStatus::Success, &"NOBODYS".parse().unwrap(), "nobodys");
        notifications::accept(&stage.shop, &stage.amazon.notification(&told)).await.unwrap();
        assert_eq!(stage.kept().await.0, BOUND);
        let id = stage.bought(super::SONG).await;
        stage.notify(&id, IpnOperation::Pay, TransactionStatus::Success).await;
        assert_eq!(stage.kept().await.0, BOUND + 1);
        stage.later(31 * 24 * 3600).await;
        assert_eq!(stage.kept().await.0, 1, "after a month they are forgotten");
    }
}
