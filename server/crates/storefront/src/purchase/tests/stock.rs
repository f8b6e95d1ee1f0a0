//! Pieces of what a seller counts: never more payments than pieces, and nobody holds one back by looking.

use super::{BUYER, NEWCOMER, PRINT, Stage};
use crate::catalogue;
use crate::ids::{OrderId, UserId};
use crate::orders::OrderError;
use crate::orders::state::{Phase, State};
use crate::purchase::place::PlaceError;
use crate::purchase::{cbui_return, commands};
use shop_pages::model::Availability;
use sqlx::{AnyConnection, AssertSqlSafe};

async fn run(connection: &mut AnyConnection, statement: &str) -> Result<(), sqlx::Error> {
    sqlx::query(AssertSqlSafe(statement.to_owned())).execute(connection).await.map(drop)
}

impl Stage {
    async fn set_item(&self, change: &str) {
        let statement = format!("UPDATE items SET {change} WHERE id = '{PRINT}'");
        self.shop.db.transact(statement, |c, statement| Box::pin(run(c, statement))).await.unwrap();
    }

    async fn left(&self) -> Option<u32> {
        let found = catalogue::store::by_slug(self.shop.db.readers(), &PRINT.parse().unwrap()).await;
        found.unwrap().unwrap().stock
    }

    async fn placed_by(&self, buyer: &UserId) -> OrderId {
        self.order_of(buyer, PRINT).await.unwrap().order
    }
}

#[tokio::test]
async fn the_last_piece_is_sold_once_to_two_who_confirm_at_once() {
    for stage in Stage::set_on_each().await {
        stage.set_item("stock = 1").await;
        let (one, other) = (stage.placed_by(&BUYER).await, stage.placed_by(&NEWCOMER).await);
        assert_eq!(stage.left().await, Some(1), "who only looks holds nothing back");
        let returns = (stage.confirmation(&one).await, stage.confirmation_with(&other, "OTHER").await);
        let (first, second) = tokio::join!(
            cbui_return::accept(&stage.shop, &returns.0),
            cbui_return::accept(&stage.shop, &returns.1)
        );
        first.unwrap();
        second.unwrap();
        assert_eq!(stage.left().await, Some(0));
        let orders = [stage.order(&one).await, stage.order(&other).await];
        let went_on = orders.iter().filter(|order| order.took_stock).count();
        assert_eq!(went_on, 1, "{orders:?}");
        for (order, query) in
            orders.iter().zip([&returns.0, &returns.1]).filter(|(order, _)| !order.took_stock)
        {
            let State::AuthorizationFailed { why } = &order.state else { panic!("{order:?}") };
            assert!(why.contains("Nothing was charged"), "{why}");
            // A repeated return does not buy what has come back since.
            stage.set_item("stock = 5").await;
            cbui_return::accept(&stage.shop, query).await.unwrap();
            assert_eq!(stage.phase(&order.id).await, Phase::AuthorizationFailed);
            assert_eq!(stage.left().await, Some(5));
        }
    }
}

#[tokio::test]
async fn a_piece_comes_back_when_no_money_is_taken() {
    for stage in Stage::set_on_each().await {
        stage.set_item("stock = 1").await;
        let id = stage.bought(PRINT).await;
        assert_eq!((stage.left().await, stage.phase(&id).await), (Some(0), Phase::Reserved));
        assert!(matches!(
            stage.order_of(&NEWCOMER, PRINT).await,
            Err(PlaceError::NotForSale { availability: Availability::SoldOut, .. })
        ));
        commands::cancel(&stage.shop, &BUYER, &id, None).await.unwrap();
        stage.later(60).await;
        assert_eq!((stage.phase(&id).await, stage.left().await), (Phase::Cancelled, Some(1)));
        assert!(!stage.order(&id).await.took_stock);
    }
}

#[tokio::test]
async fn what_is_not_counted_is_sold_without_end_and_what_is_off_sale_not_at_all() {
    for stage in Stage::set_on_each().await {
        let id = stage.bought(PRINT).await;
        assert_eq!((stage.left().await, stage.order(&id).await.took_stock), (None, false));
        let waits = stage.placed_by(&NEWCOMER).await;
        for state in ["Draft", "Archived"] {
            stage.set_item(&format!("state = '{state}'")).await;
            assert!(
                matches!(stage.order_of(&BUYER, PRINT).await, Err(PlaceError::NotForSale { .. })),
                "{state}"
            );
            let again = commands::restart(&stage.shop, &NEWCOMER, &waits).await;
            assert!(matches!(again, Err(OrderError::NotForSale)), "{state}: {again:?}");
        }
    }
}
