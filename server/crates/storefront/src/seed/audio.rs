//! Short pieces of music, made from a number: the demo data's songs and previews. The same number gives
//! the same piece.

use platform::Random;
use std::f32::consts::TAU;
use std::io::Cursor;

/// Samples in a second; enough for a plain tone, and small files.
const RATE: u16 = 22_050;
/// Half steps above the root that sound well in any order.
const PENTATONIC: [u8; 8] = [0, 2, 4, 7, 9, 12, 14, 16];
/// Lengths of a note, in eighths.
const LENGTHS: [u8; 4] = [1, 1, 2, 4];
const PEAK: f32 = 28_000.0;

/// A melody over a slow bass, as a WAV file (16 bits, mono).
pub fn piece(number: u64, seconds: u8) -> Result<Vec<u8>, hound::Error> {
    let random = Random::seeded(number);
    let mut samples = vec![0.0_f32; usize::from(RATE) * usize::from(seconds)];
    let root = 110.0 * half_steps(pick(&random, &[0, 2, 3, 5, 7, 8, 10]));
    let eighth = f32::from(RATE) * 60.0 / f32::from(pick(&random, &[140_u8, 160, 180, 200]));
    let mut at = 0.0;
    let mut step: usize = 3;
    while let Some(rest) = tail(&mut samples, at) {
        let length = f32::from(pick(&random, &LENGTHS)) * eighth;
        step = pick(&random, &[step.saturating_sub(1), step, step + 1, step + 2]).min(PENTATONIC.len() - 1);
        pluck(rest, 2.0 * root * half_steps(PENTATONIC[step]), 0.5, 3.0);
        at += length;
    }
    at = 0.0;
    // A generator of its own, so that a shorter piece is the beginning of a longer one.
    let random = Random::seeded(number.wrapping_add(1));
    while let Some(rest) = tail(&mut samples, at) {
        pluck(rest, root * half_steps(pick(&random, &[0, 0, 7, 9])), 0.35, 1.2);
        at += 8.0 * eighth;
    }
    fade_out(&mut samples);
    wav(&samples)
}

fn pick<T: Copy>(random: &Random, choices: &[T]) -> T {
    let count = u64::try_from(choices.len()).unwrap_or(1);
    choices[usize::try_from(random.next_u64() % count).unwrap_or(0)]
}

fn half_steps(count: u8) -> f32 {
    2.0_f32.powf(f32::from(count) / 12.0)
}

/// What is left of the piece from a moment on.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a piece of seconds")]
fn tail(samples: &mut [f32], at: f32) -> Option<&mut [f32]> {
    samples.get_mut(at as usize..).filter(|rest| !rest.is_empty())
}

/// Adds a plucked tone of three partials that dies away.
fn pluck(samples: &mut [f32], frequency: f32, loudness: f32, damping: f32) {
    let turn = frequency / f32::from(RATE);
    let decay = (-damping / f32::from(RATE)).exp();
    let (mut phase, mut level) = (0.0_f32, loudness);
    for (index, sample) in samples.iter_mut().take(2 * usize::from(RATE)).enumerate() {
        // A start from nothing in 5 ms, or every tone would click.
        let attack = u8::try_from(index).map_or(1.0, |index| (f32::from(index) / 110.0).min(1.0));
        let angle = TAU * phase;
        let tone = angle.sin() + 0.4 * (2.0 * angle).sin() + 0.15 * (3.0 * angle).sin();
        *sample += attack * level * tone;
        phase = (phase + turn).fract();
        level *= decay;
    }
}

fn fade_out(samples: &mut [f32]) {
    let length = samples.len().min(usize::from(RATE) / 2);
    let start = samples.len() - length;
    let mut level = 1.0_f32;
    for sample in &mut samples[start..] {
        *sample *= level;
        level = (level - 2.0 / f32::from(RATE)).max(0.0);
    }
}

fn wav(samples: &[f32]) -> Result<Vec<u8>, hound::Error> {
    let loudest = samples.iter().fold(1.0_f32, |loudest, sample| loudest.max(sample.abs()));
    let format = hound::WavSpec {
        channels: 1,
        sample_rate: RATE.into(),
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = Cursor::new(Vec::with_capacity(2 * samples.len() + 44));
    let mut writer = hound::WavWriter::new(&mut file, format)?;
    for sample in samples {
        writer.write_sample(to_sixteen_bits(sample / loudest * PEAK))?;
    }
    writer.finalize()?;
    Ok(file.into_inner())
}

#[expect(clippy::cast_possible_truncation, reason = "the caller keeps within the peak")]
fn to_sixteen_bits(sample: f32) -> i16 {
    sample as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_a_wav_file_of_its_length_that_sounds() {
        let file = piece(1, 2).unwrap();
        let mut reader = hound::WavReader::new(Cursor::new(&file)).unwrap();
        assert_eq!(reader.duration(), 2 * u32::from(RATE));
        let loudest = reader.samples::<i16>().map(|sample| sample.unwrap().unsigned_abs()).max().unwrap();
        assert!((20_000..=28_000).contains(&loudest), "{loudest}");
    }

    #[test]
    fn the_same_number_gives_the_same_piece() {
        assert_eq!(piece(5, 1).unwrap(), piece(5, 1).unwrap());
        assert_ne!(piece(5, 1).unwrap(), piece(6, 1).unwrap());
    }
}
