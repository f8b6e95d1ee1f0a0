//! Ruled papers.

use crate::draw::path::Point;
use crate::draw::{Align, Colour, Face, Page, Path};

const LINE: Colour = Colour::hex(0x009a_b3c4);
/// Points of a millimetre.
const MM: f32 = 72.0 / 25.4;

fn named(name: &str) -> Page {
    let mut page = Page::a4();
    page.coloured_text((40.0, 30.0), Align::Left, Face::Sans, 7.0, Colour::GREY, name);
    page
}

/// Lines that are parallel, within the frame of a sheet.
fn parallels(page: &mut Page, angle: f32, pitch: f32, width: f32) {
    let (left, top, right, bottom) = (40.0, 40.0, 555.0, 800.0);
    let (dx, dy) = (angle.to_radians().cos(), angle.to_radians().sin());
    let centre = (f32::midpoint(left, right), f32::midpoint(top, bottom));
    let count = (900.0 / pitch) as i32;
    let mut path = Path::default();
    for number in -count..=count {
        let at = (centre.0 - dy * pitch * number as f32, centre.1 + dx * pitch * number as f32);
        // The part of the line inside the frame.
        let mut span = (-2000.0_f32, 2000.0_f32);
        for (at, d, low, high) in [(at.0, dx, left, right), (at.1, dy, top, bottom)] {
            if d.abs() < 1e-4 {
                if at < low - 0.01 || at > high + 0.01 {
                    span = (1.0, -1.0);
                }
            } else {
                let (a, b) = ((low - at) / d, (high - at) / d);
                span = (span.0.max(a.min(b)), span.1.min(a.max(b)));
            }
        }
        if span.0 < span.1 {
            let point = |t: f32| (at.0 + dx * t, at.1 + dy * t);
            path.add_polyline(&[point(span.0), point(span.1)]);
        }
    }
    page.stroke(path, LINE, width);
}

fn dots(page: &mut Page, pitch: f32, shifted: bool) {
    let rise = if shifted { pitch * 0.866 } else { pitch };
    for row in 0..(760.0 / rise) as usize {
        let shift = if shifted && row % 2 == 1 { pitch / 2.0 } else { 0.0 };
        for column in 0..(510.0 / pitch) as usize {
            let at = (42.0 + shift + pitch * column as f32, 42.0 + rise * row as f32);
            page.fill(Path::circle(at, 0.6), Colour::hex(0x0070_8797));
        }
    }
}

fn hexagons(page: &mut Page, side: f32) {
    let (dx, dy) = (side * 3.0_f32.sqrt(), side * 1.5);
    let mut path = Path::default();
    for row in 0..(740.0 / dy) as usize {
        for column in 0..(500.0 / dx) as usize {
            let shift = if row % 2 == 1 { dx / 2.0 } else { 0.0 };
            let (x, y) = (40.0 + dx / 2.0 + shift + dx * column as f32, 40.0 + side + dy * row as f32);
            let corner = |number: u8| -> Point {
                let angle = (30.0 + 60.0 * f32::from(number)).to_radians();
                (x + side * angle.cos(), y + side * angle.sin())
            };
            // Three sides of each: the neighbours draw the others.
            path.add_polyline(&[corner(2), corner(3), corner(4), corner(5), corner(0), corner(1), corner(2)]);
        }
    }
    page.stroke(path, LINE, 0.5);
}

pub fn graph() -> Vec<Page> {
    let mut pages = Vec::new();
    for millimetres in [5.0_f32, 7.0, 10.0] {
        let mut page = named(&format!("Squares of {millimetres} mm"));
        for angle in [0.0, 90.0] {
            parallels(&mut page, angle, millimetres * MM, 0.5);
        }
        pages.push(page);
    }
    let mut page = named("Millimetres");
    for (pitch, width) in [(1.0, 0.2), (5.0, 0.4), (10.0, 0.8)] {
        for angle in [0.0, 90.0] {
            parallels(&mut page, angle, pitch * MM, width);
        }
    }
    pages.push(page);
    for millimetres in [4.0_f32, 5.0] {
        let mut page = named(&format!("Dots every {millimetres} mm"));
        dots(&mut page, millimetres * MM, false);
        pages.push(page);
    }
    let mut page = named("Dots in triangles, 6 mm");
    dots(&mut page, 6.0 * MM, true);
    pages.push(page);
    let mut page = named("Isometric, 5 mm");
    for angle in [30.0, 90.0, 150.0] {
        parallels(&mut page, angle, 5.0 * MM * 0.866, 0.5);
    }
    pages.push(page);
    for side in [6.0_f32, 10.0] {
        let mut page = named(&format!("Hexagons with sides of {side} mm"));
        hexagons(&mut page, side * MM);
        pages.push(page);
    }
    pages.push(polar());
    pages.push(logarithmic());
    for (name, pitch) in [("Lines of 8 mm", 8.0), ("Narrow lines, 6 mm", 6.0)] {
        let mut page = named(name);
        parallels(&mut page, 0.0, pitch * MM, 0.5);
        page.line((110.0, 40.0), (110.0, 800.0), Colour::hex(0x00d6_6a5e), 0.6);
        pages.push(page);
    }
    pages
}

fn polar() -> Page {
    let mut page = named("Polar, 24 directions");
    let centre = (297.0, 421.0);
    for ring in 1..=25 {
        page.stroke(Path::circle(centre, 10.0 * ring as f32), LINE, if ring % 5 == 0 { 0.9 } else { 0.35 });
    }
    for spoke in 0..72_u8 {
        let angle = (5.0 * f32::from(spoke)).to_radians();
        let main = spoke % 3 == 0;
        let from = if main { 0.0 } else { 50.0 };
        let at = |reach: f32| (centre.0 + reach * angle.cos(), centre.1 + reach * angle.sin());
        page.line(at(from), at(250.0), LINE, if main { 0.6 } else { 0.25 });
        if main {
            let label = format!("{}°", u16::from(spoke) * 5);
            let (x, y) = at(262.0);
            page.coloured_text((x, y + 3.0), Align::Centre, Face::Sans, 7.0, Colour::GREY, &label);
        }
    }
    page
}

fn logarithmic() -> Page {
    let mut page = named("Logarithmic upward, four decades");
    for decade in 0..4_u8 {
        for step in 1..=9_u8 {
            let part = (f32::from(decade) + f32::from(step).log10()) / 4.0;
            let y = 800.0 - 760.0 * part;
            page.line((60.0, y), (555.0, y), LINE, if step == 1 { 1.0 } else { 0.35 });
            if step == 1 || step == 2 || step == 5 {
                let label = (u32::from(step) * 10_u32.pow(decade.into())).to_string();
                page.coloured_text((56.0, y + 2.5), Align::Right, Face::Sans, 6.5, Colour::GREY, &label);
            }
        }
    }
    for column in 0..=50_u8 {
        let x = 60.0 + 9.9 * f32::from(column);
        page.line((x, 40.0), (x, 800.0), LINE, if column % 5 == 0 { 0.8 } else { 0.3 });
    }
    page
}

fn staff(page: &mut Page, y: f32, lines: u8, gap: f32) {
    for line in 0..lines {
        let at = y + gap * f32::from(line);
        page.line((40.0, at), (555.0, at), Colour::BLACK, 0.5);
    }
    page.line((40.0, y), (40.0, y + gap * f32::from(lines - 1)), Colour::BLACK, 0.7);
    page.line((555.0, y), (555.0, y + gap * f32::from(lines - 1)), Colour::BLACK, 0.7);
}

pub fn music() -> Vec<Page> {
    let mut pages = Vec::new();
    for (name, count) in [("Twelve staves", 12_u8), ("Ten staves", 10), ("Eight staves, for a large hand", 8)]
    {
        let mut page = named(name);
        let room = 740.0 / f32::from(count);
        for number in 0..count {
            staff(&mut page, 56.0 + room * f32::from(number), 5, (room / 8.0).min(8.0));
        }
        pages.push(page);
    }
    let mut page = named("Piano");
    for number in 0..6_u8 {
        let y = 56.0 + 124.0 * f32::from(number);
        staff(&mut page, y, 5, 6.5);
        staff(&mut page, y + 54.0, 5, 6.5);
        page.line((40.0, y), (40.0, y + 80.0), Colour::BLACK, 2.4);
    }
    pages.push(page);
    let mut page = named("A voice and piano");
    for number in 0..4_u8 {
        let y = 56.0 + 186.0 * f32::from(number);
        for part in 0..3_u8 {
            staff(&mut page, y + 54.0 * f32::from(part), 5, 6.5);
        }
        page.line((40.0, y + 54.0), (40.0, y + 134.0), Colour::BLACK, 2.4);
    }
    pages.push(page);
    let mut page = named("Guitar: staff and tablature");
    for number in 0..6_u8 {
        let y = 56.0 + 124.0 * f32::from(number);
        staff(&mut page, y, 5, 6.5);
        staff(&mut page, y + 46.0, 6, 8.0);
    }
    pages.push(page);
    pages.push(chords("Guitar chords", 6));
    pages.push(chords("Ukulele chords", 4));
    pages
}

fn chords(name: &str, strings: u8) -> Page {
    let mut page = named(name);
    for row in 0..6_u8 {
        for column in 0..5_u8 {
            let (x, y) = (52.0 + 104.0 * f32::from(column), 76.0 + 124.0 * f32::from(row));
            for string in 0..strings {
                let at = x + 72.0 * f32::from(string) / f32::from(strings - 1);
                page.line((at, y), (at, y + 75.0), Colour::BLACK, 0.5);
            }
            for fret in 0..=5_u8 {
                let at = y + 15.0 * f32::from(fret);
                page.line((x, at), (x + 72.0, at), Colour::BLACK, if fret == 0 { 2.2 } else { 0.5 });
            }
            page.line((x, y - 14.0), (x + 72.0, y - 14.0), LINE, 0.5);
        }
    }
    page
}

/// Lines for a nib: four lines each, with the slant of the hand.
pub fn handwriting() -> Vec<Page> {
    let mut pages = Vec::new();
    for (name, x_height, slant) in [
        ("Round hand, 6 mm, upright", 6.0, 90.0),
        ("Italic, 5 mm, 83 degrees", 5.0, 83.0),
        ("Italic, 4 mm, 83 degrees", 4.0, 83.0),
        ("Copperplate, 5 mm, 55 degrees", 5.0, 55.0),
        ("Copperplate, 3.5 mm, 55 degrees", 3.5, 55.0),
        ("First letters, 10 mm, upright", 10.0, 90.0_f32),
    ] {
        let mut page = named(name);
        let unit = x_height * MM;
        let mut y = 54.0 + unit;
        while y + 2.2 * unit < 800.0 {
            for (by, width) in [(-1.0, 0.3), (0.0, 0.5), (1.0, 0.9), (2.0, 0.3)] {
                page.line((40.0, y + by * unit), (555.0, y + by * unit), LINE, width);
            }
            let lean = 3.0 * unit / slant.to_radians().tan();
            let mut x = 60.0;
            while x + lean < 555.0 {
                page.line((x, y + 2.0 * unit), (x + lean, y - unit), Colour::hex(0x00d5_dfe6), 0.3);
                x += 34.0;
            }
            y += 4.0 * unit;
        }
        pages.push(page);
    }
    pages
}
