//! `/account/second-factor` and what is below it, and the step after the password.

use super::{PASSWORD, SECOND_FACTOR, section};
use crate::model::{Chrome, SecondFactorSecret, SecondFactorState};
use crate::pages::shell;
use app::components::field::{TextField, error_summary, text_field};
use app::form::FormState;
use leptos::prelude::*;

const CODE: TextField =
    TextField { autocomplete: Some("one-time-code"), width: Some("short"), ..TextField::new("code", "Code") };
const ANY_CODE: TextField = TextField { hint: Some("Of the app, or a recovery code."), ..CODE };

/// Password and, where a second factor is on, a code.
pub(super) fn proof(form: &FormState, second_factor: bool) -> AnyView {
    view! { {text_field(form, PASSWORD)} {second_factor.then(|| text_field(form, ANY_CODE))} }.into_any()
}

pub fn second_factor(chrome: &Chrome, state: &SecondFactorState, form: &FormState) -> String {
    section(chrome, SECOND_FACTOR, "Second factor", form, || match state {
        SecondFactorState::Off => begin(form),
        SecondFactorState::Begun(secret) => confirm(secret, form),
        SecondFactorState::On { recovery_codes } => on(*recovery_codes),
    })
}

/// The form, below what is wrong with it.
fn asked(form: &FormState, action: &'static str, fields: AnyView, button: &'static str) -> AnyView {
    view! {
        {error_summary(form)}
        <form method="post" action=action novalidate>
            {fields}
            <button class="button" type="submit">{button}</button>
        </form>
    }
    .into_any()
}

fn begin(form: &FormState) -> AnyView {
    view! {
        <p>
            "An app on your phone shows a code that changes every thirty seconds. With it on, signing in asks for that "
            "code after the password, so a password alone opens nothing. Any app for such codes will do."
        </p>
        {asked(form, "/account/second-factor", proof(form, false), "Begin")}
    }
    .into_any()
}

fn confirm(secret: &SecondFactorSecret, form: &FormState) -> AnyView {
    let code = TextField {
        input_mode: Some("numeric"),
        hint: Some("The six digits that the app shows now."),
        ..CODE
    };
    let drawing = secret.drawing.clone().map(|drawing| {
        let edge = drawing.size + 8;
        view! {
            <svg class="qr" viewBox=format!("-4 -4 {edge} {edge}") role="img" aria-label="The secret as a QR code">
                <rect x="-4" y="-4" width=edge.to_string() height=edge.to_string() fill="#fff" />
                <path d=drawing.path fill="#000" />
            </svg>
        }
    });
    view! {
        <p>"Read this with the app, or type the letters into it. It is on once you have given a code."</p>
        {drawing}
        <p>"In letters: " <code class="reference">{secret.letters.clone()}</code></p>
        <p>"On this phone: " <a href=secret.address.clone()>"open it in the app"</a></p>
        {asked(form, "/account/second-factor/confirm", text_field(form, code).into_any(), "Turn it on")}
    }
    .into_any()
}

fn on(codes: u32) -> AnyView {
    let left = match codes {
        0 => "There are no recovery codes left. Make new ones, before you lose the app.".to_owned(),
        1 => "One recovery code is left.".to_owned(),
        codes => format!("{codes} recovery codes are left."),
    };
    view! {
        <p class="lead">"It is on: signing in asks for a code of your app after the password."</p>
        <p>{left}</p>
        <p class="ways">
            <a class="button" href="/account/second-factor/codes">"Make new recovery codes"</a>
            <a class="button button-quiet" href="/account/second-factor/off">"Turn it off"</a>
        </p>
    }
    .into_any()
}

pub fn second_factor_off(chrome: &Chrome, form: &FormState) -> String {
    section(chrome, SECOND_FACTOR, "Turn the second factor off", form, || {
        view! {
            <p>"Then the password alone opens your account, and your recovery codes open nothing any more."</p>
            {asked(form, "/account/second-factor/off", proof(form, true), "Turn it off")}
        }
        .into_any()
    })
}

pub fn new_recovery_codes(chrome: &Chrome, form: &FormState) -> String {
    section(chrome, SECOND_FACTOR, "New recovery codes", form, || {
        view! {
            <p>"You get ten new ones. Those that you have open nothing any more."</p>
            {asked(form, "/account/second-factor/codes", proof(form, true), "Make new codes")}
        }
        .into_any()
    })
}

/// This once.
pub fn recovery_codes(chrome: &Chrome, codes: &[String]) -> String {
    let codes: Vec<_> = codes.iter().map(|code| view! { <li><code>{code.clone()}</code></li> }).collect();
    section(chrome, SECOND_FACTOR, "Your recovery codes", &FormState::default(), || {
        view! {
            <p class="lead">"Your second factor is on. Keep these codes: they are shown this once."</p>
            <p>"Each opens your account once, in place of a code of the app. Print them, or write them down."</p>
            <ul class="recovery-codes">{codes}</ul>
            <p><a class="button" href="/account">"I have kept them"</a></p>
        }
        .into_any()
    })
}

/// After the password, of who has a second factor.
pub fn sign_in_code(chrome: &Chrome, form: &FormState) -> String {
    let code = TextField {
        hint: Some("The six digits that your app shows, or a recovery code if you have lost the app."),
        ..CODE
    };
    shell::page(chrome, shell::form_title("Your code", form), || {
        view! {
            <div class="sign">
                <h1>"Your code"</h1>
                <p>"The password is right. Now the code, and you are in."</p>
                {error_summary(form)}
                <form method="post" action="/sign-in/code" novalidate>
                    {text_field(form, code)}
                    <button class="button button-large" type="submit">"Sign in"</button>
                </form>
                <p><a href="/sign-in">"Sign in to another account"</a></p>
            </div>
        }
        .into_any()
    })
}
