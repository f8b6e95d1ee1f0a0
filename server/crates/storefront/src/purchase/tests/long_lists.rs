//! Pages of long lists repeat nothing and leave nothing out, on either database, also among rows of one moment.

use super::{BUYER, Delivery, PRINT, SONG, Stage, item, shop_id};
use crate::catalogue::store;
use crate::orders::{self, download_grants, sold};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use platform::paging::{self, Part, Place};
use std::fmt::Display;

const ROWS: usize = 11;
const PER_PAGE: usize = 4;

/// The keys of all pages, from the newest to the end and back to the newest.
async fn there_and_back<'a, I: Display + Clone, T>(
    place: impl Fn(&T) -> Place<I>,
    read: impl Fn(Part<Place<I>>, i64) -> BoxFuture<'a, Result<Vec<T>, sqlx::Error>>,
) -> (Vec<String>, Vec<String>)
where
    Place<I>: std::str::FromStr,
{
    let page = async |part| {
        let (rows, ways) = paging::page(part, PER_PAGE, &place, &read).await.unwrap();
        (rows.iter().map(|row| place(row).to_string()).collect::<Vec<_>>(), ways)
    };
    let (mut down, mut ways) = page(Part::Newest).await;
    let mut last = down.clone();
    while let Some(older) = &ways.older {
        (last, ways) = page(paging::part_of(Some(older))).await;
        down.extend(last.clone());
    }
    let mut up = last;
    while let Some(newer) = &ways.newer {
        let rows;
        (rows, ways) = page(paging::part_of(Some(newer))).await;
        // Going back ends with a whole page of the newest.
        let rows: Vec<_> = rows.into_iter().filter(|row| !up.contains(row)).collect();
        up = [rows, up].concat();
    }
    (down, up)
}

#[tokio::test]
async fn the_library_is_paged_by_time_and_order() {
    for stage in Stage::set_on_each().await {
        let mut expected = Vec::new();
        for number in 0..ROWS {
            stage.shop.clock.advance(jiff::SignedDuration::from_hours(3)).unwrap();
            let order = stage.place(SONG).await;
            let order = stage.order(&order).await;
            // Three of each moment.
            let at = Timestamp::from_microsecond(1 + i64::try_from(number / 3).unwrap()).unwrap();
            expected.push((at, order.id.to_string()));
            let given: Result<(), sqlx::Error> = stage
                .shop
                .db
                .transact((order, at), |c, (order, at)| {
                    Box::pin(download_grants::give(c, order, &order.buyer_id, *at))
                })
                .await;
            given.unwrap();
        }
        expected.sort_by(|one, other| other.cmp(one));
        let expected: Vec<_> =
            expected.into_iter().map(|(at, id)| format!("{}-{id}", at.as_microsecond())).collect();
        let db = &stage.shop.db;
        let (down, up) = there_and_back(download_grants::Grant::place, |part, limit| {
            Box::pin(async move { download_grants::of_buyer(db, &BUYER, &part, limit).await })
        })
        .await;
        assert_eq!((&down, &up), (&expected, &expected));
    }
}

#[tokio::test]
async fn listings_are_paged_by_time_and_slug() {
    for stage in Stage::set_on_each().await {
        for number in 0..ROWS {
            let mut item = item(&format!("more-{number:02}"), Delivery::Instant);
            item.created_at = Timestamp::from_microsecond(1 + i64::try_from(number / 3).unwrap()).unwrap();
            let added: Result<bool, sqlx::Error> =
                stage.shop.db.transact(item, |c, item| Box::pin(store::insert(c, item))).await;
            assert!(added.unwrap());
        }
        let mut expected: Vec<_> =
            (0..ROWS).rev().map(|number| format!("{}-more-{number:02}", 1 + number / 3)).collect();
        // Those that the stage is set with.
        expected.extend(["0-song", "0-print"].map(ToOwned::to_owned));
        let (db, merchant) = (&stage.shop.db, &shop_id("m"));
        let place = |item: &crate::catalogue::Item| Place { at: item.created_at, id: item.slug.clone() };
        let (down, up) = there_and_back(place, |part, limit| {
            Box::pin(async move { store::of_merchant(db, merchant, None, &part, limit).await })
        })
        .await;
        assert_eq!((&down, &up), (&expected, &expected));
    }
}

/// What waits longest comes first, and the way back leads through the same pages.
#[tokio::test]
async fn what_is_to_fulfil_is_paged_from_the_oldest() {
    for stage in Stage::set_on_each().await {
        let mut expected = Vec::new();
        for number in 0..ROWS {
            let order = stage.bought_again(PRINT).await;
            // Three of each moment.
            let at = Timestamp::from_microsecond(1 + i64::try_from(number / 3).unwrap()).unwrap();
            let moved =
                format!("UPDATE orders SET created_at = {} WHERE id = '{order}'", at.as_microsecond());
            stage.change(vec![moved]).await;
            expected.push((at, order.to_string()));
        }
        expected.sort();
        let expected: Vec<String> =
            expected.into_iter().map(|(at, id)| format!("{}-{id}", at.as_microsecond())).collect();
        let (db, merchant) = (&stage.shop.db, &shop_id("m"));
        let found = there_and_back(sold::place, |part, limit| {
            Box::pin(async move { orders::to_fulfil(db, merchant, &part, limit).await })
        })
        .await;
        assert_eq!(found, (expected.clone(), expected));
        let since = Timestamp::from_microsecond(1).unwrap();
        assert_eq!(orders::waiting(db, merchant).await.unwrap(), (ROWS, Some(since)));
    }
}
