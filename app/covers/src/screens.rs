//! Sounds and loops: what the screen of an instrument shows of them.

use super::Subject;
use super::dice::Dice;
use super::lettering::{SANS, Style, fit};
use super::palette::luminance;
use super::sheet::{Sheet, outline};
use std::f64::consts::TAU;
use std::fmt::Write;

const SCREEN: &str = "#14161b";
/// Lines and lamps that are off.
const DIM: &str = "#2e323c";
const WHITE: &str = "#f2f1ec";
const LEFT: f64 = 36.0;
const RIGHT: f64 = 564.0;
const BOTTOM: f64 = 564.0;

/// What is drawn on: the part of the screen within its margins, and the colours that shine there.
struct Screen {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
    lights: Vec<&'static str>,
}

impl Screen {
    fn width(&self) -> f64 {
        self.right - self.left
    }

    fn height(&self) -> f64 {
        self.bottom - self.top
    }

    fn middle(&self) -> (f64, f64) {
        (f64::midpoint(self.left, self.right), f64::midpoint(self.top, self.bottom))
    }

    /// The colours go round.
    fn light(&self, index: usize) -> &'static str {
        index.checked_rem(self.lights.len()).map_or(WHITE, |index| self.lights[index])
    }
}

type Motif = fn(&mut Sheet, &mut Dice, &Screen);

pub(super) fn draw(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    sheet.fill(subject.palette.ground);
    let top = words(sheet, subject);
    // Where the ground is dark, the screen still shows an edge.
    sheet.add(format_args!(
        r#"<rect x="{LEFT}" y="{top:.1}" width="528" height="{:.1}" rx="20" fill="{SCREEN}" stroke="{}" stroke-width="3"/>"#,
        BOTTOM - top,
        subject.palette.ink
    ));
    let screen = Screen {
        left: LEFT + 26.0,
        top: top + 26.0,
        right: RIGHT - 26.0,
        bottom: BOTTOM - 26.0,
        lights: subject.palette.seen_on(SCREEN),
    };
    motif(dice, subject)(sheet, dice, &screen);
}

/// The title says what kind of sound it is; else the dice do.
fn motif(dice: &mut Dice, subject: &Subject<'_>) -> Motif {
    const ANY: [Motif; 8] = [steps, keys, figure, hits, spectrum, reels, ring, swell];
    const PLACES: [Motif; 4] = [spectrum, swell, reels, ring];
    if subject.names(&["drum", "drums", "beat", "beats", "bars", "brushes", "rims", "grooves", "percussion"])
    {
        steps
    } else if subject.names(&["piano", "marimba", "chord", "chords", "keys", "organ", "harp", "melodies"]) {
        keys
    } else if subject.names(&["tone", "tones", "test", "sine", "synth", "drone", "drones"]) {
        figure
    } else if subject.names(&["gestures", "effects", "jumps", "coins", "falls", "clicks", "hits", "shots"]) {
        hits
    } else if subject.names(&["rain", "sea", "wind", "field", "night", "forest", "train", "stove", "water"]) {
        *dice.pick(&PLACES)
    } else {
        *dice.pick(&ANY)
    }
}

/// Returns where the screen can begin.
fn words(sheet: &mut Sheet, subject: &Subject<'_>) -> f64 {
    let style = Style::new(SANS, 800, subject.palette.ink);
    let title = fit(subject.title, style, 524, 2, &[76, 68, 60, 54, 48, 42, 36]);
    let last = title.put(sheet, 36.0, 34.0 + f64::from(title.size) * 0.78, style);
    let style = Style { weight: 500, ..style };
    fit(subject.creator, style, 520, 1, &[28, 24, 20]).put(sheet, 38.0, last + 44.0, style) + 28.0
}

/// Strokes and how they die away, with the head that plays them.
fn hits(sheet: &mut Sheet, dice: &mut Dice, screen: &Screen) {
    let (_, middle) = screen.middle();
    let count = 3 + dice.below(3);
    let mut strokes = Vec::new();
    for index in 0..count {
        let share = (f64::from(index) + dice.between(0.05, 0.5)) / f64::from(count);
        strokes.push((
            screen.left + share * screen.width(),
            dice.between(0.55, 1.0),
            dice.between(26.0, 80.0),
        ));
    }
    let head = screen.left + screen.width() * dice.between(0.3, 0.7);
    for tick in 0..=12u32 {
        let x = screen.left + screen.width() * f64::from(tick) / 12.0;
        let long = if tick % 3 == 0 { 16.0 } else { 9.0 };
        sheet.line((x, screen.bottom), (x, screen.bottom - long), DIM, 3.0);
    }
    let (mut played, mut rest) = (String::new(), String::new());
    let mut x = screen.left;
    while x <= screen.right {
        let loud: f64 = strokes
            .iter()
            .filter(|(start, ..)| x >= *start)
            .map(|(start, loudness, decay)| loudness * (-(x - start) / decay).exp())
            .sum();
        let half = 2.0 + loud.min(1.0) * dice.between(0.62, 1.0) * (screen.height() * 0.46 - 14.0);
        let path = if x < head { &mut played } else { &mut rest };
        let _ = write!(path, "M{x:.0} {:.0}v{:.0}", middle - half, half * 2.0);
        x += 6.0;
    }
    sheet.stroke(&played, screen.light(0), 4.0, 1.0);
    sheet.stroke(&rest, screen.light(1), 4.0, 1.0);
    sheet.line((head, screen.top), (head, screen.bottom), "#ffffff", 2.5);
    sheet.polygon(
        &[(head - 10.0, screen.top - 8.0), (head + 10.0, screen.top - 8.0), (head, screen.top + 8.0)],
        "#ffffff",
    );
}

/// Which frequencies are loud when: the low ones below.
fn spectrum(sheet: &mut Sheet, dice: &mut Dice, screen: &Screen) {
    const ROWS: u32 = 26;
    const COLUMNS: u32 = 44;
    let (step, tall) = (screen.width() / f64::from(COLUMNS), screen.height() / f64::from(ROWS));
    let bands: Vec<(f64, f64, f64)> =
        (0..3).map(|_| (dice.between(2.0, 20.0), dice.between(1.0, 3.5), dice.between(0.0, TAU))).collect();
    let swell = dice.between(0.08, 0.3);
    let slope = dice.between(0.035, 0.07);
    let mut lights = screen.lights.clone();
    lights.sort_by(|one, other| luminance(one).total_cmp(&luminance(other)));
    let (dark, bright) =
        (lights.first().copied().unwrap_or(DIM), lights.last().copied().unwrap_or("#ffffff"));
    let ramp = [(dark, 0.3), (dark, 0.65), (screen.light(0), 0.95), (bright, 1.0)];
    let mut paths = [const { String::new() }; 4];
    for row in 0..ROWS {
        let y = screen.bottom - (f64::from(row) + 0.5) * tall;
        for column in 0..COLUMNS {
            let time = f64::from(column);
            let mut loud = 0.62 - f64::from(row) * slope + 0.12 * (time * swell).sin();
            for (height, wander, shift) in &bands {
                let away = f64::from(row) - height - wander * (time * swell + shift).sin();
                loud += 0.6 * (-away * away / 1.6).exp();
            }
            loud += dice.between(-0.16, 0.16);
            let level = [0.16, 0.36, 0.6, 0.84].iter().filter(|limit| loud > **limit).count();
            let Some(path) = level.checked_sub(1).and_then(|level| paths.get_mut(level)) else { continue };
            let _ = write!(path, "M{:.0} {y:.0}h{:.1}", screen.left + time * step, step - 1.0);
        }
    }
    for (path, (color, opacity)) in paths.iter().zip(ramp) {
        sheet.add(format_args!(
            r#"<path d="{path}" stroke="{color}" stroke-width="{:.1}" stroke-opacity="{opacity}"/>"#,
            tall - 1.5
        ));
    }
}

/// A beat as lamps: a row for each drum.
fn steps(sheet: &mut Sheet, dice: &mut Dice, screen: &Screen) {
    const STEPS: u32 = 16;
    let rows = 5 + dice.below(2);
    let (wide, tall) = (screen.width() / f64::from(STEPS), screen.height() / f64::from(rows));
    let now = f64::from(dice.below(STEPS));
    sheet.add(format_args!(
        r##"<rect x="{:.1}" y="{:.1}" width="{wide:.1}" height="{:.1}" rx="8" fill="#ffffff" fill-opacity="0.2"/>"##,
        screen.left + now * wide,
        screen.top - 8.0,
        screen.height() + 16.0
    ));
    for row in 0..rows {
        let (mut on, mut off) = (String::new(), String::new());
        let every = [4, 8, 2, 3, 6, 5].get(usize::try_from(row).unwrap_or_default()).copied().unwrap_or(4);
        let first = if row == 1 { 4 } else { dice.below(2) * dice.below(3) };
        for step in 0..STEPS {
            let struck = (step + every - first % every) % every == 0 || dice.one_in(9);
            let path = if struck { &mut on } else { &mut off };
            let x = screen.left + f64::from(step) * wide + 8.0;
            let y = screen.top + f64::from(row) * tall + 10.0;
            let _ = write!(path, "M{x:.1} {y:.1}h{:.1}v{:.1}h-{:.1}z", wide - 16.0, tall - 20.0, wide - 16.0);
        }
        let light = screen.light(usize::try_from(row / 2).unwrap_or_default());
        for (path, color) in [(off, DIM), (on, light)] {
            sheet.add(format_args!(
                r#"<path d="{path}" fill="{color}" stroke="{color}" stroke-width="8" stroke-linejoin="round"/>"#
            ));
        }
    }
}

/// Keys, and above them how long each is held.
fn keys(sheet: &mut Sheet, dice: &mut Dice, screen: &Screen) {
    const COUNT: u32 = 14;
    let wide = screen.width() / f64::from(COUNT);
    let keyboard = screen.bottom - screen.height() * 0.27;
    let mut held = Vec::new();
    let mut y = keyboard - 14.0;
    let mut bar: usize = 0;
    while y > screen.top + 20.0 {
        let long = dice.between(20.0, 46.0).min(y - screen.top);
        let root = dice.below(COUNT - 4);
        for third in 0..=1 + dice.below(2) {
            let key = root + third * 2;
            let x = screen.left + f64::from(key) * wide;
            sheet.add(format_args!(
                r#"<rect x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}" rx="7" fill="{}"/>"#,
                x + 4.0,
                y - long + 5.0,
                wide - 8.0,
                long - 5.0,
                screen.light(bar)
            ));
            if bar == 0 {
                held.push(key);
            }
        }
        y -= long;
        bar += 1;
    }
    for key in 0..COUNT {
        let color = if held.contains(&key) { screen.light(0) } else { WHITE };
        let x = screen.left + f64::from(key) * wide;
        sheet.rect(x + 1.5, keyboard, wide - 3.0, screen.bottom - keyboard, color);
    }
    for key in (0..COUNT).filter(|key| ![2, 6].contains(&(key % 7))) {
        let x = screen.left + f64::from(key + 1) * wide - wide * 0.3;
        sheet.rect(x, keyboard, wide * 0.6, (screen.bottom - keyboard) * 0.6, SCREEN);
    }
}

/// Two tones against one another, as an oscilloscope shows them.
fn figure(sheet: &mut Sheet, dice: &mut Dice, screen: &Screen) {
    const RATIOS: [(f64, f64); 6] = [(1.0, 2.0), (2.0, 3.0), (3.0, 4.0), (3.0, 5.0), (4.0, 5.0), (5.0, 6.0)];
    let (x, y) = screen.middle();
    for line in 0..=10u32 {
        let x = screen.left + screen.width() * f64::from(line) / 10.0;
        sheet.line((x, screen.top), (x, screen.bottom), DIM, if line == 5 { 3.0 } else { 1.5 });
    }
    for line in 0..=8u32 {
        let y = screen.top + screen.height() * f64::from(line) / 8.0;
        sheet.line((screen.left, y), (screen.right, y), DIM, if line == 4 { 3.0 } else { 1.5 });
    }
    let (across, down) = *dice.pick(&RATIOS);
    let shift = dice.between(0.35, 1.2);
    let (wide, tall) = (screen.width() * 0.42, screen.height() * 0.42);
    let points: Vec<(f64, f64)> = (0..=240u32)
        .map(|step| TAU * f64::from(step) / 240.0)
        .map(|time| (x + wide * (across * time + shift).sin(), y + tall * (down * time).sin()))
        .collect();
    let path = outline(&points);
    let light = screen.light(0);
    sheet.stroke(&path, light, 17.0, 0.22);
    sheet.stroke(&path, light, 6.0, 1.0);
}

/// A tape between two reels, past the head.
fn reels(sheet: &mut Sheet, dice: &mut Dice, screen: &Screen) {
    let radius = (screen.height() * 0.36).min(screen.width() * 0.235);
    let (middle, _) = screen.middle();
    let y = screen.top + radius + 6.0;
    let low = screen.bottom - 16.0;
    let played = dice.between(0.25, 0.75);
    let turn = dice.between(0.0, TAU);
    let tape = screen.light(1);
    for (x, wound, side) in [(screen.left + radius, 1.0 - played, -1.0), (screen.right - radius, played, 1.0)]
    {
        let winding = radius * (0.5 + 0.44 * wound);
        sheet.line((x + side * winding, y), (middle + side * 112.0, low), tape, 4.0);
        sheet.circle(x, y, radius, DIM);
        sheet.circle(x, y, winding, tape);
        sheet.circle(x, y, radius * 0.46, screen.light(0));
        for arm in 0..3u32 {
            let angle = turn + side + f64::from(arm) * TAU / 3.0;
            let (dx, dy) = (angle.cos() * radius * 0.28, angle.sin() * radius * 0.28);
            sheet.circle(x + dx, y + dy, radius * 0.1, SCREEN);
        }
        sheet.ring(x, y, radius, WHITE, 4.0);
        sheet.circle(x, y, radius * 0.08, WHITE);
        sheet.circle(middle + side * 112.0, low - 3.0, 15.0, WHITE);
        sheet.circle(middle + side * 112.0, low - 3.0, 5.0, SCREEN);
    }
    sheet.line((middle - 112.0, low + 11.0), (middle + 112.0, low + 11.0), tape, 4.0);
    sheet.add(format_args!(
        r#"<rect x="{:.1}" y="{:.1}" width="64" height="34" rx="7" fill="{}"/>"#,
        middle - 32.0,
        low - 26.0,
        screen.light(2)
    ));
}

/// A sound whose end meets its beginning.
fn ring(sheet: &mut Sheet, dice: &mut Dice, screen: &Screen) {
    const LINES: u32 = 96;
    let (x, y) = screen.middle();
    let far = screen.height() / 2.0;
    let near = far * 0.52;
    let (slow, fast) = (f64::from(1 + dice.below(3)), f64::from(5 + dice.below(6)));
    let (shift, other) = (dice.between(0.0, TAU), dice.between(0.0, TAU));
    let played = LINES * (25 + dice.below(50)) / 100;
    let (mut before, mut after) = (String::new(), String::new());
    for line in 0..LINES {
        let angle = TAU * f64::from(line) / f64::from(LINES) - TAU / 4.0;
        let swell =
            (angle * slow / 2.0 + shift).sin().abs() * 0.55 + (angle * fast / 2.0 + other).sin().abs() * 0.45;
        let reach = near + 8.0 + swell * dice.between(0.55, 1.0) * (far - near - 8.0);
        let back = near - (reach - near) * 0.2;
        let (dx, dy) = (angle.cos(), angle.sin());
        let path = if line < played { &mut before } else { &mut after };
        let _ = write!(
            path,
            "M{:.1} {:.1}L{:.1} {:.1}",
            x + dx * back,
            y + dy * back,
            x + dx * reach,
            y + dy * reach
        );
    }
    sheet.stroke(&before, screen.light(0), 5.0, 1.0);
    sheet.stroke(&after, screen.light(1), 5.0, 1.0);
    // An arrow that goes round: it ends at the upper left.
    let small = near * 0.34;
    let (side, up) = (small * 0.6, small * 0.8);
    sheet.stroke(
        &format!("M{:.1} {:.1}A{small:.1} {small:.1} 0 1 1 {:.1} {:.1}", x + side, y - up, x - side, y - up),
        WHITE,
        6.0,
        1.0,
    );
    let at = |along: f64, across: f64| {
        (x - side + along * 0.8 + across * 0.6, y - up - along * 0.6 + across * 0.8)
    };
    sheet.polygon(&[at(18.0, 0.0), at(-4.0, 14.0), at(-4.0, -14.0)], WHITE);
}

/// A place as it goes on: loud and soft without end.
fn swell(sheet: &mut Sheet, dice: &mut Dice, screen: &Screen) {
    let (_, middle) = screen.middle();
    for (layer, opacity) in [(1, 0.4), (0, 0.75), (2, 1.0)] {
        let (slow, fast) = (dice.between(0.006, 0.014), dice.between(0.03, 0.06));
        let (shift, other) = (dice.between(0.0, TAU), dice.between(0.0, TAU));
        let reach = screen.height() * 0.5 * (1.0 - 0.24 * (opacity - 0.4) / 0.2);
        let loud =
            |x: f64| 0.25 + 0.5 * (x * slow + shift).sin().powi(2) + 0.25 * (x * fast + other).sin().powi(2);
        let edge: Vec<(f64, f64)> = (0..=88u32)
            .map(|step| screen.left + f64::from(step) * screen.width() / 88.0)
            .map(|x| (x, loud(x) * reach * dice.between(0.86, 1.0)))
            .collect();
        let upper = edge.iter().map(|(x, half)| (*x, middle - half));
        let lower = edge.iter().rev().map(|(x, half)| (*x, middle + half));
        let path = outline(&upper.chain(lower).collect::<Vec<_>>());
        sheet.add(format_args!(
            r#"<path d="{path}z" fill="{}" fill-opacity="{opacity}"/>"#,
            screen.light(layer)
        ));
    }
    sheet.rect(screen.left, middle - 1.5, screen.width(), 3.0, SCREEN);
}
