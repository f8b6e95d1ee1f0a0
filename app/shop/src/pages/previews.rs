//! What shows an item before it is bought: a piece to listen to with its waveform, a page to read, words set in a font,
//! pictures, a game that starts.

use super::cards::item_path;
use super::shell;
use crate::model::{Chrome, ItemPage, Picture, Shown, TypeTesterPage};
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Letters that are set at once.
const MOST_LETTERS: &str = "60";

pub(super) fn previews(page: &ItemPage) -> AnyView {
    let listen = page.has_preview.then(|| listen(page));
    let sample = page.sample.clone().map(|sample| {
        view! { <p class="sample"><a class="button button-quiet" href=sample>"Read a sample"</a></p> }
    });
    let words = page.type_tester.then(|| {
        view! {
            <section class="preview" aria-labelledby="try">
                <h2 id="try">"Try your own words"</h2>
                {set_words(&page.card.slug, &page.card.title, &page.card.title)}
            </section>
        }
    });
    view! { {listen} {sample} {words} }.into_any()
}

/// Starts with a press, in a frame that is of no origin; the frame is not loaded before. Where no scripts run, style shows
/// words in its place.
pub(super) fn demo(page: &ItemPage) -> Option<AnyView> {
    let src = page.demo.clone()?;
    let title = format!("A demo of {}", page.card.title);
    let instead = if page.pictures.is_empty() {
        "It runs with JavaScript, which is off here."
    } else {
        "It runs with JavaScript, which is off here. The screenshots below show what it looks like."
    };
    // The macro does not know that frames can wait.
    let frame = leptos::html::iframe()
        .attr("src", src)
        .attr("title", title)
        .attr("sandbox", "allow-scripts")
        .attr("loading", "lazy");
    let view = view! {
        <section class="demo" aria-labelledby="demo">
            <h2 id="demo">"Try it here"</h2>
            <details>
                <summary class="button">
                    <span class="demo-start">"Start the demo"</span> <span class="demo-end">"Put it away"</span>
                </summary>
                {frame}
            </details>
            <p class="muted demo-about">"It runs in this page and reaches nothing else: not the shop, not your account, no other address."</p>
            <p class="demo-instead">{instead}</p>
        </section>
    };
    Some(view.into_any())
}

pub(super) fn pictures(page: &ItemPage) -> Option<AnyView> {
    if page.pictures.is_empty() {
        return None;
    }
    let (heading, class) = match page.shown {
        Shown::Pages => ("Look inside", "leaves"),
        Shown::Screens => ("Screenshots", "gallery gallery-screens"),
        Shown::Pictures => ("Pictures", "gallery"),
    };
    let picture = |Picture { src, alt }: &Picture| {
        view! { <li><a href=src.clone()><img src=src.clone() alt=alt.clone() loading="lazy" /></a></li> }
    };
    let all: Vec<_> = page.pictures.iter().map(picture).collect();
    let view = view! {
        <section aria-labelledby="pictures">
            <h2 id="pictures">{heading}</h2>
            <ul class=class role="list">{all}</ul>
        </section>
    };
    Some(view.into_any())
}

fn listen(page: &ItemPage) -> AnyView {
    let slug = &page.card.slug;
    let label = format!("Preview of {}", page.card.title);
    let length = page.preview_seconds.map(|seconds| {
        let words = format!("{}:{:02}", seconds / 60, seconds % 60);
        view! { " " <span class="preview-length muted">{words}</span> }
    });
    view! {
        <section class="preview" aria-labelledby="preview">
            <h2 id="preview">"Listen first" {length}</h2>
            <div class="waveform" data-waveform="">
                <img src=format!("/previews/{slug}/waveform") alt="" width="597" height="64" loading="lazy" />
            </div>
            <audio controls preload="none" src=format!("/previews/{slug}") aria-label=label></audio>
        </section>
    }
    .into_any()
}

/// The form, and the words as a picture: the server sets them, so that no font leaves it.
fn set_words(slug: &str, title: &str, words: &str) -> AnyView {
    let encoded = utf8_percent_encode(words, NON_ALPHANUMERIC);
    let picture = format!("/specimens/{slug}?try={encoded}");
    view! {
        <form class="type-tester" method="get" action=format!("{}/type", item_path(slug)) data-specimen=format!("/specimens/{slug}?try=")>
            <label class="visually-hidden" for="try-words">"Words to set"</label>
            <input id="try-words" name="try" type="text" maxlength=MOST_LETTERS value=words.to_owned() autocomplete="off" />
            <button class="button button-quiet" type="submit">"Set them"</button>
            <img class="specimen" src=picture alt=format!("“{words}”, set in {title}") width="600" height="130" loading="lazy" />
        </form>
    }
    .into_any()
}

pub fn type_tester(chrome: &Chrome, page: &TypeTesterPage) -> String {
    let card = &page.card;
    shell::page(chrome, format!("Try {}", card.title), || {
        let fonts = page.fonts.join(", ");
        view! {
            <div class="narrow">
                <p class="overline"><a href=item_path(&card.slug)>{card.title.clone()}</a></p>
                <h1>"Try your own words"</h1>
                {set_words(&card.slug, &card.title, &page.words)}
                <p class="muted">{format!("Set in {fonts}. Up to {MOST_LETTERS} letters at a time.")}</p>
                <p><a class="button" href=item_path(&card.slug)>"Back to its page"</a></p>
            </div>
        }
        .into_any()
    })
}
