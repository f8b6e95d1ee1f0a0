//! An item's files, what can be heard and seen of them before one buys, and pictures.

use crate::art;
use crate::audio::Mix;
use crate::book::{self, Heading};
use crate::catalogue::{Beside, Item, Make};
use crate::draw::pdf::{self, About};
use crate::draw::{Colour, Page, picture, svg};
use crate::fonts::{self, Design};
use crate::listed::Purpose;
use crate::paper::Paper;
use crate::templates::{self, Template};
use crate::{GoodsError, archive, models, sources};
use std::ops::Range;

/// The single's recording, which is the one file that is not made here.
const NOW_AND_FOREVER: &[u8] = include_bytes!("../../storefront/seed/now-and-forever.mp3");
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
            Make::Album(tracks) => {
                for (number, track) in tracks.iter().enumerate() {
                    let mix = track.song.play(&format!("{slug} {}", track.title));
                    let name = format!("{:02} {}.wav", number + 1, track.title);
                    self.file(name, "audio/wav", mix.wav(track.song.stereo)?);
                    if number == 0 {
                        self.listen(&mix, track.song.heart())?;
                    }
                }
            }
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

    fn kit(&mut self, sounds: &[(String, Mix)]) -> Result<(), GoodsError> {
        let files: Vec<(String, Vec<u8>)> = sounds
            .iter()
            .map(|(name, mix)| Ok((format!("{name}.wav"), mix.wav(false)?)))
            .collect::<Result<_, GoodsError>>()?;
        let archive = archive::zip(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))?;
        self.file(format!("{}.zip", self.item.slug), "application/zip", archive);
        // Some of them, one after the other.
        let mut mix = Mix::new(PREVIEW_SECONDS);
        let mut at = 0.0;
        for (_, sound) in sounds.iter().step_by((sounds.len() / 7).max(1)) {
            mix.add(at, &sound.left[..sound.left.len().min(crate::audio::samples(1.1))], 0.8, 0.0);
            at += 1.1;
        }
        self.listen(&mix, 0.0)
    }

    fn book(&mut self, text: &str, epub: bool, with: Option<Beside>) -> Result<(), GoodsError> {
        let chapters = book::parse(sources::find(&sources::TEXTS, text)?);
        let title =
            Heading { title: &self.item.title, author: &self.item.creator, publisher: &self.item.shop };
        let set = book::set(title, &chapters);
        self.file(format!("{}.pdf", self.item.slug), "application/pdf", set.file);
        if epub {
            let file = book::epub(title, &chapters)?;
            self.file(format!("{}.epub", self.item.slug), "application/epub+zip", file);
        }
        self.leaf_through(&set.pages, &[0, 2, 3]);
        match with {
            None => {}
            Some(Beside::LendingTables) => {
                for (name, media_type, bytes) in templates::lending()? {
                    self.file(name, media_type, bytes);
                }
            }
            Some(Beside::ChoirWorkbook) => {
                let [(_, media_type, bytes)] = &Template::Workbook.files("workbook")?[..] else {
                    return Ok(());
                };
                self.file("a-year-with-formulas.fods".into(), media_type, bytes.clone());
            }
            Some(Beside::PracticeSheets) => {
                let sheets = Paper::Graph.pages(text, "Paper to draw on", &self.item.shop);
                let about = About { title: "Paper to draw on", author: &self.item.shop };
                self.file(
                    "paper-to-draw-on.pdf".into(),
                    "application/pdf",
                    pdf::document(about, &sheets, &[]),
                );
            }
            Some(Beside::PracticeFont) => {
                let design = grocers_hand();
                let bytes = design.truetype(&design.weights[0], &self.item.shop);
                self.file("grocers-hand.ttf".into(), "font/ttf", bytes);
                let sheets = Paper::Handwriting.pages(text, "Lines for the pen", &self.item.shop);
                let about = About { title: "Lines for the pen", author: &self.item.shop };
                self.file(
                    "lines-for-the-pen.pdf".into(),
                    "application/pdf",
                    pdf::document(about, &sheets, &[]),
                );
            }
        }
        Ok(())
    }

    fn print(&mut self, page: &Page, png: Option<u32>) -> Result<(), GoodsError> {
        let (slug, title) = (&self.item.slug, &self.item.title);
        let drawing = svg::document(page, title);
        // The shop shows less than it sells: the picture small, in points.
        let small = picture::png(page, 640, 96)?;
        if let Some(width) = png {
            self.file(format!("{slug}-print.png"), "image/png", picture::png(page, width, 300)?);
        }
        self.file(format!("{slug}.svg"), "image/svg+xml", drawing.into_bytes());
        let about = About { title, author: &self.item.creator };
        let sheet = pdf::document(about, std::slice::from_ref(page), &[]);
        self.file(format!("{slug}.pdf"), "application/pdf", sheet);
        self.preview(PreviewKind::Picture, format!("{slug}-preview.png"), "image/png", small);
        if self.item.deep {
            self.picture("on-the-wall", on_the_wall(page, title));
        }
        Ok(())
    }

    fn game(
        &mut self,
        page: &str,
        data: Option<&str>,
        seed: u32,
        settings: Option<&str>,
        help: &str,
    ) -> Result<(), GoodsError> {
        let settings = match (data, settings) {
            (Some(data), _) => sources::find(&sources::GAME_DATA, data)?.trim().to_owned(),
            (None, Some(settings)) => settings.to_owned(),
            (None, None) => format!("{{\"seed\": {seed}}}"),
        };
        // Within a script of a page a closing mark would end it.
        let settings = settings.replace("</", "<\\/");
        let paragraphs: Vec<String> = help.trim().split("\n\n").map(svg::escaped).collect();
        let paragraphs = format!("<p>{}</p>", paragraphs.join("</p><p>"));
        let game = sources::GAME
            .replace("{{title}}", &svg::escaped(&self.item.title))
            .replace("{{maker}}", &svg::escaped(&self.item.shop))
            .replace("{{help}}", &paragraphs)
            .replace("{{settings}}", &settings)
            .replace("{{script}}", sources::find(&sources::GAMES, page)?);
        self.file(format!("{}.html", self.item.slug), "text/html", game.into_bytes());
        Ok(())
    }

    fn page(&mut self, page: &str) -> Result<(), GoodsError> {
        let program = sources::PROGRAM
            .replace("{{title}}", &svg::escaped(&self.item.title))
            .replace("{{maker}}", &svg::escaped(&self.item.shop))
            .replace("{{script}}", sources::find(&sources::PAGES, page)?);
        self.file(format!("{page}.html"), "text/html", program.into_bytes());
        Ok(())
    }

    fn script(&mut self, script: &str) -> Result<(), GoodsError> {
        let source = sources::find(&sources::SCRIPTS, script)?;
        self.file(format!("{script}.py"), "text/x-python", source.as_bytes().to_vec());
        let words = format!(
            "{title}\n{line}\n\n{about}\n\nTo run it: python3 {script}.py\n\nLicence: {licence}\n",
            title = self.item.title,
            line = "=".repeat(self.item.title.chars().count()),
            about = source.split("\"\"\"").nth(1).unwrap_or_default().trim(),
            licence = self.item.licence,
        );
        self.file("read-me.txt".into(), "text/plain", words.into_bytes());
        Ok(())
    }

    fn seats(&mut self, page: &str, seats: u32) -> Result<(), GoodsError> {
        self.page(page)?;
        let words = format!(
            "Licence for {seats} seats\n\n{title}, by {shop}\n\nThe holder may use the program on the computers of {seats} people at one \
             place of work. The holder's\nname is the one on the order with which this file came; {shop} keeps a list and answers \
             questions about it.\nUpdates within the major version are part of the licence. A person who leaves frees a seat.\n",
            title = self.item.title,
            shop = self.item.shop,
        );
        self.file("licence.txt".into(), "text/plain", words.into_bytes());
        Ok(())
    }

    fn font(&mut self, design: &Design) -> Result<(), GoodsError> {
        let names: Vec<(String, Vec<u8>)> = design
            .weights
            .iter()
            .map(|weight| {
                let name = format!("{}-{}.ttf", design.family.replace(' ', ""), weight.name.replace(' ', ""));
                (name, design.truetype(weight, &self.item.shop))
            })
            .collect();
        let (pages, specimen) = fonts::specimen(design, &self.item.shop);
        let mut all: Vec<(&str, &[u8])> =
            names.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let licence = format!("{}\n\n{}\n", self.item.title, self.item.licence);
        all.push(("specimen.pdf", &specimen));
        all.push(("licence.txt", licence.as_bytes()));
        self.file(format!("{}.zip", self.item.slug), "application/zip", archive::zip(all)?);
        // The weights by themselves too: three of them, the archive has all.
        for (name, bytes) in names.into_iter().take(3) {
            self.file(name, "font/ttf", bytes);
        }
        let drawn = svg::document(&fonts::picture(design), &self.item.title);
        self.preview(
            PreviewKind::Picture,
            format!("{}-specimen.svg", self.item.slug),
            "image/svg+xml",
            drawn.into_bytes(),
        );
        if self.item.deep {
            let page = pages.first().map(|page| svg::document(page, &self.item.title));
            self.picture("alphabet", page.unwrap_or_default());
        }
        Ok(())
    }

    fn paper(&mut self, paper: &Paper) {
        let item = self.item;
        let pages = paper.pages(&item.slug, &item.title, &item.shop);
        let file = pdf::document(About { title: &item.title, author: &item.creator }, &pages, &[]);
        self.file(format!("{}.pdf", item.slug), "application/pdf", file);
        self.leaf_through(&pages, &[0, 1]);
    }

    fn model(&mut self, model: models::Model) -> Result<(), GoodsError> {
        let slug = &self.item.slug;
        let parts = model.parts();
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        for (name, solid) in &parts {
            files.push((format!("stl/{name}.stl"), solid.stl(name)));
            files.push((format!("obj/{name}.obj"), solid.obj(name)));
        }
        let archive = archive::zip(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))?;
        let drawn = picture::png(&models::picture(&parts, Colour::hex(0x00d9_8a5b)), 900, 96)?;
        self.file(format!("{slug}.zip"), "application/zip", archive);
        self.preview(PreviewKind::Picture, format!("{slug}-preview.png"), "image/png", drawn);
        Ok(())
    }

    fn template(&mut self, template: Template) -> Result<(), GoodsError> {
        for (name, media_type, bytes) in template.files(&self.item.slug)? {
            self.file(name, media_type, bytes);
        }
        if let Some(drawing) = template.picture() {
            let name = format!("{}-preview.svg", self.item.slug);
            self.preview(PreviewKind::Picture, name, "image/svg+xml", drawing.into_bytes());
        }
        Ok(())
    }
}

/// The hand that the course on old handwriting is practised with.
fn grocers_hand() -> Design {
    Design {
        family: "Grocers Hand".into(),
        weights: vec![fonts::Weight { name: "Regular".into(), class: 400, stroke: 54.0 }],
        width: 0.82,
        small: 400.0,
        contrast: 0.6,
        nib: 35.0,
        slant: 18.0,
        ends: fonts::Ends::Square,
        serifs: 0.0,
        tracking: 30.0,
        mono: false,
        dotted: false,
        stencil: false,
        shake: 5.0,
        sample: "Itm two li of candles".into(),
    }
}

/// A print in a frame over a sideboard: how large it is, beside things whose size one knows.
fn on_the_wall(page: &Page, title: &str) -> String {
    use crate::draw::{Op, Path};
    let mut room = Page::new(900.0, 700.0);
    room.background(Colour::hex(0x00e6_e1d6));
    room.fill(Path::rect(0.0, 560.0, 900.0, 140.0), Colour::hex(0x00b9_a78b));
    room.fill(Path::rect(210.0, 470.0, 480.0, 24.0), Colour::hex(0x006b_4a32));
    room.fill(Path::rect(222.0, 494.0, 456.0, 96.0), Colour::hex(0x0080_5a3e));
    for x in [240.0, 394.0, 548.0] {
        room.stroke(Path::rect(x, 506.0, 112.0, 72.0), Colour::hex(0x006b_4a32), 2.0);
    }
    room.fill(Path::ellipse((290.0, 452.0), 26.0, 20.0), Colour::hex(0x001e_6f8f));
    room.line((290.0, 434.0), (270.0, 380.0), Colour::hex(0x005b_8c5a), 4.0);
    room.line((290.0, 434.0), (312.0, 366.0), Colour::hex(0x005b_8c5a), 4.0);
    let scale = (330.0 / page.height).min(420.0 / page.width);
    let (wide, tall) = (page.width * scale, page.height * scale);
    let at = (450.0 - wide / 2.0, 60.0);
    room.fill(Path::rect(at.0 - 34.0, at.1 - 24.0, wide + 68.0, tall + 68.0), Colour::hex(0x00c9_c1b2));
    room.fill(Path::rect(at.0 - 36.0, at.1 - 36.0, wide + 72.0, tall + 72.0), Colour::hex(0x0026_2421));
    room.fill(Path::rect(at.0 - 26.0, at.1 - 26.0, wide + 52.0, tall + 52.0), Colour::WHITE);
    for op in &page.ops {
        if let Op::Shape { path, paint } = op {
            // What reaches over the sheet's edge is not printed.
            let inside = |(x, y): (f32, f32)| {
                (at.0 + x.clamp(0.0, page.width) * scale, at.1 + y.clamp(0.0, page.height) * scale)
            };
            let paint = match *paint {
                crate::draw::Paint::Stroke(colour, width) => {
                    crate::draw::Paint::Stroke(colour, width * scale)
                }
                fill @ crate::draw::Paint::Fill(_) => fill,
            };
            room.ops.push(Op::Shape { path: path.map(inside), paint });
        }
    }
    svg::document(&room, &format!("{title}, framed, over a sideboard"))
}
