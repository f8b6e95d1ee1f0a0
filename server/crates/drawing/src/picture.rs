//! A page as a picture in points: for prints in full size and wallpapers. Text is not drawn.

use super::{Colour, Op, Page, Paint, Path, PictureError, Segment};
use tiny_skia::{FillRule, LineCap, LineJoin, PathBuilder, Pixmap, Stroke, Transform};

/// A PNG so many dots wide, which says in its own words how many dots an inch of the print has.
pub fn png(page: &Page, width: u32, dots_an_inch: u32) -> Result<Vec<u8>, PictureError> {
    let scale = width as f32 / page.width;
    let height = (page.height * scale).round() as u32;
    let mut canvas = Pixmap::new(width, height).ok_or(PictureError::Size)?;
    canvas.fill(tiny_skia::Color::WHITE);
    for op in &page.ops {
        if let Op::Shape { path, paint } = op {
            draw(&mut canvas, path, *paint, scale);
        }
    }
    // Every dot is opaque: the canvas was white.
    let mut rgb = Vec::with_capacity(canvas.data().len() / 4 * 3);
    for dot in canvas.data().as_chunks::<4>().0 {
        rgb.extend_from_slice(&dot[..3]);
    }
    encode(&rgb, width, height, dots_an_inch)
}

fn draw(canvas: &mut Pixmap, path: &Path, paint: Paint, scale: f32) {
    let Some(outline) = outline(path) else { return };
    let place = Transform::from_scale(scale, scale);
    let (Paint::Fill(Colour(red, green, blue)) | Paint::Stroke(Colour(red, green, blue), _)) = paint;
    let mut ink = tiny_skia::Paint { anti_alias: true, ..tiny_skia::Paint::default() };
    ink.set_color_rgba8(red, green, blue, 255);
    match paint {
        Paint::Fill(_) => canvas.fill_path(&outline, &ink, FillRule::Winding, place, None),
        Paint::Stroke(_, width) => {
            let stroke =
                Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
            canvas.stroke_path(&outline, &ink, &stroke, place, None);
        }
    }
}

fn outline(path: &Path) -> Option<tiny_skia::Path> {
    let mut builder = PathBuilder::new();
    for segment in &path.0 {
        match *segment {
            Segment::Move((x, y)) => builder.move_to(x, y),
            Segment::Line((x, y)) => builder.line_to(x, y),
            Segment::Quad((bx, by), (x, y)) => builder.quad_to(bx, by, x, y),
            Segment::Cubic((ax, ay), (bx, by), (x, y)) => builder.cubic_to(ax, ay, bx, by, x, y),
            Segment::Close => builder.close(),
        }
    }
    builder.finish()
}

fn encode(rgb: &[u8], width: u32, height: u32, dots_an_inch: u32) -> Result<Vec<u8>, PictureError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let dots_a_metre = dots_an_inch * 10_000 / 254;
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: dots_a_metre,
        yppu: dots_a_metre,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(rgb)?;
    writer.finish()?;
    Ok(file)
}
