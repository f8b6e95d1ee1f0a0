//! The six faces that every reader of PDF has, and the advance widths of their letters in `WinAnsi`, from 32 on,
//! in thousandths of the size.

/// One of the faces that need not be embedded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Face {
    Serif,
    SerifItalic,
    SerifBold,
    Sans,
    SansBold,
    Mono,
}

impl Face {
    pub const ALL: [Self; 6] =
        [Self::Serif, Self::SerifItalic, Self::SerifBold, Self::Sans, Self::SansBold, Self::Mono];

    pub const fn postscript_name(self) -> &'static str {
        match self {
            Self::Serif => "Times-Roman",
            Self::SerifItalic => "Times-Italic",
            Self::SerifBold => "Times-Bold",
            Self::Sans => "Helvetica",
            Self::SansBold => "Helvetica-Bold",
            Self::Mono => "Courier",
        }
    }

    /// The same in a picture: family, style and weight.
    pub const fn css(self) -> &'static str {
        match self {
            Self::Serif => "font-family=\"Times New Roman,Liberation Serif,Times,serif\"",
            Self::SerifItalic => {
                "font-family=\"Times New Roman,Liberation Serif,Times,serif\" font-style=\"italic\""
            }
            Self::SerifBold => {
                "font-family=\"Times New Roman,Liberation Serif,Times,serif\" font-weight=\"700\""
            }
            Self::Sans => "font-family=\"Helvetica,Arial,Liberation Sans,sans-serif\"",
            Self::SansBold => {
                "font-family=\"Helvetica,Arial,Liberation Sans,sans-serif\" font-weight=\"700\""
            }
            Self::Mono => "font-family=\"Courier New,Liberation Mono,Courier,monospace\"",
        }
    }

    /// How wide a text is at a size.
    pub fn width(self, text: &str, size: f32) -> f32 {
        let thousandths: u32 = text.chars().map(|letter| u32::from(self.advance(letter))).sum();
        thousandths as f32 * size / 1000.0
    }

    /// A text in lines that fit a width: broken between words, and within one only where it alone is wider. At least one.
    pub fn lines(self, text: &str, size: f32, room: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in text.split_whitespace() {
            for piece in self.pieces(word, size, room) {
                let Some(line) = lines.last_mut() else { break };
                let longer = if line.is_empty() { piece.clone() } else { format!("{line} {piece}") };
                if self.width(&longer, size) > room && !line.is_empty() {
                    lines.push(piece);
                } else {
                    *line = longer;
                }
            }
        }
        lines
    }

    /// A word, cut where it is wider than a line.
    fn pieces(self, word: &str, size: f32, room: f32) -> Vec<String> {
        let mut pieces = vec![String::new()];
        let mut width = 0.0;
        for letter in word.chars() {
            let wider = width + self.width(letter.encode_utf8(&mut [0; 4]), size);
            let Some(piece) = pieces.last_mut() else { break };
            if wider > room && !piece.is_empty() {
                width = wider - width;
                pieces.push(letter.to_string());
            } else {
                width = wider;
                piece.push(letter);
            }
        }
        pieces
    }

    fn advance(self, letter: char) -> u16 {
        if self == Self::Mono {
            return 600;
        }
        let widths = match self {
            Self::Serif => &SERIF,
            Self::SerifItalic => &SERIF_ITALIC,
            Self::SerifBold => &SERIF_BOLD,
            Self::Sans | Self::Mono => &SANS,
            Self::SansBold => &SANS_BOLD,
        };
        widths.get(usize::from(win_ansi(letter)).wrapping_sub(32)).copied().unwrap_or(500)
    }
}

/// The letter's code; a question mark for letters that the encoding does not have.
pub fn win_ansi(letter: char) -> u8 {
    match letter {
        ' '..='~' | '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(letter)).unwrap_or(b'?'),
        '€' => 0x80,
        '…' => 0x85,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        _ => b'?',
    }
}

#[rustfmt::skip]
const SERIF: [u16; 224] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278,
    500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444,
    921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722,
    556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500,
    333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500,
    500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541, 350,
    500, 350, 333, 500, 444, 1000, 500, 500, 333, 1000, 556, 333, 889, 350, 611, 350,
    350, 333, 333, 444, 444, 350, 500, 1000, 333, 980, 389, 333, 722, 350, 444, 722,
    250, 333, 500, 500, 500, 500, 200, 500, 333, 760, 276, 500, 564, 333, 760, 333,
    400, 564, 300, 300, 333, 500, 453, 250, 333, 300, 310, 500, 750, 750, 750, 444,
    722, 722, 722, 722, 722, 722, 889, 667, 611, 611, 611, 611, 333, 333, 333, 333,
    722, 722, 722, 722, 722, 722, 722, 564, 722, 722, 722, 722, 722, 722, 556, 500,
    444, 444, 444, 444, 444, 444, 667, 444, 444, 444, 444, 444, 278, 278, 278, 278,
    500, 500, 500, 500, 500, 500, 500, 564, 500, 500, 500, 500, 500, 500, 500, 500,
];
#[rustfmt::skip]
const SERIF_ITALIC: [u16; 224] = [
    250, 333, 420, 500, 500, 833, 778, 214, 333, 333, 500, 675, 250, 333, 250, 278,
    500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 333, 333, 675, 675, 675, 500,
    920, 611, 611, 667, 722, 611, 611, 722, 722, 333, 444, 667, 556, 833, 667, 722,
    611, 722, 611, 500, 556, 722, 611, 833, 611, 556, 556, 389, 278, 389, 422, 500,
    333, 500, 500, 444, 500, 444, 278, 500, 500, 278, 278, 444, 278, 722, 500, 500,
    500, 500, 389, 389, 278, 500, 444, 667, 444, 444, 389, 400, 275, 400, 541, 350,
    500, 350, 333, 500, 556, 889, 500, 500, 333, 1000, 500, 333, 944, 350, 556, 350,
    350, 333, 333, 556, 556, 350, 500, 889, 333, 980, 389, 333, 667, 350, 389, 556,
    250, 389, 500, 500, 500, 500, 275, 500, 333, 760, 276, 500, 675, 333, 760, 333,
    400, 675, 300, 300, 333, 500, 523, 250, 333, 300, 310, 500, 750, 750, 750, 500,
    611, 611, 611, 611, 611, 611, 889, 667, 611, 611, 611, 611, 333, 333, 333, 333,
    722, 667, 722, 722, 722, 722, 722, 675, 722, 722, 722, 722, 722, 556, 611, 500,
    500, 500, 500, 500, 500, 500, 667, 444, 444, 444, 444, 444, 278, 278, 278, 278,
    500, 500, 500, 500, 500, 500, 500, 675, 500, 500, 500, 500, 500, 444, 500, 444,
];
#[rustfmt::skip]
const SERIF_BOLD: [u16; 224] = [
    250, 333, 555, 500, 500, 1000, 833, 278, 333, 333, 500, 570, 250, 333, 250, 278,
    500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 333, 333, 570, 570, 570, 500,
    930, 722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944, 722, 778,
    611, 778, 722, 556, 667, 722, 722, 1000, 722, 722, 667, 333, 278, 333, 581, 500,
    333, 500, 556, 444, 556, 444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500,
    556, 556, 444, 389, 333, 556, 500, 722, 500, 500, 444, 394, 220, 394, 520, 350,
    500, 350, 333, 500, 500, 1000, 500, 500, 333, 1000, 556, 333, 1000, 350, 667, 350,
    350, 333, 333, 500, 500, 350, 500, 1000, 333, 1000, 389, 333, 722, 350, 444, 722,
    250, 333, 500, 500, 500, 500, 220, 500, 333, 747, 300, 500, 570, 333, 747, 333,
    400, 570, 300, 300, 333, 556, 540, 250, 333, 300, 330, 500, 750, 750, 750, 500,
    722, 722, 722, 722, 722, 722, 1000, 722, 667, 667, 667, 667, 389, 389, 389, 389,
    722, 722, 778, 778, 778, 778, 778, 570, 778, 722, 722, 722, 722, 722, 611, 556,
    500, 500, 500, 500, 500, 500, 722, 444, 444, 444, 444, 444, 278, 278, 278, 278,
    500, 556, 500, 500, 500, 500, 500, 570, 500, 556, 556, 556, 556, 500, 556, 500,
];
#[rustfmt::skip]
const SANS: [u16; 224] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, 350,
    556, 350, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333, 1000, 350, 611, 350,
    350, 222, 222, 333, 333, 350, 556, 1000, 333, 1000, 500, 333, 944, 350, 500, 667,
    278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 333,
    400, 584, 333, 333, 333, 556, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611,
    667, 667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278,
    722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611,
    556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
];
#[rustfmt::skip]
const SANS_BOLD: [u16; 224] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
    975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
    333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
    611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584, 350,
    556, 350, 278, 556, 500, 1000, 556, 556, 333, 1000, 667, 333, 1000, 350, 611, 350,
    350, 278, 278, 500, 500, 350, 556, 1000, 333, 1000, 556, 333, 944, 350, 500, 667,
    278, 333, 556, 556, 556, 556, 280, 556, 333, 737, 370, 556, 584, 333, 737, 333,
    400, 584, 333, 333, 333, 611, 556, 278, 333, 333, 365, 556, 834, 834, 834, 611,
    722, 722, 722, 722, 722, 722, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278,
    722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611,
    556, 556, 556, 556, 556, 556, 889, 556, 556, 556, 556, 556, 278, 278, 278, 278,
    611, 611, 611, 611, 611, 611, 611, 584, 611, 611, 611, 611, 611, 556, 611, 556,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        assert_eq!(Face::Mono.lines("a bc  def g", 10.0, 30.0), ["a bc", "def g"]);
        assert_eq!(Face::Mono.lines("", 10.0, 30.0), [""]);
    }

    #[test]
    fn a_word_is_cut_only_where_it_alone_is_too_wide() {
        assert_eq!(Face::Mono.lines("ab abcdefgh cd", 10.0, 30.0), ["ab", "abcde", "fgh", "cd"]);
    }

    #[test]
    fn nothing_is_wider_than_the_room_and_no_letter_is_lost() {
        for face in Face::ALL {
            for text in ["Wide ".repeat(60), "W".repeat(300), "日本".repeat(100), "i".repeat(500)] {
                let lines = face.lines(&text, 10.5, 300.0);
                assert!(lines.iter().all(|line| face.width(line, 10.5) <= 300.0), "{face:?} {text}");
                let letters = |text: &str| text.replace(' ', "");
                assert_eq!(letters(&lines.concat()), letters(&text));
            }
        }
    }
}
