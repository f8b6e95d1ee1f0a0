//! Many requests at once, and what became of the money: what idempotency saves one from, tried out.

use super::shell;
use crate::model::{AttackAnswer, AttackPage, AttackResult, Chrome};
use app::components::field::{error_summary, field_id};
use app::components::table::{Column, table};
use leptos::prelude::*;

/// A way to attack: its word, its name, what is sent and what must come of it.
struct Way {
    kind: &'static str,
    name: &'static str,
    sent: &'static str,
    expected: &'static str,
}

const WAYS: [Way; 4] = [
    Way {
        kind: "same",
        name: "The same Pay many times",
        sent: "A program does not know whether its Pay arrived: the answer was lost, or somebody pressed the button twice. It \
               sends the same request again and again, all under one CallerReference.",
        expected: "Every answer names the same transaction, and the books have one movement more. The buyer pays once.",
    },
    Way {
        kind: "different",
        name: "Another Pay under the same CallerReference",
        sent: "A program has a fault and uses one CallerReference for payments that differ: here each has another \
               description.",
        expected: "The one that comes first is paid. All others are refused with DuplicateRequest, because answering them \
                   with the first one's transaction would be a lie.",
    },
    Way {
        kind: "flipped",
        name: "A Pay that was altered on the way",
        sent: "Somebody between the program and Amazon Payments changes one byte: of the amount, of the reference, of the \
               token or of the signature itself.",
        expected: "All are refused with SignatureDoesNotMatch, and the books stay as they are: what is signed cannot be \
                   altered.",
    },
    Way {
        kind: "replayed-return",
        name: "The way back to the shop, followed again and again",
        sent: "A buyer comes back from Amazon Payments to the shop by a signed address, and reloads the page or opens it \
               from the history.",
        expected: "Each visit leads to the same order, and nothing is paid a second time.",
    },
];

pub fn attack(chrome: &Chrome, data: &AttackPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let lead = "Fire many requests at once and see what becomes of the money. What a request may be sent again \
                    without doing its work twice is called idempotent: here one sees what that saves one from.";
        let main = view! {
            {error_summary(&data.form)}
            {data.result.as_ref().map(result)}
            {form(&chrome, &data)}
        };
        shell::page(&chrome, "Attack it", lead, main.into_any())
    })
}

fn form(chrome: &Chrome, data: &AttackPage) -> AnyView {
    let chosen = match data.form.value("kind") {
        "" => WAYS[0].kind,
        kind => kind,
    }
    .to_owned();
    let ways: Vec<_> = WAYS
        .iter()
        // A return leads to the shop.
        .filter(|way| chrome.shop.is_some() || way.kind != "replayed-return")
        .enumerate()
        .map(|(at, way)| {
            let id = if at == 0 { field_id("kind") } else { format!("kind-{}", way.kind) };
            let hint = format!("{id}-hint");
            view! {
                <div class="lab-way">
                    <input type="radio" id=id.clone() name="kind" value=way.kind checked=chosen == way.kind aria-describedby=hint.clone() />
                    <label for=id>{way.name}</label>
                    <p id=hint>{way.sent} " " <strong>"Expected: "</strong> {way.expected}</p>
                </div>
            }
        })
        .collect();
    let most = data.most_calls.to_string();
    let calls = match data.form.value("calls") {
        "" => most.clone(),
        typed => typed.to_owned(),
    };
    let wrong = data.form.error("calls").map(|_| "true");
    view! {
        <form class="lab-attack" method="post" action="/lab/attack" novalidate>
            <fieldset>
                <legend>"What is sent"</legend>
                {ways}
            </fieldset>
            <div class="lab-field">
                <label for=field_id("calls")>"How many at once"</label>
                <input id=field_id("calls") name="calls" inputmode="numeric" autocomplete="off" value=calls aria-invalid=wrong aria-describedby="calls-hint" />
                <p class="lab-hint" id="calls-hint">{format!("From 2 to {most}")}</p>
            </div>
            <p>
                <button class="button" type="submit">"Fire"</button>
                " " <code class="muted">"POST /_control/attack"</code>
            </p>
            <p class="lab-note">
                "John pays 1.00 to the demo merchant where a payment goes through. All of it is real: the requests are among "
                <a href="/lab/requests">"the others"</a> ", and the movement is in " <a href="/lab/books">"the books"</a> "."
            </p>
        </form>
    }
    .into_any()
}

fn result(result: &AttackResult) -> AnyView {
    let way = WAYS.iter().find(|way| way.kind == result.kind).unwrap_or(&WAYS[0]);
    let verdict = if result.as_expected { "As expected" } else { "Not as expected" };
    let class = if result.as_expected { "lab-done" } else { "lab-done lab-wrong" };
    let look = result.look.clone();
    view! {
        <section class=class role="status">
            <h2>{format!("{verdict}: {} requests, {}", result.calls, movements(result.movements))}</h2>
            <p><strong>"Expected: "</strong> {way.expected}</p>
            <p><strong>"What happened: "</strong> {story(result)}</p>
            <h3>"Answers"</h3>
            {answers(&result.answers)}
            <h3>"Balances"</h3>
            {balances(&result.balances)}
            <p><a href=look>"Look at what happened"</a></p>
        </section>
    }
    .into_any()
}

fn movements(count: i64) -> String {
    match count {
        0 => "no movement of money".to_owned(),
        1 => "one movement of money".to_owned(),
        count => format!("{count} movements of money"),
    }
}

/// In a sentence.
fn story(result: &AttackResult) -> String {
    let parts: Vec<_> = result
        .answers
        .iter()
        .map(|answer| match answer.count {
            1 => format!("1 was answered with {}", answer.code),
            count => format!("{count} were answered with {}", answer.code),
        })
        .collect();
    format!("{}; there was {} in the books.", parts.join(", "), movements(result.movements))
}

fn answers(answers: &[AttackAnswer]) -> AnyView {
    let columns = [
        Column::words("Answer"),
        Column::numbers("How many"),
        Column::numbers("HTTP status"),
        Column::words("What it names"),
    ];
    let rows = answers.iter().cloned().map(|answer| {
        let what = answer.what.unwrap_or_else(|| "Nothing".to_owned());
        vec![
            view! { <code>{answer.code}</code> }.into_any(),
            answer.count.into_any(),
            answer.status.into_any(),
            view! { <span class="mono lab-what">{what}</span> }.into_any(),
        ]
    });
    table("Answers that are alike", &columns, rows.collect())
}

fn balances(balances: &[(String, String, String)]) -> AnyView {
    let columns = [Column::words("Account"), Column::numbers("Before"), Column::numbers("After")];
    let rows = balances
        .iter()
        .cloned()
        .map(|(email, before, after)| vec![email.into_any(), before.into_any(), after.into_any()]);
    table("Balances before and after", &columns, rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(shop: bool, result: Option<AttackResult>) -> String {
        let chrome = Chrome { shop: shop.then(|| "http://localhost:3000".to_owned()), ..Chrome::default() };
        attack(&chrome, &AttackPage { most_calls: 64, result, ..AttackPage::default() })
    }

    #[test]
    fn the_page_offers_what_can_be_done() {
        let whole = page(true, None);
        assert!(whole.contains("replayed-return") && whole.contains("value=\"64\""), "{whole}");
        assert!(!page(false, None).contains("value=\"replayed-return\""), "a return leads to the shop");
    }

    #[test]
    fn what_happened_is_said_in_words_and_in_tables() {
        let answer =
            |count, code: &str| AttackAnswer { count, status: 400, code: code.to_owned(), what: None };
        let result = AttackResult {
            kind: "different".to_owned(),
            calls: 64,
            as_expected: true,
            answers: vec![answer(63, "DuplicateRequest"), answer(1, "Success")],
            movements: 1,
            balances: vec![("john@example.com".to_owned(), "500.0000".to_owned(), "499.0000".to_owned())],
            look: "/lab?order=r".to_owned(),
        };
        let html = page(true, Some(result));
        assert!(html.contains("As expected: 64 requests, one movement of money"), "{html}");
        assert!(
            html.contains("63 were answered with DuplicateRequest, 1 was answered with Success"),
            "{html}"
        );
        assert!(html.contains("499.0000") && html.contains("/lab?order=r"), "{html}");
    }
}
