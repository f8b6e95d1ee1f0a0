//! The lab's pages, and the stream of what happens.

mod activity;
mod attack;
mod books;
mod deed_pages;
mod deeds_read;
mod door;
mod events;
mod follow;
mod json_view;
mod lessons;
mod notifications;
mod query;
mod requests;
mod signature;
mod signature_steps;
mod snapshots;
#[cfg(test)]
mod tests;

pub use deed_pages::Answers;

use crate::state::Lab;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::Html;
use axum::routing::get;
use lab_pages::model::Chrome;
use platform::deeds::{AccessRules, deeds_router};

impl Lab {
    /// All control calls, of the sites and of the lab.
    pub fn control_routes(&self) -> Router {
        let rules = AccessRules {
            public_url: self.settings.payments_url.clone(),
            control_token: self.settings.control_token.clone(),
        };
        let stream = Router::new().route("/events", get(events::stream)).with_state(self.clone());
        deeds_router(&self.offers(), stream, rules)
    }

    /// The pages, for the payments site to put its rules around.
    pub fn pages(&self) -> Router {
        let mut pages = Router::new()
            .route("/lab", get(activity::show))
            .route("/lab/follow", get(follow::show))
            .route("/lab/beside", get(follow::beside))
            .route(attack::PATH, get(attack::show).post(attack::act))
            .route("/lab/events", get(events::stream))
            .route(door::PATH, get(door::show).post(door::enter))
            .route(books::PATH, get(books::show))
            .route("/lab/books/accounts/{id}", get(books::statement))
            .route("/lab/books/transactions/{id}", get(books::postings))
            .route(notifications::PATH, get(notifications::list))
            .route("/lab/notifications/{id}", get(notifications::show).post(notifications::replay))
            .route(lessons::PATH, get(lessons::list))
            .route("/lab/lessons/{slug}", get(lessons::show).post(lessons::check))
            .route("/lab/requests", get(requests::list))
            .route("/lab/requests/{id}", get(requests::show))
            .route(crate::snapshots::PAGE, get(snapshots::show).post(snapshots::act))
            .route(snapshots::COMPARE, get(snapshots::compare))
            .route("/lab/signature", get(signature::show).post(signature::work_out));
        for page in deed_pages::PAGES {
            let (show, act) = (deed_pages::show(page), deed_pages::act(page));
            pages = pages.route(page.path, get(show).post(act));
        }
        pages.route_layer(from_fn_with_state(self.clone(), door::guard)).with_state(self.clone())
    }

    /// What stands around a page.
    fn chrome(&self, path: &str) -> Chrome {
        let reading = self.clock.reading();
        let offset = match reading.offset_seconds / 86_400 {
            0 => String::new(),
            days if days > 0 => format!(", {days} d ahead"),
            days => format!(", {} d behind", -days),
        };
        let frozen = if reading.frozen { ", frozen" } else { "" };
        let clock = format!("{}{offset}{frozen}", reading.now.strftime("%-d %b %Y, %H:%M UTC"));
        let shop = self.settings.shop_url.as_ref().map(ToString::to_string);
        Chrome { path: path.to_owned(), shop, clock }
    }
}

fn page(html: String) -> Html<String> {
    Html(html)
}
