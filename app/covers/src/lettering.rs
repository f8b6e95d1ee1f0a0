//! Setting words: which size fits, where the lines break.
//!
//! Nobody can measure letters here, and the visitor's font is not known; widths are those of a bold
//! Helvetica, a little generous, in thousandths of the size.

use super::sheet::{Sheet, escape};

pub(super) const SANS: &str = "'Helvetica Neue',Helvetica,Arial,'Liberation Sans',sans-serif";
pub(super) const SERIF: &str =
    "'Iowan Old Style','Palatino Linotype',Palatino,'Liberation Serif',Georgia,serif";
pub(super) const MONO: &str = "ui-monospace,'SF Mono',Menlo,Consolas,'Liberation Mono',monospace";

/// What kind of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Sans,
    Serif,
    Mono,
}

/// Draws words where no font can be relied on.
pub trait Letters: Sync {
    /// A line of this weight and size, its first letter at the origin: what it is in the language of SVG's paths, and how
    /// wide. Letters that there are none for are left out.
    fn line(&self, text: &str, face: Face, weight: u32, size: f64) -> (String, f64);
}

/// A block of words in one style.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub family: &'static str,
    pub weight: u32,
    pub color: &'static str,
    pub italic: bool,
    /// `start`, `middle` or `end`.
    pub anchor: &'static str,
}

impl Style {
    pub(super) const fn new(family: &'static str, weight: u32, color: &'static str) -> Self {
        Self { family, weight, color, italic: false, anchor: "start" }
    }

    pub(super) const fn centered(self) -> Self {
        Self { anchor: "middle", ..self }
    }

    pub(super) const fn italic(self) -> Self {
        Self { italic: true, ..self }
    }

    /// A fixed-width letter is as wide as any other.
    fn is_mono(&self) -> bool {
        self.family == MONO
    }

    fn face(&self) -> Face {
        match self.family {
            MONO => Face::Mono,
            SERIF => Face::Serif,
            _ => Face::Sans,
        }
    }
}

/// Words broken into lines at a size.
pub(super) struct Setting {
    pub size: u32,
    pub lines: Vec<String>,
}

impl Setting {
    const LEADING: f64 = 1.08;

    /// From the first baseline to the last.
    pub(super) fn depth(&self) -> f64 {
        let lines = u32::try_from(self.lines.len()).unwrap_or(1).saturating_sub(1);
        f64::from(lines) * self.line_height()
    }

    fn line_height(&self) -> f64 {
        f64::from(self.size) * Self::LEADING
    }

    /// The first baseline is at `y`; returns the last one.
    pub(super) fn put(&self, sheet: &mut Sheet, x: f64, y: f64, style: Style) -> f64 {
        if let Some(letters) = sheet.letters {
            return self.draw(sheet, letters, (x, y), style);
        }
        let slant = if style.italic { r#" font-style="italic""# } else { "" };
        let tracking =
            if style.family == SANS && self.size > 30 { r#" letter-spacing="-0.02em""# } else { "" };
        sheet.add(format_args!(
            r#"<text font-family="{}" font-size="{}" font-weight="{}" fill="{}" text-anchor="{}"{slant}{tracking}>"#,
            style.family, self.size, style.weight, style.color, style.anchor
        ));
        let mut baseline = y;
        for line in &self.lines {
            sheet.add(format_args!(r#"<tspan x="{x:.1}" y="{baseline:.1}">{}</tspan>"#, escape(line)));
            baseline += self.line_height();
        }
        sheet.add(format_args!("</text>"));
        y + self.depth()
    }
}

impl Setting {
    /// No line gets wider than it was reckoned to be.
    fn draw(&self, sheet: &mut Sheet, letters: &dyn Letters, (x, y): (f64, f64), style: Style) -> f64 {
        const SLANT: f64 = -10.0;
        let mut baseline = y;
        for line in &self.lines {
            let (path, width) = letters.line(line, style.face(), style.weight, f64::from(self.size));
            let most = f64::from(milli_width(line, style)) * f64::from(self.size) / 1000.0;
            let narrowed = if width > most { most / width } else { 1.0 };
            let left = match style.anchor {
                "middle" => x - width * narrowed / 2.0,
                "end" => x - width * narrowed,
                _ => x,
            };
            let slant = if style.italic { format!(" skewX({SLANT})") } else { String::new() };
            sheet.add(format_args!(
                r#"<path transform="translate({left:.1} {baseline:.1}) scale({narrowed:.4} 1){slant}" d="{path}" fill="{}"/>"#,
                style.color
            ));
            baseline += self.line_height();
        }
        y + self.depth()
    }
}

/// The largest of the sizes (given from large to small) at which the words fit into `width` and into so
/// many lines; at the smallest size, what does not fit ends in an ellipsis.
pub(super) fn fit(words: &str, style: Style, width: u32, most_lines: usize, sizes: &[u32]) -> Setting {
    let smallest = sizes.last().copied().unwrap_or(24);
    for &size in sizes {
        let lines = broken(words, style, room(width, size));
        let whole = lines.iter().all(|line| milli_width(line, style) <= room(width, size));
        if lines.len() <= most_lines && whole {
            return Setting { size, lines };
        }
    }
    let room = room(width, smallest);
    let mut lines: Vec<String> =
        broken(words, style, room).into_iter().flat_map(|line| chopped(&line, style, room)).collect();
    if lines.len() > most_lines {
        lines.truncate(most_lines);
        if let Some(last) = lines.last_mut() {
            last.pop();
            last.push('…');
        }
    }
    Setting { size: smallest, lines }
}

/// The width in thousandths of the size.
fn room(width: u32, size: u32) -> u32 {
    width.saturating_mul(1000).checked_div(size).unwrap_or_default()
}

fn broken(words: &str, style: Style, room: u32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if milli_width(line, style) + 280 + milli_width(word, style) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn chopped(word: &str, style: Style, room: u32) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for letter in word.chars() {
        let width = letter_width(letter, style);
        if used + width > room {
            pieces.push(String::new());
            used = 0;
        }
        used += width;
        if let Some(piece) = pieces.last_mut() {
            piece.push(letter);
        }
    }
    pieces
}

fn milli_width(text: &str, style: Style) -> u32 {
    text.chars().map(|letter| letter_width(letter, style)).sum()
}

fn letter_width(letter: char, style: Style) -> u32 {
    if style.is_mono() {
        return if letter.is_ascii() { 610 } else { 1000 };
    }
    match letter {
        'i' | 'l' | 'j' | 'I' | '.' | ',' | '\'' | '’' | '|' | '!' | ':' | ';' | ' ' => 300,
        'f' | 't' | 'r' | '(' | ')' | '-' | '/' => 400,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '—' | '…' => 920,
        'A'..='Z' | '&' => 730,
        '\u{2e80}'.. => 1050,
        _ => 590,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: Style = Style::new(SANS, 800, "#000000");

    #[test]
    fn a_short_title_is_large_and_a_long_one_smaller() {
        let short = fit("Parcel", STYLE, 500, 3, &[96, 72, 48]);
        assert_eq!((short.size, short.lines.len()), (96, 1));
        let long = fit("The Long Way Down to the Water", STYLE, 500, 3, &[96, 72, 48]);
        assert!(long.size < 96 && long.lines.len() <= 3);
        assert_eq!(long.lines.join(" "), "The Long Way Down to the Water");
    }

    #[test]
    fn what_cannot_fit_ends_in_an_ellipsis() {
        let setting = fit(&"word ".repeat(100), STYLE, 300, 3, &[40, 30]);
        assert_eq!(setting.lines.len(), 3);
        assert!(setting.lines[2].ends_with('…'));
        let setting = fit(&"x".repeat(100), STYLE, 300, 2, &[40]);
        assert!(setting.lines.len() == 2 && milli_width(&setting.lines[0], STYLE) <= room(300, 40));
    }
}
