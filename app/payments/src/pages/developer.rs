use super::account_shell;
use super::authorization::{fact, most_per_sale};
use crate::model::{CallerSite, Chrome, DeveloperCaller, DeveloperPage, DeveloperPart, NotificationCard};
use app::components::action::{Weight, post_button};
use app::components::amount::amount;
use app::components::field::{TextField, error_summary, field_id, text_field};
use app::components::time::date_time;
use app::form::FormState;
use leptos::prelude::*;

/// One of the pages of keys, settings, sites and notifications, for those whose programs call the Query API.
pub fn developer(chrome: &Chrome, data: &DeveloperPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let main = match &data.caller {
            Some(one) => view! { {parts(data.part)} {part(one, data.part, &data.address)} }.into_any(),
            None => first_key(&data.form),
        };
        account_shell::page(&chrome, title(data.part), main)
    })
}

const fn title(part: DeveloperPart) -> &'static str {
    match part {
        DeveloperPart::Keys => "Developer",
        DeveloperPart::Settings => "Settings of your program",
        DeveloperPart::Sites => "Registered sites",
        DeveloperPart::Notifications => "Notifications",
        DeveloperPart::Calling => "How to call",
    }
}

const fn label(part: DeveloperPart) -> &'static str {
    match part {
        DeveloperPart::Keys => "Keys and fees",
        DeveloperPart::Settings => "Settings",
        DeveloperPart::Sites => "Sites",
        DeveloperPart::Notifications => "Notifications",
        DeveloperPart::Calling => "How to call",
    }
}

fn parts(shown: DeveloperPart) -> AnyView {
    let link = |part: DeveloperPart| {
        let current = (part == shown).then_some("page");
        view! { <li><a href=part.path() aria-current=current>{label(part)}</a></li> }
    };
    let links: Vec<_> = DeveloperPart::ALL.into_iter().map(link).collect();
    view! { <nav class="account-nav part-nav" aria-label="Developer"><ul>{links}</ul></nav> }.into_any()
}

fn part(caller: &DeveloperCaller, part: DeveloperPart, address: &str) -> AnyView {
    match part {
        DeveloperPart::Keys => access(caller),
        DeveloperPart::Settings => settings(caller),
        DeveloperPart::Sites => sites(caller),
        DeveloperPart::Notifications => notifications(caller),
        DeveloperPart::Calling => calling(caller, address),
    }
}

fn first_key(form: &FormState) -> AnyView {
    let name = TextField {
        hint: Some("People see it when your program asks them for a payment."),
        autocomplete: Some("organization"),
        ..TextField::new("display_name", "Your program's name")
    };
    view! {
        <p class="lead">
            "A program that takes payments through Amazon Payments needs an access key and a secret, to sign what it "
            "asks for."
        </p>
        {error_summary(form)}
        <form method="post" action="/account/developer" novalidate>
            {text_field(form, name)}
            <button class="button" type="submit">"Make an access key"</button>
        </form>
    }
    .into_any()
}

fn access(caller: &DeveloperCaller) -> AnyView {
    let configured = caller.from_configuration.then(|| {
        view! {
            <p class="aside">
                "The demo's own key: its site and its notification address are set anew from the configuration at "
                "every start."
            </p>
        }
    });
    view! {
        <section aria-labelledby="keys">
            <h2 id="keys">"Access key"</h2>
            {keys(caller)}
            {configured}
        </section>
        {fees(caller)}
    }
    .into_any()
}

fn address(caller: &DeveloperCaller, what: &str) -> String {
    format!("/account/developer/{}/{what}", caller.access_key)
}

fn keys(caller: &DeveloperCaller) -> AnyView {
    let key = caller.access_key.clone();
    let secret = match caller.secret.clone() {
        Some(secret) => view! { <code class="reference" id="secret">{secret}</code> }.into_any(),
        None => post_button(
            address(caller, "secret"),
            "Show the secret",
            Weight::Quiet,
            "secret-effect".to_owned(),
            "Whoever has it can ask in your name: show it when nobody looks on.".to_owned(),
        ),
    };
    view! {
        <dl class="facts">
            {fact("Key", view! { <code class="reference">{key}</code> })}
            {fact("Secret", secret)}
        </dl>
    }
    .into_any()
}

fn fees(caller: &DeveloperCaller) -> AnyView {
    let merchants: Vec<_> = caller
        .merchants
        .iter()
        .map(|merchant| {
            let terms = most_per_sale(merchant.max_fixed_fee, merchant.max_variable_fee);
            view! { <div><dt>{merchant.name.clone()}</dt><dd>{terms}</dd></div> }
        })
        .collect();
    let merchants = (!merchants.is_empty()).then(|| {
        view! {
            <p>"The most that these merchants let you keep of each sale:"</p>
            <dl class="sum words">{merchants}</dl>
        }
    });
    view! {
        <section aria-labelledby="fees">
            <h2 id="fees">"Marketplace fees"</h2>
            <dl class="balance"><div><dt>"Earned"</dt><dd>{amount(caller.fees_earned)}</dd></div></dl>
            {merchants}
        </section>
    }
    .into_any()
}

fn settings(caller: &DeveloperCaller) -> AnyView {
    let form = &caller.settings;
    let name = TextField {
        hint: Some("People see it when your program asks them for a payment."),
        ..TextField::new("display_name", "Name")
    };
    let ipn = TextField {
        kind: "url",
        optional: true,
        hint: Some("Notifications are posted here, signed, unless a request names another address."),
        ..TextField::new("ipn_url", "Notification address")
    };
    let logo = TextField {
        kind: "url",
        optional: true,
        hint: Some("A picture of at most 215 by 40 pixels, over https. A request can name another one."),
        ..TextField::new("cobranding_url", "Logo")
    };
    view! {
        {error_summary(form)}
        <form method="post" action=address(caller, "settings") novalidate>
            {text_field(form, name)}
            {text_field(form, logo)}
            {text_field(form, ipn)}
            {checkbox(form, "marketplace", "Marketplace", "May move money between two other accounts, and keep a fee.")}
            {checkbox(form, "refund_requests", "Refund requests", "A notification of type RefundRequest when a buyer asks for money back.")}
            {checkbox(form, "signature_v1", "Signature version 1", "Old programs sign their requests to the Co-Branded UI so. Leave it off if yours uses version 2, which covers more.")}
            <button class="button" type="submit">"Save"</button>
        </form>
    }
    .into_any()
}

fn checkbox(form: &FormState, name: &'static str, label: &'static str, hint: &'static str) -> AnyView {
    let id = field_id(name);
    let hint_id = format!("{id}-hint");
    view! {
        <div class="choice">
            <input
                type="checkbox"
                id=id.clone()
                name=name
                value="on"
                checked=form.value(name) == "on"
                aria-describedby=hint_id.clone()
            />
            <label for=id>{label}</label>
            <p class="hint" id=hint_id>{hint}</p>
        </div>
    }
    .into_any()
}

fn sites(caller: &DeveloperCaller) -> AnyView {
    let field = TextField {
        kind: "url",
        hint: Some("A returnURL must have the same host and begin with the same path."),
        ..TextField::new("site", "Address of a site")
    };
    let rows: Vec<_> = caller.sites.iter().map(|site| site_row(caller, site)).collect();
    let list = if rows.is_empty() {
        view! { <p class="empty">"None yet: nobody can be sent back to you before there is one."</p> }
            .into_any()
    } else {
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    view! {
        <p class="lead">"People come back to one of these sites when they have confirmed, or have not."</p>
        {error_summary(&caller.site_form)}
        {list}
        <form method="post" action=address(caller, "sites") novalidate>
            {text_field(&caller.site_form, field)}
            <button class="button button-quiet" type="submit">"Register the site"</button>
        </form>
    }
    .into_any()
}

fn site_row(caller: &DeveloperCaller, site: &CallerSite) -> AnyView {
    let shown = if site.any_loopback {
        "Any address of this machine (loopback)".to_owned()
    } else {
        site.url.clone()
    };
    let label = format!("Remove {shown}");
    view! {
        <li>
            <span class="address">{shown}</span>
            <form method="post" action=address(caller, "sites/remove")>
                <input type="hidden" name="site" value=site.url.clone() />
                <button class="button-text" type="submit" aria-label=label>"Remove"</button>
            </form>
        </li>
    }
    .into_any()
}

fn notifications(caller: &DeveloperCaller) -> AnyView {
    let cards = &caller.notifications;
    let ipn = caller.settings.value("ipn_url").to_owned();
    let to = if ipn.is_empty() {
        view! { "Sent nowhere, unless a request names an address." }.into_any()
    } else {
        view! { "Posted to " <span class="address">{ipn}</span> ", unless a request names another address." }
            .into_any()
    };
    let list = if cards.is_empty() {
        view! { <p class="empty">"None yet: they are sent when something becomes of a payment."</p> }
            .into_any()
    } else {
        let rows: Vec<_> = cards.iter().map(notification).collect();
        view! { <ul class="rows notifications">{rows}</ul> }.into_any()
    };
    view! {
        <p class="lead">{to} " " <a href=DeveloperPart::Settings.path()>"Change the address"</a></p>
        <section aria-labelledby="notifications">
            <h2 id="notifications">"The latest"</h2>
            {list}
        </section>
    }
    .into_any()
}

/// Where requests go, and how they and what comes back are signed.
fn calling(caller: &DeveloperCaller, address: &str) -> AnyView {
    let code = |text: String| view! { <code class="reference">{text}</code> };
    view! {
        <section aria-labelledby="addresses">
            <h2 id="addresses">"Addresses"</h2>
            <dl class="facts">
                {fact("For requests", code(address.to_owned()))}
                {fact("For people", code(format!("{address}cobranded-ui/actions/start")))}
                {fact("Your key", code(caller.access_key.clone()))}
            </dl>
            <p><a href="/#query-api">"An example of a request"</a></p>
        </section>
        <section aria-labelledby="signing">
            <h2 id="signing">"What you sign"</h2>
            <p>
                "Every request, with your secret: " <code>"SignatureVersion=2"</code> " and "
                <code>"SignatureMethod=HmacSHA256"</code> " (or " <code>"HmacSHA1"</code>
                "). Signed are the method, the host, the path and all parameters in the order of their bytes."
            </p>
        </section>
        <section aria-labelledby="certificates">
            <h2 id="certificates">"What is signed for you"</h2>
            <p>
                "Notifications, and the addresses that people come back with, carry " <code>"signature"</code> " and "
                <code>"certificateUrl"</code>
                ". Take the certificate from there, or have it checked with the action "
                <code>"VerifySignature"</code> ". Trust nothing that does not verify."
            </p>
        </section>
    }
    .into_any()
}

fn notification(card: &NotificationCard) -> AnyView {
    let tone = match card.state.as_str() {
        "Delivered" => "status",
        "Pending" => "status status-open",
        _ => "status status-failed",
    };
    let attempts: Vec<_> = card
        .attempts
        .iter()
        .map(|(at, outcome)| view! { <li>{date_time(*at)} " " {outcome.clone()}</li> })
        .collect();
    let attempts = (!attempts.is_empty()).then(|| view! { <ol class="plain attempts">{attempts}</ol> });
    view! {
        <li>
            <p>
                <strong>{card.kind.clone()}</strong> " " <span class=tone>{card.state.clone()}</span> " "
                {date_time(card.at)}
            </p>
            <p class="aside">
                <code class="reference">{card.subject_id.clone()}</code> " to "
                <span class="address">{card.url.clone()}</span>
            </p>
            {attempts}
        </li>
    }
    .into_any()
}
