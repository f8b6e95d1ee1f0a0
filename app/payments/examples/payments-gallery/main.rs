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

fn site_pages() -> Vec<(&'static str, String)> {
    let nobody = Chrome { path: "/account/sign-in".to_owned(), ..Chrome::default() };
    let sign_in =
        |form| pages::sign_in(&nobody, &SignInPage { form, next: "/account".to_owned(), show_demo: true });
    let error = ErrorPage {
        status: 400,
        title: "This request was not signed by the shop".to_owned(),
        detail: "Go back to the shop and start the payment again.".to_owned(),
        request_id: "0193587a-3f0e-7c51-9f5c-1d2f7a9c0b11".to_owned(),
    };
    vec![
        ("front", pages::front(&Chrome::default())),
        ("sign-in", sign_in(FormState::default())),
        ("sign-in-refused", sign_in(refused("", "E-mail or password is wrong."))),
        ("error", pages::error(&Chrome::default(), &error)),
    ]
}
