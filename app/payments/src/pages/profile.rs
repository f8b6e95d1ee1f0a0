use super::account_shell;
use super::authorization::fact;
use crate::model::{Chrome, ProfilePage};
use app::components::field::{TextField, error_summary, text_field};
use app::components::time::date;
use leptos::prelude::*;

/// Who the account belongs to, and whether it may pay and be paid.
pub fn profile(chrome: &Chrome, data: &ProfilePage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let main = view! {
            {facts(&data)}
            {names(&data)}
            {data.lab.then(|| lab(&data))}
        };
        account_shell::page(&chrome, "Profile", main.into_any())
    })
}

fn facts(data: &ProfilePage) -> AnyView {
    let verified = if data.email_verified { "Verified" } else { "Not verified: this account cannot be paid" };
    let status = match data.status.as_str() {
        "Suspended" => "Suspended: this account can neither pay nor be paid".to_owned(),
        "Closed" => "Closed: this account can neither pay nor be paid".to_owned(),
        other => other.to_owned(),
    };
    let email = data.email.clone();
    view! {
        <dl class="facts">
            {fact("E-mail", view! { <span class="address">{email}</span> <span class="fact-note">{verified}</span> })}
            {fact("Status", status)}
            {fact("Type", if data.business { "Business" } else { "Personal" })}
            {fact("Since", date(data.since))}
        </dl>
    }
    .into_any()
}

fn names(data: &ProfilePage) -> AnyView {
    let name = TextField { autocomplete: Some("name"), ..TextField::new("name", "Name") };
    let business = TextField {
        autocomplete: Some("organization"),
        hint: Some("Buyers and shops see this one."),
        ..TextField::new("business_name", "Business name")
    };
    let business = data.business.then(|| text_field(&data.form, business));
    view! {
        <section aria-labelledby="names">
            <h2 id="names">"Your name"</h2>
            {error_summary(&data.form)}
            <form method="post" action="/account/profile" novalidate>
                {text_field(&data.form, name)}
                {business}
                <button class="button" type="submit">"Save"</button>
            </form>
        </section>
    }
    .into_any()
}

/// States that a real account gets into by itself, set by hand to see what a shop makes of them.
fn lab(data: &ProfilePage) -> AnyView {
    let set = |value: &'static str, label: &'static str| {
        view! {
            <button class="button button-quiet" type="submit" name="set" value=value>{label}</button>
        }
    };
    let email = if data.email_verified {
        set("email-unverified", "Mark the e-mail as not verified")
    } else {
        set("email-verified", "Mark the e-mail as verified")
    };
    let activate = (data.status != "Active").then(|| set("active", "Make the account active"));
    let suspend = (data.status == "Active").then(|| set("suspended", "Suspend the account"));
    let close = (data.status != "Closed").then(|| set("closed", "Close the account"));
    view! {
        <section class="demo" aria-labelledby="lab">
            <h2 id="lab">"For tests"</h2>
            <p>
                "Shops have to bear accounts that cannot pay or be paid. Here this one becomes such an account, and "
                "an active one again."
            </p>
            <form class="actions" method="post" action="/account/profile/lab">
                {email} {activate} {suspend} {close}
            </form>
        </section>
    }
    .into_any()
}
