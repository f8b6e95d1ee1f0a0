//! The pages of a book: A5, justified, numbered.

use super::{Block, Chapter, Heading, Span, typographic};
use crate::draw::pdf::{self, About, Bookmark};
use crate::draw::{Align, Colour, Face, Page};

const LEFT: f32 = 52.0;
const RIGHT: f32 = 368.0;
const TOP: f32 = 62.0;
const BOTTOM: f32 = 536.0;
const SIZE: f32 = 10.5;
const LEADING: f32 = 14.6;
/// Title, imprint, contents.
const FRONT: usize = 3;

/// A book that is set.
#[derive(Debug, Clone)]
pub struct Set {
    pub pages: Vec<Page>,
    pub file: Vec<u8>,
}

pub fn set(title: Heading<'_>, chapters: &[Chapter]) -> Set {
    let mut setter = Setter { pages: Vec::new(), y: TOP, fresh: true };
    let mut begins = Vec::new();
    for chapter in chapters {
        setter.open_page();
        begins.push(setter.pages.len() - 1 + FRONT);
        setter.chapter(chapter);
    }
    let mut pages = front(title, chapters, &begins);
    pages.extend(setter.pages);
    for (number, page) in pages.iter_mut().enumerate().skip(FRONT) {
        let place = (page.width / 2.0, 566.0);
        page.coloured_text(place, Align::Centre, Face::Serif, 9.0, Colour::GREY, &(number + 1).to_string());
    }
    let bookmarks: Vec<Bookmark> = chapters
        .iter()
        .zip(&begins)
        .map(|(chapter, page)| Bookmark { title: typographic(&chapter.title), page: *page })
        .collect();
    let file = pdf::document(About { title: title.title, author: title.author }, &pages, &bookmarks);
    Set { pages, file }
}

fn front(title: Heading<'_>, chapters: &[Chapter], begins: &[usize]) -> Vec<Page> {
    let mut cover = Page::a5();
    let middle = cover.width / 2.0;
    let mut y = 170.0;
    for line in Face::SerifBold.lines(&typographic(title.title), 27.0, 310.0) {
        cover.text((middle, y), Align::Centre, Face::SerifBold, 27.0, &line);
        y += 34.0;
    }
    cover.line((middle - 30.0, y + 2.0), (middle + 30.0, y + 2.0), Colour::GREY, 0.8);
    cover.text((middle, y + 34.0), Align::Centre, Face::SerifItalic, 15.0, title.author);
    cover.coloured_text((middle, 530.0), Align::Centre, Face::Serif, 11.0, Colour::GREY, title.publisher);
    let mut imprint = Page::a5();
    let lines = [
        typographic(title.title),
        format!("by {}", title.author),
        String::new(),
        format!("Published by {}.", title.publisher),
        "Written and set for the demonstration shop of DigitalDownload.".to_owned(),
        "People, places and firms in it are invented.".to_owned(),
        String::new(),
        "Set in Times on a page of 148 by 210 mm.".to_owned(),
    ];
    for (number, line) in lines.iter().enumerate() {
        imprint.text((LEFT, 420.0 + 13.0 * number as f32), Align::Left, Face::Serif, 9.0, line);
    }
    let mut contents = Page::a5();
    contents.text((LEFT, 96.0), Align::Left, Face::SerifBold, 18.0, "Contents");
    let step = (420.0 / chapters.len().max(1) as f32).min(22.0);
    let size = (step * 0.62).clamp(6.0, 11.0);
    for (number, (chapter, begin)) in chapters.iter().zip(begins).enumerate() {
        let y = 130.0 + step * number as f32;
        contents.text((LEFT, y), Align::Left, Face::Serif, size, &typographic(&chapter.title));
        contents.text((RIGHT, y), Align::Right, Face::Serif, size, &(begin + 1).to_string());
    }
    vec![cover, imprint, contents]
}

struct Setter {
    pages: Vec<Page>,
    y: f32,
    /// Nothing stands on the page yet.
    fresh: bool,
}

impl Setter {
    fn open_page(&mut self) {
        self.pages.push(Page::a5());
        self.y = TOP;
        self.fresh = true;
    }

    fn page(&mut self) -> &mut Page {
        if self.pages.is_empty() {
            self.open_page();
        }
        let last = self.pages.len() - 1;
        &mut self.pages[last]
    }

    /// Room for so much more, on this page or the next.
    fn room(&mut self, height: f32) {
        if self.y + height > BOTTOM {
            self.open_page();
        }
        self.fresh = false;
    }

    fn space(&mut self, height: f32) {
        if !self.fresh {
            self.y += height;
        }
    }

    fn chapter(&mut self, chapter: &Chapter) {
        self.y = 104.0;
        for line in Face::SerifBold.lines(&typographic(&chapter.title), 19.0, RIGHT - LEFT) {
            let y = self.y;
            self.page().text((LEFT, y), Align::Left, Face::SerifBold, 19.0, &line);
            self.y += 24.0;
        }
        self.y += 14.0;
        self.fresh = false;
        let mut after_text = false;
        for block in &chapter.blocks {
            match block {
                Block::Heading(text) => {
                    self.space(10.0);
                    self.room(3.0 * LEADING);
                    let y = self.y;
                    self.page().text((LEFT, y), Align::Left, Face::SerifBold, 12.0, &typographic(text));
                    self.y += 18.0;
                }
                Block::Paragraph(spans) => {
                    // A paragraph after another begins with a white space instead of a gap.
                    self.lines(spans, LEFT, if after_text { 14.0 } else { 0.0 }, true);
                }
                Block::Item(spans) => {
                    self.room(LEADING);
                    let y = self.y;
                    self.page().text((LEFT + 4.0, y), Align::Left, Face::Serif, SIZE, "–");
                    self.lines(spans, LEFT + 18.0, 0.0, false);
                    self.y += 1.5;
                }
                Block::Verse(lines) => self.verse(lines),
                Block::Code(lines) => self.code(lines),
            }
            after_text = matches!(block, Block::Paragraph(_));
        }
    }

    fn verse(&mut self, lines: &[String]) {
        self.space(5.0);
        for line in lines {
            self.room(LEADING);
            let y = self.y;
            self.page().text((LEFT + 18.0, y), Align::Left, Face::Serif, SIZE, &typographic(line));
            self.y += LEADING + 0.6;
        }
        self.y += 7.0;
    }

    fn code(&mut self, lines: &[String]) {
        self.space(3.0);
        for line in lines {
            self.room(12.0);
            let y = self.y;
            self.page().text((LEFT + 10.0, y), Align::Left, Face::Mono, 8.0, line);
            self.y += 11.5;
        }
        self.y += 7.0;
    }

    /// A justified paragraph.
    fn lines(&mut self, spans: &[Span], left: f32, indent: f32, justified: bool) {
        let words = words(spans);
        let mut at = 0;
        let mut first = true;
        while at < words.len() {
            let start = left + if first { indent } else { 0.0 };
            let room = RIGHT - start;
            let (mut end, mut width) = (at, 0.0);
            while end < words.len() {
                let wider = width + words[end].width + if end > at { SPACE } else { 0.0 };
                if wider > room && end > at {
                    break;
                }
                width = wider;
                end += 1;
            }
            self.room(LEADING);
            let gaps = (end - at - 1) as f32;
            let stretch =
                if justified && end < words.len() && gaps > 0.0 { (room - width) / gaps } else { 0.0 };
            let y = self.y;
            let mut x = start;
            for word in &words[at..end] {
                for (face, text) in &word.parts {
                    self.page().text((x, y), Align::Left, *face, SIZE, text);
                    x += face.width(text, SIZE);
                }
                x += SPACE + stretch;
            }
            self.y += LEADING;
            at = end;
            first = false;
        }
    }
}

/// A quarter of the size.
const SPACE: f32 = SIZE * 0.25;

/// What stands between two spaces, which may lean in part.
struct Word {
    parts: Vec<(Face, String)>,
    width: f32,
}

fn words(spans: &[Span]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    for span in spans {
        let face = if span.italic { Face::SerifItalic } else { Face::Serif };
        if span.text.starts_with(' ') {
            open = false;
        }
        for (number, text) in span.text.split_whitespace().enumerate() {
            let width = face.width(text, SIZE);
            match words.last_mut() {
                Some(word) if open && number == 0 => {
                    word.parts.push((face, text.to_owned()));
                    word.width += width;
                }
                _ => words.push(Word { parts: vec![(face, text.to_owned())], width }),
            }
        }
        open = !span.text.ends_with(' ');
    }
    words
}
