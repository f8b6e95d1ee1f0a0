//! Who opens a page.

use crate::Shop;
use crate::accounts::Half;
use crate::cart::{CartOwner, List};
use crate::catalogue::Item;
use crate::ids::UserId;
use crate::mail;
use crate::merchants;
use crate::orders::notices;
use crate::purchase::cart;
use crate::state::SESSION_OWNER;
use crate::users::{User, guests};
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::request::Parts;
use http::{Method, Uri};
use platform::sessions::{self, Device, Session};
use platform::web::{Refusal, page_to_come_back_to, see_other, sign_in_address};
use shop_pages::model::{Chrome, MOST_UNREAD, Viewer};
use std::convert::Infallible;

const NOTICE: &str = "notice";
/// The session's key of a page to go on to.
const GO_ON: &str = "go on";
/// The session's key of the name of a visitor's cart and wish list.
const CART: &str = "cart";
/// Under this a session has who knows the password and still owes a code. It is nobody's session meanwhile.
const HALF: &str = "half";
/// How long the code may take, in seconds.
const HALF_LIVES: i64 = 10 * 60;
/// The user, the proof, since when, and where they were going.
type KeptHalf = (String, String, i64, String);
/// The session's key of who buys without an account.
const GUEST: &str = "guest";

/// Somebody with or without an account, and what every page says to them.
#[derive(Debug)]
pub struct Visitor {
    pub user: Option<User>,
    /// Who they are that bought here without an account, until that is claimed.
    pub guest: Option<User>,
    pub chrome: Chrome,
    session: Session,
    device: Device,
}

/// Somebody with an account; others are sent to sign in and come back.
#[derive(Debug)]
pub struct SignedIn {
    pub user: User,
    pub chrome: Chrome,
    /// They have no account, and are known by this browser alone.
    guest: bool,
    session: Session,
}

impl FromRequestParts<Shop> for Visitor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Refusal> {
        let session = parts.extensions.get::<Session>().cloned();
        let session = session.ok_or_else(|| Refusal::because("the session layer is missing"))?;
        let Ok(device) = Device::from_request_parts(parts, shop).await;
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let mut chrome = Chrome { path, ..shop.config.chrome() };
        let id = session.get::<String>(SESSION_OWNER).await?.and_then(|id| UserId::new(id).ok());
        if parts.method == Method::GET {
            chrome.notice = sessions::take(&session, NOTICE).await?;
        }
        let guest = match session.get::<String>(GUEST).await?.and_then(|id| UserId::new(id).ok()) {
            Some(guest) => guests::find(shop.db.readers(), &guest).await?,
            None => None,
        };
        let Some(id) = id else { return Ok(Self { user: None, guest, chrome, session, device }) };
        let Some(found) = merchants::store::user_and_shop(&shop.db, &id).await? else {
            return Ok(Self { user: None, guest, chrome, session, device });
        };
        let unread = match &found.merchant_id {
            Some(merchant) => notices::unread(&shop.db, merchant, MOST_UNREAD + 1).await?,
            None => 0,
        };
        chrome.viewer = Some(Viewer {
            name: found.user.name.clone(),
            merchant: found.merchant_id.is_some(),
            operator: found.user.operator,
            unread,
            unread_mail: mail::store::unread(&shop.db, &id, MOST_UNREAD + 1).await?,
            in_cart: crate::cart::count(&shop.db, List::Cart, &CartOwner::user(&id)).await?,
        });
        Ok(Self { user: Some(found.user), guest, chrome, session, device })
    }
}

impl FromRequestParts<Shop> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Response> {
        let visitor = Visitor::from_request_parts(parts, shop).await.map_err(Refusal::into_response)?;
        visitor.signed_in(&parts.method, &parts.uri).await.map_err(|answer| *answer)
    }
}

/// Somebody who can have bought something: with an account, or without one in this browser. Others are sent to sign in.
#[derive(Debug)]
pub struct Customer(pub SignedIn);

impl FromRequestParts<Shop> for Customer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Response> {
        let visitor = Visitor::from_request_parts(parts, shop).await.map_err(Refusal::into_response)?;
        if let (None, Some(guest)) = (&visitor.user, visitor.guest.clone()) {
            return Ok(Self(visitor.known_as(guest)));
        }
        visitor.signed_in(&parts.method, &parts.uri).await.map(Self).map_err(|answer| *answer)
    }
}

/// Whoever asks for a picture: who they are is looked up only where that matters.
#[derive(Debug)]
pub struct Asking(Option<Session>);

impl FromRequestParts<Shop> for Asking {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Shop) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get::<Session>().cloned()))
    }
}

impl Asking {
    /// Whether they sell the item.
    pub async fn sells(&self, shop: &Shop, item: &Item) -> Result<bool, Refusal> {
        let Some(session) = &self.0 else { return Ok(false) };
        let Some(id) = session.get::<String>(SESSION_OWNER).await?.and_then(|id| UserId::new(id).ok()) else {
            return Ok(false);
        };
        let merchant = merchants::store::by_user(&shop.db, &id).await?;
        Ok(merchant.is_some_and(|merchant| merchant.id == item.merchant_id))
    }
}

impl Visitor {
    /// Somebody with an account; for others, the way to sign in and come back.
    pub async fn signed_in(self, method: &Method, uri: &Uri) -> Result<SignedIn, Box<Response>> {
        match self.user.clone() {
            Some(user) => Ok(self.known_as(user)),
            None => Err(Box::new(self.sent_to_sign_in(method, uri).await)),
        }
    }

    /// To sign in, and back to the page that was asked for.
    pub async fn sent_to_sign_in(self, method: &Method, uri: &Uri) -> Response {
        if let Some(notice) = self.chrome.notice {
            // The page to sign in on says it.
            if let Err(error) = self.session.insert(NOTICE, notice).await {
                return Refusal::from(error).into_response();
            }
        }
        see_other(&sign_in_address("/sign-in", &page_of(method, uri)))
    }

    fn known_as(self, user: User) -> SignedIn {
        SignedIn { user, chrome: self.chrome, guest: self.user.is_none(), session: self.session }
    }

    /// From now on this browser is the guest's, under a new id of its session. What was in the cart is theirs.
    pub async fn become_guest(&self, shop: &Shop, guest: &User) -> Result<(), Refusal> {
        self.session.cycle_id().await?;
        self.session.insert(GUEST, guest.id.as_str()).await?;
        let owner = match &self.guest {
            Some(before) => Some(CartOwner::user(&before.id)),
            None => self.session.get::<String>(CART).await?.map(|name| CartOwner::visitor(&name)),
        };
        if let Some(owner) = owner.filter(|owner| *owner != CartOwner::user(&guest.id)) {
            cart::hand_over(shop, owner, CartOwner::user(&guest.id)).await?;
        }
        Ok(())
    }

    /// Begins a session under a new id, so that an id known before is worth nothing. What the visitor put aside before
    /// is the user's then.
    pub async fn sign_in(&self, shop: &Shop, user: &User) -> Result<(), Refusal> {
        sessions::take::<KeptHalf>(&self.session, HALF).await?;
        let visitors = if self.user.is_none() { self.cart().await? } else { None };
        sessions::sign_in(&self.session, SESSION_OWNER, user.id.as_str(), &self.device).await?;
        if let Some(visitors) = visitors {
            cart::hand_over(shop, visitors, CartOwner::user(&user.id)).await?;
        }
        Ok(())
    }

    /// The name of the cart and wish list of a visitor whom nobody knows; `None` while they have none.
    async fn carts_name(&self) -> Result<Option<String>, Refusal> {
        match self.user {
            None => Ok(self.session.get(CART).await?),
            Some(_) => Ok(None),
        }
    }

    /// Whose cart and wish list this visitor's are; `None` while they have none.
    pub async fn cart(&self) -> Result<Option<CartOwner>, Refusal> {
        Ok(match self.user.as_ref().or(self.guest.as_ref()) {
            Some(user) => Some(CartOwner::user(&user.id)),
            None => self.carts_name().await?.map(|name| CartOwner::visitor(&name)),
        })
    }

    /// The same, of a visitor who puts something in one of them.
    pub async fn cart_to_fill(&self, shop: &Shop) -> Result<CartOwner, Refusal> {
        if let Some(owner) = self.cart().await? {
            return Ok(owner);
        }
        let name = BASE64_URL_SAFE_NO_PAD.encode(shop.random.bytes::<24>());
        self.session.insert(CART, &name).await?;
        Ok(CartOwner::visitor(&name))
    }

    /// The page that they wanted to [go on to](SignedIn::go_on_to), once.
    pub async fn where_to_go_on(&self) -> Result<Option<String>, Refusal> {
        Ok(sessions::take(&self.session, GO_ON).await?)
    }

    /// A new session that is nobody's, and remembers the password was right and where the person was going.
    pub async fn sign_in_half(&self, shop: &Shop, half: &Half, next: &str) -> Result<(), Refusal> {
        let cart = self.carts_name().await?;
        let kept = (half.user.as_str(), half.proof.as_str(), shop.clock.now().as_second(), next);
        sessions::begin_for_nobody(&self.session, HALF, kept).await?;
        if let Some(cart) = cart {
            self.session.insert(CART, cart).await?;
        }
        Ok(())
    }

    /// Who owes a code, and where they were going; `None` where nobody does, or for too long.
    pub async fn half(&self, shop: &Shop) -> Result<Option<(Half, String)>, Refusal> {
        let Some((user, proof, since, next)) = self.session.get::<KeptHalf>(HALF).await? else {
            return Ok(None);
        };
        let in_time = shop.clock.now().as_second() - since < HALF_LIVES;
        let user = UserId::new(user).ok().filter(|_| in_time);
        Ok(user.map(|user| (Half { user, proof }, next)))
    }

    /// A new session that is nobody's, whoever's it was before, with a message for the next page.
    pub async fn begin_session_of_nobody(&self, notice: &str) -> Result<(), Refusal> {
        Ok(sessions::begin_for_nobody(&self.session, NOTICE, notice).await?)
    }

    /// Shows a message on the next page.
    pub async fn tell(&self, notice: &str) -> Result<(), Refusal> {
        Ok(self.session.insert(NOTICE, notice).await?)
    }

    /// Names the session that the page was asked for with; empty where there is none.
    pub fn session_handle(&self) -> String {
        sessions::handle(&self.session).unwrap_or_default()
    }

    pub async fn sign_out(&self) -> Result<(), Refusal> {
        Ok(self.session.flush().await?)
    }
}

impl SignedIn {
    /// Shows a message on the next page.
    pub async fn tell(&self, notice: &str) -> Result<(), Refusal> {
        Ok(self.session.insert(NOTICE, notice).await?)
    }

    /// Begins a session that is nobody's in place of this one, with a message for the next page.
    pub async fn end_session(&self, notice: &str) -> Result<(), Refusal> {
        Ok(sessions::begin_for_nobody(&self.session, NOTICE, notice).await?)
    }

    /// Remembers a page of ours to go on to, once something else is done.
    pub async fn go_on_to(&self, path: &str) -> Result<(), Refusal> {
        Ok(self.session.insert(GO_ON, path).await?)
    }

    /// Names the session that the page was asked for with.
    pub fn session_handle(&self) -> String {
        sessions::handle(&self.session).unwrap_or_default()
    }

    /// Whose the session is; `None`: a guest's has no owner.
    pub fn session_owner(&self) -> Option<&UserId> {
        (!self.guest).then_some(&self.user.id)
    }

    /// Goes on under a new id, after the person has shown again who they are.
    pub async fn renew_session(&self) -> Result<(), Refusal> {
        Ok(self.session.cycle_id().await?)
    }
}

/// The page to come back to: for a form's target, the page that the form stands on.
fn page_of(method: &Method, uri: &Uri) -> String {
    page_to_come_back_to(method, uri, |parts| match parts {
        ["account", ..] => "/account".to_owned(),
        ["orders", id, _, ..] => format!("/orders/{id}"),
        ["checkout", _, ..] | ["sell", "items", "new"] => {
            uri.path_and_query().map_or("/", |path| path.as_str()).to_owned()
        }
        ["sell", "items", slug] => format!("/sell/items/{slug}"),
        ["sell", "profile", ..] => "/sell/profile".to_owned(),
        ["mail", ..] => "/mail".to_owned(),
        ["gifts", id] => format!("/gifts/{id}"),
        ["guest", ..] => "/guest/claim".to_owned(),
        ["cart", "checkout"] => "/cart/checkout".to_owned(),
        ["credit"] => "/credit".to_owned(),
        ["sell", ..] => "/sell".to_owned(),
        ["operator", ..] => "/operator".to_owned(),
        _ => "/".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_leads_back_to_its_page() {
        let back = |path: &str| page_of(&Method::POST, &path.parse().unwrap());
        assert_eq!(back("/orders/17/cancel"), "/orders/17");
        assert_eq!(back("/account/sessions/end-others"), "/account");
        assert_eq!(back("/checkout/a"), "/checkout/a");
        assert_eq!(back("/sell/notices/read"), "/sell");
        assert_eq!(back("/sell/profile/picture"), "/sell/profile");
        assert_eq!(back("/sell/items/a"), "/sell/items/a");
        assert_eq!(page_of(&Method::GET, &"/?q=a".parse().unwrap()), "/?q=a");
    }
}
