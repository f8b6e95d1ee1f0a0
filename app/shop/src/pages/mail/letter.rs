//! A letter as HTML, on its page and as it is sent, and as plain text.

use crate::model::{Letter, Part};
use leptos::prelude::*;
use std::fmt::Write;

/// Where lines of plain text end; what has no space in it goes on.
const LINE: usize = 76;

/// The parts as they stand on a page.
pub(super) fn parts(letter: &Letter) -> Vec<AnyView> {
    letter.parts.iter().map(part).collect()
}

fn part(part: &Part) -> AnyView {
    match part {
        Part::Paragraph(words) => view! { <p>{words.clone()}</p> }.into_any(),
        Part::Facts(facts) => {
            let facts: Vec<_> = facts
                .iter()
                .map(|(term, words)| view! { <div><dt>{*term}</dt><dd>{words.clone()}</dd></div> })
                .collect();
            view! { <dl class="facts">{facts}</dl> }.into_any()
        }
        Part::Quote(words) => view! { <blockquote><p>{words.clone()}</p></blockquote> }.into_any(),
        Part::Link { words, url } => {
            view! { <p><a class="button" href=url.clone()>{*words}</a></p> }.into_any()
        }
    }
}

/// A document of its own, for readers of mail: they take no style sheets.
pub fn letter_document(letter: &Letter) -> String {
    app::render::document(|| {
        let parts: Vec<_> = letter.parts.iter().map(sent_part).collect();
        view! {
            <html lang="en">
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    <title>{letter.subject.clone()}</title>
                </head>
                <body style="margin:0;padding:24px;font-family:system-ui,sans-serif;font-size:16px;line-height:1.5">
                    <div style="max-width:36em;margin:0 auto">
                        <h1 style="font-size:22px;line-height:1.25">{letter.subject.clone()}</h1>
                        {parts}
                        <hr style="border:0;border-top:1px solid #888" />
                        <p style="font-size:14px">{FOOT}</p>
                    </div>
                </body>
            </html>
        }
    })
}

/// Under each letter that leaves the site.
const FOOT: &str = "DigitalDownload is a demonstration. Its payments are a simulation: nobody is charged.";

fn sent_part(part: &Part) -> AnyView {
    match part {
        Part::Paragraph(words) => view! { <p>{words.clone()}</p> }.into_any(),
        Part::Facts(facts) => {
            let rows: Vec<_> = facts
                .iter()
                .map(|(term, words)| {
                    view! {
                        <tr>
                            <th scope="row" style="text-align:left;padding:4px 16px 4px 0;vertical-align:top">{*term}</th>
                            <td style="padding:4px 0">{words.clone()}</td>
                        </tr>
                    }
                })
                .collect();
            view! { <table style="border-collapse:collapse">{rows}</table> }.into_any()
        }
        Part::Quote(words) => view! {
            <blockquote style="margin:16px 0;padding-left:16px;border-left:3px solid #888">{words.clone()}</blockquote>
        }
        .into_any(),
        Part::Link { words, url } => view! {
            <p>
                <a href=url.clone()>{*words}</a>
                <br />
                <span style="font-size:14px;word-break:break-all">{url.clone()}</span>
            </p>
        }
        .into_any(),
    }
}

/// The same without any markup.
pub fn letter_text(letter: &Letter) -> String {
    let mut text = String::new();
    for part in &letter.parts {
        match part {
            Part::Paragraph(words) => wrap(&mut text, words, ""),
            Part::Facts(facts) => {
                for (term, words) in facts {
                    let _ = writeln!(text, "{term}: {words}");
                }
            }
            Part::Quote(words) => wrap(&mut text, words, "> "),
            Part::Link { words, url } => {
                let _ = writeln!(text, "{words}:\n{url}");
            }
        }
        text.push('\n');
    }
    let _ = writeln!(text, "-- \n{FOOT}");
    text
}

/// In lines of so many characters, each behind `before`.
fn wrap(text: &mut String, words: &str, before: &str) {
    for paragraph in words.lines() {
        let mut length = 0;
        for word in paragraph.split_whitespace() {
            let more = word.chars().count();
            if length == 0 {
                text.push_str(before);
            } else if length + 1 + more > LINE {
                text.push('\n');
                text.push_str(before);
                length = 0;
            } else {
                text.push(' ');
                length += 1;
            }
            text.push_str(word);
            length += more;
        }
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter {
            subject: "<b>Song</b> & more".to_owned(),
            parts: vec![
                Part::Paragraph("a & b ".repeat(40)),
                Part::Facts(vec![("Price", "$1.00 <i>".to_owned())]),
                Part::Quote("Why?\nIt <script>stops</script>.".to_owned()),
                Part::Link { words: "Open", url: "http://localhost/?a=1&b=\"2".to_owned() },
            ],
        }
    }

    #[test]
    fn what_people_wrote_is_text_wherever_it_stands() {
        let sent = letter_document(&letter());
        let shown = app::render::fragment(|| parts(&letter()));
        for html in [&sent, &shown] {
            for raw in ["<i>", "<script>", "<b>", "href=\"http://localhost/?a=1&amp;b=\""] {
                assert!(!html.contains(raw), "{raw} in {html}");
            }
            assert!(html.contains("$1.00 &lt;i&gt;") && html.contains("&lt;script&gt;stops"), "{html}");
        }
        assert!(
            sent.starts_with("<!doctype html>") && sent.contains("<title>&lt;b&gt;Song&lt;/b&gt; &amp; more")
        );
    }

    #[test]
    fn plain_text_has_short_lines_and_the_whole_address() {
        let text = letter_text(&letter());
        assert!(text.lines().all(|line| line.chars().count() <= LINE + FOOT.len() - LINE), "{text}");
        assert!(text.lines().take(4).all(|line| line.chars().count() <= LINE), "{text}");
        assert!(text.contains("Price: $1.00 <i>\n\n> Why?\n> It <script>stops</script>.\n"), "{text}");
        assert!(text.contains("Open:\nhttp://localhost/?a=1&b=\"2\n"), "{text}");
    }
}
