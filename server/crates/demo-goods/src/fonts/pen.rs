//! Strokes become outlines: a pen of a face's width, contrast and ends runs along the middle of each.

use super::skeleton::{Letter, Stroke, letters};
use super::{Design, Ends};
use crate::draw::path::{Path, Point, Segment};
use crate::random::Random;
use std::f32::consts::{FRAC_PI_4, TAU};

/// Units of the em for one of the skeleton's.
const UNIT: f32 = 100.0;
pub const CAPITALS: f32 = 700.0;
pub const DESCENDERS: f32 = -210.0;
/// Pieces of a curve that are offset each for itself.
const PIECES: usize = 5;

/// An outlined letter, y upward, in units of an em of 1000.
#[derive(Debug, Clone, Default)]
pub struct Glyph {
    pub advance: f32,
    pub outline: Path,
}

/// The letter in a design and a weight, or nothing that it does not have.
pub fn glyph(design: &Design, weight: f32, name: char) -> Option<Glyph> {
    let letter = letters().get(&name)?;
    Some(Pen { design, weight }.draw(letter, name))
}

struct Pen<'a> {
    design: &'a Design,
    weight: f32,
}

impl Pen<'_> {
    fn draw(&self, letter: &Letter, name: char) -> Glyph {
        let design = self.design;
        let body = letter.width * UNIT * design.width;
        let side = design.tracking + if letter.width < 0.1 { 10.0 } else { 0.0 };
        let full = body.max(0.0) + self.weight;
        let natural = full + 2.0 * side;
        let advance = if design.mono { 600.0 * design.width } else { natural };
        // A letter that is too wide for its cell is drawn narrower; a narrow one stands in the middle.
        let squeeze = if design.mono && natural > advance { (advance - 2.0 * side) / full } else { 1.0 };
        let left = (advance - full * squeeze) / 2.0;
        let mut random = Random::new(u64::from(u32::from(name)));
        let lean = (design.slant * TAU / 360.0).tan();
        let put = |(x, y): Point| {
            let height = self.height(y);
            let across = if letter.width > 0.0 { x / letter.width * body } else { x * UNIT };
            (left + squeeze * (self.weight / 2.0 + across) + lean * height, height)
        };
        let mut outline = Path::default();
        for run in &letter.runs {
            let shaky = (random.between(-1.0, 1.0) * design.shake, random.between(-1.0, 1.0) * design.shake);
            let shift = |(x, y): Point| (x + shaky.0, y + shaky.1);
            let run: Vec<Stroke> = run.iter().map(|stroke| stroke.map(|point| shift(put(point)))).collect();
            self.run(&mut outline, &run);
        }
        if design.serifs > 0.0 && name.is_alphabetic() {
            for run in &letter.runs {
                self.serifs(&mut outline, run, put);
            }
        }
        Glyph { advance: advance.round(), outline }
    }

    /// Where the middle of a stroke stands whose edge reaches the line: half a weight inside.
    fn height(&self, y: f32) -> f32 {
        let half = self.weight / 2.0 * (1.0 - self.design.contrast * 0.8);
        let small = self.design.small;
        let levels = [
            (-2.0, DESCENDERS + half),
            (0.0, half),
            (5.0, small - half),
            (7.0, CAPITALS - half),
            (9.4, CAPITALS + 240.0 - half),
        ];
        let pair = levels.windows(2).find(|pair| y <= pair[1].0).unwrap_or(&levels[3..5]);
        pair[0].1 + (y - pair[0].0) / (pair[1].0 - pair[0].0) * (pair[1].1 - pair[0].1)
    }

    /// Half of the pen's width when it moves in a direction.
    fn half(&self, direction: Point) -> f32 {
        let angle = direction.1.atan2(direction.0) - self.design.nib * TAU / 360.0;
        self.weight / 2.0 * (1.0 - self.design.contrast * (1.0 - angle.sin().abs()))
    }

    fn run(&self, outline: &mut Path, run: &[Stroke]) {
        if self.design.dotted {
            self.dots(outline, run);
            return;
        }
        for (index, stroke) in run.iter().enumerate() {
            let samples = samples(*stroke);
            let Some([first, last]) = ends(&samples) else {
                if let Stroke::Dot(at) = stroke {
                    outline.add(disc(*at, self.weight * 0.62));
                }
                continue;
            };
            self.along(outline, &samples);
            match self.design.ends {
                Ends::Round => {
                    for (at, direction) in [first, last] {
                        outline.add(disc(at, self.half(direction)));
                    }
                }
                Ends::Square => {
                    if let Some(next) = run.get(index + 1).and_then(|next| ends(&self::samples(*next))) {
                        self.corner(outline, last, next[0]);
                    }
                    // A run that comes back to its beginning has a corner there too.
                    let begin = run.first().and_then(|first| ends(&self::samples(*first)));
                    if let Some([begin, _]) = begin
                        && index + 1 == run.len()
                        && run.len() > 1
                        && distance(begin.0, last.0) < 1.0
                    {
                        self.corner(outline, last, begin);
                    }
                }
            }
        }
    }

    /// One stroke: along its one side and back along the other. A stencil leaves a bridge in its middle.
    fn along(&self, outline: &mut Path, samples: &[(Point, Point)]) {
        if self.design.stencil && samples.len() > 2 {
            let middle = samples.len() / 2;
            self.side(outline, &samples[..middle]);
            self.side(outline, &samples[middle + 1..]);
        } else {
            self.side(outline, samples);
        }
    }

    fn side(&self, outline: &mut Path, samples: &[(Point, Point)]) {
        if samples.len() < 2 {
            return;
        }
        let shifted = |sign: f32| {
            samples
                .iter()
                .map(|&((x, y), (dx, dy))| {
                    let half = self.half((dx, dy)) * sign;
                    ((x - dy * half, y + dx * half), (dx, dy))
                })
                .collect::<Vec<(Point, Point)>>()
        };
        let (left, mut right) = (shifted(1.0), shifted(-1.0));
        right.reverse();
        let mut contour = Path::default();
        contour.0.push(Segment::Move(left[0].0));
        curve_to(&mut contour, &left);
        contour.0.push(Segment::Line(right[0].0));
        curve_to(&mut contour, &right);
        contour.0.push(Segment::Close);
        outline.add(contour);
    }

    /// Fills the outside of a corner between two strokes, to a point if it is not too sharp.
    fn corner(&self, outline: &mut Path, (at, from): (Point, Point), (_, to): (Point, Point)) {
        let turn = from.0 * to.1 - from.1 * to.0;
        let ahead = from.0 * to.0 + from.1 * to.1;
        if turn.abs() < 0.02 && ahead > 0.0 {
            return;
        }
        let sign = if turn > 0.0 { -1.0 } else { 1.0 };
        let (first, second) = (self.half(from) * sign, self.half(to) * sign);
        let a = (at.0 - from.1 * first, at.1 + from.0 * first);
        let b = (at.0 - to.1 * second, at.1 + to.0 * second);
        let mut points = vec![at, a];
        if let Some(tip) = crossing(a, from, b, to)
            && distance(tip, at) < self.weight * 1.1
        {
            points.push(tip);
        }
        points.push(b);
        // All outlines run the same way round, or two that overlap would be a hole.
        if area(&points) > 0.0 {
            points.reverse();
        }
        outline.add(Path::polygon(&points));
    }

    /// A foot at each end of an upright stroke that stands on a line.
    fn serifs(&self, outline: &mut Path, run: &[Stroke], put: impl Fn(Point) -> Point) {
        let Some([first, last]) = run_ends(run) else { return };
        for (at, direction) in [first, last] {
            let upright = direction.1.abs() > 0.85;
            let stands = [-2.0, 0.0, 5.0, 7.0].iter().any(|level| (at.1 - level).abs() < 0.01);
            if !upright || !stands {
                continue;
            }
            let (x, y) = put(at);
            let thick = self.weight * (1.0 - self.design.contrast) / 2.0;
            let reach = self.weight / 2.0 + self.design.serifs;
            // On small letters the upper foot points to the left alone.
            let right = if (at.1 - 5.0).abs() < 0.01 { self.weight / 2.0 } else { reach };
            let foot = [
                (x - reach, y + thick),
                (x + right, y + thick),
                (x + right, y - thick),
                (x - reach, y - thick),
            ];
            outline.add(Path::polygon(&foot));
        }
    }

    fn dots(&self, outline: &mut Path, run: &[Stroke]) {
        let gap = self.weight * 1.16;
        let mut since = gap;
        let mut before: Option<Point> = None;
        for stroke in run {
            if let Stroke::Dot(at) = stroke {
                outline.add(disc(*at, self.weight / 2.0));
                continue;
            }
            for step in 0..=60 {
                let (at, _) = point_of(*stroke, step as f32 / 60.0);
                since += before.map_or(0.0, |before| distance(before, at));
                before = Some(at);
                if since >= gap {
                    outline.add(disc(at, self.weight / 2.0));
                    since = 0.0;
                }
            }
        }
    }
}

/// Points of a stroke with their directions; a dot has none.
fn samples(stroke: Stroke) -> Vec<(Point, Point)> {
    match stroke {
        Stroke::Dot(_) => Vec::new(),
        Stroke::Line(..) => vec![point_of(stroke, 0.0), point_of(stroke, 1.0)],
        Stroke::Curve(..) => {
            (0..=PIECES).map(|piece| point_of(stroke, piece as f32 / PIECES as f32)).collect()
        }
    }
}

fn point_of(stroke: Stroke, t: f32) -> (Point, Point) {
    match stroke {
        Stroke::Dot(at) => (at, (1.0, 0.0)),
        Stroke::Line(from, to) => {
            let at = (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t);
            (at, unit((to.0 - from.0, to.1 - from.1)))
        }
        Stroke::Curve(from, a, b, to) => {
            let s = 1.0 - t;
            let mix = |w: f32, x: f32, y: f32, z: f32| {
                s * s * s * w + 3.0 * s * s * t * x + 3.0 * s * t * t * y + t * t * t * z
            };
            let slope =
                |w: f32, x: f32, y: f32, z: f32| s * s * (x - w) + 2.0 * s * t * (y - x) + t * t * (z - y);
            let at = (mix(from.0, a.0, b.0, to.0), mix(from.1, a.1, b.1, to.1));
            (at, unit((slope(from.0, a.0, b.0, to.0), slope(from.1, a.1, b.1, to.1))))
        }
    }
}

fn ends(samples: &[(Point, Point)]) -> Option<[(Point, Point); 2]> {
    Some([*samples.first()?, *samples.last()?])
}

fn run_ends(run: &[Stroke]) -> Option<[(Point, Point); 2]> {
    let first = ends(&samples(*run.first()?))?;
    let last = ends(&samples(*run.last()?))?;
    Some([first[0], last[1]])
}

/// Goes on through points with the curves that their directions ask for.
fn curve_to(contour: &mut Path, points: &[(Point, Point)]) {
    for pair in points.windows(2) {
        let [(from, along), (to, arriving)] = [pair[0], pair[1]];
        let control = crossing(from, along, to, arriving)
            .filter(|control| distance(*control, from) + distance(*control, to) < 1.6 * distance(from, to));
        contour.0.push(control.map_or(Segment::Line(to), |control| Segment::Quad(control, to)));
    }
}

/// A circle, clockwise as every outline here.
fn disc(centre: Point, radius: f32) -> Path {
    let on = |eighth: f32, radius: f32| {
        let angle = -eighth * FRAC_PI_4;
        (centre.0 + radius * angle.cos(), centre.1 + radius * angle.sin())
    };
    let outer = radius / (FRAC_PI_4 / 2.0).cos();
    let mut path = Path(vec![Segment::Move(on(0.0, radius))]);
    for eighth in 0..8 {
        path.0.push(Segment::Quad(on(eighth as f32 + 0.5, outer), on(eighth as f32 + 1.0, radius)));
    }
    path.0.push(Segment::Close);
    path
}

fn crossing(a: Point, da: Point, b: Point, db: Point) -> Option<Point> {
    let turn = da.0 * db.1 - da.1 * db.0;
    if turn.abs() < 0.01 {
        return None;
    }
    let along = ((b.0 - a.0) * db.1 - (b.1 - a.1) * db.0) / turn;
    Some((a.0 + da.0 * along, a.1 + da.1 * along))
}

fn unit((x, y): Point) -> Point {
    let length = x.hypot(y).max(0.000_1);
    (x / length, y / length)
}

fn distance(a: Point, b: Point) -> f32 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

/// Twice the area inside, below zero where the points run clockwise (y upward).
fn area(points: &[Point]) -> f32 {
    let next = points.iter().cycle().skip(1);
    points.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum()
}
