//! `/orders/{id}/events` and `/cart/{id}/events`: tell an open page, once, that it shows no longer what is true.
//!
//! The page says what it has seen (`?seen=`), so that nothing is lost between the page and its first event, nor while a
//! connection is broken. One `data: changed` ends the stream: the page is fetched anew and knows what it has seen then. It
//! ends without one when the session does, when the program does, and after a while: browsers ask again by themselves.

use super::{Customer, InAddress, SignedIn, address, cart, orders};
use crate::Shop;
use crate::baskets::BasketId;
use crate::ids::{OrderId, UserId};
use crate::live_pages::OpenPage;
use crate::orders::view::Viewer;
use axum::extract::{RawQuery, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use platform::connections::Stopping;
use platform::db::Version;
use platform::sessions;
use platform::web::Refusal;
use shop_pages::pages::Live;
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long after a commit a page may go on showing what was true before.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// A session may also end by the clock, without a commit.
const ASK_FOR_SESSION_EVERY: Duration = Duration::from_secs(15);
/// A line of nothing, so that whatever stands between does not take the stream for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
const LONGEST: Duration = Duration::from_mins(5);
/// When a browser whose stream has ended asks again.
const ASK_AGAIN: Duration = Duration::from_secs(2);

/// What the page is about.
#[derive(Debug)]
enum About {
    Order(OrderId),
    Basket(BasketId),
}

/// An open page of somebody.
#[derive(Debug)]
struct Watch {
    shop: Shop,
    user: UserId,
    operator: bool,
    session: String,
    /// As the session has it.
    owner: Option<UserId>,
    about: About,
    seen: String,
}

pub async fn of_order(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    InAddress(id): InAddress<OrderId>,
    RawQuery(query): RawQuery,
    stopping: Stopping,
) -> Result<Response, Refusal> {
    Watch::by(shop, &visitor, About::Order(id), query.as_deref()).stream(stopping).await
}

pub async fn of_basket(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    InAddress(id): InAddress<BasketId>,
    RawQuery(query): RawQuery,
    stopping: Stopping,
) -> Result<Response, Refusal> {
    Watch::by(shop, &visitor, About::Basket(id), query.as_deref()).stream(stopping).await
}

impl Watch {
    fn by(shop: Shop, visitor: &SignedIn, about: About, query: Option<&str>) -> Self {
        let seen = address::asked(query, "seen").unwrap_or_default().into_owned();
        let (user, operator) = (visitor.user.id.clone(), visitor.user.operator);
        let (session, owner) = (visitor.session_handle(), visitor.session_owner().cloned());
        Self { shop, user, operator, session, owner, about, seen }
    }

    async fn stream(self, Stopping(stop): Stopping) -> Result<Response, Refusal> {
        let now = self.look().await?;
        if now.seen == self.seen && now.at_rest {
            // Browsers do not ask again.
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        let place = self.shop.live.open(&self.user).ok_or_else(|| Refusal::too_many(ASK_AGAIN))?;
        let news = Following {
            differs: now.seen != self.seen,
            watch: self,
            until: Instant::now() + LONGEST,
            _place: place,
        };
        let events = stream::unfold(Some(news), move |news| {
            let stop = stop.clone();
            async move {
                let came = stop.run_until_cancelled(news?.wait()).await??;
                Some((Ok::<_, Infallible>(came), None))
            }
        });
        let first = stream::iter([Ok(Event::default().retry(ASK_AGAIN).comment("waiting"))]);
        let events = Sse::new(stream::StreamExt::chain(first, events));
        let mut answer = events.keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
        let caching = HeaderValue::from_static("private, no-store, no-transform");
        answer.headers_mut().insert(CACHE_CONTROL, caching);
        // nginx would gather the pieces.
        answer.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
        Ok(answer)
    }

    /// What the page would show now.
    async fn look(&self) -> Result<Live, Refusal> {
        match &self.about {
            About::Order(id) => {
                orders::live(&self.shop, Viewer { user_id: &self.user, operator: self.operator }, id).await
            }
            About::Basket(id) => cart::live(&self.shop, &self.user, id).await,
        }
    }

    async fn is_signed_in(&self) -> Result<bool, sqlx::Error> {
        let owner = self.owner.as_ref().map(UserId::as_str);
        sessions::is_alive(&self.shop.db, &self.shop.clock, owner, &self.session).await
    }
}

/// A page that is open.
#[derive(Debug)]
struct Following {
    watch: Watch,
    /// It shows something else than it should from the beginning.
    differs: bool,
    until: Instant,
    _place: OpenPage,
}

impl Following {
    /// `None`: the stream ends without news.
    async fn wait(self) -> Option<Event> {
        let changed = Event::default().data("changed");
        if self.differs {
            return Some(changed);
        }
        let mut known: Option<Version> = None;
        let mut asked = Instant::now();
        while Instant::now() < self.until {
            let version = self.watch.shop.live.changes.version().await.ok()?;
            let committed = version.is_none() || version != known;
            if committed || asked.elapsed() >= ASK_FOR_SESSION_EVERY {
                asked = Instant::now();
                if !self.watch.is_signed_in().await.ok()? {
                    return None;
                }
            }
            if committed && self.watch.look().await.ok()?.seen != self.watch.seen {
                return Some(changed);
            }
            known = version;
            sleep(LOOK_EVERY).await;
        }
        None
    }
}
