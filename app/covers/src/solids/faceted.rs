//! Bodies of flat faces: the regular ones, and a piece of country.

use super::super::Subject;
use super::super::dice::Dice;
use super::super::palette::darker;
use super::super::sheet::Sheet;
use super::{FIVE, FLAT, Material, UPRIGHT, another, seen};
use std::f64::consts::TAU;

type Point = [f64; 3];

const GOLDEN: f64 = 1.618_033_988_749_895;

fn dot(one: Point, other: Point) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn scaled(point: Point, by: f64) -> Point {
    point.map(|part| part * by)
}

fn unit(point: Point) -> Point {
    scaled(point, 1.0 / dot(point, point).sqrt())
}

fn cross(one: Point, other: Point) -> Point {
    [
        one[1] * other[2] - one[2] * other[1],
        one[2] * other[0] - one[0] * other[2],
        one[0] * other[1] - one[1] * other[0],
    ]
}

/// All signs of three numbers, taken around; what a zero doubles stands there once.
fn around(numbers: Point) -> Vec<Point> {
    let [a, b, c] = numbers;
    let mut points: Vec<Point> = Vec::new();
    for [a, b, c] in [[a, b, c], [c, a, b], [b, c, a]] {
        for signs in 0..8u32 {
            let sign = |bit: u32| if signs & bit == 0 { 1.0 } else { -1.0 };
            let point = unit([a * sign(1), b * sign(2), c * sign(4)]);
            if points.iter().all(|other| dot(*other, point) < 0.999) {
                points.push(point);
            }
        }
    }
    points
}

/// Corners and the directions of the faces, which are the corners of the dual.
fn regular(faces: u32) -> (Vec<Point>, Vec<Point>) {
    let even: Vec<Point> = around([1.0, 1.0, 1.0]);
    let axes = around([1.0, 0.0, 0.0]);
    let twelve = around([0.0, 1.0, GOLDEN]);
    match faces {
        4 => {
            let corners: Vec<Point> = even.into_iter().filter(|[x, y, z]| x * y * z > 0.0).collect();
            let directions = corners.iter().map(|corner| scaled(*corner, -1.0)).collect();
            (corners, directions)
        }
        6 => (even, axes),
        8 => (axes, even),
        12 => (even.into_iter().chain(around([0.0, GOLDEN, 1.0 / GOLDEN])).collect(), twelve),
        _ => (twelve, even.into_iter().chain(around([0.0, GOLDEN, 1.0 / GOLDEN])).collect()),
    }
}

pub(super) fn bodies(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, material: &Material) {
    let mut kinds = [4, 6, 8, 12, 20];
    dice.shuffle(&mut kinds);
    let colors = subject.palette.seen_on(subject.palette.ground);
    for (index, (place, faces)) in FIVE.into_iter().zip(kinds).enumerate() {
        let color = if index % 2 == 0 { material.color } else { dice.pick_color(&colors) };
        let turn = dice.between(0.0, TAU);
        body(sheet, seen(place, 0.0), regular(faces), turn, color);
    }
}

/// A body that rests on its first face.
fn body(
    sheet: &mut Sheet,
    foot: (f64, f64),
    (corners, faces): (Vec<Point>, Vec<Point>),
    turn: f64,
    color: &str,
) {
    const RADIUS: f64 = 56.0;
    const VIEWER: Point = [0.0, UPRIGHT, FLAT];
    let Some(&down) = faces.first() else { return };
    // A frame whose third axis points away from that face.
    let side = if down[0].abs() < 0.9 { [1.0, 0.0, 0.0] } else { [0.0, 1.0, 0.0] };
    let first = unit(cross(down, side));
    let second = cross(first, down);
    let (sin, cos) = turn.sin_cos();
    let laid = |point: Point| {
        let (x, y) = (dot(point, first), dot(point, second));
        [x * cos - y * sin, x * sin + y * cos, -dot(point, down)]
    };
    let rest = corners.iter().map(|corner| laid(*corner)[2]).fold(0.0, f64::min);
    sheet.add(format_args!(
        r##"<ellipse cx="{:.1}" cy="{:.1}" rx="50" ry="22" fill="#000000" fill-opacity="0.2"/>"##,
        foot.0 + 12.0,
        foot.1 + 3.0
    ));
    let light = unit([-0.55, 0.45, 0.8]);
    for face in faces {
        let facing = laid(face);
        if dot(facing, VIEWER) <= 0.0 {
            continue;
        }
        let furthest = corners.iter().map(|corner| dot(*corner, face)).fold(f64::MIN, f64::max);
        let mut points: Vec<(f64, f64)> = corners
            .iter()
            .filter(|corner| dot(**corner, face) > furthest - 1e-6)
            .map(|corner| laid(*corner))
            .map(|[x, y, z]| (foot.0 + x * RADIUS, foot.1 + (y * FLAT - (z - rest) * UPRIGHT) * RADIUS))
            .collect();
        in_order(&mut points);
        let shade = darker(color, 0.5 - 0.78 * dot(facing, light).max(0.0));
        sheet.polygon(&points, &shade);
        sheet.add(format_args!(
            r#"<path d="{}z" fill="none" stroke="{}" stroke-width="1.5" stroke-linejoin="round"/>"#,
            super::super::sheet::outline(&points),
            darker(color, 0.5)
        ));
    }
}

/// The corners of a face as one goes around it.
fn in_order(points: &mut [(f64, f64)]) {
    let count = f64::from(u32::try_from(points.len()).unwrap_or(1).max(1));
    let (x, y) =
        points.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0 / count, sum.1 + point.1 / count));
    points.sort_by(|one, other| {
        let angle = |point: &(f64, f64)| (point.1 - y).atan2(point.0 - x);
        angle(one).total_cmp(&angle(other))
    });
}

const CELLS: i32 = 8;

/// Ground in square columns.
struct Land {
    /// Where each is, how high, and how wide.
    hills: Vec<(f64, f64, f64, f64)>,
    scale: f64,
    sea: f64,
    /// Whether it is cut into four.
    cut: bool,
}

impl Land {
    fn thrown(dice: &mut Dice, cut: bool) -> Self {
        let hills: Vec<(f64, f64, f64, f64)> = (0..6)
            .map(|_| {
                let (x, y) = (dice.between(-0.5, 7.5), dice.between(-0.5, 7.5));
                (x, y, dice.between(0.4, 1.0), dice.between(2.0, 6.0))
            })
            .collect();
        let tallest = dice.between(88.0, 130.0);
        let mut land = Self { hills, scale: 1.0, sea: 0.0, cut };
        let cells = (0..CELLS).flat_map(|x| (0..CELLS).map(move |y| (x, y)));
        let highest = cells.map(|(x, y)| land.rise(x, y)).fold(0.1, f64::max);
        land.scale = tallest / highest;
        land.sea = tallest * dice.between(0.12, 0.24);
        land
    }

    fn rise(&self, x: i32, y: i32) -> f64 {
        let (x, y) = (f64::from(x), f64::from(y));
        let hills = self.hills.iter();
        hills
            .map(|(at, down, high, wide)| {
                high * (-((x - at).powi(2) + (y - down).powi(2)) / wide).exp() * self.scale
            })
            .sum()
    }

    /// How high the ground or the water on it stands.
    fn height(&self, x: i32, y: i32) -> f64 {
        14.0 + self.rise(x, y).max(self.sea)
    }

    /// How high the next column towards the viewer stands; 0 at an edge.
    fn next(&self, (x, y): (i32, i32), (right, down): (i32, i32)) -> f64 {
        let half = CELLS / 2;
        let edge = |from: i32, step: i32| step > 0 && (from + 1 == CELLS || (self.cut && from + 1 == half));
        if edge(x, right) || edge(y, down) { 0.0 } else { self.height(x + right, y + down) }
    }
}

/// Hills and water, cut out as a square, or as four.
pub(super) fn country(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, material: &Material) {
    const GAP: f64 = 0.26;
    let land = Land::thrown(dice, subject.names(&["pieces", "tiles", "four", "parts"]));
    let water = another(dice, subject, material.color);
    let side = if land.cut { 1.52 } else { 1.7 } / f64::from(CELLS);
    let first = -side * f64::from(CELLS) / 2.0;
    let start = |cell: i32| {
        let apart = if land.cut { GAP * if cell < CELLS / 2 { -0.5 } else { 0.5 } } else { 0.0 };
        first + f64::from(cell) * side + apart
    };
    for sum in 0..=(CELLS - 1) * 2 {
        for x in (0..CELLS).filter(|x| (0..CELLS).contains(&(sum - x))) {
            let y = sum - x;
            let height = land.height(x, y);
            let dry = land.rise(x, y) > land.sea;
            let color = if dry { material.color } else { water };
            let corner = |(right, down): (f64, f64), height: f64| {
                seen((start(x) + right * side, start(y) + down * side), height)
            };
            let (left, near, right) = ((0.0, 1.0), (1.0, 1.0), (1.0, 0.0));
            for (low, from, to, share) in [
                (land.next((x, y), (0, 1)), left, near, 0.24),
                (land.next((x, y), (1, 0)), near, right, 0.46),
            ] {
                if low < height {
                    let wall = [corner(from, height), corner(to, height), corner(to, low), corner(from, low)];
                    sheet.polygon(&wall, &darker(color, share));
                }
            }
            let top = darker(color, if dry { 0.12 - height / 300.0 } else { -0.1 });
            let roof = [(0.0, 0.0), right, near, left].map(|place| corner(place, height));
            sheet.polygon(&roof, &top);
        }
    }
}
