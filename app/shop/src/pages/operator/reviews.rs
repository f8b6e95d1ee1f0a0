//! `/operator/reviews`: what buyers say of everything, and what of it is hidden.

use super::frame;
use super::hold::{Words, hold};
use crate::model::{AllReviewsPage, Chrome, ReviewOversight, ReviewRow};
use crate::pages::cards::item_path;
use crate::pages::reviews::said;
use app::components::field::error_summary;
use app::components::paging::pages;
use leptos::prelude::*;

const PATH: &str = "/operator/reviews";
const HELD: &str = "show=held";

pub fn all_reviews(chrome: &Chrome, page: &AllReviewsPage) -> String {
    frame(chrome, "Reviews", PATH, || {
        let rows: Vec<_> = page.reviews.iter().map(row).collect();
        let content = if rows.is_empty() {
            view! { <p class="muted">"There are none."</p> }.into_any()
        } else {
            view! { <ul class="reviews" role="list">{rows}</ul> }.into_any()
        };
        let (other, words, query) = if page.held_only {
            (PATH.to_owned(), "Show all reviews", HELD)
        } else {
            (format!("{PATH}?{HELD}"), "Show those that are hidden", "")
        };
        view! {
            <p><a href=other>{words}</a></p>
            {content}
            {pages(page.paging.clone(), PATH, query, "")}
        }
        .into_any()
    })
}

fn row(row: &ReviewRow) -> AnyView {
    let held = row.held.then(|| view! { " " <span class="badge badge-bad">"Hidden"</span> });
    let label = format!("Look at the review of {} by {}", row.title, row.review.author);
    view! {
        <li class="review">
            <p class="review-of"><a href=item_path(&row.item_slug)>{row.title.clone()}</a> {held}</p>
            {said(&row.review)}
            <p><a href=format!("{PATH}/{}", row.review.id) aria-label=label>"Look at it"</a></p>
        </li>
    }
    .into_any()
}

pub fn review_oversight(chrome: &Chrome, page: &ReviewOversight) -> String {
    let row = &page.row;
    frame(chrome, format!("Review of {}", row.title), PATH, || {
        let path = format!("{PATH}/{}", row.review.id);
        let (author, author_path) = page.author.clone();
        let words = Words {
            id: "hold",
            field: "reason",
            heading: "Standing",
            held: "Hidden",
            hold: (
                format!("{path}/hide"),
                "Hide this review",
                "Nobody sees it, and its stars do not count.".to_owned(),
            ),
            release: (
                format!("{path}/show"),
                "Show it again",
                "Everybody sees it again, and it counts.".to_owned(),
            ),
            read_by: "Its author reads it where the review was written, and it is kept in the audit log.",
        };
        view! {
            {error_summary(&page.form)}
            <p>
                <a href=item_path(&row.item_slug)>"The item's page in the shop"</a> ", written by "
                <a href=author_path>{author}</a>
            </p>
            <div class="review">{said(&row.review)}</div>
            {hold(&page.form, page.held.as_ref(), words)}
        }
        .into_any()
    })
}
