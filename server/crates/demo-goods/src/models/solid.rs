//! A closed surface of triangles: how it is built, written to a file, and drawn.

use crate::draw::path::Point;
use crate::draw::{Colour, Page, Path};
use std::f32::consts::TAU;
use std::fmt::Write as _;

pub type Vertex = [f32; 3];

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Solid {
    pub triangles: Vec<[Vertex; 3]>,
}

impl Solid {
    fn quad(&mut self, a: Vertex, b: Vertex, c: Vertex, d: Vertex) {
        for triangle in [[a, b, c], [a, c, d]] {
            let flat = triangle[0] == triangle[1] || triangle[1] == triangle[2] || triangle[2] == triangle[0];
            if !flat {
                self.triangles.push(triangle);
            }
        }
    }

    /// A skin over rings of equally many points, each above the last; ring after ring it may go up outside and come
    /// down inside. Ends are closed to their middle.
    pub fn loft(rings: &[Vec<Vertex>]) -> Self {
        let mut solid = Self::default();
        for pair in rings.windows(2) {
            let (low, high) = (&pair[0], &pair[1]);
            for index in 0..low.len() {
                let next = (index + 1) % low.len();
                solid.quad(low[index], low[next], high[next], high[index]);
            }
        }
        if let (Some(first), Some(last)) = (rings.first(), rings.last()) {
            solid.cap(first, false);
            solid.cap(last, true);
        }
        solid
    }

    fn cap(&mut self, ring: &[Vertex], upward: bool) {
        let count = ring.len() as f32;
        let middle = [0, 1, 2].map(|axis| ring.iter().map(|point| point[axis]).sum::<f32>() / count);
        if ring.iter().all(|point| *point == ring[0]) {
            return;
        }
        for index in 0..ring.len() {
            let (a, b) = (ring[index], ring[(index + 1) % ring.len()]);
            self.triangles.push(if upward { [middle, a, b] } else { [middle, b, a] });
        }
    }

    /// A profile of radius and height, turned about its axis. `bend` changes radius and angle of a point.
    pub fn turned(profile: &[(f32, f32)], sides: usize, bend: impl Fn(f32, f32) -> (f32, f32)) -> Self {
        let ring = |(radius, height): &(f32, f32)| {
            (0..sides)
                .map(|side| {
                    let turn = side as f32 / sides as f32;
                    let (factor, twist) = bend(turn, *height);
                    let angle = TAU * (turn + twist);
                    // Points on the axis are one, however the rest is bent.
                    let reach = radius * factor;
                    [reach * angle.cos(), reach * angle.sin(), *height]
                })
                .collect::<Vec<Vertex>>()
        };
        Self::loft(&profile.iter().map(ring).collect::<Vec<_>>())
    }

    /// A plate with an outline, and a hole of equally many points if it has one.
    pub fn plate(outline: &[Point], hole: Option<&[Point]>, from: f32, to: f32) -> Self {
        let at = |points: &[Point], height: f32| -> Vec<Vertex> {
            points.iter().map(|(x, y)| [*x, *y, height]).collect()
        };
        let outside = [at(outline, from), at(outline, to)];
        let Some(hole) = hole else { return Self::loft(&outside) };
        let [bottom, top] = outside;
        // Up outside, over the rim, down inside, and back along the bottom.
        let rings = [bottom.clone(), top, at(hole, to), at(hole, from), bottom];
        let mut solid = Self::default();
        for pair in rings.windows(2) {
            for index in 0..pair[0].len() {
                let next = (index + 1) % pair[0].len();
                solid.quad(pair[0][index], pair[0][next], pair[1][next], pair[1][index]);
            }
        }
        solid
    }

    #[must_use]
    pub fn moved(mut self, by: Vertex) -> Self {
        for vertex in self.triangles.iter_mut().flatten() {
            for (place, by) in vertex.iter_mut().zip(by) {
                *place += by;
            }
        }
        self
    }

    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        self.triangles.extend(other.triangles);
        self
    }

    /// The binary form of STL.
    pub fn stl(&self, name: &str) -> Vec<u8> {
        let mut file = format!("{name:.<80}").into_bytes();
        file.truncate(80);
        file.extend((self.triangles.len() as u32).to_le_bytes());
        for triangle in &self.triangles {
            for vector in std::iter::once(normal(triangle)).chain(*triangle) {
                file.extend(vector.iter().flat_map(|part| part.to_le_bytes()));
            }
            file.extend([0, 0]);
        }
        file
    }

    /// The text form that other programs read: each point once.
    pub fn obj(&self, name: &str) -> Vec<u8> {
        let mut numbers = std::collections::HashMap::new();
        let mut file = format!("# {name}, millimetres\no {name}\n");
        let mut faces = String::new();
        for triangle in &self.triangles {
            faces.push('f');
            for vertex in triangle {
                let key = vertex.map(|part| (part * 1000.0).round() as i32);
                let next = numbers.len() + 1;
                let number = *numbers.entry(key).or_insert_with(|| {
                    let [x, y, z] = vertex;
                    let _ = writeln!(file, "v {x:.3} {y:.3} {z:.3}");
                    next
                });
                let _ = write!(faces, " {number}");
            }
            faces.push('\n');
        }
        file.push_str(&faces);
        file.into_bytes()
    }
}

fn minus(a: Vertex, b: Vertex) -> Vertex {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn normal(triangle: &[Vertex; 3]) -> Vertex {
    let (a, b) = (minus(triangle[1], triangle[0]), minus(triangle[2], triangle[0]));
    let cross = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
    let length = cross.iter().map(|part| part * part).sum::<f32>().sqrt().max(1e-9);
    cross.map(|part| part / length)
}

/// Parts side by side from above and the left, shaded by one lamp.
pub fn picture(parts: &[(String, Solid)], colour: Colour) -> Page {
    let mut page = Page::new(900.0, 600.0);
    page.background(Colour::hex(0x00f4_f1ea));
    // Each moved to the right of the one before it.
    let mut shown = Solid::default();
    let mut edge = 0.0;
    for (_, part) in parts.iter().take(6) {
        let xs = || part.triangles.iter().flatten().map(|vertex| vertex[0] * 0.87 - vertex[1] * 0.5);
        let (low, high) = (xs().fold(f32::MAX, f32::min), xs().fold(f32::MIN, f32::max));
        let right = edge - low;
        shown = shown.with(part.clone().moved([right * 0.87, -right * 0.5, 0.0]));
        edge += (high - low) * 1.12;
    }
    let flat = |v: Vertex| (v[0] * 0.87 - v[1] * 0.5, (v[0] * 0.5 + v[1] * 0.87) * 0.42 - v[2] * 0.91);
    let depth =
        |t: &[Vertex; 3]| -> f32 { t.iter().map(|v| (v[0] * 0.5 + v[1] * 0.87) * 0.91 + v[2] * 0.42).sum() };
    let mut triangles: Vec<&[Vertex; 3]> = shown.triangles.iter().collect();
    triangles.sort_by(|a, b| depth(a).total_cmp(&depth(b)));
    let points = || triangles.iter().flat_map(|triangle| triangle.iter().map(|vertex| flat(*vertex)));
    let bound = |of: fn(Point) -> f32| {
        (points().map(of).fold(f32::MAX, f32::min), points().map(of).fold(f32::MIN, f32::max))
    };
    let ((left, right), (top, bottom)) = (bound(|point| point.0), bound(|point| point.1));
    let scale = (780.0 / (right - left).max(1.0)).min(480.0 / (bottom - top).max(1.0));
    let place = |v: Vertex| {
        let (x, y) = flat(v);
        (450.0 + (x - f32::midpoint(left, right)) * scale, 300.0 + (y - f32::midpoint(top, bottom)) * scale)
    };
    for triangle in triangles {
        let n = normal(triangle);
        if n[0] * 0.45 + n[1] * 0.79 + n[2] * 0.42 < 0.0 {
            continue;
        }
        let light = (n[0] * -0.35 + n[1] * 0.45 + n[2] * 0.82).clamp(-0.4, 1.0);
        let shade = if light > 0.5 {
            colour.towards(Colour::WHITE, (light - 0.5) * 1.1)
        } else {
            colour.towards(Colour::hex(0x0020_2830), (0.5 - light) * 0.75)
        };
        let path = Path::polygon(&triangle.map(place));
        page.fill(path.clone(), shade);
        page.stroke(path, shade, 0.5);
    }
    page
}
