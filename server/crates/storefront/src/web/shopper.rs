//! Who is at a checkout: somebody with an account, or somebody who buys without one.

use super::Visitor;
use crate::Shop;
use crate::accounts::{AccountError, guests};
use crate::cart::CartOwner;
use crate::ids::UserId;
use crate::orders::Shipping;
use app::form::FormState;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{Method, Uri};
use platform::web::{ClientAddress, Refusal};
use shop_pages::model::Chrome;
use shop_pages::pages::GUEST;
use std::net::IpAddr;

/// The field with the address of a guest.
const EMAIL: &str = "email";

/// Whoever opens a checkout. Only a form or an address that says so makes a guest of them.
#[derive(Debug)]
pub struct AtCheckout {
    visitor: Visitor,
    from: IpAddr,
    method: Method,
    uri: Uri,
}

#[derive(Debug)]
pub struct Shopper {
    visitor: Visitor,
    from: IpAddr,
}

impl FromRequestParts<Shop> for AtCheckout {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Response> {
        let visitor = Visitor::from_request_parts(parts, shop).await.map_err(Refusal::into_response)?;
        let ClientAddress(from) =
            ClientAddress::from_request_parts(parts, shop).await.map_err(IntoResponse::into_response)?;
        Ok(Self { visitor, from, method: parts.method.clone(), uri: parts.uri.clone() })
    }
}

impl AtCheckout {
    /// Whether the address asks for a checkout without an account.
    pub fn asks_as_guest(&self) -> bool {
        super::address::asked(self.uri.query(), GUEST).is_some()
    }

    /// The one who buys; who neither has an account nor wants to buy without one is sent to sign in.
    pub async fn shopper(self, as_guest: bool) -> Result<Shopper, Box<Response>> {
        if self.visitor.user.is_some() || as_guest {
            Ok(Shopper { visitor: self.visitor, from: self.from })
        } else {
            Err(Box::new(self.visitor.sent_to_sign_in(&self.method, &self.uri).await))
        }
    }
}

impl Shopper {
    pub fn chrome(&self) -> &Chrome {
        &self.visitor.chrome
    }

    pub fn is_guest(&self) -> bool {
        self.visitor.user.is_none()
    }

    /// Known already; a guest is from the first purchase on.
    pub fn id(&self) -> Option<&UserId> {
        self.visitor.user.as_ref().or(self.visitor.guest.as_ref()).map(|user| &user.id)
    }

    /// What stands in the field for the name before somebody has sent anything anywhere.
    pub fn name(&self) -> &str {
        self.visitor.user.as_ref().map_or("", |user| &user.name)
    }

    /// The address that a guest was written to before.
    pub fn fill(&self, form: &mut FormState) {
        if let (None, Some(guest)) = (&self.visitor.user, &self.visitor.guest) {
            form.set(EMAIL, &guest.email);
        }
    }

    /// Refuses at its field what a guest cannot be written to at.
    pub fn read(&self, form: &mut FormState) -> Option<String> {
        if self.is_guest() { guests::address(form, EMAIL) } else { None }
    }

    /// Who the order is of: the account, or a guest with this address, who is one from now on.
    pub async fn buyer(
        &self,
        shop: &Shop,
        email: Option<String>,
        shipping: Option<&Shipping>,
    ) -> Result<UserId, Refusal> {
        if let Some(user) = &self.visitor.user {
            return Ok(user.id.clone());
        }
        let email = email.ok_or_else(|| Refusal::bad_request("The form says nobody to write to."))?;
        if let Some(guest) = self.visitor.guest.as_ref().filter(|guest| guest.email == email) {
            return Ok(guest.id.clone());
        }
        let name = shipping.map(|to| to.name.as_str());
        let guest = guests::begin(shop, email, name, self.from).await.map_err(|error| match error {
            AccountError::NotNow(not_now) => Refusal::from(not_now),
            AccountError::Database(error) => error.into(),
            error => Refusal::because(error),
        })?;
        self.visitor.become_guest(shop, &guest).await?;
        Ok(guest.id)
    }

    pub async fn tell(&self, notice: &str) -> Result<(), Refusal> {
        self.visitor.tell(notice).await
    }

    /// What they put aside, if they did.
    pub async fn cart(&self) -> Result<Option<CartOwner>, Refusal> {
        self.visitor.cart().await
    }
}
