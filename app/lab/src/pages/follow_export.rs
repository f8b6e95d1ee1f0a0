//! A drawing to take away: as a picture, as the text of a diagram, as the beginning of a test.

use super::follow_drawing::{self, Place};
use crate::model::{ArrowKind, Call, Drawing, Step};

/// The picture as a file, light or dark as its reader has it.
pub fn svg(drawing: &Drawing) -> String {
    follow_drawing::svg(drawing, Place::File)
}

/// A sequence diagram for Mermaid.
pub fn mermaid(drawing: &Drawing) -> String {
    let mut out = "sequenceDiagram\n".to_owned();
    for (index, lane) in drawing.lanes.iter().enumerate() {
        out.extend([format!("    participant L{index} as {}\n", for_mermaid(&lane.name))]);
    }
    let last = drawing.lanes.len().saturating_sub(1);
    for step in &drawing.steps {
        let line = match step {
            Step::Gap { words, .. } => format!("Note over L0,L{last}: {}", for_mermaid(words)),
            Step::Arrow(arrow) => {
                let amount = arrow.amount.as_ref().map(|amount| format!(" {amount}")).unwrap_or_default();
                let words = for_mermaid(&format!("{}{amount}", arrow.label));
                let (from, to) = (arrow.from, arrow.to);
                match (from == to, arrow.is_lost, arrow.kind) {
                    (true, ..) => format!("Note over L{from}: {words}"),
                    (false, true, _) => format!("L{from}-xL{to}: {words}"),
                    (false, false, ArrowKind::Answer | ArrowKind::Redirect) => {
                        format!("L{from}-->>L{to}: {words}")
                    }
                    (false, false, ArrowKind::Notification) => format!("L{from}-)L{to}: {words}"),
                    _ => format!("L{from}->>L{to}: {words}"),
                }
            }
        };
        out.extend([format!("    {line}\n")]);
    }
    out
}

/// Mermaid ends a message at `;` and a line, takes `#` for the beginning of a character's code, `%%` for a comment, and
/// the words of its own language for what they say: all that is not plain is written as a code.
fn for_mermaid(words: &str) -> String {
    let mut out = String::new();
    for c in words.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '#' | ';' | '%' | '<' | '>' | '{' | '}' | '"' | '`' | '\\' | '&' => {
                out.extend([format!("#{};", u32::from(c))]);
            }
            c => out.push(c),
        }
    }
    // `end` alone closes a block.
    if out.trim().eq_ignore_ascii_case("end") { "#101;nd".to_owned() } else { out }
}

/// The calls in their order, for a shell. Signing is left to whoever has the secret.
pub fn http(drawing: &Drawing) -> String {
    let mut out = format!(
        "#!/bin/sh\n# {}\n# The calls in their order. Each is signed anew: put what signs a request into sign(), which gets\n\
         # the call's parameters and prints AWSAccessKeyId's Signature, its method and version, and the Timestamp as curl wants them.\n\
         set -eu\n: \"${{SIGN:?Name the program that signs, in SIGN}}\"\nsign() {{ \"$SIGN\" \"$@\"; }}\n",
        one_line(&drawing.title)
    );
    for (number, call) in (1..).zip(&drawing.calls) {
        let parameters = parameters(call);
        let data = sent(&parameters);
        let get = if call.method == "POST" { "" } else { "--get " };
        out.extend([format!(
            "\n# {number}. {}; it was answered: {}\n\
             # shellcheck disable=SC2046\ncurl -sS {get}{}{data} \\\n  $(sign {})\n",
            one_line(&call.action),
            one_line(&call.code),
            quoted(&call.url),
            parameters.join(" ")
        )]);
    }
    out
}

/// One call for a shell, with the signature and its time left open.
pub fn curl(call: &Call) -> String {
    let data = sent(&parameters(call));
    let get = if call.method == "POST" { "" } else { "--get " };
    format!(
        "curl -sS {get}{}{data} \\\n  --data-urlencode \"Timestamp=$TIMESTAMP\" \\\n  --data-urlencode \"Signature=$SIGNATURE\"",
        quoted(&call.url)
    )
}

/// Each as one word for a shell: `'Action=Pay'`.
fn parameters(call: &Call) -> Vec<String> {
    call.parameters.iter().map(|(name, value)| quoted(&format!("{name}={value}"))).collect()
}

/// As options of curl, a line each.
fn sent(parameters: &[String]) -> String {
    let mut out = String::new();
    for parameter in parameters {
        out.extend([" \\\n  --data-urlencode ", parameter]);
    }
    out
}

/// As one word for a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The beginning of a test for Playwright: the same purchase in a browser, and what has to be true afterwards.
pub fn playwright(drawing: &Drawing) -> String {
    let shop = drawing.shop.as_ref();
    let url = shop.map_or("http://localhost:8080", |shop| shop.url.as_str());
    let item = shop.and_then(|shop| shop.item.as_deref()).unwrap_or("/items/SLUG");
    let mut out = format!(
        "import {{ expect, test }} from \"@playwright/test\";\n\n\
         // Who buys. Passwords are never in an export.\n\
         const buyer = {{ email: process.env.BUYER ?? \"\", shopPassword: process.env.SHOP_PASSWORD ?? \"\", \
         amazonPassword: process.env.AMAZON_PASSWORD ?? \"\" }};\n\n\
         test({}, async ({{ page }}) => {{\n",
        script_text(&drawing.title)
    );
    let bought = drawing.arrows().any(|arrow| arrow.kind == ArrowKind::Redirect);
    if bought {
        out.push_str(&buying(&format!("{url}{item}")));
    } else {
        out.push_str("  // No browser took part: see the HTTP export for the calls.\n");
    }
    for words in drawing.arrows().filter(|arrow| asserts(arrow.kind)).map(|arrow| match &arrow.amount {
        Some(amount) => format!("{} {amount}", arrow.label),
        None => arrow.label.clone(),
    }) {
        out.extend([format!("  // {}\n", one_line(&words))]);
    }
    if bought {
        out.extend([format!(
            "  await page.goto(page.url().replace(/\\/thank-you$/, \"\"));\n  \
             await expect(page.getByRole(\"main\").getByText({}).first()).toBeVisible();\n",
            script_text(&drawing.state)
        )]);
    }
    for balance in &drawing.balances {
        let words = format!("{}, {}: {}", balance.name, balance.account, balance.change);
        out.extend([format!("  // {}\n", one_line(&words))]);
    }
    out.push_str("});\n");
    out
}

fn buying(item: &str) -> String {
    format!(
        "  await page.goto({});\n  \
         await page.getByRole(\"link\", {{ name: \"Buy Now\" }}).click();\n  \
         if (page.url().includes(\"/sign-in\")) {{\n    \
         await page.getByLabel(\"E-mail\").fill(buyer.email);\n    \
         await page.getByLabel(\"Password\").fill(buyer.shopPassword);\n    \
         await page.getByRole(\"main\").getByRole(\"button\", {{ name: \"Sign in\" }}).click();\n  }}\n  \
         await page.getByRole(\"radio\", {{ name: \"Amazon Payments\" }}).check();\n  \
         await page.getByRole(\"button\", {{ name: /Download Now|Continue to Amazon Payments/ }}).click();\n  \
         // At Amazon Payments: sign in, what pays, confirm.\n  \
         await page.getByLabel(\"E-mail\").fill(buyer.email);\n  \
         await page.getByLabel(\"Password\").fill(buyer.amazonPassword);\n  \
         await page.getByRole(\"main\").getByRole(\"button\", {{ name: \"Sign in\" }}).click();\n  \
         await page.getByRole(\"radio\").first().check();\n  \
         await page.getByRole(\"button\", {{ name: \"Continue\" }}).click();\n  \
         await page.getByRole(\"button\", {{ name: \"Confirm\" }}).click();\n  \
         await expect(page).toHaveURL(/\\/orders\\//);\n",
        script_text(item)
    )
}

const fn asserts(kind: ArrowKind) -> bool {
    matches!(
        kind,
        ArrowKind::Answer | ArrowKind::Posting | ArrowKind::State | ArrowKind::Failure | ArrowKind::Fault
    )
}

/// A string of TypeScript.
fn script_text(text: &str) -> String {
    let mut out = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                out.extend([format!("\\u{{{:x}}}", u32::from(c))]);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
