use super::account_shell;
use crate::model::{Chrome, SecurityPage};
use app::components::security::{password_form, session_list};
use leptos::prelude::*;

/// The account's password, and where its owner is signed in.
pub fn security(chrome: &Chrome, data: &SecurityPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let main = view! {
            {password_form(&data.form, "/account/security/password", &data.email)}
            {session_list(&data.sessions, "/account/security/sessions")}
        };
        account_shell::page(&chrome, "Security", main.into_any())
    })
}
