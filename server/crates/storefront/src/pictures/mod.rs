//! What the shop draws itself: covers for those who take no SVG, words in a font that is sold, sound, receipts on paper.
//! Pure, and slow enough to be done on a thread of its own.

pub mod cover;
pub mod letters;
pub mod receipt;
pub mod sound;
pub mod specimen;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// The document as a PNG of so many dots in width; `None` for what is no SVG, or has no size.
fn png_of(svg: &str, width: u16) -> Option<Vec<u8>> {
    let tree = Tree::from_str(svg, &Options::default()).ok()?;
    let size = tree.size().to_int_size().scale_to_width(u32::from(width))?;
    let mut picture = Pixmap::new(size.width(), size.height())?;
    let scale = f32::from(width) / tree.size().width();
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    picture.encode_png().ok()
}
