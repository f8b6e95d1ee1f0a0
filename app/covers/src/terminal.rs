//! Software: a window of lines, the title at the prompt.

use super::Subject;
use super::dice::Dice;
use super::lettering::{MONO, Style, fit};
use super::palette::seen;
use super::sheet::Sheet;

const WINDOW: &str = "#17191e";
const BAR: &str = "#2a2d35";
const TEXT: &str = "#f2f1ec";
const DIM: &str = "#a7abb5";

pub(super) fn draw(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    sheet.fill(palette.ground);
    backdrop(sheet, dice, subject);
    sheet.add(format_args!(
        r##"<rect x="62" y="84" width="500" height="468" rx="14" fill="#000000" fill-opacity="0.3"/><rect x="48" y="66" width="504" height="470" rx="14" fill="{WINDOW}"/><path d="M48 112V80a14 14 0 0 1 14-14h476a14 14 0 0 1 14 14v32z" fill="{BAR}"/>"##
    ));
    for (x, color) in [(76.0, palette.first), (104.0, palette.second), (132.0, DIM)] {
        sheet.circle(x, 89.0, 8.0, color);
    }
    let top = prompt(sheet, subject);
    code(sheet, dice, subject, top);
}

fn backdrop(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    match dice.below(3) {
        0 => {
            for index in 0..14u32 {
                let x = f64::from(index) * 90.0 - 560.0;
                sheet.line((x, 640.0), (x + 620.0, -40.0), palette.third, 26.0);
            }
        }
        1 => {
            let (x, y) = (dice.between(0.0, 600.0), dice.between(0.0, 140.0));
            for ring in 1..9u32 {
                sheet.ring(x, y, f64::from(ring) * 74.0, palette.second, 18.0);
            }
        }
        _ => {
            for row in 0..13u32 {
                for column in 0..13u32 {
                    sheet.circle(f64::from(column) * 50.0, f64::from(row) * 50.0, 8.0, palette.first);
                }
            }
        }
    }
}

/// Words of a program, as colours, down to the prompt.
fn code(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, prompt: f64) {
    let palette = subject.palette;
    let colors = seen(&[palette.first, palette.second, palette.third, DIM, DIM], WINDOW);
    let mut indent: u32 = 0;
    for line in 0..7u32 {
        let y = 142.0 + f64::from(line) * 29.0;
        if y + 24.0 > prompt {
            break;
        }
        let mut x = 82.0 + f64::from(indent) * 34.0;
        for _ in 0..=dice.below(3) {
            let width = dice.between(34.0, 118.0);
            if x + width > 520.0 {
                break;
            }
            let color = dice.pick_color(&colors);
            sheet.add(format_args!(
                r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="13" rx="6.5" fill="{color}"/>"#
            ));
            x += width + 14.0;
        }
        indent = match dice.below(4) {
            0 => indent.saturating_sub(1),
            1 | 2 => (indent + 1).min(3),
            _ => indent,
        };
    }
}

/// Returns where it begins.
fn prompt(sheet: &mut Sheet, subject: &Subject<'_>) -> f64 {
    let style = Style::new(MONO, 700, TEXT);
    let title = fit(subject.title, style, 420, 3, &[58, 50, 44, 38, 32, 28]);
    let first = 486.0 - title.depth() - 34.0;
    let mark = seen(&[subject.palette.first, subject.palette.second, TEXT], WINDOW);
    let mark = mark.first().copied().unwrap_or(TEXT);
    fit("$", style, 60, 1, &[title.size]).put(sheet, 80.0, first, Style { color: mark, ..style });
    let last = title.put(sheet, 80.0 + f64::from(title.size) * 0.95, first, style);
    let style = Style::new(MONO, 400, DIM);
    fit(&format!("# {}", subject.creator), style, 440, 1, &[26, 22, 18]).put(sheet, 80.0, last + 46.0, style);
    first - f64::from(title.size)
}
