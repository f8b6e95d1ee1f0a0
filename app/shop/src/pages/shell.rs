//! What stands around every page of the shop.

use super::cards::grid;
use crate::model::{Chrome, Fragment, Head, MOST_UNREAD, Preview, Viewer};
use app::assets::address;
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

/// How these elements begin, as they are rendered.
const NAVIGATION: &str = "<nav aria-label=\"Account\" class=\"site-nav\">";
const MAIN: &str = "<main id=\"main\">";

/// A whole page around a main part that was rendered before.
pub fn complete(chrome: &Chrome, fragment: &Fragment) -> String {
    let html = Arc::clone(&fragment.html);
    document(chrome, &fragment.head, |notice| {
        view! {
            <main id="main">
                {notice}
                <div inner_html=html></div>
                {seen(chrome)}
            </main>
        }
        .into_any()
    })
}

/// Where a whole page that was made for nobody in particular has what is a visitor's own. The rest is the same for
/// all, so that a page is made for one of them without being rendered anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnParts {
    navigation: Range<usize>,
    notice: usize,
    seen: usize,
}

impl OwnParts {
    /// In a page that [`complete`] made. Nothing of what people have written can be taken for these elements: its `<`
    /// are escaped, and the main part comes after their beginnings and before its own end.
    pub fn of(page: &str) -> Self {
        let after = |from: usize, text: &str| page[from..].find(text).map(|at| from + at + text.len());
        let navigation = page.find(NAVIGATION).expect("the shell has it");
        let end = after(navigation, "</nav>").expect("the shell ends it");
        let notice = after(end, MAIN).expect("the shell has a main part");
        let seen = page.rfind("</main>").expect("the shell ends it");
        Self { navigation: navigation..end, notice, seen }
    }

    fn rendered(chrome: &Chrome) -> [String; 2] {
        let navigation = app::render::fragment(|| navigation(chrome));
        let notice = chrome.notice.is_some().then(|| app::render::fragment(|| notice(chrome)));
        [navigation, notice.unwrap_or_default()]
    }

    /// The page for whoever `chrome` is of.
    pub fn fill(&self, page: &str, chrome: &Chrome) -> String {
        let [navigation, notice] = Self::rendered(chrome);
        let before = &page[..self.navigation.start];
        let between = &page[self.navigation.end..self.notice];
        let main = &page[self.notice..self.seen];
        let seen = app::render::fragment(|| seen(chrome));
        [before, &navigation, between, &notice, main, &seen, &page[self.seen..]].concat()
    }
}

/// A whole page around a main part that is this visitor's own. What stands around it is rendered once for all of them.
pub(super) fn page(chrome: &Chrome, title: impl Into<String>, main: impl FnOnce() -> AnyView) -> String {
    let title = title.into();
    let title = app::render::fragment(move || title_element(&title));
    Empty::of(chrome.lab.as_deref()).with(&title, chrome, &app::render::fragment(main))
}

/// A page without a title and a main part of its own.
struct Empty {
    html: String,
    title: Range<usize>,
    own: OwnParts,
    main: usize,
}

impl Empty {
    /// The one with this way to the lab at its foot: in a process there is one such way, or none.
    fn of(lab: Option<&str>) -> Arc<Self> {
        static MADE: RwLock<BTreeMap<Option<String>, Arc<Empty>>> = RwLock::new(BTreeMap::new());
        let lab = lab.map(str::to_owned);
        if let Some(made) = MADE.read().unwrap_or_else(PoisonError::into_inner).get(&lab) {
            return Arc::clone(made);
        }
        let new = Arc::new(Self::new(lab.clone()));
        MADE.write().unwrap_or_else(PoisonError::into_inner).insert(lab, Arc::clone(&new));
        new
    }

    fn new(lab: Option<String>) -> Self {
        let html = complete(
            &Chrome { lab, ..Chrome::default() },
            &Fragment { head: Head::default(), html: "".into() },
        );
        let title = app::render::fragment(|| title_element(""));
        let from = html.find(&title).expect("the head has a title");
        let own = OwnParts::of(&html);
        let end = html[own.notice..].find("</div></main>").expect("the main part has its place");
        Self { title: from..from + title.len(), main: own.notice + end, own, html }
    }

    fn with(&self, title: &str, chrome: &Chrome, main: &str) -> String {
        let (html, own) = (&self.html, &self.own);
        let [navigation, notice] = OwnParts::rendered(chrome);
        let parts = [
            &html[..self.title.start],
            title,
            &html[self.title.end..own.navigation.start],
            &navigation,
            &html[own.navigation.end..own.notice],
            &notice,
            &html[own.notice..self.main],
            main,
            &html[self.main..],
        ];
        parts.concat()
    }
}

fn title_element(title: &str) -> AnyView {
    let title = format!("{title} · DigitalDownload");
    view! { <title>{title}</title> }.into_any()
}

/// A form that was refused says so first thing in the tab.
pub(super) fn form_title(title: &str, form: &app::form::FormState) -> String {
    if form.is_valid() { title.to_owned() } else { format!("Please check: {title}") }
}

fn document(chrome: &Chrome, head: &Head, main: impl FnOnce(Option<AnyView>) -> AnyView) -> String {
    app::render::document(|| {
        let notice = notice(chrome);
        let preview = head.preview.as_ref().map(|preview| open_graph(chrome, head, preview));
        let robots = (!is_indexed(chrome, head)).then(|| view! { <meta name="robots" content="noindex" /> });
        let main = main(notice);
        view! {
            <html lang="en">
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    {title_element(&head.title)}
                    {robots}
                    {preview}
                    <link rel="icon" type="image/svg+xml" href=address("/public/favicon.svg") />
                    <link rel="alternate" type="application/atom+xml" title="What is new" href="/feed.atom" />
                    <link rel="stylesheet" href=address("/style/base.css") />
                    <link rel="stylesheet" href=address("/style/shop.css") />
                </head>
                <body class="shop">
                    <a class="skip" href="#main">"Skip to the content"</a>
                    {header(chrome, head)}
                    {main}
                    {footer(chrome)}
                    <script src=address("/public/shop.js") defer></script>
                </body>
            </html>
        }
    })
}

fn notice(chrome: &Chrome) -> Option<AnyView> {
    let notice = chrome.notice.clone()?;
    Some(view! { <p class="notice" role="status">{notice}</p> }.into_any())
}

/// What this visitor opened last, below all else.
fn seen(chrome: &Chrome) -> Option<AnyView> {
    if chrome.seen.is_empty() {
        return None;
    }
    let view = view! {
        <section class="shelf shelf-after" aria-labelledby="seen">
            <h2 id="seen">"Recently seen"</h2>
            {grid(&chrome.seen)}
            <form class="forget" method="post" action="/recently-seen/forget">
                <input type="hidden" name="next" value=chrome.path.clone() />
                <button class="button-text" type="submit">"Forget these"</button>
                " " <span class="muted">"Your browser alone knows them, until it is closed."</span>
            </form>
        </section>
    };
    Some(view.into_any())
}

/// What search engines may list: pages that say of themselves what they are, at their plain addresses and those of the
/// categories. A search, a filter or a further page of a list is another way to the same things, and all else is
/// somebody's own.
fn is_indexed(chrome: &Chrome, head: &Head) -> bool {
    let plain = match chrome.path.split_once('?') {
        None => true,
        Some((path, query)) => path == "/" && query.starts_with("category=") && !query.contains('&'),
    };
    head.preview.is_some() && plain
}

/// As much as search engines and link previews show of a description, whole words.
pub(super) fn described(text: &str) -> String {
    const LENGTH: usize = 160;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= LENGTH {
        return text;
    }
    let mut short: String = text.chars().take(LENGTH - 1).collect();
    if let Some(end) = short.rfind(' ') {
        short.truncate(end);
    }
    short + "…"
}

fn open_graph(chrome: &Chrome, head: &Head, preview: &Preview) -> AnyView {
    let description = preview.description.clone();
    let site = Some(chrome.site_url.as_str()).filter(|site| !site.is_empty());
    let image = site.map(|site| property("og:image", format!("{site}{}", preview.image)));
    let own = site.filter(|_| is_indexed(chrome, head)).map(|site| format!("{site}{}", chrome.path));
    let own = own.map(|url| view! { <link rel="canonical" href=url.clone() /> {property("og:url", url)} });
    view! {
        <meta name="description" content=description.clone() />
        {property("og:type", "website".to_owned())}
        {property("og:site_name", "DigitalDownload".to_owned())}
        {property("og:title", head.title.clone())}
        {property("og:description", description)}
        {own}
        {image}
    }
    .into_any()
}

/// The `property` attribute is `OpenGraph`'s own: the macro does not know it.
fn property(name: &'static str, content: String) -> AnyView {
    leptos::html::meta().attr("property", name).attr("content", content).into_any()
}

fn header(chrome: &Chrome, head: &Head) -> AnyView {
    view! {
        <header class="site-header">
            <a class="brand" href="/">
                <img src=address("/public/logo.svg") alt="" width="36" height="36" />
                <span>"DigitalDownload"</span>
            </a>
            <form class="search" role="search" method="get" action="/">
                <label class="visually-hidden" for="search">"Search the shop"</label>
                <input
                    id="search"
                    name="q"
                    type="search"
                    value=head.query.clone()
                    placeholder="Title, artist, author"
                    autocomplete="off"
                />
                <button class="button button-quiet" type="submit">"Search"</button>
            </form>
            {navigation(chrome)}
        </header>
    }
    .into_any()
}

fn navigation(chrome: &Chrome) -> AnyView {
    let entries = match &chrome.viewer {
        Some(viewer) => signed_in(chrome, viewer),
        None => signed_out(chrome),
    };
    view! { <nav class="site-nav" aria-label="Account"><ul>{entries}</ul></nav> }.into_any()
}

fn signed_in(chrome: &Chrome, viewer: &Viewer) -> AnyView {
    let notices = unread(viewer.unread, " new notice", " new notices");
    let mail = unread(viewer.unread_mail, " new mail", " new mails");
    let operator = viewer.operator.then(|| link(chrome, "/operator", "Operator"));
    view! {
        {link(chrome, "/library", "Library")}
        {link(chrome, "/orders", "Orders")}
        <li><a href="/cart" aria-current=current(chrome, "/cart")>"Cart" {in_cart(viewer.in_cart)}</a></li>
        {link(chrome, "/wishlist", "Wish list")}
        <li><a href="/sell" aria-current=current(chrome, "/sell")>"Sell" {notices}</a></li>
        <li><a href="/mail" aria-current=current(chrome, "/mail")>"Mail" {mail}</a></li>
        {operator}
        <li class="who">
            <a class="who-name" href="/account" aria-current=current(chrome, "/account")>
                <span class="visually-hidden">"Your account: "</span>
                {viewer.name.clone()}
            </a>
            <form method="post" action="/sign-out">
                <button class="button-text" type="submit">"Sign out"</button>
            </form>
        </li>
    }
    .into_any()
}

fn in_cart(items: u32) -> Option<AnyView> {
    let words = if items == 1 { " item" } else { " items" };
    (items > 0).then(|| view! { <span class="unread">{items.to_string()}<span class="visually-hidden">{words}</span></span> }.into_any())
}

/// How many are new, if any are.
fn unread(number: u32, one: &'static str, several: &'static str) -> Option<AnyView> {
    let words = if number == 1 { one } else { several };
    let shown = match number {
        0 => return None,
        1..=MOST_UNREAD => number.to_string(),
        _ => format!("{MOST_UNREAD}+"),
    };
    let view = view! { <span class="unread">{shown}<span class="visually-hidden">{words}</span></span> };
    Some(view.into_any())
}

fn signed_out(chrome: &Chrome) -> AnyView {
    view! {
        {link(chrome, "/cart", "Cart")}
        {link(chrome, "/wishlist", "Wish list")}
        {link(chrome, "/sell", "Sell")}
        <li><a href=sign_path("/sign-up", way_back(chrome)) aria-current=current(chrome, "/sign-up")>"Sign up"</a></li>
        <li><a href=sign_path("/sign-in", way_back(chrome)) aria-current=current(chrome, "/sign-in")>"Sign in"</a></li>
    }
    .into_any()
}

/// The sign-in pages lead on to where the person was going, not back to themselves.
fn way_back(chrome: &Chrome) -> &str {
    let on_sign_page = chrome.path.starts_with("/sign-") || chrome.path.starts_with("/password/");
    if on_sign_page { "" } else { &chrome.path }
}

/// A sign-in or sign-up address that remembers where the person was going.
pub(super) fn sign_path(page: &str, next: &str) -> String {
    if next.is_empty() || next == "/" {
        return page.to_owned();
    }
    format!("{page}?next={}", utf8_percent_encode(next, NON_ALPHANUMERIC))
}

fn link(chrome: &Chrome, href: &'static str, label: &'static str) -> AnyView {
    view! { <li><a href=href aria-current=current(chrome, href)>{label}</a></li> }.into_any()
}

/// `page` for the page itself, `true` for pages below it.
fn current(chrome: &Chrome, href: &str) -> Option<&'static str> {
    let path = chrome.path.split('?').next().unwrap_or_default();
    match path.strip_prefix(href) {
        Some("") => Some("page"),
        Some(rest) if rest.starts_with('/') => Some("true"),
        _ => None,
    }
}

/// To the page of the lab that draws what happened to an order.
pub(super) fn money_way(chrome: &Chrome, order: &str) -> Option<AnyView> {
    let href = format!("{}/follow?order={order}", chrome.lab.as_ref()?);
    Some(view! { <a href=href>"Follow the money, in the lab"</a> }.into_any())
}

fn footer(chrome: &Chrome) -> AnyView {
    let lab =
        chrome.lab.clone().map(|href| view! { <li><a href=href>"The lab: what happens behind"</a></li> });
    view! {
        <footer class="site-footer">
            <p>
                "DigitalDownload is a demonstration. Its payments go through a simulation of Amazon Flexible "
                "Payments Service: nobody is charged, and no real card belongs here."
            </p>
            <ul class="footer-links" role="list">
                <li><a href="/help">"Help"</a></li>
                <li><a href="/terms">"Terms"</a></li>
                <li><a href="/privacy">"Privacy"</a></li>
                <li><a href="/guest/link">"Find an order"</a></li>
                <li><a href="/feed.atom">"What is new, as a feed"</a></li>
                {lab}
            </ul>
        </footer>
    }
    .into_any()
}
