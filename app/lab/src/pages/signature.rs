//! The signature of a request, worked out step by step.

use super::shell;
use crate::model::{Chrome, Piece, SignaturePage, SignatureStep, SignatureSteps, Standing, StepContent};
use app::components::field::{TextField, error_summary, text_area, text_field};
use app::components::table::{Column, table};
use leptos::prelude::*;

const SECRET: TextField = TextField {
    kind: "password",
    hint: Some(
        "With an access key that this site knows, its own secret is used. It is neither kept nor shown.",
    ),
    autocomplete: Some("off"),
    optional: true,
    ..TextField::new("secret", "Secret key")
};

/// Takes a pasted request, and says at which step its signature stops matching.
pub fn signature(chrome: &Chrome, data: &SignaturePage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let lead = "Paste a request to the API, an address of the Co-Branded UI, or a return or notification from \
                    Amazon: each step of its signature is shown, and where it stops matching.";
        let form = view! {
            {error_summary(&data.form)}
            <form class="signature-form" method="post" action="/lab/signature" novalidate>
                {text_area(
                    &data.form,
                    "request",
                    "Request",
                    8,
                    Some("An address, a query, a raw HTTP request, or a curl command."),
                )}
                {text_field(&data.form, SECRET)}
                <button class="button" type="submit">"Work it out"</button>
            </form>
        };
        let result = data.result.as_ref().map(signature_steps);
        let main = match result {
            Some(result) => view! { <section aria-label="Result">{result}</section> {form} }.into_any(),
            None => form.into_any(),
        };
        shell::page(&chrome, "Signature", lead, main)
    })
}

/// The verdict in a sentence, then the steps.
pub fn signature_steps(data: &SignatureSteps) -> AnyView {
    let (class, word) = match data.standing {
        Standing::Matches => ("signature-verdict signature-good", "Matches."),
        Standing::Differs => ("signature-verdict signature-bad", "Does not match."),
        Standing::Unknown => ("signature-verdict", "Not checked."),
    };
    let steps: Vec<_> = data.steps.iter().map(step).collect();
    let verdict = data.verdict.clone();
    view! {
        <p class=class><strong>{word}</strong>" "{verdict}</p>
        <ol class="signature-steps">{steps}</ol>
    }
    .into_any()
}

fn step(step: &SignatureStep) -> AnyView {
    let wrong = step.wrong.clone().map(|wrong| {
        view! { <p class="signature-wrong"><strong>"It stops matching here."</strong>" "{wrong}</p> }
    });
    let class = wrong.is_some().then_some("signature-stop");
    let (title, note) = (step.title.clone(), step.note.clone());
    view! {
        <li class=class>
            <h3>{title}</h3>
            <p class="muted">{note}</p>
            {wrong}
            {content(&step.content)}
        </li>
    }
    .into_any()
}

fn content(content: &StepContent) -> AnyView {
    match content {
        StepContent::Pairs(pairs) => pairs_table("Parameters", pairs),
        StepContent::Facts(facts) => {
            let facts: Vec<_> = facts
                .iter()
                .cloned()
                .map(|(name, value)| view! { <div><dt>{name}</dt><dd><code>{value}</code></dd></div> })
                .collect();
            view! { <dl class="lab-facts">{facts}</dl> }.into_any()
        }
        StepContent::Text(text) => {
            let text = text.clone();
            view! { <pre tabindex="0">{text}</pre> }.into_any()
        }
        StepContent::Compared { expected, signed } => view! {
            <p>"Should be:"</p>
            {pieces(expected)}
            <p>"Was signed:"</p>
            {pieces(signed)}
        }
        .into_any(),
        StepContent::Nothing => ().into_any(),
    }
}

/// Names and values, as they are on the wire or decoded.
pub(super) fn pairs_table(caption: &'static str, pairs: &[(String, String)]) -> AnyView {
    if pairs.is_empty() {
        return view! { <p class="lab-empty">"None."</p> }.into_any();
    }
    let code = |text: &String| {
        let text = text.clone();
        view! { <code class="signature-value">{text}</code> }.into_any()
    };
    let rows = pairs.iter().map(|(name, value)| vec![code(name), code(value)]).collect();
    table(caption, &[Column::words("Name"), Column::words("Value")], rows)
}

/// What differs is marked, and said for those who do not see the mark.
fn pieces(pieces: &[Piece]) -> AnyView {
    let pieces: Vec<_> = pieces
        .iter()
        .cloned()
        .map(|Piece { text, differs }| {
            if differs {
                view! {
                    <mark>
                        <span class="visually-hidden">"[differs: "</span>
                        {text}
                        <span class="visually-hidden">"]"</span>
                    </mark>
                }
                .into_any()
            } else {
                text.into_any()
            }
        })
        .collect();
    view! { <pre tabindex="0">{pieces}</pre> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str, differs: bool) -> Piece {
        Piece { text: text.to_owned(), differs }
    }

    fn result() -> SignatureSteps {
        SignatureSteps {
            verdict: "A space was signed as +.".to_owned(),
            standing: Standing::Differs,
            steps: vec![SignatureStep {
                title: "String to sign".to_owned(),
                note: "A line each.".to_owned(),
                wrong: Some("Encode it as %20.".to_owned()),
                content: StepContent::Compared {
                    expected: vec![text("a=1", false), text("%20", true)],
                    signed: vec![text("a=1", false), text("+", true)],
                },
            }],
        }
    }

    #[test]
    fn what_differs_is_marked_and_said() {
        let html = app::render::fragment(|| signature_steps(&result()));
        assert!(html.contains("<strong>Does not match.</strong> A space was signed as +."), "{html}");
        let mark = "<mark><span class=\"visually-hidden\">[differs: </span>%20\
                    <span class=\"visually-hidden\">]</span></mark></pre>";
        assert!(html.contains(mark), "{html}");
        assert_eq!(html.matches("It stops matching here.").count(), 1);
    }

    #[test]
    fn what_was_typed_is_there_again_but_for_the_secret() {
        let mut data = SignaturePage { result: Some(result()), ..SignaturePage::default() };
        data.form.set("request", "Action=<Pay>");
        data.form.set("secret", "hush");
        let html = signature(&Chrome::default(), &data);
        assert!(html.contains("Action=&lt;Pay&gt;</textarea>") && !html.contains("hush"), "{html}");
        data.form.refuse("request", "Paste a request.");
        assert!(
            signature(&Chrome::default(), &data)
                .contains(r##"<a href="#field-request">Paste a request.</a>"##)
        );
    }
}
