//! Fonts: a letter large enough to see how it is made, on its lines.

use super::Subject;
use super::dice::Dice;
use super::lettering::{MONO, SANS, SERIF, Style, fit};
use super::sheet::{SIDE, Sheet};

pub(super) fn draw(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    sheet.fill(palette.ground);
    let face = face(dice, subject);
    if dice.one_in(2) {
        let radius = dice.between(110.0, 148.0);
        let (x, y) = (dice.between(150.0, 450.0), dice.between(168.0 + radius, 458.0 - radius / 2.0));
        sheet.circle(x, y, radius, palette.first);
    } else {
        sheet.rect(dice.between(40.0, 280.0), 168.0, dice.between(180.0, 280.0), 290.0, palette.first);
    }
    lines(sheet, subject);
    letters(sheet, dice, subject, face);
    // What hangs below the line is cut off, so that the alphabet can be read.
    sheet.rect(0.0, 459.0, SIDE, SIDE - 459.0, palette.ground);
    words(sheet, subject, face);
}

/// The name says what kind of face it is; else the dice do.
fn face(dice: &mut Dice, subject: &Subject<'_>) -> Style {
    let name = subject.title.to_lowercase();
    let ink = subject.palette.ink;
    let named = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if named(&["mono", "code"]) {
        Style::new(MONO, 700, ink)
    } else if named(&["script", "hand", "notes", "italic"]) {
        Style::new(SERIF, 400, ink).italic()
    } else if named(&["text", "serif", "book", "almanac"]) {
        Style::new(SERIF, 400, ink)
    } else if named(&["grotesk", "sans", "signage"]) || dice.one_in(2) {
        Style::new(SANS, 800, ink)
    } else {
        Style::new(SERIF, 700, ink)
    }
}

/// Baseline, x-height and cap height, as in a type drawing.
fn lines(sheet: &mut Sheet, subject: &Subject<'_>) {
    let ink = subject.palette.ink;
    for (y, dash) in
        [(458.0, ""), (262.0, r#" stroke-dasharray="2 7""#), (182.0, r#" stroke-dasharray="2 7""#)]
    {
        sheet.add(format_args!(r#"<path d="M0 {y}H600" stroke="{ink}" stroke-width="1.5"{dash}/>"#));
    }
}

/// The first two letters of the name, or an ampersand, which tells most about a face.
fn letters(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, face: Style) {
    let mut name = subject.title.chars().filter(|letter| letter.is_alphanumeric());
    let first: String = name.next().map_or_else(|| "A".to_owned(), |letter| letter.to_uppercase().collect());
    // A letter that hangs below the line would be cut off.
    let second =
        name.next().filter(|letter| !"gjpqyQJ".contains(*letter)).map(String::from).unwrap_or_default();
    let sample = if dice.one_in(7) { "&".to_owned() } else { first + &second };
    fit(&sample, face, 520, 1, &[384, 350, 320, 280, 240]).put(sheet, 300.0, 458.0, face.centered());
}

fn words(sheet: &mut Sheet, subject: &Subject<'_>, face: Style) {
    fit(subject.title, face, 520, 1, &[72, 64, 56, 48, 42, 36, 30]).put(sheet, 40.0, 104.0, face);
    let small = Style { weight: 400, italic: false, ..face };
    fit(subject.creator, small, 520, 1, &[28, 24]).put(sheet, 40.0, 144.0, small);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789";
    fit(alphabet, Style { weight: 400, ..face }, 530, 3, &[27, 25, 23, 21]).put(
        sheet,
        40.0,
        500.0,
        Style { weight: 400, ..face },
    );
}
