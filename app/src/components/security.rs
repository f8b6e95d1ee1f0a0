//! What people do about the safety of their own account, the same on both sites: another password, and the end of
//! sessions elsewhere.

use super::field::{TextField, error_summary, text_field};
use super::table::{Column, table};
use super::time::date_time;
use crate::form::FormState;
use jiff::Timestamp;
use leptos::prelude::*;

/// Somewhere that the person is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionEntry {
    /// Names the session in its form's address; opens nothing.
    pub handle: String,
    /// "Firefox on Linux".
    pub browser: String,
    /// Empty where it is not known.
    pub address: String,
    pub begun_at: Timestamp,
    pub used_at: Timestamp,
    /// The one that the page was asked for with.
    pub this_one: bool,
}

/// Fields `current_password` and `new_password`; posted to `action`. `email` is for password managers.
pub fn password_form(form: &FormState, action: &'static str, email: &str) -> AnyView {
    let current = TextField {
        kind: "password",
        autocomplete: Some("current-password"),
        ..TextField::new("current_password", "Current password")
    };
    let new = TextField {
        kind: "password",
        autocomplete: Some("new-password"),
        hint: Some("At least 8 characters. A few words in a row are easy to remember and hard to guess."),
        ..TextField::new("new_password", "New password")
    };
    let email = email.to_owned();
    view! {
        <section class="security" aria-labelledby="password">
            <h2 id="password">"Password"</h2>
            <p>"With a new password you stay signed in here, and nowhere else."</p>
            {error_summary(form)}
            <form method="post" action=action novalidate>
                <input type="hidden" name="username" value=email autocomplete="username" />
                {text_field(form, current)}
                {text_field(form, new)}
                <button class="button" type="submit">"Change the password"</button>
            </form>
        </section>
    }
    .into_any()
}

/// Where the person is signed in. One session is ended at `{path}/{handle}/end`, all others at `{path}/end-others`.
pub fn session_list(sessions: &[SessionEntry], path: &'static str) -> AnyView {
    let columns = [
        Column::words("Where"),
        Column::words("Signed in"),
        Column::words("Last used"),
        Column::words("Not you?"),
    ];
    let rows = sessions.iter().map(|session| row(session, path)).collect();
    let others = sessions.iter().any(|session| !session.this_one).then(|| {
        view! {
            <form class="actions" method="post" action=format!("{path}/end-others")>
                <button class="button button-quiet" type="submit">"End all other sessions"</button>
            </form>
        }
    });
    view! {
        <section class="security" aria-labelledby="sessions">
            <h2 id="sessions">"Where you are signed in"</h2>
            <p>"A session ends by itself a week after it was last used, and a month after it began."</p>
            {table("Where you are signed in", &columns, rows)}
            {others}
        </section>
    }
    .into_any()
}

fn row(session: &SessionEntry, path: &'static str) -> Vec<AnyView> {
    let SessionEntry { handle, browser, address, begun_at, used_at, this_one } = session.clone();
    let place = if address.is_empty() { browser.clone() } else { format!("{browser}, {address}") };
    let end = if this_one {
        view! { <span>"This is the one you are using"</span> }.into_any()
    } else {
        view! {
            <form method="post" action=format!("{path}/{handle}/end")>
                <button class="button-text" type="submit">
                    "End it" <span class="visually-hidden">{format!(": {place}")}</span>
                </button>
            </form>
        }
        .into_any()
    };
    vec![view! { <span>{place.clone()}</span> }.into_any(), date_time(begun_at), date_time(used_at), end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fragment;

    #[test]
    fn the_session_in_use_is_not_ended_here_and_the_others_are() {
        let at: Timestamp = "2026-11-03T05:07:09Z".parse().unwrap();
        let entry = |handle: &str, address: &str, this_one| SessionEntry {
            handle: handle.to_owned(),
            browser: "Firefox on Linux".to_owned(),
            address: address.to_owned(),
            begun_at: at,
            used_at: at,
            this_one,
        };
        let list =
            |sessions: Vec<SessionEntry>| fragment(move || session_list(&sessions, "/account/sessions"));
        let both = list(vec![entry("A", "192.0.2.1", true), entry("B", "", false)]);
        assert!(
            both.contains("Firefox on Linux, 192.0.2.1") && both.contains("This is the one you are using")
        );
        assert!(
            !both.contains("/account/sessions/A/end") && both.contains("/account/sessions/B/end"),
            "{both}"
        );
        assert!(both.contains("/account/sessions/end-others"));
        assert!(!list(vec![entry("A", "", true)]).contains("end-others"));
    }
}
