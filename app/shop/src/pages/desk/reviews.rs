//! `/sell/reviews`: what buyers say of all that a seller sells, and the answers.

use crate::model::{AnswerReviewPage, Chrome, ReviewRow, SellerReviewsPage};
use crate::pages::cards::item_path;
use crate::pages::reviews::{count_words, said};
use crate::pages::sections::{DESK, sections};
use crate::pages::shell;
use app::components::field::{error_summary, optional_text_area};
use app::components::paging::pages;
use leptos::prelude::*;

const PATH: &str = "/sell/reviews";

pub fn seller_reviews(chrome: &Chrome, page: &SellerReviewsPage) -> String {
    shell::page(chrome, "Reviews", || {
        let content = match page.rating.average() {
            None => view! {
                <p class="muted">"No reviews yet. Who has bought something from you can write one, and you can answer it."</p>
            }
            .into_any(),
            Some(average) => {
                let rows: Vec<_> = page.reviews.iter().map(row).collect();
                let words = format!("{average} of 5 from {}", count_words(page.rating));
                view! { <p class="lead">{words}</p> <ul class="reviews" role="list">{rows}</ul> }.into_any()
            }
        };
        view! {
            <div class="desk">
                <h1>"Reviews"</h1>
                {sections("Your shop", DESK, PATH)}
                {content}
                {pages(page.paging.clone(), PATH, "", "")}
            </div>
        }
        .into_any()
    })
}

fn row(row: &ReviewRow) -> AnyView {
    let review = &row.review;
    let words = if review.answer.is_some() { "Change your answer" } else { "Answer" };
    let label = format!("{words} to {} about {}", review.author, row.title);
    view! {
        <li class="review">
            <p class="review-of"><a href=item_path(&row.item_slug)>{row.title.clone()}</a></p>
            {said(review)}
            <p><a href=format!("{PATH}/{}", review.id) aria-label=label>{words}</a></p>
        </li>
    }
    .into_any()
}

pub fn answer_review(chrome: &Chrome, page: &AnswerReviewPage) -> String {
    shell::page(chrome, shell::form_title("Answer a review", &page.form), || {
        let review = &page.row.review;
        let hint = "Everybody reads it below the review. Leave it empty to take your answer back.";
        view! {
            <div class="desk">
                <h1>"Answer a review"</h1>
                {sections("Your shop", DESK, PATH)}
                {error_summary(&page.form)}
                <div class="panel">
                    <p class="review-of"><a href=item_path(&page.row.item_slug)>{page.row.title.clone()}</a></p>
                    {said(review)}
                </div>
                <form method="post" action=format!("{PATH}/{}", review.id) novalidate>
                    {optional_text_area(&page.form, "answer", "Your answer", 5, Some(hint))}
                    <button class="button" type="submit">"Publish the answer"</button>
                </form>
            </div>
        }
        .into_any()
    })
}
