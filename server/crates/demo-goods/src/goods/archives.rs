//! What comes in an archive: sounds, fonts, models.

use super::{Maker, PREVIEW_SECONDS, PreviewKind};
use crate::audio::Mix;
use crate::catalogue::Track;
use crate::draw::{Colour, picture, svg};
use crate::fonts::{self, Design};
use crate::{GoodsError, archive, models};

impl Maker<'_> {
    pub(super) fn kit(&mut self, sounds: &[(String, Mix)]) -> Result<(), GoodsError> {
        let files: Vec<(String, Vec<u8>)> = sounds
            .iter()
            .map(|(name, mix)| Ok((format!("{name}.wav"), mix.wav(false)?)))
            .collect::<Result<_, GoodsError>>()?;
        self.archive(&files)?;
        // Some of them, one after the other.
        let mut mix = Mix::new(PREVIEW_SECONDS);
        let mut at = 0.0;
        for (_, sound) in sounds.iter().step_by((sounds.len() / 7).max(1)) {
            mix.add(at, &sound.left[..sound.left.len().min(crate::audio::samples(1.1))], 0.8, 0.0);
            at += 1.1;
        }
        self.listen(&mix, 0.0)
    }

    pub(super) fn album(&mut self, tracks: &[Track]) -> Result<(), GoodsError> {
        let mut files = Vec::new();
        for (number, track) in tracks.iter().enumerate() {
            let mix = track.song.play(&format!("{} {}", self.item.slug, track.title));
            files.push((format!("{:02} {}.wav", number + 1, track.title), mix.wav(track.song.stereo)?));
            if number == 0 {
                self.listen(&mix, track.song.heart())?;
            }
        }
        self.archive(&files)
    }

    /// One file with all of these.
    fn archive(&mut self, files: &[(String, Vec<u8>)]) -> Result<(), GoodsError> {
        let archive = archive::zip(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))?;
        self.file(format!("{}.zip", self.item.slug), "application/zip", archive);
        Ok(())
    }

    pub(super) fn font(&mut self, design: &Design) -> Result<(), GoodsError> {
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

    pub(super) fn model(&mut self, model: models::Model) -> Result<(), GoodsError> {
        let slug = &self.item.slug;
        let parts = model.parts();
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        for (name, solid) in &parts {
            files.push((format!("stl/{name}.stl"), solid.stl(name)));
            files.push((format!("obj/{name}.obj"), solid.obj(name)));
        }
        let drawn = picture::png(&models::picture(&parts, Colour::hex(0x00d9_8a5b)), 900, 96)?;
        self.archive(&files)?;
        self.preview(PreviewKind::Picture, format!("{slug}-preview.png"), "image/png", drawn);
        Ok(())
    }
}
