//! An item's files, what can be heard and seen of them before one buys, and pictures.

mod archives;
mod documents;
mod programs;

use crate::audio::Mix;
use crate::catalogue::{Item, Make};
use crate::draw::{Colour, Page, svg};
use crate::listed::Purpose;
use crate::{GoodsError, art, sources};
use std::ops::Range;

/// The single's recording, which is the one file that is not made here.
const NOW_AND_FOREVER: &[u8] = include_bytes!("../../../storefront/seed/now-and-forever.mp3");
/// Four seconds of it: 111 frames of 36 ms, each 288 bytes at 64 kbit/s, after the tag and a frame of the encoder's notes.
const NOW_AND_FOREVER_PREVIEW: Range<usize> = 378 + 288..378 + 112 * 288;
const PREVIEW_SECONDS: f32 = 7.0;

/// A file by its name, as a buyer saves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodsFile {
    pub name: String,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

/// What shows a file before it is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreviewKind {
    Audio,
    /// A page of a document.
    Page,
    Picture,
    /// A game to be played for a while.
    Demo,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    pub kind: PreviewKind,
    pub file: GoodsFile,
}

/// All of an item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Goods {
    pub files: Vec<GoodsFile>,
    pub previews: Vec<Preview>,
    /// For the gallery.
    pub pictures: Vec<GoodsFile>,
}

impl Goods {
    /// Everything, each with what it is for.
    pub fn all(&self) -> impl Iterator<Item = (Purpose, &GoodsFile)> {
        let shown = self.previews.iter().map(|preview| match preview.kind {
            PreviewKind::Audio => (Purpose::Audio, &preview.file),
            PreviewKind::Page => (Purpose::Page, &preview.file),
            PreviewKind::Picture => (Purpose::Picture, &preview.file),
            PreviewKind::Demo => (Purpose::Demo, &preview.file),
        });
        let sold = self.files.iter().map(|file| (Purpose::Sale, file));
        sold.chain(shown).chain(self.pictures.iter().map(|file| (Purpose::Picture, file)))
    }
}

impl Item {
    /// Makes the files. A thing that is posted has none.
    pub fn goods(&self) -> Result<Goods, GoodsError> {
        let mut maker = Maker { item: self, goods: Goods::default() };
        match &self.make {
            None => {}
            Some(make) => maker.make(make)?,
        }
        Ok(maker.goods)
    }
}

struct Maker<'a> {
    item: &'a Item,
    goods: Goods,
}

impl Maker<'_> {
    fn make(&mut self, make: &Make) -> Result<(), GoodsError> {
        let slug = self.item.slug.as_str();
        match make {
            Make::NowAndForever => {
                self.file(format!("{slug}.mp3"), "audio/mpeg", NOW_AND_FOREVER.to_vec());
                let part = &NOW_AND_FOREVER[NOW_AND_FOREVER_PREVIEW];
                self.preview(PreviewKind::Audio, format!("{slug}-preview.mp3"), "audio/mpeg", part.to_vec());
            }
            Make::Song(song) => {
                let mix = song.play(slug);
                self.file(format!("{slug}.wav"), "audio/wav", mix.wav(song.stereo)?);
                self.listen(&mix, song.heart())?;
            }
            Make::Album(tracks) => self.album(tracks)?,
            Make::Place { place, seconds } => {
                let mix = place.listen(*seconds, slug);
                self.file(format!("{slug}.wav"), "audio/wav", mix.wav(false)?);
                self.listen(&mix, 2.0)?;
            }
            Make::Kit(kit) => self.kit(&kit.sounds())?,
            Make::Book { text, epub, with } => self.book(text, *epub, *with)?,
            Make::Print { motif, palette, format, png } => {
                self.print(&art::picture(*motif, *palette, *format, slug), *png)?;
            }
            Make::Game { page, data, seed, settings, help } => {
                self.game(page, data.as_deref(), *seed, settings.as_deref(), help)?;
            }
            Make::Page(page) => self.page(page)?,
            Make::Script(script) => self.script(script)?,
            Make::Seats { page, seats } => self.seats(page, *seats)?,
            Make::Font(design) => self.font(design)?,
            Make::Paper(paper) => self.paper(paper),
            Make::Model(model) => self.model(*model)?,
            Make::Template(template) => self.template(*template)?,
        }
        Ok(())
    }

    fn file(&mut self, name: String, media_type: &'static str, bytes: Vec<u8>) {
        self.goods.files.push(GoodsFile { name, media_type, bytes });
    }

    fn preview(&mut self, kind: PreviewKind, name: String, media_type: &'static str, bytes: Vec<u8>) {
        self.goods.previews.push(Preview { kind, file: GoodsFile { name, media_type, bytes } });
    }

    fn picture(&mut self, name: &str, svg: String) {
        let name = format!("{}-{name}.svg", self.item.slug);
        self.goods.pictures.push(GoodsFile { name, media_type: "image/svg+xml", bytes: svg.into_bytes() });
    }

    /// What it looks like while it runs, if somebody has taken a picture of that.
    fn screen(&mut self) {
        let slug = &self.item.slug;
        if let Some((_, png)) = sources::SCREENS.iter().find(|screen| screen.0 == slug) {
            let name = format!("{slug}-screen.png");
            self.goods.pictures.push(GoodsFile { name, media_type: "image/png", bytes: png.to_vec() });
        }
    }

    fn listen(&mut self, mix: &Mix, from: f32) -> Result<(), GoodsError> {
        let part = mix.excerpt(from, PREVIEW_SECONDS).wav(false)?;
        self.preview(PreviewKind::Audio, format!("{}-preview.wav", self.item.slug), "audio/wav", part);
        Ok(())
    }

    /// Pages that may be looked at: some from the beginning.
    fn leaf_through(&mut self, pages: &[Page], which: &[usize]) {
        let shown: Vec<&Page> = which.iter().filter_map(|index| pages.get(*index)).collect();
        for (number, page) in shown.into_iter().enumerate() {
            let mut sheet = Page::new(page.width, page.height);
            sheet.background(Colour::WHITE);
            sheet.ops.extend(page.ops.iter().cloned());
            let drawing = svg::document(&sheet, &format!("{}, a page", self.item.title));
            let name = format!("{}-page-{}.svg", self.item.slug, number + 1);
            self.preview(PreviewKind::Page, name, "image/svg+xml", drawing.into_bytes());
        }
    }
}
