//! The data that the shop's pages show. Plain types: the storefront fills them, the pages read them.

mod account;
mod cart;
mod catalogue;
mod checkout;
mod coupons;
mod desk;
mod figures;
mod gifts;
mod guests;
mod item;
mod mail;
mod operator;
mod order;
mod orders;
mod reviews;
mod seller;

pub use account::*;
pub use app::components::paging::Paging;
use app::form::FormState;
pub use cart::*;
pub use catalogue::*;
pub use checkout::*;
pub use coupons::*;
pub use desk::*;
pub use figures::*;
pub use gifts::*;
pub use guests::*;
pub use item::*;
pub use mail::*;
pub use operator::*;
pub use order::*;
pub use orders::*;
pub use reviews::*;
pub use seller::*;
use std::sync::Arc;

/// What every page of the shop needs beside its own data.
#[derive(Debug, Clone, Default)]
pub struct Chrome {
    pub viewer: Option<Viewer>,
    /// Path and query of this page, for the sign-in link's way back and for `aria-current`.
    pub path: String,
    /// A one-off message after a redirect ("The order was cancelled").
    pub notice: Option<String>,
    /// What this visitor opened last, on pages that show it.
    pub seen: Vec<ItemCard>,
    /// The shop's own URL without a slash at the end, for what others show of a page (`OpenGraph` wants
    /// absolute addresses). Empty: then nothing of the kind is said.
    pub site_url: String,
    /// Where the lab is, if there is one: `http://127.0.0.1:3001/lab`.
    pub lab: Option<String>,
}

/// What stands in a page's head, and the words in the search field.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// What the tab shows before the shop's name.
    pub title: String,
    pub query: String,
    /// What others show when somebody shares the page.
    pub preview: Option<Preview>,
}

#[derive(Debug, Clone)]
pub struct Preview {
    pub description: String,
    /// Path of a picture.
    pub image: String,
}

/// The main part of a page that is the same for every visitor: rendered once, kept, and put into a page
/// with `pages::complete`.
#[derive(Debug, Clone)]
pub struct Fragment {
    pub head: Head,
    pub html: Arc<str>,
}

#[derive(Debug, Clone)]
pub struct Viewer {
    pub name: String,
    pub merchant: bool,
    pub operator: bool,
    /// Unread merchant notices; more than [`MOST_UNREAD`] are not told apart.
    pub unread: u32,
    /// Mails not read yet; the same.
    pub unread_mail: u32,
    /// Items in the cart.
    pub in_cart: u32,
}

/// As many unread notices are counted for a page.
pub const MOST_UNREAD: u32 = 99;

/// `/sign-in` (fields `email`, `password`) and `/sign-up` (`name`, `email`, `password`).
#[derive(Debug, Clone, Default)]
pub struct SignPage {
    pub form: FormState,
    /// Where the person was going: a path of this site, kept in a hidden field `next`.
    pub next: String,
    /// The demo accounts may be shown (lab mode).
    pub show_demo: bool,
}

/// An error page. `detail` says what to do; never an internal message.
#[derive(Debug, Clone)]
pub struct ErrorPage {
    pub status: u16,
    pub title: String,
    pub detail: String,
    pub request_id: String,
    /// What somebody may have looked for who came to a page that there is not.
    pub suggestions: Vec<ItemCard>,
}
