//! Surroundings that have no beginning and no end: their last seconds lead into the first.

use super::{Mix, RATE, samples};
use crate::random::Random;
use serde::Deserialize;
use std::f32::consts::TAU;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    Rain,
    Sea,
    Wind,
    Fire,
    Train,
    Crickets,
    /// Noise with as much in each octave.
    Pink,
    /// Deeper still.
    Brown,
    White,
}

/// Seconds in which the end and the beginning are one.
const SEAM: f32 = 2.0;

impl Place {
    pub fn listen(self, seconds: f32, name: &str) -> Mix {
        let mut mix = Mix::new(seconds + SEAM);
        for (side, channel) in [&mut mix.left, &mut mix.right].into_iter().enumerate() {
            let mut random = Random::named(&format!("{name} {side}"));
            self.fill(channel, &mut random, side);
        }
        for channel in [&mut mix.left, &mut mix.right] {
            let (seam, length) = (samples(SEAM), samples(seconds));
            for index in 0..seam.min(channel.len() - length) {
                let part = index as f32 / seam as f32;
                channel[index] = channel[index] * part.sqrt() + channel[length + index] * (1.0 - part).sqrt();
            }
            channel.truncate(length);
        }
        mix
    }

    fn fill(self, channel: &mut [f32], random: &mut Random, side: usize) {
        match self {
            Self::White => channel.iter_mut().for_each(|sample| *sample = random.between(-1.0, 1.0)),
            Self::Pink => coloured(channel, random, 0.12, |_| 1.0),
            Self::Brown => coloured(channel, random, 0.02, |_| 1.0),
            Self::Rain => {
                coloured(channel, random, 0.6, |_| 0.35);
                drops(channel, random, 260.0, 0.25);
            }
            Self::Sea => coloured(channel, random, 0.07, |at| {
                let wave = (TAU * (at / 9.3 + side as f32 * 0.07)).sin() * 0.5 + 0.5;
                0.15 + wave * wave * (0.7 + 0.3 * (TAU * at / 23.0).sin())
            }),
            Self::Wind => coloured(channel, random, 0.03, |at| {
                0.5 + 0.3 * (TAU * at / 7.1).sin() + 0.2 * (TAU * at / 3.3 + 1.0).sin()
            }),
            Self::Fire => {
                coloured(channel, random, 0.015, |_| 0.5);
                drops(channel, random, 22.0, 1.0);
            }
            Self::Train => {
                coloured(channel, random, 0.025, |_| 0.6);
                joints(channel, random);
            }
            Self::Crickets => {
                coloured(channel, random, 0.05, |_| 0.12);
                crickets(channel, random);
            }
        }
    }
}

/// Noise below a frequency, as loud as a moment wants it.
fn coloured(channel: &mut [f32], random: &mut Random, openness: f32, loudness: impl Fn(f32) -> f32) {
    let (mut low, mut lower, mut level) = (0.0_f32, 0.0_f32, 0.0);
    let gain = 1.0 / openness.sqrt();
    for (index, sample) in channel.iter_mut().enumerate() {
        // Loudness changes slowly: once in a while is enough.
        if index % 256 == 0 {
            level = loudness(index as f32 / RATE as f32) * gain;
        }
        low += (random.between(-1.0, 1.0) - low) * openness;
        lower += (low - lower) * 0.5;
        *sample += lower * level;
    }
}

/// Short clicks, so many in a second.
fn drops(channel: &mut [f32], random: &mut Random, a_second: f32, most: f32) {
    let mut at = 0.0;
    let length = channel.len() as f32;
    while at < length {
        let pitch = random.between(900.0, 5200.0) / RATE as f32 * TAU;
        let loudness = most * random.part().powi(3);
        let damping = random.between(0.02, 0.06);
        for (index, sample) in channel.iter_mut().skip(at as usize).take(160).enumerate() {
            *sample += (pitch * index as f32).sin() * (-damping * index as f32).exp() * loudness;
        }
        at += random.between(0.1, 1.9) * RATE as f32 / a_second;
    }
}

/// Wheels over the joints of the rails: twice two.
fn joints(channel: &mut [f32], random: &mut Random) {
    let turn = 1.16;
    let mut at = 0.2;
    while samples(at) < channel.len() {
        for offset in [0.0, 0.13, 0.42, 0.55] {
            let loudness = random.between(0.5, 0.8);
            for (index, sample) in channel.iter_mut().skip(samples(at + offset)).take(1400).enumerate() {
                let fall = (-(index as f32) / 260.0).exp();
                *sample += (index as f32 * 0.035).sin() * fall * loudness;
            }
        }
        at += turn;
    }
}

fn crickets(channel: &mut [f32], random: &mut Random) {
    for _ in 0..4 {
        let pitch = random.between(3600.0, 4700.0) / RATE as f32 * TAU;
        let (every, loudness) = (random.between(0.5, 1.1), random.between(0.08, 0.25));
        let mut at = random.between(0.0, every);
        while samples(at) < channel.len() {
            for pulse in 0_u8..3 {
                let start = samples(at + f32::from(pulse) * 0.045);
                for (index, sample) in channel.iter_mut().skip(start).take(700).enumerate() {
                    let swell = (index as f32 / 700.0 * TAU / 2.0).sin();
                    *sample += (pitch * index as f32).sin() * swell * loudness;
                }
            }
            at += every * random.between(0.95, 1.1);
        }
    }
}
