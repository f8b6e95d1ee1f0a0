//! Small things in rows: signs, colours, patterns, ornaments.

use super::super::Subject;
use super::super::dice::Dice;
use super::super::palette::{PALETTES, contrast, darker};
use super::super::sheet::Sheet;
use super::{Field, Place};
use std::fmt::Write;

/// Signs for buttons, on a field of 24.
const SIGNS: [&str; 24] = [
    "M4 11l8-7l8 7v9h-5v-6h-6v6h-5z",
    "M12 3.5a8.5 8.5 0 1 0 .01 0zM12 7.500v4.500l3.5 2",
    "M8 12.500a4 4 0 1 1 0-.01zM12 12.500h9v3.500M17.5 12.500v2.5",
    "M3.5 12a8.5 8.5 0 0 1 17 0zM12 12v6.500a2 2 0 0 0 4 0M12 2.500v1",
    "M4 8h12v7a4 4 0 0 1-4 4h-4a4 4 0 0 1-4-4zM16 10h2a2.5 2.5 0 0 1 0 5h-2M8 2.500v2.500M12 2.500v2.5",
    "M3.5 6h17v12.500h-17zM3.5 7l8.5 6.500l8.5-6.5",
    "M12 3.500l2.6 5.400l5.9.800l-4.3 4.100l1.1 5.900l-5.3-2.900l-5.3 2.900l1.1-5.900l-4.3-4.100l5.9-.800z",
    "M5 19c-1-9 4-14 14-14c1 9-4 14-14 14zM5 19l8-8",
    "M12 8a4 4 0 1 0 .01 0zM12 2.500v2M12 19.500v2M2.5 12h2M19.5 12h2M5.3 5.300l1.4 1.400M17.3 17.300l1.4 1.400M5.3 18.700l1.4-1.400M17.3 6.700l1.4-1.4",
    "M19.5 14.500a8.2 8.2 0 1 1-10-10a6.5 6.5 0 0 0 10 10z",
    "M12 3c4 5 6 7.5 6 11a6 6 0 0 1-12 0c0-3.5 2-6 6-11z",
    "M6 17v-6a6 6 0 0 1 12 0v6l1.5 1.500h-15zM10 21h4",
    "M3.5 3.500h8l9 9l-8 8l-9-9zM8 7.500v1",
    "M12 21c5-5.5 7-8.5 7-11.500a7 7 0 0 0-14 0c0 3 2 6 7 11.500zM12 7.500a2.2 2.2 0 1 0 .01 0z",
    "M4 9h16l-2 11h-12zM8 9l3-6M16 9l-3-6M10 13v3.500M14 13v3.5",
    "M2.5 12c5-8 14-8 19 0c-5 8-14 8-19 0zM12 9a3 3 0 1 0 .01 0z",
    "M12 6c-2-1.5-5-2-8.5-1.500v13.500c3.5-.5 6.5 0 8.5 1.500c2-1.5 5-2 8.5-1.500v-13.500c-3.5-.5-6.5 0-8.5 1.500zM12 6v13.5",
    "M10 3.500a6.5 6.5 0 1 0 .01 0zM15 15l6 6",
    "M6 21v-17.500h11l-2.5 4l2.5 4h-11",
    "M4 20v-9M9.5 20v-15M15 20v-11M20.5 20v-6",
    "M5 16.500l14-9M5 7.500l14 9M4.5 17a2.2 2.2 0 1 0 0 .01M4.5 7a2.2 2.2 0 1 0 0 .01",
    "M6.5 3.500h11v12h-11zM6.5 10.500h11M9 21l1.5-5.500M15 21l-1.5-5.500M9 13h.5M14.5 13h.5",
    "M12 20c-6-4.5-8.5-7.5-8.5-11a4.5 4.5 0 0 1 8.5-2a4.5 4.5 0 0 1 8.5 2c0 3.5-2.5 6.5-8.5 11z",
    "M4 7h16v13h-16zM4 11h16M8 4v5M16 4v5",
];

/// Each on its own ground; the line as thick as the title says.
pub(super) fn signs(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, field: &Field) {
    let palette = subject.palette;
    let (thin, thick) =
        (subject.names(&["thin", "fine", "light"]), subject.names(&["thick", "bold", "heavy"]));
    let (columns, rows) = if thick { (4, 3) } else { (5, 3) };
    let line = if thin {
        1.0
    } else if thick {
        3.2
    } else {
        1.9
    };
    let (rounding, ends) = if thin { (0.0, "butt") } else { (18.0, "round") };
    let mut signs = SIGNS;
    dice.shuffle(&mut signs);
    let grounds = [palette.first, palette.second, palette.third, palette.ink];
    let shift = dice.index(4);
    for (index, (place, sign)) in field.places(columns, rows, 12.0).into_iter().zip(signs).enumerate() {
        let row = index / usize::try_from(columns).unwrap_or(1);
        let ground = grounds[(index + row * 2 + shift) % 4];
        place.fill(sheet, rounding, ground);
        let scale = place.width.min(place.height) / 24.0 * 0.66;
        let (x, y) = place.middle();
        sheet.add(format_args!(
            r#"<path d="{sign}" transform="translate({x:.1} {y:.1})scale({scale:.2})translate(-12 -12)" fill="none" stroke="{}" stroke-width="{line}" stroke-linecap="{ends}" stroke-linejoin="{}"/>"#,
            palette.on(ground),
            if thin { "miter" } else { "round" }
        ));
    }
}

/// The palettes that covers are drawn with, a card each.
pub(super) fn swatches(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, field: &Field) {
    let mut palettes = PALETTES;
    dice.shuffle(&mut palettes);
    let turned = dice.one_in(2);
    for (index, (place, palette)) in field.places(4, 3, 14.0).into_iter().zip(palettes).enumerate() {
        let colors = [palette.first, palette.second, palette.third, palette.ink, palette.ground];
        place.clip(sheet, &format!("card{index}"), 14.0);
        let mut at = 0.0;
        for (color, share) in colors.into_iter().zip([0.34, 0.22, 0.18, 0.13, 0.13]) {
            let (from, long) = if turned {
                (at * place.width, share * place.width)
            } else {
                (at * place.height, share * place.height)
            };
            if turned {
                sheet.rect(place.x + from, place.y, long + 0.6, place.height, color);
            } else {
                sheet.rect(place.x, place.y + from, place.width, long + 0.6, color);
            }
            at += share;
        }
        sheet.add(format_args!(
            r#"</g><rect x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}" rx="14" fill="none" stroke="{}" stroke-width="3"/>"#,
            place.x, place.y, place.width, place.height, subject.palette.ink
        ));
    }
}

type Pattern = fn(&Place) -> String;

/// Tiles that could go on without end.
pub(super) fn patterns(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, field: &Field) {
    let palette = subject.palette;
    let mut kinds: [(Pattern, f64); 6] =
        [(checks, 0.0), (scales, 5.0), (zigzags, 7.0), (spots, 15.0), (weave, 7.0), (rings, 5.0)];
    dice.shuffle(&mut kinds);
    let grounds = [palette.first, palette.ink, palette.second, palette.third];
    let shift = dice.index(4);
    for (index, (place, (kind, line))) in field.places(3, 2, 14.0).into_iter().zip(kinds).enumerate() {
        let ground = grounds[(index + shift) % 4];
        let marks = palette.seen_on(ground);
        let color = marks
            .into_iter()
            .find(|mark| contrast(mark, ground) >= 2.6)
            .unwrap_or_else(|| palette.on(ground));
        place.clip(sheet, &format!("tile{index}"), 10.0);
        place.fill(sheet, 0.0, ground);
        let path = kind(&place);
        if line > 0.0 {
            sheet.stroke(&path, color, line, 1.0);
        } else {
            sheet.path(&path, color);
        }
        sheet.add(format_args!("</g>"));
    }
}

/// Points a step apart, from one corner beyond the other; every second row is shifted.
fn grid(place: &Place, step: f64, shift: f64) -> Vec<(f64, f64)> {
    let count = |length: f64| (0..40u32).take_while(move |index| f64::from(*index) * step <= length + step);
    count(place.height)
        .flat_map(|row| {
            let left = place.x - if row % 2 == 0 { 0.0 } else { shift };
            let y = place.y + f64::from(row) * step;
            count(place.width + shift).map(move |column| (left + f64::from(column) * step, y))
        })
        .collect()
}

fn drawn(points: Vec<(f64, f64)>, mark: &str) -> String {
    points.into_iter().fold(String::new(), |mut path, (x, y)| {
        let _ = write!(path, "M{x:.0} {y:.0}{mark}");
        path
    })
}

fn checks(place: &Place) -> String {
    drawn(grid(place, 32.0, 0.0), "h16v16h-16zm16 16h16v16h-16z")
}

fn scales(place: &Place) -> String {
    drawn(grid(place, 30.0, 15.0), "a15 15 0 0 0 30 0m-22 0a7 7 0 0 0 14 0")
}

fn zigzags(place: &Place) -> String {
    drawn(grid(place, 28.0, 0.0), "l14 14l14 -14")
}

fn spots(place: &Place) -> String {
    drawn(grid(place, 28.0, 14.0), "h0")
}

fn weave(place: &Place) -> String {
    drawn(grid(place, 32.0, 0.0), "m3 6h18m-18 9h18m5 -12v0m-8 15m8 -15m0 0v18")
}

fn rings(place: &Place) -> String {
    drawn(grid(place, 40.0, 20.0), "a14 14 0 1 0 .01 0m0 9a5 5 0 1 0 .01 0")
}

/// Frames within frames, and a rule with a knot.
pub(super) fn frames(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, field: &Field) {
    let palette = subject.palette;
    let colors = palette.seen_on(palette.ground);
    let tall = field.height() > 330.0;
    for (index, place) in
        field.places(if tall { 2 } else { 3 }, if tall { 2 } else { 1 }, 18.0).into_iter().enumerate()
    {
        let color = colors[index % colors.len()];
        let corner = dice.below(4);
        for (inset, width) in [(3.0, 6.0), (14.0, 2.5)] {
            framed(sheet, &place, inset, corner, width, color);
        }
        framed(sheet, &place, 30.0, (corner + 2) % 4, 3.5, palette.ink);
        let (x, y) = place.middle();
        ornament(sheet, dice, (x, y), place.width.min(place.height) * 0.28, palette.ink, color);
    }
}

/// A frame whose corners are square, cut, hollow or stepped.
fn framed(sheet: &mut Sheet, place: &Place, inset: f64, corner: u32, width: f64, color: &str) {
    let (x, y) = (place.x + inset, place.y + inset);
    let (wide, tall) = (place.width - inset * 2.0, place.height - inset * 2.0);
    let cut = 26.0;
    let (across, down) = (wide - cut * 2.0, tall - cut * 2.0);
    let turns = match corner {
        0 => ["l26 26", "l-26 26", "l-26 -26", "l26 -26"],
        1 => ["a26 26 0 0 0 26 26", "a26 26 0 0 0 -26 26", "a26 26 0 0 0 -26 -26", "a26 26 0 0 0 26 -26"],
        2 => ["v13h13v13h13", "h-13v13h-13v13", "v-13h-13v-13h-13", "h13v-13h13v-13"],
        _ => ["h26v26", "v26h-26", "h-26v-26", "v-26h26"],
    };
    sheet.add(format_args!(
        r#"<path d="M{:.1} {y:.1}h{across:.1}{}v{down:.1}{}h-{across:.1}{}v-{down:.1}{}z" fill="none" stroke="{color}" stroke-width="{width}"/>"#,
        x + cut, turns[0], turns[1], turns[2], turns[3]
    ));
}

/// Petals around a middle, the same on all sides.
fn ornament(sheet: &mut Sheet, dice: &mut Dice, (x, y): (f64, f64), size: f64, ink: &str, color: &str) {
    let petals = 4 + dice.below(3) * 2;
    let bend = dice.between(0.3, 0.7) * size;
    for petal in 0..petals {
        let turn = 360.0 * f64::from(petal) / f64::from(petals);
        let fill = if petal % 2 == 0 { color } else { ink };
        sheet.add(format_args!(
            r#"<path d="M{x:.1} {y:.1}q{bend:.1} -{:.1} 0 -{size:.1}q-{bend:.1} {:.1} 0 {size:.1}z" fill="{fill}" transform="rotate({turn:.0} {x:.1} {y:.1})"/>"#,
            size * 0.6,
            size * 0.4
        ));
    }
    sheet.circle(x, y, size * 0.14, ink);
}

/// Quiet waves on screens of several shapes.
pub(super) fn wallpapers(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, field: &Field) {
    let palette = subject.palette;
    let tall = field.height();
    let wide = Field::WIDTH - 2.0 * (tall * 0.46 + 16.0);
    let slim = tall * 0.46;
    let screens = [(super::LEFT, slim), (super::LEFT + slim + 16.0, wide), (super::RIGHT - slim, slim)];
    for (index, (x, width)) in screens.into_iter().enumerate() {
        let place = Place { x, y: field.top, width, height: tall };
        let own = [palette.first, palette.second, palette.third];
        place.clip(sheet, &format!("screen{index}"), 20.0);
        place.fill(sheet, 0.0, &darker(own[index], -0.45));
        let radius = dice.between(0.12, 0.2) * tall;
        sheet.circle(x + width * dice.between(0.25, 0.75), field.top + tall * 0.3, radius, palette.ground);
        for wave in 0..4u32 {
            let y = field.top + tall * (0.4 + f64::from(wave) * 0.16);
            let (one, other) = (dice.between(-0.12, 0.12) * tall, dice.between(-0.12, 0.12) * tall);
            let path = format!(
                "M{x:.0} {:.0}C{:.0} {:.0} {:.0} {:.0} {:.0} {:.0}V600H{x:.0}z",
                y + one,
                x + width * 0.35,
                y - one,
                x + width * 0.65,
                y + other,
                x + width,
                y - other
            );
            sheet.path(&path, &darker(own[index], f64::from(wave) * 0.22 - 0.22));
        }
        sheet.add(format_args!("</g>"));
        sheet.add(format_args!(
            r#"<rect x="{x:.1}" y="{:.1}" width="{width:.1}" height="{tall:.1}" rx="20" fill="none" stroke="{}" stroke-width="4"/>"#,
            field.top, palette.ink
        ));
    }
}
