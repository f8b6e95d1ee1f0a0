//! Two channels that sounds are added to, the room that they stand in, and the file.

use super::{RATE, samples};
use crate::GoodsError;
use std::io::Cursor;

/// The loudest sample of a file.
const PEAK: f32 = 29_000.0;

#[derive(Debug, Clone)]
pub struct Mix {
    pub left: Vec<f32>,
    pub right: Vec<f32>,
}

impl Mix {
    pub fn new(seconds: f32) -> Self {
        let length = samples(seconds);
        Self { left: vec![0.0; length], right: vec![0.0; length] }
    }

    /// Adds a sound at a moment; `pan` is -1 at the left and 1 at the right.
    pub fn add(&mut self, at: f32, sound: &[f32], loudness: f32, pan: f32) {
        let start = samples(at);
        let (left, right) = (loudness * (1.0 - pan * 0.7).min(1.0), loudness * (1.0 + pan * 0.7).min(1.0));
        let places = self.left.iter_mut().zip(&mut self.right).skip(start);
        for ((to_left, to_right), sample) in places.zip(sound) {
            *to_left += sample * left;
            *to_right += sample * right;
        }
    }

    /// Echoes of a room (Schroeder's: four combs, then two all-passes), a little different on both sides.
    pub fn room(&mut self, wet: f32, length: f32) {
        for (channel, spread) in [(&mut self.left, 0), (&mut self.right, 13)] {
            let mut echo = vec![0.0; channel.len()];
            for (delay, gain) in [(779, 0.80), (823, 0.79), (911, 0.78), (1009, 0.76)] {
                comb(channel, &mut echo, delay + spread, gain * length);
            }
            for delay in [113 + spread, 37] {
                all_pass(&mut echo, delay, 0.6);
            }
            for (sample, echo) in channel.iter_mut().zip(echo) {
                *sample += wet * 0.25 * echo;
            }
        }
    }

    /// Lets the end die away.
    pub fn fade_out(&mut self, seconds: f32) {
        let length = samples(seconds).min(self.left.len());
        let start = self.left.len() - length;
        for channel in [&mut self.left, &mut self.right] {
            for (index, sample) in channel[start..].iter_mut().enumerate() {
                *sample *= 1.0 - index as f32 / length as f32;
            }
        }
    }

    /// A part of it, with soft edges.
    #[must_use]
    pub fn excerpt(&self, from: f32, seconds: f32) -> Self {
        let start = samples(from).min(self.left.len());
        let end = (start + samples(seconds)).min(self.left.len());
        let mut part = Self { left: self.left[start..end].to_vec(), right: self.right[start..end].to_vec() };
        let edge = samples(0.3).min(part.left.len());
        for channel in [&mut part.left, &mut part.right] {
            for (index, sample) in channel.iter_mut().take(edge).enumerate() {
                *sample *= index as f32 / edge as f32;
            }
        }
        part.fade_out(1.2);
        part
    }

    /// A WAV file of 16 bits, of one channel or two.
    pub fn wav(&self, stereo: bool) -> Result<Vec<u8>, GoodsError> {
        let loudest =
            self.left.iter().chain(&self.right).fold(0.000_1_f32, |most, sample| most.max(sample.abs()));
        let format = hound::WavSpec {
            channels: if stereo { 2 } else { 1 },
            sample_rate: RATE,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let bytes = self.left.len() * if stereo { 4 } else { 2 };
        let mut file = Cursor::new(Vec::with_capacity(bytes + 44));
        let mut writer = hound::WavWriter::new(&mut file, format)?;
        let count = self.left.len() * if stereo { 2 } else { 1 };
        let scale = PEAK / loudest;
        let mut block = writer.get_i16_writer(count as u32);
        for (left, right) in self.left.iter().zip(&self.right) {
            if stereo {
                block.write_sample((left * scale) as i16);
                block.write_sample((right * scale) as i16);
            } else {
                block.write_sample(((left + right) / 2.0 * scale) as i16);
            }
        }
        block.flush()?;
        writer.finalize()?;
        Ok(file.into_inner())
    }
}

fn comb(input: &[f32], output: &mut [f32], delay: usize, gain: f32) {
    let mut line = vec![0.0; delay];
    let mut dull = 0.0;
    let mut at = 0;
    for (sample, out) in input.iter().zip(output) {
        let back = line[at];
        // What comes back has lost some of its treble.
        dull = back * 0.7 + dull * 0.3;
        line[at] = sample + dull * gain;
        *out += back;
        at = if at + 1 == delay { 0 } else { at + 1 };
    }
}

fn all_pass(channel: &mut [f32], delay: usize, gain: f32) {
    let mut line = vec![0.0; delay];
    let mut at = 0;
    for sample in channel {
        let back = line[at];
        let inner = *sample + back * gain;
        line[at] = inner;
        *sample = back - inner * gain;
        at = if at + 1 == delay { 0 } else { at + 1 };
    }
}
