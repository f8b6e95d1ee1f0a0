//! Writes every page of Amazon Payments, in the states that people meet, as files into a folder (the first
//! argument): to look at them without a server. Serve the folder beside `style/` and `public/`.

mod account;
mod cbui;

use app::form::FormState;
use payments_pages::model::{Chrome, ErrorPage, SignInPage, Viewer};
use payments_pages::pages;
use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let folder: PathBuf = std::env::args_os().nth(1).unwrap_or_else(|| "gallery".into()).into();
    std::fs::create_dir_all(&folder)?;
    for (name, html) in cbui::pages().into_iter().chain(site_pages()).chain(account::pages()) {
        std::fs::write(folder.join(name).with_extension("html"), html)?;
    }
    Ok(())
}

fn john() -> Chrome {
    let viewer = Viewer { name: "John Doe".to_owned(), email: "john@example.com".to_owned() };
    Chrome { viewer: Some(viewer), path: "/account".to_owned(), ..Chrome::default() }
}

fn refused(field: &str, message: &str) -> FormState {
    let mut form = FormState::default();
    form.set("email", "john@example.com");
    form.refuse(field, message);
    form
}

/// Who signed up with an address that has an account.
fn written_to() -> Chrome {
    let words =
        "We have written to john@example.com. If you have an account with this address, sign in to it.";
    Chrome { notice: Some(words.to_owned()), ..Chrome::default() }
}

fn site_pages() -> Vec<(&'static str, String)> {
    let path = || "/account/sign-in".to_owned();
    let (nobody, told) =
        (Chrome { path: path(), ..Chrome::default() }, Chrome { path: path(), ..written_to() });
    let sign_in = |chrome, form| {
        pages::sign_in(chrome, &SignInPage { form, next: "/account".to_owned(), show_demo: true })
    };
    let error = ErrorPage {
        status: 400,
        title: "This request was not signed by the shop".to_owned(),
        detail: "Go back to the shop and start the payment again.".to_owned(),
        request_id: "0193587a-3f0e-7c51-9f5c-1d2f7a9c0b11".to_owned(),
    };
    vec![
        ("front", pages::front(&Chrome::default())),
        ("sign-in", sign_in(&nobody, FormState::default())),
        ("sign-in-refused", sign_in(&nobody, refused("", "E-mail or password is wrong."))),
        ("sign-in-written", sign_in(&told, FormState::default())),
        ("error", pages::error(&Chrome::default(), &error)),
    ]
}
