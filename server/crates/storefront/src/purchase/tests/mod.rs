//! The shop against a stand-in for Amazon: whatever is lost, repeated, forged or out of order.

mod after_a_crash;
mod amazon_says;
mod basket;
mod claims;
mod comparison;
mod coupons;
mod credit;
mod desk;
mod download_links;
mod escalation;
mod fake_amazon;
mod first_listing;
mod from_amazons_side;
mod from_the_shops_side;
mod genuine;
mod gifts;
mod long_lists;
mod mail;
mod oversight;
mod recovery;
mod refund_rule;
mod reviews;
mod settling;
mod shipping;
mod stock;
mod totals;
mod unknown_notifications;
mod versions;
mod wrong_words;

use super::commands::{self, RefundAsked};
use super::place::{Asked, PlaceError, Placed, Shown, place};
use super::{cbui_return, downloads, notifications};
use crate::catalogue::{self, Delivery, Item, ItemState, StoredFile};
use crate::databases::{self, TestDatabase};
use crate::ids::{MerchantId, OrderId, UserId};
use crate::merchants::{self, Merchant, Registration, ShippingSpeed};
use crate::orders::state::Phase;
use crate::orders::{self, Order, OrderError, Shipping};
use crate::users::store::NewUser;
use crate::users::{self, User};
use crate::{Config, MIGRATIONS, Shop};
use fake_amazon::{FakeAmazon, news};
use fps_protocol::cbui::CbuiStatus;
use fps_protocol::enums::{IpnOperation, TransactionStatus};
use jiff::{SignedDuration, Timestamp};
use money::Money;
use platform::paging::Part;
use platform::{Clock, Database, Random};
use shop_pages::model::Rating;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::sync::LazyLock;

/// A shop with one buyer, one merchant, a song that is paid at once and a print made by hand.
struct Stage {
    shop: Shop,
    amazon: FakeAmazon,
    _folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

static BUYER: LazyLock<UserId> = LazyLock::new(|| "buyer".parse().unwrap());
static MERCHANT: LazyLock<UserId> = LazyLock::new(|| "seller".parse().unwrap());
static NEWCOMER: LazyLock<UserId> = LazyLock::new(|| "newcomer".parse().unwrap());
const SONG: &str = "song";
const PRINT: &str = "print";

fn shop_id(text: &str) -> MerchantId {
    text.parse().unwrap()
}

fn item(slug: &str, delivery: Delivery) -> Item {
    Item {
        id: slug.parse().unwrap(),
        slug: slug.parse().unwrap(),
        merchant_id: shop_id("m"),
        seller: "Seller".to_owned(),
        category: "music".parse().unwrap(),
        title: format!("A {slug}"),
        creator: "Somebody".to_owned(),
        description: "Good.".to_owned(),
        price: Money::from_cents(100),
        delivery,
        physical: false,
        licence: "Personal".to_owned(),
        cover_key: None,
        preview_key: None,
        state: ItemState::Published,
        stock: None,
        version: Some(1),
        handling_days: None,
        featured_rank: None,
        created_at: Timestamp::UNIX_EPOCH,
        published_at: Some(Timestamp::UNIX_EPOCH),
        updated_at: Timestamp::UNIX_EPOCH,
        rating: Rating::default(),
    }
}

fn song_file() -> StoredFile {
    StoredFile {
        key: "song.mp3".to_owned(),
        name: "song.mp3".to_owned(),
        media_type: "audio/mpeg".to_owned(),
        bytes: 4,
        sha256: None,
    }
}

impl Stage {
    async fn set() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(&format!("sqlite://{}/shop.db", folder.path().display())).await.unwrap();
        db.migrate(&MIGRATIONS).await.unwrap();
        Self::set_on(db, folder, None).await
    }

    /// On each of the databases that are to be had here.
    async fn set_on_each() -> Vec<Self> {
        let mut stages = Vec::new();
        for database in databases::each(&MIGRATIONS).await {
            let folder = tempfile::tempdir().unwrap();
            stages.push(Self::set_on(database.db.clone(), folder, Some(database)).await);
        }
        stages
    }

    async fn set_on(db: Database, folder: tempfile::TempDir, database: Option<TestDatabase>) -> Self {
        let amazon = FakeAmazon::start().await;
        let config = Config {
            public_url: fake_amazon::SHOP.parse().unwrap(),
            allowed_hosts: platform::web::AllowedHosts::default(),
            payments_url: amazon.url.clone(),
            access_key: fake_amazon::ACCESS_KEY.parse().unwrap(),
            secret: fake_amazon::SECRET.to_owned().into(),
            tls: platform::Tls::default(),
            files_dir: folder.path().join("files"),
            demo_data: platform::DemoData::Small,
            seller_quota: u64::MAX,
            lab: true,
            lab_ports: platform::lab::Lab::default(),
            smtp: None,
            demo_accounts: true,
            throttle_sign_in: false,
        };
        let start: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
        let shop = Shop::assemble(config, db, Clock::fixed(start), Random::seeded(1)).unwrap();
        shop.files.put("song.mp3", bytes::Bytes::from_static(b"la la"[..4].as_ref())).await.unwrap();
        let stage = Self { shop, amazon, _folder: folder, _database: database };
        stage.furnish().await;
        stage
    }

    async fn furnish(&self) {
        let written: Result<(), sqlx::Error> = self.shop.db.transact((), |c, ()| Box::pin(furnish(c))).await;
        written.unwrap();
    }

    async fn order_of(&self, buyer: &UserId, slug: &str) -> Result<Placed, PlaceError> {
        place(&self.shop, buyer, asked(slug, None, Shown::Anything)).await
    }

    async fn place(&self, slug: &str) -> OrderId {
        self.order_of(&BUYER, slug).await.unwrap().order
    }

    async fn order(&self, id: &OrderId) -> Order {
        orders::find(&self.shop.db, id).await.unwrap()
    }

    async fn phase(&self, id: &OrderId) -> Phase {
        self.order(id).await.state.phase()
    }

    async fn reference(&self, id: &OrderId) -> String {
        self.order(id).await.caller_reference.to_string()
    }

    /// The query of the return with which the buyer authorized the order.
    async fn confirmation(&self, id: &OrderId) -> String {
        self.confirmation_with(id, "SENDER").await
    }

    async fn confirmation_with(&self, id: &OrderId, token: &str) -> String {
        let reference = self.reference(id).await;
        self.amazon.signed_return(cbui_return::PATH, CbuiStatus::SuccessAbt, &reference, Some(token))
    }

    async fn bought(&self, slug: &str) -> OrderId {
        let id = self.place(slug).await;
        cbui_return::accept(&self.shop, &self.confirmation(&id).await).await.unwrap();
        id
    }

    async fn notify(&self, id: &OrderId, operation: IpnOperation, status: TransactionStatus) {
        let reference = self.reference(id).await;
        let told = news(operation, status, &self.amazon.transaction(&reference), &reference);
        notifications::accept(&self.shop, &self.amazon.notification(&told)).await.unwrap();
    }

    /// Another order of the same, which is no button pressed twice.
    async fn place_later(&self, slug: &str) -> OrderId {
        self.shop.clock.advance(SignedDuration::from_hours(3)).unwrap();
        self.place(slug).await
    }

    async fn bought_again(&self, slug: &str) -> OrderId {
        let id = self.place_later(slug).await;
        cbui_return::accept(&self.shop, &self.confirmation(&id).await).await.unwrap();
        id
    }

    async fn later(&self, seconds: i64) {
        self.shop.clock.advance(SignedDuration::from_secs(seconds)).unwrap();
        self.shop.run_due().await.unwrap();
    }

    /// Amazon has sent back what the shop asked for.
    async fn refund_arrives(&self, id: &OrderId) {
        let reference = self.order(id).await.refund_reference();
        self.amazon.finish(&self.amazon.transaction(&reference), TransactionStatus::Success);
        self.later(5).await;
    }

    async fn may_download(&self, id: &OrderId) -> bool {
        downloads::find(&self.shop, &BUYER, id, 1).await.is_ok()
    }

    async fn notices(&self) -> Vec<&'static str> {
        let notices =
            orders::notices::of_merchant(&self.shop.db, &shop_id("m"), &Part::Newest, 10).await.unwrap();
        notices.into_iter().map(|notice| notice.kind.as_str()).collect()
    }

    /// Writes what no code of the shop writes.
    async fn spoil(&self, statement: String) {
        let spoilt: Result<(), sqlx::Error> =
            self.shop.db.transact(statement, |c, statement| Box::pin(spoil(c, statement))).await;
        spoilt.unwrap();
    }

    /// Whoever wants their money back has to ask the seller.
    async fn refunds_on_request(&self) {
        self.change(vec!["UPDATE merchants SET refund_days = NULL".to_owned()]).await;
    }

    async fn outcomes(&self) -> Vec<String> {
        orders::received_notifications::newest(&self.shop.db, 200)
            .await
            .unwrap()
            .into_iter()
            .map(|kept| kept.outcome)
            .collect()
    }
}

async fn furnish(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    let start = Timestamp::UNIX_EPOCH;
    for id in [&BUYER, &MERCHANT, &NEWCOMER] {
        let (id, email) = (UserId::clone(id), format!("{}@example.com", **id));
        let user = User { name: id.to_string(), id, email, operator: false };
        let new = NewUser { user, password_hash: String::new(), created_at: start };
        users::store::insert(connection, &new).await?;
    }
    let registration = Registration {
        recipient_token: "SELLER".parse().unwrap(),
        refund_token: Some("SELLERREFUND".parse().unwrap()),
        at: start,
    };
    let named = |id, user: &UserId| Merchant::new(shop_id(id), user.clone(), "Seller".to_owned());
    let registered = Merchant { registration: Some(registration), ..named("m", &MERCHANT) };
    for merchant in [registered, named("n", &NEWCOMER)] {
        merchants::store::insert(connection, &merchant, start).await?;
    }
    catalogue::store::insert_category(connection, &"music".parse().unwrap(), "Music", 1).await?;
    for item in [item(SONG, Delivery::Instant), item(PRINT, Delivery::Manual)] {
        catalogue::store::insert(connection, &item).await?;
        catalogue::versions::add_first(connection, &item, &[song_file()]).await?;
    }
    Ok(())
}

fn asked(slug: &str, shipping: Option<Shipping>, shown: Shown) -> Asked {
    Asked { item: slug.parse().unwrap(), shipping, coupon: None, gift: None, shown }
}

/// The buyer wants the money back.
async fn ask(stage: &Stage, buyer: &UserId, id: &OrderId) -> Result<RefundAsked, OrderError> {
    commands::ask_refund(&stage.shop, buyer, id, "I changed my mind".to_owned()).await
}

/// Where a thing is sent.
fn elm_street() -> Shipping {
    Shipping {
        name: "Jane".to_owned(),
        line1: "12 Elm Street".to_owned(),
        line2: String::new(),
        city: "Seattle".to_owned(),
        state: "WA".to_owned(),
        zip: "98101".to_owned(),
        country: "US".to_owned(),
        speed: ShippingSpeed::Express,
    }
}

async fn spoil(connection: &mut AnyConnection, statement: &str) -> Result<(), sqlx::Error> {
    sqlx::query("PRAGMA ignore_check_constraints = ON").execute(&mut *connection).await?;
    sqlx::query(AssertSqlSafe(statement.to_owned())).execute(&mut *connection).await?;
    sqlx::query("PRAGMA ignore_check_constraints = OFF").execute(connection).await?;
    Ok(())
}
