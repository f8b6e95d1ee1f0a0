//! Bodies as a printer makes them: an outline again and again, a little wider, narrower or turned.

use super::super::Subject;
use super::super::dice::Dice;
use super::super::sheet::{Sheet, outline};
use super::{FLAT, Material, PLATE, THREE, another, seen};
use std::f64::consts::{FRAC_PI_4, PI, TAU};
use std::fmt::Write;

/// The thickness of a layer: coarse, so that it is seen.
pub(super) const STEP: f64 = 6.4;

/// The shape of a layer from above, at a radius of 1.
#[derive(Clone)]
pub(super) enum Plan {
    Round,
    /// Corners, in order.
    Angular(Vec<(f64, f64)>),
}

impl Plan {
    /// A radius for each direction.
    fn polar(points: u32, radius: impl Fn(f64) -> f64) -> Self {
        let angles = (0..points).map(|point| TAU * f64::from(point) / f64::from(points));
        Self::Angular(
            angles.map(|angle| (radius(angle) * angle.cos(), radius(angle) * angle.sin())).collect(),
        )
    }

    fn regular(corners: u32, turn: f64) -> Self {
        let angles = (0..corners).map(|corner| turn + TAU * f64::from(corner) / f64::from(corners));
        Self::Angular(angles.map(|angle| (angle.cos(), angle.sin())).collect())
    }

    /// As it is seen lying at a place.
    fn at(&self, (x, y): (f64, f64), radius: f64, turn: f64) -> String {
        match self {
            Self::Round => {
                format!(r#"<ellipse cx="{x:.1}" cy="{y:.1}" rx="{radius:.1}" ry="{:.1}"/>"#, radius * FLAT)
            }
            Self::Angular(corners) => {
                let (cos, sin) = (turn.cos() * radius, turn.sin() * radius);
                let corners: Vec<(f64, f64)> = corners
                    .iter()
                    .map(|(along, across)| {
                        (x + along * cos - across * sin, y + (along * sin + across * cos) * FLAT)
                    })
                    .collect();
                format!(r#"<path d="{}z"/>"#, outline(&corners))
            }
        }
    }
}

/// A body of layers on its foot.
pub(super) struct Body {
    pub foot: (f64, f64),
    pub plan: Plan,
    /// Radius and turn of each layer, from below.
    pub layers: Vec<(f64, f64)>,
    /// How wide the hole at the top is, as a share of the body there; 0 for none.
    pub hole: f64,
}

impl Body {
    fn even(foot: (f64, f64), plan: Plan, radius: f64, height: f64, hole: f64) -> Self {
        let count = (1..100u32).take_while(|layer| f64::from(*layer) * STEP <= height).count();
        Self { foot, plan, layers: vec![(radius, 0.0); count + 1], hole }
    }

    fn slice(&self, layer: usize, share: f64) -> String {
        let (radius, turn) = self.layers.get(layer).copied().unwrap_or_default();
        self.plan.at(self.above(layer), radius * share, turn)
    }

    /// The middle of a layer.
    fn above(&self, layer: usize) -> (f64, f64) {
        (self.foot.0, self.foot.1 - f64::from(u32::try_from(layer).unwrap_or_default()) * STEP)
    }

    /// Up to `printed` layers as they are, the others as lines. `name` is for references within the picture.
    pub(super) fn put(&self, sheet: &mut Sheet, name: &str, material: &Material, ink: &str, printed: usize) {
        let last = printed.min(self.layers.len()).saturating_sub(1);
        let widest = self.layers.iter().map(|(radius, _)| *radius).fold(0.0, f64::max);
        let (x, y) = self.foot;
        let shadow =
            self.plan.at((x + 9.0, y + 4.0), widest, self.layers.first().map_or(0.0, |(_, turn)| *turn));
        sheet.add(format_args!(r##"<g fill="#000000" fill-opacity="0.22">{shadow}</g>"##));
        let slices = (0..=last).fold(String::new(), |all, layer| all + &self.slice(layer, 1.0));
        sheet.add(format_args!(
            r#"<g fill="{}" stroke="{}" stroke-width="1.1"><g id="{name}">{slices}</g></g>"#,
            material.color, material.edge
        ));
        // The side away from the light, all layers as one shadow.
        sheet.add(format_args!(
            r##"<clipPath id="{name}-side"><rect x="{:.1}" width="600" height="600"/></clipPath><g clip-path="url(#{name}-side)"><use href="#{name}" fill="#000000" opacity="0.24"/></g>"##,
            x + widest * 0.24
        ));
        sheet.add(format_args!(r#"<g fill="{}">{}</g>"#, material.top, self.slice(last, 0.97)));
        if self.hole > 0.0 {
            sheet.add(format_args!(r#"<g fill="{}">{}</g>"#, material.dark, self.slice(last, self.hole)));
        }
        let missing =
            (last + 1..self.layers.len()).filter(|layer| layer % 3 == 0 || layer + 1 == self.layers.len());
        let missing = missing.fold(String::new(), |all, layer| all + &self.slice(layer, 1.0));
        sheet.add(format_args!(
            r#"<g fill="none" stroke="{ink}" stroke-width="2" stroke-dasharray="6 5">{missing}</g>"#
        ));
    }

    /// The nozzle over the layer that is being printed.
    pub(super) fn nozzle(&self, sheet: &mut Sheet, ink: &str, ground: &str, printed: usize) {
        let layer = printed.saturating_sub(1);
        let (radius, _) = self.layers.get(layer).copied().unwrap_or_default();
        let (x, y) = self.above(layer);
        let (x, y) = (x + radius * 0.62, y + radius * 0.5 * FLAT);
        sheet.add(format_args!(
            r#"<path d="M-2.5 0H2.5L8 -11H19V-31H6V-39H25V-68H-25V-39H-6V-31H-19V-11H-8z" transform="translate({x:.1} {y:.1})" fill="{ink}" stroke="{ground}" stroke-width="3" paint-order="stroke"/>"#
        ));
    }
}

/// One large body with flutes that wind around it, or three small ones with pleats.
pub(super) fn fluted(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, material: &Material) {
    if subject.names(&["three", "pleated"]) {
        for (index, place) in THREE.into_iter().enumerate() {
            let plan = Plan::polar(28, |angle| 1.0 + 0.07 * (angle * 14.0).cos());
            let layers = flare(dice, 15, 62.0, 0.0);
            let body = Body { foot: seen(place, 0.0), plan, layers, hole: 0.84 };
            body.put(sheet, &format!("shade{index}"), material, subject.palette.ink, usize::MAX);
        }
        return;
    }
    let lobes = f64::from(5 + dice.below(5));
    let deep = dice.between(0.05, 0.1);
    let plan = Plan::polar(48, |angle| 1.0 + deep * (angle * lobes).cos());
    let wind = dice.between(-1.0, 1.0) * 0.055;
    let layers = flare(dice, 29, 112.0, wind);
    let body = Body { foot: (PLATE.0, PLATE.1 + 14.0), plan, layers, hole: 0.86 };
    let palette = subject.palette;
    let printed = if dice.one_in(2) { 14 + dice.index(9) } else { body.layers.len() };
    body.put(sheet, "body", material, palette.ink, printed);
    if printed < body.layers.len() {
        body.nozzle(sheet, palette.ink, palette.ground, printed);
    }
}

/// Layers that go in at the waist, each turned a little further.
fn flare(dice: &mut Dice, count: u32, widest: f64, wind: f64) -> Vec<(f64, f64)> {
    let (foot, waist, rim) = (dice.between(0.7, 1.0), dice.between(0.0, 0.35), dice.between(0.5, 1.0));
    let radius = |share: f64| foot + (rim - foot) * share - waist * (share * PI).sin();
    (0..count)
        .map(|layer| (radius(f64::from(layer) / f64::from(count)) * widest, f64::from(layer) * wind))
        .collect()
}

/// Two that turn one another, and a small one.
pub(super) fn gears(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, material: &Material) {
    let palette = subject.palette;
    let large = 13 + dice.below(4);
    let small = 8 + dice.below(3);
    let module = 206.0 / f64::from(large + small);
    let (near, far) = (f64::from(large) * module, f64::from(small) * module);
    let start = dice.between(0.0, 0.4);
    let x = 300.0 - (near + far) + near;
    let other = Material::of(another(dice, subject, material.color));
    // A tooth of one stands in a gap of the other.
    let turned = PI + PI / f64::from(small) - start * f64::from(large) / f64::from(small);
    let wheels = [(x, near, large, start, material), (x + near + far, far, small, turned, &other)];
    for (index, (x, radius, teeth, turn, material)) in wheels.into_iter().enumerate() {
        let mut body = Body::even((x, PLATE.1 + 8.0), toothed(teeth, module / radius), radius, 38.0, 0.26);
        for layer in &mut body.layers {
            layer.1 = turn;
        }
        body.put(sheet, &format!("wheel{index}"), material, palette.ink, usize::MAX);
        let (x, y) = body.above(body.layers.len().saturating_sub(1));
        sheet.add(format_args!(
            r#"<g fill="none" stroke="{}" stroke-width="4">{}</g>"#,
            material.edge,
            Plan::Round.at((x, y), radius * 0.68, 0.0)
        ));
        sheet.add(format_args!(
            r#"<g fill="{}">{}</g>"#,
            material.dark,
            Plan::Round.at((x, y), radius * 0.22, 0.0)
        ));
    }
}

/// Teeth as high as `module` above and below the circle on which wheels meet.
fn toothed(teeth: u32, module: f64) -> Plan {
    let pitch = TAU / f64::from(teeth);
    let corners = (0..teeth).flat_map(|tooth| {
        let middle = f64::from(tooth) * pitch;
        [(-0.29, -1.0), (-0.13, 0.9), (0.13, 0.9), (0.29, -1.0)].map(|(along, out)| {
            let (angle, radius) = (middle + along * pitch, 1.0 + out * module);
            (radius * angle.cos(), radius * angle.sin())
        })
    });
    Plan::Angular(corners.collect())
}

/// A box, and its lid above it as in a drawing of its parts.
pub(super) fn boxes(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, material: &Material) {
    let palette = subject.palette;
    let plan = match dice.below(4) {
        0 => Plan::regular(6, 0.26),
        1 => Plan::polar(40, |angle| 1.0 + 0.07 * (angle * 5.0).cos()),
        2 => Plan::Round,
        _ => Plan::polar(40, |angle| {
            let (cos, sin) = ((angle - FRAC_PI_4).cos().powi(6), (angle - FRAC_PI_4).sin().powi(6));
            (cos + sin).powf(-1.0 / 6.0)
        }),
    };
    let (radius, tall) = (dice.between(96.0, 112.0), dice.between(54.0, 84.0));
    let foot = (PLATE.0, PLATE.1 + 20.0);
    Body::even(foot, plan.clone(), radius, tall, 0.87).put(sheet, "box", material, palette.ink, usize::MAX);
    let lid = Material::of(another(dice, subject, material.color));
    let (low, high) = (foot.1 - tall, foot.1 - tall - dice.between(56.0, 76.0));
    for side in [-1.0, 1.0] {
        let x = foot.0 + side * radius * 0.94;
        sheet.add(format_args!(
            r#"<path d="M{x:.1} {low:.1}V{high:.1}" stroke="{}" stroke-width="2.5" stroke-dasharray="8 6"/>"#,
            palette.ink
        ));
    }
    Body::even((foot.0, high), plan, radius * 1.04, 17.0, 0.0).put(
        sheet,
        "lid",
        &lid,
        palette.ink,
        usize::MAX,
    );
    let knob = Body::even((foot.0, high - 17.0), Plan::Round, radius * 0.16, 14.0, 0.0);
    knob.put(sheet, "knob", &lid, palette.ink, usize::MAX);
}

/// Four thin plates, each cut in its own way.
pub(super) fn coasters(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, material: &Material) {
    let corners = 6 + dice.below(2) * 2;
    let shape = if dice.one_in(2) { Plan::Round } else { Plan::regular(corners, 0.0) };
    for (index, (x, y)) in [(-0.5, -0.5), (-0.54, 0.54), (0.54, -0.54), (0.5, 0.5)].into_iter().enumerate() {
        let foot = seen((x, y), 0.0);
        let body = Body::even(foot, shape.clone(), 84.0, 16.0, 0.0);
        body.put(sheet, &format!("plate{index}"), material, subject.palette.ink, usize::MAX);
        let middle = body.above(body.layers.len().saturating_sub(1));
        let cut = match index {
            0 => (1..5u32)
                .fold(String::new(), |all, ring| all + &shape.at(middle, f64::from(ring) * 16.5, 0.0)),
            1 => (0..6u32).fold(String::new(), |all, petal| {
                let angle = TAU * f64::from(petal) / 6.0;
                let place = (middle.0 + angle.cos() * 36.0, middle.1 + angle.sin() * 36.0 * FLAT);
                all + &Plan::Round.at(place, 32.0, 0.0)
            }),
            2 => (0..12u32).fold(String::new(), |mut all, ray| {
                let (sin, cos) = (TAU * f64::from(ray) / 12.0).sin_cos();
                let at = |far: f64| (middle.0 + cos * far, middle.1 + sin * far * FLAT);
                let _ = write!(all, r#"<path d="{}"/>"#, outline(&[at(18.0), at(68.0)]));
                all
            }),
            _ => (0..3u32).fold(String::new(), |all, turn| {
                all + &Plan::regular(4, f64::from(turn) * PI / 6.0).at(middle, 68.0, 0.0)
            }),
        };
        sheet.add(format_args!(
            r#"<g fill="none" stroke="{}" stroke-width="4.5" stroke-linejoin="round">{cut}</g>"#,
            material.dark
        ));
    }
}

/// Hooks as they lie on the plate.
pub(super) fn hooks(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, material: &Material) {
    let bend = dice.between(0.22, 0.3);
    let thick = dice.between(0.1, 0.13);
    let arc = |radius: f64, back: bool| {
        (0..=10u32).map(move |step| {
            let share = f64::from(step) / 10.0;
            let angle = PI * if back { share } else { 1.0 - share };
            (bend + radius * angle.cos(), 0.5 + radius * angle.sin())
        })
    };
    let mut shape = vec![(-thick, -1.1), (thick, -1.1)];
    shape.extend(arc(bend - thick, false));
    shape.push((bend * 2.0 - thick, 0.2));
    shape.push((bend * 2.0 + thick, 0.2));
    shape.extend(arc(bend + thick, true));
    for (index, place) in [-0.72, -0.28, 0.16, 0.6].into_iter().enumerate() {
        let foot = seen((place, 0.05), 0.0);
        let mut body = Body::even(foot, Plan::Angular(shape.clone()), 96.0, 18.0, 0.0);
        for layer in &mut body.layers {
            layer.1 = FRAC_PI_4;
        }
        body.put(sheet, &format!("hook{index}"), material, subject.palette.ink, usize::MAX);
    }
}
