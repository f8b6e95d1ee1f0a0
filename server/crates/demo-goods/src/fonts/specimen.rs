//! Pages that show a face: its alphabet, its weights, a text in two sizes. The letters are drawn, so that the page
//! looks alike where the font is not installed.

use super::pen::glyph;
use super::{Design, Weight};
use crate::draw::path::Path;
use crate::draw::pdf::{self, About};
use crate::draw::{Align, Colour, Face, Page};

const ALPHABET: [&str; 6] =
    ["ABCDEFGHIJKLM", "NOPQRSTUVWXYZ", "abcdefghijklm", "nopqrstuvwxyz", "0123456789", "&?!@£€%§ÄÖÅéñß"];
const TEXT: &str = "A letter is a thing that one looks through. When a page is set well, the reader is in the story \
    before the eye has noticed that there are letters at all; when it is set badly, there is nothing but letters. \
    The white between the strokes does as much of the work as the strokes: it is cut with the same care, and costs \
    the same hours. Quick zephyrs blow, vexing daft Jim; five boxes of liquor jugs; 1 234 567 890.";

/// Sets a line with drawn letters and says where it ends. `at` is on the base line.
pub fn set(page: &mut Page, design: &Design, weight: f32, at: (f32, f32), size: f32, text: &str) -> f32 {
    let scale = size / 1000.0;
    let mut x = at.0;
    let mut line = Path::default();
    for letter in text.chars() {
        if letter == ' ' {
            x += (150.0 * design.width + 2.0 * design.tracking) * scale;
        } else if let Some(glyph) = glyph(design, weight, letter) {
            line.add(glyph.outline.map(|(gx, gy)| (x + gx * scale, at.1 - gy * scale)));
            x += glyph.advance * scale;
        }
    }
    page.fill(line, Colour::BLACK);
    x
}

fn width(design: &Design, weight: f32, size: f32, text: &str) -> f32 {
    set(&mut Page::a4(), design, weight, (0.0, 0.0), size, text)
}

/// The size, at most so large, at which a line fits.
fn fitting(design: &Design, weight: f32, text: &str, room: f32, most: f32) -> f32 {
    (room / width(design, weight, 1.0, text).max(0.01)).min(most)
}

/// The picture that a shop shows: name, alphabet, sample.
pub fn picture(design: &Design) -> Page {
    let mut page = Page::new(900.0, 600.0);
    page.background(Colour::hex(0x00fb_faf6));
    let weight = regular(design).stroke;
    let bold = design.weights.last().map_or(weight, |weight| weight.stroke);
    let size = fitting(design, bold, &design.family, 800.0, 110.0);
    set(&mut page, design, bold, (50.0, 140.0), size, &design.family);
    for (line, y) in
        ["ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz 0123456789"].iter().zip([250.0, 330.0])
    {
        let size = fitting(design, weight, line, 800.0, 50.0);
        set(&mut page, design, weight, (50.0, y), size, line);
    }
    let size = fitting(design, weight, &design.sample, 800.0, 64.0);
    set(&mut page, design, weight, (50.0, 480.0), size, &design.sample);
    page
}

fn regular(design: &Design) -> &Weight {
    let distance = |weight: &&Weight| weight.class.abs_diff(400);
    design.weights.iter().min_by_key(distance).unwrap_or(&design.weights[0])
}

/// A PDF: the alphabet, each weight, a text in two sizes.
pub fn specimen(design: &Design, maker: &str) -> (Vec<Page>, Vec<u8>) {
    let mut pages = vec![cover(design, maker)];
    pages.push(text_page(design, regular(design)));
    let file = pdf::document(About { title: &design.family, author: maker }, &pages, &[]);
    (pages, file)
}

fn cover(design: &Design, maker: &str) -> Page {
    let mut page = Page::a4();
    let weight = regular(design).stroke;
    let size = fitting(design, weight, &design.family, 480.0, 80.0);
    set(&mut page, design, weight, (56.0, 150.0), size, &design.family);
    page.coloured_text((56.0, 190.0), Align::Left, Face::Sans, 10.0, Colour::GREY, maker);
    for (row, line) in ALPHABET.iter().enumerate() {
        let y = 290.0 + 64.0 * row as f32;
        let size = fitting(design, weight, line, 480.0, 48.0);
        set(&mut page, design, weight, (56.0, y), size, line);
    }
    for (row, step) in design.weights.iter().enumerate() {
        let y = 680.0 + 24.0 * row as f32;
        if y < 800.0 {
            let size = fitting(design, step.stroke, &design.sample, 380.0, 18.0);
            page.coloured_text((56.0, y), Align::Left, Face::Sans, 8.0, Colour::GREY, &step.name);
            set(&mut page, design, step.stroke, (156.0, y), size, &design.sample);
        }
    }
    page
}

fn text_page(design: &Design, weight: &Weight) -> Page {
    let mut page = Page::a4();
    let heading = format!("{} {}", design.family, weight.name);
    let size = fitting(design, weight.stroke, &heading, 480.0, 40.0);
    set(&mut page, design, weight.stroke, (56.0, 100.0), size, &heading);
    let mut y = 150.0;
    for size in [18.0_f32, 10.0] {
        page.coloured_text((56.0, y), Align::Left, Face::Sans, 7.0, Colour::GREY, &format!("{size} points"));
        y += size + 8.0;
        let mut line = String::new();
        for word in TEXT.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if width(design, weight.stroke, size, &longer) > 483.0 {
                set(&mut page, design, weight.stroke, (56.0, y), size, &line);
                y += size * 1.42;
                word.clone_into(&mut line);
            } else {
                line = longer;
            }
        }
        set(&mut page, design, weight.stroke, (56.0, y), size, &line);
        y += size + 26.0;
    }
    page
}
