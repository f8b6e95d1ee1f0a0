//! The drawing as SVG: lanes from left to right, time from top to bottom. Made as text, because a file that is taken away is
//! the same drawing with its colours inside.

use crate::model::{Arrow, ArrowKind, Drawing, Step};
use app::components::field::escape_text;

/// Units of the drawing; a letter of its text is 15 of them high. The style sheet never shows it narrower than that text
/// can be read.
const LINE: i32 = 19;
const HEAD: i32 = 64;
/// What a letter takes, generously, so that words stay between their lanes in any font.
const LETTER: i32 = 8;

/// Where the drawing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Into a page, whose sheet has the colours.
    Page,
    /// Into a page beside another window: narrow, and without the times, which the list has.
    Beside,
    /// Into a file of its own.
    File,
}

/// The colours of a drawing that stands alone; in a page `style/lab/follow.css` has the same classes.
const STYLE: &str = "svg{--ground:#fcfcfb;background:var(--ground);color:#191a1c;--line:#3527c4;--bad:#a5141e;--good:#17663a;--wait:#7a4b00;--muted:#5b5d61;--rule:#dddcd7;--wash:#f2f2ef}\
@media(prefers-color-scheme:dark){svg{--ground:#131416;color:#f0efec;--line:#b3adff;--bad:#ff9d96;--good:#85d6a3;--wait:#f2bf6a;--muted:#a9abb0;--rule:#34363b;--wash:#1d1f22}}\
text{font:15px system-ui,sans-serif;fill:currentColor}a{text-decoration:none}\
.f-lane{stroke:var(--rule);stroke-width:2}.f-name,.f-amount{font-weight:700}.f-words,.f-time{fill:var(--muted);font-size:13px}\
.f-label,.f-amount{paint-order:stroke;stroke:var(--ground);stroke-width:5px;stroke-linejoin:round}.f-note~text{stroke:none}\
.f-line{fill:none;stroke:var(--line);stroke-width:2}.f-head{fill:var(--line)}.f-note{fill:var(--wash);stroke:var(--rule)}\
.f-posting .f-line,.f-posting .f-cross{stroke:var(--good);stroke-width:4}.f-posting .f-head,.f-posting .f-amount{fill:var(--good)}\
.f-answer .f-line,.f-redirect .f-line{stroke-dasharray:7 4}.f-notification .f-line{stroke:var(--wait);stroke-dasharray:2 4}.f-notification .f-head{fill:var(--wait)}\
.f-failure .f-line,.f-fault .f-line,.f-cross{stroke:var(--bad);stroke-width:2;fill:none}.f-failure .f-head,.f-fault .f-head,.f-failure text,.f-fault text{fill:var(--bad)}\
.f-failure .f-note,.f-fault .f-note{stroke:var(--bad)}.f-gap{stroke:var(--muted);stroke-dasharray:3 5}";

/// How wide its columns are.
#[derive(Debug, Clone, Copy)]
struct Widths {
    times: i32,
    lane: i32,
}

impl Place {
    const fn widths(self) -> Widths {
        match self {
            Self::Page | Self::File => Widths { times: 76, lane: 230 },
            Self::Beside => Widths { times: 0, lane: 152 },
        }
    }
}

/// The drawing. Whole and well-formed, without attributes of style.
pub fn svg(drawing: &Drawing, place: Place) -> String {
    let lanes = i32::try_from(drawing.lanes.len()).unwrap_or(1).max(1);
    let widths = place.widths();
    let width = widths.times + lanes * widths.lane;
    let mut body = String::new();
    let mut y = HEAD + 14;
    let mut told = String::new();
    for step in &drawing.steps {
        y += match step {
            Step::Gap { words, .. } => gap(&mut body, words, y, width),
            Step::Arrow(step) => {
                let time = step.at.strftime("%H:%M:%S").to_string();
                if widths.times > 0 && time != told {
                    body.push_str(&text("f-time", 4, y + 15, "start", &time));
                    told = time;
                }
                arrow(&mut body, drawing, step, y, widths)
            }
        };
    }
    let (height, label) = (y + 10, attribute(&format!("{}: what happened, in order", drawing.title)));
    let style = if place == Place::File { format!("<style>{STYLE}</style>") } else { String::new() };
    let class = if place == Place::Beside { "f-drawing f-narrow" } else { "f-drawing" };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{class}\" viewBox=\"0 0 {width} {height}\" width=\"100%\" \
         role=\"group\" aria-label=\"{label}\" focusable=\"false\">{style}{}{body}</svg>",
        heads(drawing, height, widths)
    )
}

/// The lanes with who they are.
fn heads(drawing: &Drawing, height: i32, widths: Widths) -> String {
    let mut out = String::new();
    for (index, lane) in drawing.lanes.iter().enumerate() {
        let x = middle(index, widths);
        out.push_str(&text("f-name", x, 20, "middle", &lane.name));
        out.push_str(&text(
            "f-words",
            x,
            40,
            "middle",
            &shorten(&lane.words, usize::try_from(widths.lane / 9).unwrap_or(20)),
        ));
        out.extend([format!(
            "<line class=\"f-lane\" x1=\"{x}\" y1=\"{top}\" x2=\"{x}\" y2=\"{height}\"/>",
            top = HEAD - 12
        )]);
    }
    out
}

fn middle(lane: usize, widths: Widths) -> i32 {
    widths.times + i32::try_from(lane).unwrap_or(0) * widths.lane + widths.lane / 2
}

fn gap(out: &mut String, words: &str, y: i32, width: i32) -> i32 {
    let middle = y + 24;
    out.extend([format!(
        "<line class=\"f-gap\" x1=\"4\" y1=\"{middle}\" x2=\"{}\" y2=\"{middle}\"/>",
        width - 4
    )]);
    out.push_str(&text("f-words", 4, middle - 7, "start", words));
    44
}

/// Draws one arrow from `y` on; how much of the height it took.
fn arrow(out: &mut String, drawing: &Drawing, arrow: &Arrow, y: i32, widths: Widths) -> i32 {
    out.extend([format!(
        "<a id=\"arrow-{id}\" class=\"f-arrow f-{kind}\" href=\"{href}\" aria-label=\"{label}\">",
        id = attribute(&arrow.id),
        kind = arrow.kind.word(),
        href = attribute(&arrow.href),
        label = attribute(&in_words(drawing, arrow)),
    )]);
    let height =
        if arrow.from == arrow.to { note(out, arrow, y, widths) } else { line(out, arrow, y, widths) };
    out.push_str("</a>");
    height
}

/// Something that happened on one lane: a box on it.
fn note(out: &mut String, arrow: &Arrow, y: i32, widths: Widths) -> i32 {
    let (x, width) = (middle(arrow.from, widths), widths.lane - 14);
    let mut lines = wrap(&arrow.label, (width - 16) / LETTER);
    lines.extend(arrow.amount.clone());
    let height = count(&lines) * LINE + 10;
    out.extend([format!(
        "<rect class=\"f-note\" x=\"{}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"4\"/>",
        x - width / 2
    )]);
    words(out, &lines, arrow.amount.is_some(), x, y + 18);
    height + 12
}

/// Something that goes from one lane to another: words, the line below them.
fn line(out: &mut String, arrow: &Arrow, y: i32, widths: Widths) -> i32 {
    let (from, to) = (middle(arrow.from, widths), middle(arrow.to, widths));
    let mut lines = wrap(&arrow.label, ((to - from).abs().min(2 * widths.lane) - 14) / LETTER);
    lines.extend(arrow.amount.clone());
    words(out, &lines, arrow.amount.is_some(), i32::midpoint(from, to), y + 15);
    let at = y + count(&lines) * LINE + 6;
    let ahead = (to - from).signum();
    if arrow.is_lost {
        let end = i32::midpoint(from, to) + ahead * widths.lane / 5;
        out.extend([format!("<line class=\"f-line\" x1=\"{from}\" y1=\"{at}\" x2=\"{end}\" y2=\"{at}\"/>")]);
        let (left, right, top, bottom) = (end - 7, end + 7, at - 7, at + 7);
        out.extend([format!(
            "<path class=\"f-cross\" d=\"M{left} {top}L{right} {bottom}M{left} {bottom}L{right} {top}\"/>"
        )]);
    } else {
        let base = to - ahead * 12;
        out.extend([format!("<line class=\"f-line\" x1=\"{from}\" y1=\"{at}\" x2=\"{base}\" y2=\"{at}\"/>")]);
        out.extend([format!(
            "<polygon class=\"f-head\" points=\"{to},{at} {base},{} {base},{}\"/>",
            at - 6,
            at + 6
        )]);
    }
    at - y + 16
}

/// Lines of text; the last one may be an amount. What is behind the words hides the lanes.
fn words(out: &mut String, lines: &[String], ends_in_amount: bool, x: i32, y: i32) {
    let last = lines.len().saturating_sub(1);
    for (y, (index, line)) in (y..).step_by(19).zip(lines.iter().enumerate()) {
        let class = if ends_in_amount && index == last { "f-amount" } else { "f-label" };
        out.push_str(&text(class, x, y, "middle", line));
    }
}

fn text(class: &str, x: i32, y: i32, anchor: &str, words: &str) -> String {
    format!(
        "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>",
        escape_text(words)
    )
}

fn count(lines: &[String]) -> i32 {
    i32::try_from(lines.len()).unwrap_or(1)
}

/// An arrow as one hears it: who to whom, what, how much.
pub fn in_words(drawing: &Drawing, arrow: &Arrow) -> String {
    let amount = arrow.amount.as_ref().map(|amount| format!(", {amount}")).unwrap_or_default();
    let lost = if arrow.is_lost { " It did not arrive." } else { "" };
    let (from, to) = (drawing.lane(arrow.from), drawing.lane(arrow.to));
    if arrow.from == arrow.to {
        format!("{from}: {}{amount}.{lost}", arrow.label)
    } else {
        format!("{from} to {to}: {}{amount}.{lost}", arrow.label)
    }
}

/// Lines of so many letters at most; a word that is longer is broken.
fn wrap(words: &str, letters: i32) -> Vec<String> {
    let letters = usize::try_from(letters).unwrap_or(1).max(8);
    let mut lines: Vec<String> = vec![String::new()];
    for word in words.split_whitespace() {
        let parts: Vec<String> =
            word.chars().collect::<Vec<_>>().chunks(letters).map(String::from_iter).collect();
        for part in parts {
            let taken = lines.last().map_or(0, |line| line.chars().count());
            match lines.last_mut() {
                Some(line) if taken == 0 => line.push_str(&part),
                Some(line) if taken + 1 + part.chars().count() <= letters => {
                    line.push(' ');
                    line.push_str(&part);
                }
                _ => lines.push(part),
            }
        }
    }
    lines
}

fn shorten(words: &str, letters: usize) -> String {
    if words.chars().count() <= letters {
        return words.to_owned();
    }
    words.chars().take(letters.saturating_sub(1)).chain(['…']).collect()
}

fn attribute(text: &str) -> String {
    escape_text(text).replace('"', "&quot;")
}

/// A line that shows what an arrow of this kind looks like, for the legend.
pub fn sample(kind: ArrowKind) -> String {
    let inside = if matches!(kind, ArrowKind::State | ArrowKind::Clock) {
        "<rect class=\"f-note\" x=\"2\" y=\"2\" width=\"36\" height=\"12\" rx=\"3\"/>"
    } else {
        "<line class=\"f-line\" x1=\"2\" y1=\"8\" x2=\"28\" y2=\"8\"/><polygon class=\"f-head\" points=\"38,8 28,2 28,14\"/>"
    };
    format!(
        "<svg class=\"f-sample f-{}\" viewBox=\"0 0 40 16\" aria-hidden=\"true\" focusable=\"false\">{inside}</svg>",
        kind.word()
    )
}
