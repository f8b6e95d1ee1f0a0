//! What runs: games, pages, scripts.

use super::{Maker, PreviewKind};
use crate::draw::svg;
use crate::{GoodsError, sources};

impl Maker<'_> {
    pub(super) fn game(
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
        let slug = &self.item.slug;
        let demo = demo_of(&game)?;
        self.preview(PreviewKind::Demo, format!("{slug}-demo.html"), "text/html", demo.into_bytes());
        self.file(format!("{slug}.html"), "text/html", game.into_bytes());
        self.screen();
        Ok(())
    }

    pub(super) fn page(&mut self, page: &str) -> Result<(), GoodsError> {
        let program = sources::PROGRAM
            .replace("{{title}}", &svg::escaped(&self.item.title))
            .replace("{{maker}}", &svg::escaped(&self.item.shop))
            .replace("{{script}}", sources::find(&sources::PAGES, page)?);
        self.file(format!("{page}.html"), "text/html", program.into_bytes());
        self.screen();
        Ok(())
    }

    pub(super) fn script(&mut self, script: &str) -> Result<(), GoodsError> {
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

    pub(super) fn seats(&mut self, page: &str, seats: u32) -> Result<(), GoodsError> {
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
}

/// The game with an end after some minutes.
fn demo_of(game: &str) -> Result<String, GoodsError> {
    let mut demo = game.to_owned();
    for (whole, part) in [
        (
            "This page is the whole game: it needs no connection.",
            "This is the demo: three minutes at a time.",
        ),
        ("</script>\n</body>", &format!("{}</script>\n</body>", sources::DEMO)),
    ] {
        if demo.matches(whole).count() != 1 {
            return Err(GoodsError::Data(format!("the game does not have {whole:?} once")));
        }
        demo = demo.replace(whole, part);
    }
    Ok(demo)
}
