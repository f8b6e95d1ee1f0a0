//! Courses: chalk on a board.

use super::Subject;
use super::dice::Dice;
use super::lettering::{SERIF, Style, fit};
use super::sheet::Sheet;
use std::f64::consts::TAU;
use std::fmt::Write;

const BOARDS: [(&str, &str); 4] =
    [("#23372f", "#8a5a33"), ("#252f3d", "#a06a3f"), ("#332b3f", "#7b4f35"), ("#2d3033", "#b08050")];
const CHALKS: [&str; 4] = ["#f7d774", "#f2a3a0", "#9fd3e8", "#b5e0a4"];
const WHITE: &str = "#f4f2ea";

pub(super) fn draw(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let (board, frame) = *dice.pick(&BOARDS);
    sheet.fill(frame);
    sheet.rect(20.0, 20.0, 560.0, 540.0, board);
    wiped(sheet, dice);
    let chalk = *dice.pick(&CHALKS);
    match dice.below(3) {
        0 => polygon(sheet, dice, chalk),
        1 => curve(sheet, dice, chalk),
        _ => cubes(sheet, dice, chalk),
    }
    words(sheet, subject, chalk);
    ledge(sheet, dice, frame);
}

fn words(sheet: &mut Sheet, subject: &Subject<'_>, chalk: &'static str) {
    let style = Style::new(SERIF, 700, WHITE);
    let title = fit(subject.title, style, 500, 3, &[64, 56, 50, 44, 38, 32]);
    let last = title.put(sheet, 50.0, 50.0 + f64::from(title.size) * 0.8, style);
    let style = Style { weight: 400, color: chalk, ..style }.italic();
    fit(subject.creator, style, 480, 1, &[30, 26, 22]).put(sheet, 52.0, last + 46.0, style);
}

/// Where the sponge went.
fn wiped(sheet: &mut Sheet, dice: &mut Dice) {
    for _ in 0..4 {
        let y = dice.between(80.0, 500.0);
        let bend = dice.between(-60.0, 60.0);
        let path = format!("M30 {y:.0}Q300 {:.0} 570 {:.0}", y + bend, y - bend / 2.0);
        sheet.add(format_args!(
            r##"<path d="{path}" fill="none" stroke="#ffffff" stroke-opacity="0.035" stroke-width="62"/>"##
        ));
    }
}

fn ledge(sheet: &mut Sheet, dice: &mut Dice, frame: &str) {
    sheet.rect(0.0, 560.0, 600.0, 40.0, frame);
    sheet.add(format_args!(r##"<rect y="560" width="600" height="6" fill="#000000" fill-opacity="0.35"/>"##));
    let mut x = dice.between(60.0, 120.0);
    for color in [WHITE, *dice.pick(&CHALKS)] {
        let width = dice.between(38.0, 70.0);
        sheet.add(format_args!(
            r#"<rect x="{x:.1}" y="551" width="{width:.1}" height="12" rx="5" fill="{color}"/>"#
        ));
        x += width + dice.between(20.0, 60.0);
    }
}

/// A line as chalk draws it: it skips.
fn chalk_line(sheet: &mut Sheet, path: &str, color: &str, width: f64) {
    sheet.add(format_args!(
        r#"<path d="{path}" fill="none" stroke="{color}" stroke-width="{width:.1}" stroke-linecap="round" stroke-linejoin="round" stroke-dasharray="23 3 41 2.5 11 3.5" stroke-opacity="0.92"/>"#
    ));
}

/// A figure within its circle.
fn polygon(sheet: &mut Sheet, dice: &mut Dice, chalk: &str) {
    let (x, y, radius) = (dice.between(340.0, 410.0), 400.0, 128.0);
    let round = format!(
        "M{:.0} {y:.0}a{radius:.0} {radius:.0} 0 1 1 {:.0} 0a{radius:.0} {radius:.0} 0 1 1 -{:.0} 0",
        x - radius,
        radius * 2.0,
        radius * 2.0
    );
    chalk_line(sheet, &round, WHITE, 3.5);
    let corners = 3 + dice.below(5);
    let turn = dice.between(0.0, TAU);
    let at = |corner: u32| {
        let angle = turn + TAU * f64::from(corner) / f64::from(corners);
        (x + radius * angle.cos(), y + radius * angle.sin())
    };
    for corner in 0..corners {
        let (from, to) = (at(corner), at((corner + 1) % corners));
        chalk_line(sheet, &format!("M{:.0} {:.0}L{:.0} {:.0}", from.0, from.1, to.0, to.1), chalk, 4.5);
        chalk_line(sheet, &format!("M{:.0} {:.0}L{x:.0} {y:.0}", from.0, from.1), WHITE, 2.0);
        sheet.circle(from.0, from.1, 6.0, chalk);
    }
    chalk_line(sheet, &format!("M70 {:.0}H{:.0}", y + radius, x - radius - 20.0), WHITE, 2.5);
    chalk_line(
        sheet,
        &format!("M70 {:.0}v-40M{:.0} {:.0}v-16", y + radius, x - radius - 20.0, y + radius + 8.0),
        WHITE,
        2.5,
    );
}

/// Two axes and what grows between them.
fn curve(sheet: &mut Sheet, dice: &mut Dice, chalk: &str) {
    let (left, bottom, right, top) = (90.0, 520.0, 530.0, 290.0);
    chalk_line(sheet, &format!("M{left} {top}V{bottom}H{right}"), WHITE, 3.5);
    chalk_line(
        sheet,
        &format!(
            "M{} {}l10 -14l10 14M{} {}l14 10l-14 10",
            left - 10.0,
            top + 8.0,
            right - 8.0,
            bottom - 10.0
        ),
        WHITE,
        3.0,
    );
    let (swing, speed, shift) =
        (dice.between(26.0, 60.0), dice.between(0.012, 0.026), dice.between(0.0, 6.0));
    let height = |x: f64| {
        let grown = (x - left) / (right - left);
        bottom - 36.0 - grown * grown * 120.0 - swing * (0.5 + 0.5 * (x * speed + shift).sin())
    };
    let mut path = String::new();
    let mut x = left + 6.0;
    while x < right - 20.0 {
        let command = if path.is_empty() { 'M' } else { 'L' };
        // Writing to a String cannot fail.
        let _ = write!(path, "{command}{x:.0} {:.0}", height(x));
        x += 9.0;
    }
    chalk_line(sheet, &path, chalk, 5.0);
    for step in 1..6u32 {
        let x = left + f64::from(step) * 72.0;
        chalk_line(sheet, &format!("M{x:.0} {:.0}V{bottom}", height(x)), WHITE, 1.8);
        sheet.circle(x, height(x), 5.5, WHITE);
    }
}

/// Boxes in space.
fn cubes(sheet: &mut Sheet, dice: &mut Dice, chalk: &str) {
    let mut x = dice.between(70.0, 110.0);
    for index in 0..3u32 {
        let side = dice.between(76.0, 118.0);
        let depth = side * 0.42;
        let top = 520.0 - side;
        let color = if index == 1 { chalk } else { WHITE };
        chalk_line(sheet, &format!("M{x:.0} {top:.0}h{side:.0}v{side:.0}h-{side:.0}z"), color, 4.5);
        chalk_line(
            sheet,
            &format!(
                "M{x:.0} {top:.0}l{depth:.0} -{depth:.0}h{side:.0}l-{depth:.0} {depth:.0}m{depth:.0} -{depth:.0}v{side:.0}l-{depth:.0} {depth:.0}"
            ),
            color,
            3.0,
        );
        x += side + depth + dice.between(6.0, 18.0);
    }
    chalk_line(sheet, "M50 521H550", WHITE, 2.0);
}
