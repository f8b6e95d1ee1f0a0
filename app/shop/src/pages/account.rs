//! `/account`: who the person is here, their password, and where they are signed in.

use super::shell;
use crate::model::{AccountPage, Chrome};
use app::components::security::{password_form, session_list};
use leptos::prelude::*;

pub fn account(chrome: &Chrome, page: &AccountPage) -> String {
    shell::page(chrome, shell::form_title("Your account", &page.form), || {
        view! {
            <div class="narrow">
                <h1>"Your account"</h1>
                <dl class="facts">
                    <div><dt>"Name"</dt><dd>{page.name.clone()}</dd></div>
                    <div><dt>"E-mail"</dt><dd>{page.email.clone()}</dd></div>
                </dl>
                <p>
                    <a href="/credit">"Your credit"</a> ": pay ahead once, then buy with one press."
                </p>
                {password_form(&page.form, "/account/password", &page.email)}
                {session_list(&page.sessions, "/account/sessions")}
            </div>
        }
        .into_any()
    })
}
