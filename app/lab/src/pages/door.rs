//! Where the control token is typed, when others than this machine reach the lab.

use super::shell;
use crate::model::Chrome;
use leptos::prelude::*;

/// `wrong`: what was typed is not it.
pub fn door(chrome: &Chrome, wrong: bool) -> String {
    let chrome = chrome.clone();
    app::render::document(move || {
        let lead = "Whoever is in here moves money and time, so it is for those who have the control token.";
        let error = wrong.then(|| {
            view! {
                <div class="error-summary" role="alert" tabindex="-1">
                    <p class="error-summary-title"><strong>"That is not the control token"</strong></p>
                    <p><a href="#token">"Type what DD_CONTROL_TOKEN was when the program was started."</a></p>
                </div>
            }
        });
        let main = view! {
            {error}
            <form class="lab-filter" method="post" action="/lab/sign-in">
                <div class="lab-field">
                    <label for="token">"Control token"</label>
                    <input id="token" name="token" type="password" autocomplete="current-password" />
                </div>
                <button class="button" type="submit">"Enter the lab"</button>
            </form>
        };
        shell::page(&chrome, "The lab is closed", lead, main.into_any())
    })
}
