//! Colours that go together.

/// `ink` is for letters on `ground`: their contrast is at least 4.5:1 (a test measures it).
#[derive(Debug, Clone, Copy)]
pub(super) struct Palette {
    pub ground: &'static str,
    pub ink: &'static str,
    pub first: &'static str,
    pub second: &'static str,
    pub third: &'static str,
}

impl Palette {
    pub(super) const fn accents(&self) -> [&'static str; 3] {
        [self.first, self.second, self.third]
    }

    /// Ink or ground: whichever is seen better on `color`.
    pub(super) fn on(&self, color: &str) -> &'static str {
        if contrast(self.ink, color) >= contrast(self.ground, color) { self.ink } else { self.ground }
    }

    /// The colours that can be told from `color`, accents first; there is always one.
    pub(super) fn seen_on(&self, color: &str) -> Vec<&'static str> {
        let mut colors = seen(&self.accents(), color);
        colors.push(self.on(color));
        colors
    }
}

/// Those of the colours that can be told from `ground`.
pub(super) fn seen(colors: &[&'static str], ground: &str) -> Vec<&'static str> {
    colors.iter().copied().filter(|color| contrast(color, ground) >= 1.8).collect()
}

/// From 1, the same, to 21, black on white: as WCAG measures it.
pub(super) fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

pub(super) fn luminance(color: &str) -> f64 {
    let [red, green, blue] = channels(color).map(|channel| {
        let value = channel / 255.0;
        if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055_f64).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// Towards black by `share`, or, where that is negative, towards white.
pub(super) fn darker(color: &str, share: f64) -> String {
    let end = if share < 0.0 { 255.0 } else { 0.0 };
    let [red, green, blue] = channels(color).map(|channel| channel + (end - channel) * share.abs());
    format!("rgb({red:.0},{green:.0},{blue:.0})")
}

/// Red, green and blue of `#rrggbb`, up to 255 each.
fn channels(color: &str) -> [f64; 3] {
    [1..3, 3..5, 5..7]
        .map(|range| color.get(range).and_then(|hex| u8::from_str_radix(hex, 16).ok()).map_or(0.0, f64::from))
}

const fn palette(
    ground: &'static str,
    ink: &'static str,
    first: &'static str,
    second: &'static str,
    third: &'static str,
) -> Palette {
    Palette { ground, ink, first, second, third }
}

pub(super) const PALETTES: [Palette; 16] = [
    palette("#f3e9d2", "#1d2a35", "#d9482b", "#e9a23b", "#2f6f73"),
    palette("#14213d", "#fdf6e3", "#fca311", "#e5533d", "#7fb7be"),
    palette("#e4572e", "#1c0d08", "#ffd7a8", "#7a1f12", "#f3b61f"),
    palette("#1f5d4e", "#fef9ec", "#f2c14e", "#f78154", "#0c3830"),
    palette("#f7b2ad", "#33122b", "#c1274a", "#fbe9e1", "#6b2d5c"),
    palette("#2b2d64", "#fbf3ff", "#ff6b8b", "#8ac6ff", "#ffd166"),
    palette("#ffd23f", "#1a1a1a", "#ee4266", "#0e79b2", "#fff6d6"),
    palette("#d7e5ec", "#10243a", "#2660a4", "#f19953", "#c47335"),
    palette("#3b1c32", "#ffeede", "#e26d5c", "#ffb997", "#7b4968"),
    palette("#c9d6a3", "#1f2a14", "#5b7f2b", "#e76f51", "#fdf8e1"),
    palette("#101012", "#f5f2ea", "#ff4b3e", "#ffb20f", "#3a86a8"),
    palette("#0c5a5c", "#f6f1e4", "#f05d5e", "#e7ecef", "#d8a47f"),
    palette("#f4f1ea", "#22223b", "#c9563c", "#4a7c8c", "#b9a7a0"),
    palette("#5a3aa0", "#fff7e8", "#ffc94b", "#ff8fa3", "#2d1b69"),
    palette("#b8d8d8", "#12303a", "#ef6f6c", "#fff4e0", "#4f8a8b"),
    palette("#8c1c2c", "#fff1e0", "#f2a65a", "#f6d8ae", "#4f0d1b"),
];

#[cfg(test)]
mod tests {
    use super::{PALETTES, contrast, darker};

    #[test]
    fn letters_stand_out_from_their_ground() {
        for palette in PALETTES {
            let contrast = contrast(palette.ink, palette.ground);
            assert!(contrast >= 4.5, "{} on {}: {contrast:.1}", palette.ink, palette.ground);
        }
    }

    #[test]
    fn colors_are_measured_and_mixed() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        assert_eq!(
            (darker("#ff8000", 0.5), darker("#ff8000", -0.5)),
            ("rgb(128,64,0)".into(), "rgb(255,192,128)".into())
        );
        for palette in PALETTES {
            for color in palette.accents() {
                let seen = palette.seen_on(color);
                assert!(
                    !seen.is_empty() && seen.iter().all(|other| contrast(other, color) >= 1.8),
                    "{color}: {seen:?}"
                );
            }
        }
    }
}
