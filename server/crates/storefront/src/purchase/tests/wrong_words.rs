//! A word in the database that nobody knows is refused where it is read, never taken for another.

use super::{BUYER, MERCHANT, PRINT, SONG, Stage, asked, elm_street, shop_id};
use crate::ids::OrderId;
use crate::orders::{self, Fulfilment, notices, received_notifications, refund_requests, timeline};
use crate::purchase::place::{Shown, place};
use crate::purchase::{cbui_return, commands};
use crate::{catalogue, merchants, users};
use fps_protocol::enums::{IpnOperation, TransactionStatus};
use platform::paging::Part;
use sqlx::AssertSqlSafe;

/// Who reads a column.
#[derive(Debug, Clone, Copy)]
enum Reader {
    SignIn,
    Page,
    Merchant,
    Item,
    Files,
    Order,
    OrdersByStatus,
    Timeline,
    RefundRequest,
    Notices,
    Notifications,
}

impl Reader {
    async fn read(self, stage: &Stage, order: &OrderId) -> Result<(), sqlx::Error> {
        let db = &stage.shop.db;
        match self {
            Self::SignIn => users::store::by_email(db, "buyer@example.com").await.map(drop),
            Self::Page => merchants::store::user_and_shop(db, &BUYER).await.map(drop),
            Self::Merchant => merchants::store::by_user(db, &MERCHANT).await.map(drop),
            Self::Item => catalogue::store::by_slug(db.readers(), &SONG.parse().unwrap()).await.map(drop),
            Self::Files => {
                catalogue::versions::files(db.readers(), &SONG.parse().unwrap(), 1).await.map(drop)
            }
            Self::Order => orders::store::load(db.readers(), order).await.map(drop),
            Self::OrdersByStatus => orders::by_status(db).await.map(drop),
            Self::Timeline => timeline::of_order(db, order).await.map(drop),
            Self::RefundRequest => refund_requests::of_order(db.readers(), order).await.map(drop),
            Self::Notices => notices::of_merchant(db, &shop_id("m"), &Part::Newest, 10).await.map(drop),
            Self::Notifications => received_notifications::newest(db, 200).await.map(drop),
        }
    }
}

/// Table, column, what nobody knows, and who reads it.
const COLUMNS: [(&str, &str, &str, Reader); 30] = [
    ("users", "operator", "2", Reader::SignIn),
    ("users", "operator", "2", Reader::Page),
    ("merchants", "registration_reference", "''", Reader::Merchant),
    ("merchants", "recipient_token_id", "'no token'", Reader::Merchant),
    ("merchants", "registered_at", "NULL", Reader::Merchant),
    ("merchants", "slug", "'No Slug'", Reader::Merchant),
    ("items", "delivery", "'Sometimes'", Reader::Item),
    ("items", "physical", "-1", Reader::Item),
    ("items", "state", "'Sold'", Reader::Item),
    ("items", "stock", "-1", Reader::Item),
    ("stored_files", "bytes", "-1", Reader::Files),
    ("orders", "delivery", "'Sometimes'", Reader::Order),
    ("orders", "physical", "2", Reader::Order),
    ("orders", "ship_speed", "'rocket'", Reader::Order),
    ("orders", "shipping_price", "'free'", Reader::Order),
    ("orders", "state", "'Free'", Reader::Order),
    ("orders", "state", "'Free'", Reader::OrdersByStatus),
    ("orders", "payment_method", "'GOLD'", Reader::Order),
    ("orders", "caller_reference", "''", Reader::Order),
    ("orders", "recipient_token_id", "'no token'", Reader::Order),
    ("orders", "transaction_id", "'no transaction'", Reader::Order),
    ("orders", "refund_policy", "'nobody'", Reader::Order),
    ("orders", "amazon_fee", "NULL", Reader::Order),
    ("orders", "took_stock", "2", Reader::Order),
    ("orders", "created_at", "9223372036854775807", Reader::Order),
    ("order_events", "kind", "'given'", Reader::Timeline),
    ("refund_requests", "state", "'Granted'", Reader::RefundRequest),
    ("refund_requests", "origin", "'a letter'", Reader::RefundRequest),
    ("merchant_notices", "kind", "'told'", Reader::Notices),
    ("received_notifications", "order_id", "'no order'", Reader::Notifications),
];

/// An order that was sent and paid for, with a request for a refund and a notification: every column has its word.
async fn sent_and_paid(stage: &Stage) -> OrderId {
    stage.refunds_on_request().await;
    let placed = place(&stage.shop, &BUYER, asked(PRINT, Some(elm_street()), Shown::Anything)).await.unwrap();
    let id = placed.order;
    cbui_return::accept(&stage.shop, &stage.confirmation(&id).await).await.unwrap();
    commands::fulfil(&stage.shop, &MERCHANT, &id, Fulfilment::default()).await.unwrap();
    stage.notify(&id, IpnOperation::Settle, TransactionStatus::Success).await;
    stage.asked_there(&id, "q1", 40).await;
    id
}

/// The first row's value, as it stands in SQL.
async fn first(stage: &Stage, table: &str, column: &str) -> String {
    let select = format!("SELECT QUOTE({column}) FROM {table} ORDER BY rowid LIMIT 1");
    sqlx::query_scalar(AssertSqlSafe(select)).fetch_one(stage.shop.db.readers()).await.unwrap()
}

#[tokio::test]
async fn a_word_that_nobody_knows_is_refused_in_every_column() {
    let stage = Stage::set().await;
    let id = sent_and_paid(&stage).await;
    for (table, column, word, reader) in COLUMNS {
        reader.read(&stage, &id).await.unwrap();
        let right = first(&stage, table, column).await;
        let set = |to: &str| {
            format!("UPDATE {table} SET {column} = {to} WHERE rowid = (SELECT MIN(rowid) FROM {table})")
        };
        stage.spoil(set(word)).await;
        let read = reader.read(&stage, &id).await;
        let refused = matches!(read, Err(sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)));
        assert!(refused, "{table}.{column} = {word}, read by {reader:?}: {read:?}");
        stage.spoil(set(&right)).await;
    }
}
