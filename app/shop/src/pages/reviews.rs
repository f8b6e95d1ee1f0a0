//! What buyers say: on the item's page, on a page of its own where there is more, and the form to say it.

use super::cards::{cover_path, item_path};
use super::shell;
use crate::model::{
    Chrome, Fragment, Head, ItemPage, Preview, Rating, ReviewFormPage, ReviewView, ReviewsPage,
};
use app::components::action::{Weight, post_button};
use app::components::field::{RadioOption, error_summary, optional_text_area, radio_group};
use app::components::paging::pages;
use app::components::time;
use leptos::prelude::*;

pub(super) fn reviews_path(slug: &str) -> String {
    format!("{}/reviews", item_path(slug))
}

/// Where a buyer says it.
pub(super) fn review_path(slug: &str) -> String {
    format!("{}/review", item_path(slug))
}

/// Five stars, so many of them full.
pub(super) fn stars(count: u8) -> AnyView {
    let full = usize::from(count.min(5));
    let words = format!("{full} of 5 stars");
    let drawn = format!("{}{}", "★".repeat(full), "☆".repeat(5 - full));
    view! { <span class="stars" role="img" aria-label=words>{drawn}</span> }.into_any()
}

/// "★ 4.6 (23)", with words for those who do not see it.
pub(super) fn short(rating: Rating) -> Option<AnyView> {
    let average = rating.average()?;
    let words = format!("{average} of 5 stars, {}", count_words(rating));
    let drawn = format!("★ {average} ({})", rating.reviews());
    Some(view! { <span class="rating" role="img" aria-label=words>{drawn}</span> }.into_any())
}

/// "1 review", "23 reviews".
pub(super) fn count_words(rating: Rating) -> String {
    match rating.reviews() {
        1 => "1 review".to_owned(),
        count => format!("{count} reviews"),
    }
}

/// The newest of them on the item's page, below what all of them come to.
pub(super) fn section(page: &ItemPage) -> AnyView {
    let rating = page.card.rating;
    let shown = u32::try_from(page.reviews.len()).unwrap_or(u32::MAX);
    let more = (shown > 0 && rating.reviews() > shown).then(|| {
        let words = format!("All {}", count_words(rating));
        view! { <p><a class="button button-quiet" href=reviews_path(&page.card.slug)>{words}</a></p> }
    });
    view! {
        <section class="item-reviews" aria-labelledby="reviews">
            <h2 id="reviews">"What buyers say"</h2>
            {overall(rating)}
            {list(&page.reviews, page.own_item)}
            {more}
        </section>
    }
    .into_any()
}

/// The average, and how many have said what.
fn overall(rating: Rating) -> Option<AnyView> {
    let average = rating.average()?;
    let most = rating.0.into_iter().max().unwrap_or(0).max(1);
    let rows: Vec<_> = (1..=5_u8)
        .zip(rating.0)
        .rev()
        .map(|(given, count)| {
            let words = if given == 1 { "1 star".to_owned() } else { format!("{given} stars") };
            let width = format!("{}%", u64::from(count) * 100 / u64::from(most));
            view! {
                <div>
                    <dt>{words}</dt>
                    <dd>
                        <svg class="chart-bar" aria-hidden="true" focusable="false"><rect width=width height="100%"></rect></svg>
                        <span class="chart-value">{count.to_string()}</span>
                    </dd>
                </div>
            }
        })
        .collect();
    let view = view! {
        <div class="overall">
            <p class="overall-average">
                <strong>{average}</strong> " of 5 " <span class="muted">{format!("from {}", count_words(rating))}</span>
            </p>
            <dl class="distribution">{rows}</dl>
        </div>
    };
    Some(view.into_any())
}

/// `answerable`: their seller looks at them.
fn list(reviews: &[ReviewView], answerable: bool) -> AnyView {
    if reviews.is_empty() {
        return view! { <p class="muted">"Nobody has reviewed this yet. Who buys it can."</p> }.into_any();
    }
    let rows: Vec<_> = reviews.iter().map(|one| review(one, answerable)).collect();
    view! { <ul class="reviews" role="list">{rows}</ul> }.into_any()
}

fn review(review: &ReviewView, answerable: bool) -> AnyView {
    let answer = answerable.then(|| {
        let words = if review.answer.is_some() { "Change your answer" } else { "Answer" };
        let label = format!("{words} to {}", review.author);
        view! { <p><a href=format!("/sell/reviews/{}", review.id) aria-label=label>{words}</a></p> }
    });
    view! { <li class="review">{said(review)} {answer}</li> }.into_any()
}

/// The stars, the words, and what the seller says to them.
pub(super) fn said(review: &ReviewView) -> AnyView {
    let words = (!review.words.is_empty()).then(|| view! { <p class="lines">{review.words.clone()}</p> });
    let changed =
        review.changed_at.map(|at| view! { <span class="muted">", changed " {time::date(at)}</span> });
    let refunded = review
        .refunded
        .then(|| view! { <p class="muted">"Bought it, and later got all the money back."</p> });
    let answer = review.answer.as_ref().map(|answer| {
        view! {
            <div class="answer">
                <p class="answer-head"><strong>"The seller's answer"</strong> " " <span class="muted">{time::date(answer.at)}</span></p>
                <p class="lines">{answer.words.clone()}</p>
            </div>
        }
    });
    view! {
        <p class="review-head">
            {stars(review.stars)} " " <strong>{review.author.clone()}</strong> " "
            <span class="muted">{time::date(review.at)}</span> {changed}
        </p>
        {words}
        {refunded}
        {answer}
    }
    .into_any()
}

pub fn reviews(chrome: &Chrome, page: &ReviewsPage) -> String {
    let card = &page.card;
    let description = match card.rating.average() {
        Some(average) => {
            format!(
                "{average} of 5 stars, from {}: what those say who bought {} by {}.",
                count_words(card.rating),
                card.title,
                card.creator
            )
        }
        None => format!("Nobody who bought {} by {} has reviewed it yet.", card.title, card.creator),
    };
    let preview = Preview {
        description: shell::described(&description),
        image: format!("{}.png", cover_path(&card.slug)),
    };
    let title = format!("Reviews of {} by {}", card.title, card.creator);
    let head = Head { title, query: String::new(), preview: Some(preview) };
    let html = app::render::fragment(|| reviews_main(page));
    shell::complete(chrome, &Fragment { head, html: html.into() })
}

fn reviews_main(page: &ReviewsPage) -> AnyView {
    let card = &page.card;
    view! {
        <div class="narrow">
            {head(card.slug.as_str(), "Reviews of", &card.title)}
            {overall(card.rating)}
            {list(&page.reviews, page.own)}
            {pages(page.paging.clone(), &reviews_path(&card.slug), "", "")}
        </div>
    }
    .into_any()
}

fn head(slug: &str, overline: &'static str, title: &str) -> AnyView {
    view! {
        <div class="order-head">
            <img src=cover_path(slug) alt="" width="112" height="112" />
            <div>
                <p class="overline">{overline}</p>
                <h1>{title.to_owned()}</h1>
                <p><a href=item_path(slug)>"Its page"</a></p>
            </div>
        </div>
    }
    .into_any()
}

pub fn review_form(chrome: &Chrome, page: &ReviewFormPage) -> String {
    shell::page(chrome, shell::form_title("Your review", &page.form), || {
        let held = page.held.as_ref().map(|held| {
            view! {
                <div class="panel">
                    <p><strong>"Your review is hidden."</strong> " DigitalDownload gives this reason:"</p>
                    <blockquote class="quoted">{held.reason.clone()}</blockquote>
                    <p>"Others do not see it, and its stars do not count. You can still change or withdraw it."</p>
                </div>
            }
        });
        let answer = page.written.as_ref().filter(|written| written.answer.is_some());
        let answer = answer.map(|written| view! { <div class="panel">{said(written)}</div> });
        view! {
            <div class="narrow">
                {head(&page.card.slug, "Your review of", &page.card.title)}
                {error_summary(&page.form)}
                {held}
                {answer}
                {fields(page)}
                {page.written.is_some().then(|| withdraw(&page.card.slug))}
            </div>
        }
        .into_any()
    })
}

fn fields(page: &ReviewFormPage) -> AnyView {
    if !page.may_write {
        return view! {
            <p class="panel">
                "The money for this went back to you, so the review can be withdrawn and not changed. It says that it was refunded."
            </p>
        }
        .into_any();
    }
    let choices = [
        RadioOption::new("5", "5 stars", "Very good"),
        RadioOption::new("4", "4 stars", "Good"),
        RadioOption::new("3", "3 stars", "All right"),
        RadioOption::new("2", "2 stars", "Not good"),
        RadioOption::new("1", "1 star", "Bad"),
    ];
    let words = "What it is like, and for whom. Up to 2000 characters.";
    let effect = format!(
        "Everybody sees it, with “{}” as its author. {} is told and can answer. You can change or withdraw it at any time.",
        page.author, page.card.seller
    );
    view! {
        <form method="post" action=review_path(&page.card.slug) novalidate>
            {radio_group(&page.form, "stars", "How do you find it?", None, &choices)}
            {optional_text_area(&page.form, "words", "In your words", 6, Some(words))}
            <button class="button" type="submit" aria-describedby="review-effect">
                {if page.written.is_some() { "Change the review" } else { "Publish the review" }}
            </button>
            <p class="effect" id="review-effect">{effect}</p>
        </form>
    }
    .into_any()
}

fn withdraw(slug: &str) -> AnyView {
    let effect = "Your words, your stars and the seller's answer are gone, and count no more.".to_owned();
    let path = format!("{}/withdraw", review_path(slug));
    view! {
        <section class="actions" aria-labelledby="withdraw">
            <h2 id="withdraw">"Withdraw it"</h2>
            {post_button(path, "Withdraw", Weight::Danger, "withdraw-effect".to_owned(), effect)}
        </section>
    }
    .into_any()
}
