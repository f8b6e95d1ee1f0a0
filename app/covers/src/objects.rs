//! Things to be posted: a record in its sleeve, a cassette, a print.

use super::Subject;
use super::dice::Dice;
use super::lettering::{SANS, SERIF, Style, fit};
use super::sheet::Sheet;

pub(super) fn draw(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    if subject.names(&["lp", "ep", "inch", "vinyl", "single"]) {
        sleeve(sheet, dice, subject);
    } else if subject.names(&["cassette", "tape"]) {
        cassette(sheet, dice, subject);
    } else {
        print(sheet, dice, subject);
    }
}

fn shadow(sheet: &mut Sheet, x: f64, y: f64, width: f64, height: f64) {
    sheet.add(format_args!(
        r##"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="#000000" fill-opacity="0.22"/>"##
    ));
}

/// The disc looks out of the sleeve on the right.
fn sleeve(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    sheet.fill("#d9d6ce");
    sheet.record((368.0, 300.0), 214.0, palette.first, "#d9d6ce");
    shadow(sheet, 38.0, 74.0, 470.0, 470.0);
    sheet.rect(28.0, 62.0, 470.0, 470.0, palette.ground);
    sheet.add(format_args!(
        r#"<clipPath id="sleeve"><rect x="28" y="62" width="470" height="470"/></clipPath><g clip-path="url(#sleeve)">"#
    ));
    match dice.below(3) {
        0 => target(sheet, dice, subject),
        1 => stripes(sheet, dice, subject),
        _ => quarters(sheet, dice, subject),
    }
    sheet.add(format_args!("</g>"));
    sheet.add(format_args!(
        r##"<rect x="28" y="62" width="7" height="470" fill="#000000" fill-opacity="0.25"/>"##
    ));
    sheet.rect(35.0, 62.0, 463.0, 176.0, palette.ground);
    let style = Style::new(SANS, 800, palette.ink);
    let title = fit(subject.title, style, 410, 2, &[50, 44, 38, 32, 28]);
    let last = title.put(sheet, 62.0, 90.0 + f64::from(title.size) * 0.78, style);
    let style = Style { weight: 500, ..style };
    fit(subject.creator, style, 400, 1, &[26, 22, 19]).put(sheet, 63.0, last + 38.0, style);
}

fn target(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let (x, y) = (dice.between(150.0, 400.0), dice.between(390.0, 500.0));
    let colors = subject.palette.accents();
    for ring in (0..7u32).rev() {
        let index = usize::try_from(ring % 3).unwrap_or_default();
        sheet.circle(x, y, 22.0 + f64::from(ring) * dice.between(24.0, 29.0), colors[index]);
    }
}

fn stripes(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let lean = dice.between(-220.0, 220.0);
    let mut x = -220.0;
    while x < 760.0 {
        let width = dice.between(16.0, 46.0);
        let color = dice.pick_color(&subject.palette.accents());
        let path = format!("M{x:.0} 540h{width:.0}l{lean:.0} -310h-{width:.0}z");
        sheet.path(&path, color);
        x += width + dice.between(6.0, 26.0);
    }
}

fn quarters(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    const TILE: f64 = 94.0;
    for row in 0..3u32 {
        for column in 0..5u32 {
            let (x, y) = (28.0 + f64::from(column) * TILE, 250.0 + f64::from(row) * TILE);
            let color = dice.pick_color(&subject.palette.accents());
            let turn = 90 * dice.below(4);
            let (middle_x, middle_y) = (x + TILE / 2.0, y + TILE / 2.0);
            sheet.add(format_args!(
                r#"<path d="M{x:.0} {y:.0}h{TILE}a{TILE} {TILE} 0 0 1 -{TILE} {TILE}z" fill="{color}" transform="rotate({turn} {middle_x:.0} {middle_y:.0})"/>"#
            ));
        }
    }
}

fn cassette(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    sheet.fill(palette.ground);
    for index in 0..5u32 {
        let color = dice.pick_color(&palette.accents());
        sheet.rect(0.0, 452.0 + f64::from(index) * 26.0, 600.0, 14.0, color);
    }
    sheet.add(format_args!(
        r##"<rect x="58" y="168" width="500" height="320" rx="22" fill="#000000" fill-opacity="0.28"/><rect x="46" y="152" width="508" height="324" rx="22" fill="#1c1d22"/><rect x="76" y="180" width="448" height="206" rx="10" fill="#f5f0e4"/><rect x="76" y="270" width="448" height="34" fill="{}"/><rect x="76" y="304" width="448" height="22" fill="{}"/><rect x="168" y="286" width="264" height="78" rx="39" fill="#1c1d22"/><path d="M140 476l26-62h268l26 62z" fill="#30323a"/>"##,
        palette.first, palette.second
    ));
    for x in [218.0, 382.0] {
        sheet.circle(x, 325.0, 28.0, "#f5f0e4");
        for tooth in 0..6u32 {
            let angle = f64::from(tooth) * std::f64::consts::PI / 3.0;
            let (dx, dy) = (angle.cos(), angle.sin());
            sheet.line(
                (x + dx * 16.0, 325.0 + dy * 16.0),
                (x + dx * 24.0, 325.0 + dy * 24.0),
                "#1c1d22",
                7.0,
            );
        }
    }
    let style = Style::new(SANS, 700, "#1c1d22");
    fit(subject.title, style, 400, 1, &[38, 34, 30, 26, 22]).put(sheet, 98.0, 230.0, style);
    let style = Style { weight: 400, ..style };
    fit(subject.creator, style, 400, 1, &[22, 19]).put(sheet, 98.0, 259.0, style);
    let style = Style::new(SANS, 800, palette.ink);
    let title = fit(subject.title, style, 500, 2, &[50, 44, 38, 32]);
    title.put(sheet, 48.0, 118.0 - title.depth(), style);
}

/// Paper on a wall, cut in one colour and printed twice.
fn print(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    sheet.fill(palette.ground);
    shadow(sheet, 72.0, 52.0, 472.0, 524.0);
    sheet.rect(62.0, 38.0, 476.0, 524.0, "#faf7f0");
    sheet.add(format_args!(
        r#"<clipPath id="block"><rect x="94" y="70" width="412" height="378"/></clipPath><g clip-path="url(#block)">"#
    ));
    sheet.rect(94.0, 70.0, 412.0, 378.0, "#22211f");
    match dice.below(4) {
        0 => feathers(sheet, dice, palette.first),
        1 => rays(sheet, dice, palette.first),
        2 => tiles(sheet, dice, palette.first),
        _ => waves(sheet, dice, palette.first),
    }
    sheet.add(format_args!("</g>"));
    let style = Style::new(SERIF, 700, "#22211f");
    let title = fit(subject.title, style, 412, 1, &[32, 28, 25, 22, 19]);
    title.put(sheet, 94.0, 496.0, style);
    let style = Style { weight: 400, ..style }.italic();
    fit(subject.creator, style, 400, 1, &[24, 21]).put(sheet, 94.0, 530.0, style);
}

const CUT: &str = "#faf7f0";

fn feathers(sheet: &mut Sheet, dice: &mut Dice, color: &str) {
    for row in 0..8u32 {
        for column in 0..7u32 {
            let shift = if row % 2 == 0 { 0.0 } else { 32.0 };
            let (x, y) = (86.0 + f64::from(column) * 64.0 + shift, 110.0 + f64::from(row) * 50.0);
            let fill = if dice.one_in(4) { color } else { "#22211f" };
            let path = format!("M{:.0} {:.0}q32 -66 64 0q-14 30 -32 36q-18 -6 -32 -36z", x - 32.0, y);
            sheet.add(format_args!(r#"<path d="{path}" fill="{fill}" stroke="{CUT}" stroke-width="4"/>"#));
            for vein in [-12.0, 0.0, 12.0] {
                sheet.line((x + vein, y - 14.0 + vein.abs() * 0.6), (x + vein * 0.4, y + 20.0), CUT, 2.4);
            }
        }
    }
}

fn rays(sheet: &mut Sheet, dice: &mut Dice, color: &str) {
    let (x, y) = (dice.between(200.0, 400.0), dice.between(170.0, 330.0));
    for ray in 0..44u32 {
        let angle = f64::from(ray) * std::f64::consts::TAU / 44.0;
        let (near, far) = (dice.between(92.0, 120.0), dice.between(190.0, 460.0));
        let width = dice.between(3.0, 11.0);
        sheet.line(
            (x + angle.cos() * near, y + angle.sin() * near),
            (x + angle.cos() * far, y + angle.sin() * far),
            CUT,
            width,
        );
    }
    sheet.circle(x, y, 76.0, color);
    for ring in 1..5u32 {
        sheet.ring(x, y, f64::from(ring) * 16.0, CUT, 2.6);
    }
}

fn tiles(sheet: &mut Sheet, dice: &mut Dice, color: &str) {
    for row in 0..6u32 {
        for column in 0..6u32 {
            let (x, y) = (98.0 + f64::from(column) * 68.0, 74.0 + f64::from(row) * 62.0);
            let fill = if dice.one_in(3) { color } else { CUT };
            let path = match dice.below(4) {
                0 => format!("M{x:.0} {y:.0}h64v58z"),
                1 => format!("M{x:.0} {y:.0}a60 58 0 0 1 64 58h-64z"),
                2 => format!("M{x:.0} {:.0}q32 -58 64 0q-32 58 -64 0z", y + 29.0),
                _ => format!("M{x:.0} {y:.0}v58h64a64 58 0 0 0 -64 -58z"),
            };
            sheet.path(&path, fill);
        }
    }
}

/// Lines of a gouge, bent around a moon.
fn waves(sheet: &mut Sheet, dice: &mut Dice, color: &str) {
    sheet.circle(dice.between(180.0, 420.0), dice.between(130.0, 200.0), dice.between(36.0, 58.0), color);
    let (swell, shift) = (dice.between(14.0, 30.0), dice.between(-60.0, 60.0));
    for line in 0..15u32 {
        let y = 196.0 + f64::from(line) * 18.0;
        let swell = swell * (1.0 - f64::from(line) * 0.05);
        let path = format!("M80 {y:.0}Q{:.0} {:.0} 300 {y:.0}T520 {y:.0}", 190.0 + shift, y - swell * 2.0);
        let (paint, width) = if dice.one_in(6) { (color, 9.0) } else { (CUT, dice.between(3.0, 8.0)) };
        sheet.stroke(&path, paint, width, 1.0);
    }
}
