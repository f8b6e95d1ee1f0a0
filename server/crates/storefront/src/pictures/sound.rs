//! How loud a piece of sound is from its beginning to its end, and how long it lasts: read from the file itself.

use nanomp3::{Channels, SliceReader};
use std::fmt::Write;
use std::io::Cursor;
use std::time::Duration;

/// Bars of the picture.
const BARS: usize = 120;
/// What is longer is not read to its end: previews are short.
const LONGEST: Duration = Duration::from_mins(20);
/// Samples that one step of the reading has, at the least.
const STEP: usize = 512;

/// The loudest moment of each piece of the whole, 0 to 255, and how long all of it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    pub peaks: Vec<u8>,
    pub length: Duration,
}

impl Sound {
    /// From a WAV or an MP3; `None` for what is neither, or cannot be read.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"RIFF") { wav(bytes) } else { mp3(bytes) }
    }

    /// As a picture, in the colours of light and dark pages; who does not see it misses nothing.
    pub fn svg(&self) -> String {
        const HEIGHT: u32 = 64;
        let mut bars = String::new();
        for (at, peak) in (0_u32..).zip(&self.peaks) {
            let height = (u32::from(*peak) * HEIGHT / 255).max(2);
            let y = (HEIGHT - height) / 2;
            // Writing to a String cannot fail.
            let _ = write!(bars, r#"<rect x="{}" y="{y}" width="3" height="{height}"/>"#, at * 5);
        }
        let width = u32::try_from(self.peaks.len()).unwrap_or(0).max(1) * 5 - 2;
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}" preserveAspectRatio="none"><style>rect{{fill:#3527c4}}@media(prefers-color-scheme:dark){{rect{{fill:#b3adff}}}}</style>{bars}</svg>"#
        )
    }
}

/// The loudest of each step, and how many steps make a second.
struct Steps {
    peaks: Vec<f32>,
    length: Duration,
}

impl Steps {
    fn sound(self) -> Option<Sound> {
        if self.peaks.is_empty() {
            return None;
        }
        let loudest = self.peaks.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        let bar = |number: usize| {
            let (from, to) = (number * self.peaks.len() / BARS, (number + 1) * self.peaks.len() / BARS);
            let piece = &self.peaks[from..to.max(from + 1).min(self.peaks.len())];
            byte(piece.iter().copied().fold(0.0, f32::max) / loudest)
        };
        Some(Sound { peaks: (0..BARS).map(bar).collect(), length: self.length })
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 0 to 255")]
fn byte(share: f32) -> u8 {
    (share.clamp(0.0, 1.0) * 255.0) as u8
}

fn loudest(samples: &[f32]) -> f32 {
    samples.iter().map(|sample| sample.abs()).filter(|peak| peak.is_finite()).fold(0.0, f32::max)
}

fn wav(bytes: &[u8]) -> Option<Sound> {
    let reader = hound::WavReader::new(Cursor::new(bytes)).ok()?;
    let spec = reader.spec();
    let (rate, frames) = (u64::from(spec.sample_rate.max(1)), u64::from(reader.duration()));
    let most = usize::try_from(LONGEST.as_secs() * rate * u64::from(spec.channels)).unwrap_or(usize::MAX);
    let samples: Vec<f32> = match spec.sample_format {
        hound::SampleFormat::Float => reader.into_samples::<f32>().map_while(Result::ok).take(most).collect(),
        hound::SampleFormat::Int => {
            reader.into_samples::<i32>().map_while(Result::ok).take(most).map(in_float).collect()
        }
    };
    let peaks = samples.chunks(STEP).map(loudest).collect();
    Steps { peaks, length: Duration::from_millis(frames * 1000 / rate) }.sound()
}

#[expect(clippy::cast_precision_loss, reason = "how loud it is to the eye")]
fn in_float(sample: i32) -> f32 {
    sample as f32
}

fn mp3(bytes: &[u8]) -> Option<Sound> {
    let mut reader = SliceReader::<f32>::new(bytes);
    let (mut peaks, mut samples) = (Vec::new(), 0_u64);
    let most = LONGEST.as_secs() * u64::from(reader.sample_rate().max(1)) * 2;
    while let Ok(Some(frame)) = reader.read_frame() {
        if frame.is_empty() || samples > most {
            break;
        }
        peaks.push(loudest(frame));
        samples += frame.len() as u64;
    }
    let channels = reader.channels().map_or(1, Channels::num);
    let rate = u64::from(reader.sample_rate().max(1));
    let length = samples / u64::from(channels.max(1)) * 1000 / rate;
    Steps { peaks, length: Duration::from_millis(length) }.sound()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SONG: &[u8] = include_bytes!("../../seed/now-and-forever.mp3");

    fn beep(seconds: u32) -> Vec<u8> {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 8000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut bytes = Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        for sample in 0..seconds * 8000 {
            // Silent, then loud.
            let loud = i16::from(sample >= seconds * 4000) * 12_000;
            writer.write_sample(if sample % 2 == 0 { loud } else { -loud }).unwrap();
        }
        writer.finalize().unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_wav_is_as_long_and_as_loud_as_it_is() {
        let sound = Sound::read(&beep(3)).unwrap();
        assert_eq!((sound.length, sound.peaks.len()), (Duration::from_secs(3), BARS));
        assert_eq!((sound.peaks[10], sound.peaks[110]), (0, 255));
        assert_eq!(sound.svg().matches("<rect").count(), BARS);
    }

    #[test]
    fn an_mp3_is_read_to_its_end() {
        let sound = Sound::read(SONG).unwrap();
        assert!((8..12).contains(&sound.length.as_secs()), "{:?}", sound.length);
        assert!(sound.peaks.contains(&255) && sound.peaks.iter().any(|peak| *peak < 200));
    }

    #[test]
    fn what_is_no_sound_is_none() {
        for bytes in [
            &b""[..],
            b"RIFF",
            b"RIFF\0\0\0\0WAVEfmt ",
            b"no sound at all",
            &SONG[..40],
            &[0xff; 5000],
            &[0; 5000],
        ] {
            assert_eq!(Sound::read(bytes), None, "{} bytes", bytes.len());
        }
        for length in (0..SONG.len()).step_by(4999) {
            // Cut off anywhere it is shorter, and no trouble.
            Sound::read(&SONG[..length]);
        }
    }
}
