//! Outlines.

use std::f32::consts::TAU;

/// A point of a page.
pub type Point = (f32, f32);

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Segment {
    Move(Point),
    Line(Point),
    Quad(Point, Point),
    Cubic(Point, Point, Point),
    Close,
}

/// Any number of outlines that are painted as one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Path(pub Vec<Segment>);

/// How far a control point lies from the end of a quarter of a circle, as a part of its radius.
const QUARTER: f32 = 0.552_285;

impl Path {
    pub fn line(from: Point, to: Point) -> Self {
        Self(vec![Segment::Move(from), Segment::Line(to)])
    }

    pub fn rect(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self::polygon(&[(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    }

    pub fn polygon(points: &[Point]) -> Self {
        let mut path = Self::polyline(points);
        path.0.push(Segment::Close);
        path
    }

    pub fn polyline(points: &[Point]) -> Self {
        let mut path = Self::default();
        path.add_polyline(points);
        path
    }

    pub fn add_polyline(&mut self, points: &[Point]) {
        for (index, point) in points.iter().enumerate() {
            self.0.push(if index == 0 { Segment::Move(*point) } else { Segment::Line(*point) });
        }
    }

    pub fn add(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub fn circle(centre: Point, radius: f32) -> Self {
        Self::ellipse(centre, radius, radius)
    }

    pub fn ellipse((x, y): Point, rx: f32, ry: f32) -> Self {
        let (kx, ky) = (rx * QUARTER, ry * QUARTER);
        Self(vec![
            Segment::Move((x + rx, y)),
            Segment::Cubic((x + rx, y + ky), (x + kx, y + ry), (x, y + ry)),
            Segment::Cubic((x - kx, y + ry), (x - rx, y + ky), (x - rx, y)),
            Segment::Cubic((x - rx, y - ky), (x - kx, y - ry), (x, y - ry)),
            Segment::Cubic((x + kx, y - ry), (x + rx, y - ky), (x + rx, y)),
            Segment::Close,
        ])
    }

    /// A part of a circle's line; angles in turns, clockwise from the right.
    pub fn arc(centre: Point, radius: f32, from: f32, to: f32) -> Self {
        let steps = ((to - from).abs() * 48.0).ceil().max(2.0) as usize;
        let points: Vec<Point> = (0..=steps)
            .map(|step| {
                let angle = TAU * (from + (to - from) * step as f32 / steps as f32);
                (centre.0 + radius * angle.cos(), centre.1 + radius * angle.sin())
            })
            .collect();
        Self::polyline(&points)
    }

    /// A smooth line through points (Catmull and Rom's curve).
    pub fn smooth(points: &[Point], closed: bool) -> Self {
        let count = points.len();
        if count < 3 {
            return Self::polyline(points);
        }
        let at = |index: isize| {
            let last = count as isize - 1;
            let index = if closed { index.rem_euclid(count as isize) } else { index.clamp(0, last) };
            points[index as usize]
        };
        let mut path = Self(vec![Segment::Move(points[0])]);
        let pieces = if closed { count } else { count - 1 };
        for index in 0..pieces as isize {
            let [before, from, to, after] = [at(index - 1), at(index), at(index + 1), at(index + 2)];
            path.0.push(Segment::Cubic(
                (from.0 + (to.0 - before.0) / 6.0, from.1 + (to.1 - before.1) / 6.0),
                (to.0 - (after.0 - from.0) / 6.0, to.1 - (after.1 - from.1) / 6.0),
                to,
            ));
        }
        if closed {
            path.0.push(Segment::Close);
        }
        path
    }

    /// Every point put somewhere else.
    #[must_use]
    pub fn map(&self, place: impl Fn(Point) -> Point) -> Self {
        let moved = |segment: &Segment| match *segment {
            Segment::Move(to) => Segment::Move(place(to)),
            Segment::Line(to) => Segment::Line(place(to)),
            Segment::Quad(by, to) => Segment::Quad(place(by), place(to)),
            Segment::Cubic(a, b, to) => Segment::Cubic(place(a), place(b), place(to)),
            Segment::Close => Segment::Close,
        };
        Self(self.0.iter().map(moved).collect())
    }
}
