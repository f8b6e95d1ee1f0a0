//! The instruments. A tone is made of a table of one wave that loses its treble, or of a string that is plucked.

use super::{RATE, frequency, samples};
use crate::random::Random;
use serde::Deserialize;
use std::f32::consts::TAU;
use std::sync::OnceLock;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Voice {
    Piano,
    Bass,
    Guitar,
    Harp,
    Choir,
    Organ,
    Flute,
    Trumpet,
    Marimba,
    Bell,
    Square,
    Pad,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drum {
    Kick,
    Snare,
    Hat,
    OpenHat,
    Brush,
    Shaker,
    Rim,
    Clap,
    Tom,
    Cowbell,
}

const TABLE: usize = 1024;

/// One wave twice: as it begins, and as it is when it has lost its treble.
struct Wave {
    bright: [f32; TABLE],
    dark: [f32; TABLE],
}

/// How a tone comes and goes.
struct Shape {
    attack: f32,
    /// How fast it dies while it is held, in a second.
    decay: f32,
    release: f32,
    /// How fast the treble goes, in a second.
    dulling: f32,
    vibrato: f32,
    loudness: f32,
}

impl Voice {
    const ALL: [Self; 12] = [
        Self::Piano,
        Self::Bass,
        Self::Guitar,
        Self::Harp,
        Self::Choir,
        Self::Organ,
        Self::Flute,
        Self::Trumpet,
        Self::Marimba,
        Self::Bell,
        Self::Square,
        Self::Pad,
    ];

    /// A tone of a key, held for so long; it rings on a little.
    pub fn tone(self, key: f32, seconds: f32) -> Vec<f32> {
        match self {
            Self::Guitar => string(frequency(key), seconds + 0.5, 0.996, 0.5),
            Self::Harp => string(frequency(key), seconds + 1.2, 0.998, 0.3),
            Self::Choir | Self::Pad => {
                // Several that do not quite agree.
                let mut sound = self.wave_tone(key - 0.07, seconds);
                for (sample, other) in sound.iter_mut().zip(self.wave_tone(key + 0.08, seconds)) {
                    *sample += other;
                }
                sound
            }
            _ => self.wave_tone(key, seconds),
        }
    }

    fn wave_tone(self, key: f32, seconds: f32) -> Vec<f32> {
        let shape = self.shape();
        let wave = &waves()[Self::ALL.iter().position(|voice| *voice == self).unwrap_or(0)];
        let length = samples(seconds + shape.release);
        let (attack, held) = (samples(shape.attack).max(1), samples(seconds));
        let fall = (-shape.decay / RATE as f32).exp();
        let dulling = (-shape.dulling / RATE as f32).exp();
        // Down to a thousandth at the end of the release.
        let release = (-6.9 / (samples(shape.release).max(1) as f32)).exp();
        let step = frequency(key) / RATE as f32 * TABLE as f32;
        let (mut phase, mut level, mut bright) = (0.0_f32, shape.loudness, 1.0_f32);
        let (mut sway, mut bent) = (0.0_f32, step);
        let sway_step = 5.2 * 64.0 * TAU / RATE as f32;
        let mut sound = Vec::with_capacity(length);
        for index in 0..length {
            let place = phase as usize & (TABLE - 1);
            let tone = wave.dark[place] + (wave.bright[place] - wave.dark[place]) * bright;
            let swell = if index < attack { index as f32 / attack as f32 } else { 1.0 };
            sound.push(tone * level * swell);
            level *= if index < held { fall } else { release };
            bright *= dulling;
            // A tremble is slow: it is looked at once in a while.
            if index % 64 == 0 && shape.vibrato > 0.0 {
                sway += sway_step;
                bent = step * (1.0 + shape.vibrato * sway.sin());
            }
            phase += bent;
            if phase >= TABLE as f32 {
                phase -= TABLE as f32;
            }
        }
        sound
    }

    const fn shape(self) -> Shape {
        let (attack, decay, release, dulling, vibrato, loudness) = match self {
            Self::Piano => (0.004, 1.6, 0.25, 2.5, 0.0, 0.9),
            Self::Bass | Self::Guitar | Self::Harp => (0.006, 1.4, 0.12, 4.0, 0.0, 1.0),
            Self::Choir => (0.16, 0.1, 0.5, 0.2, 0.004, 0.35),
            Self::Organ => (0.03, 0.0, 0.12, 0.0, 0.0015, 0.4),
            Self::Flute => (0.06, 0.2, 0.12, 0.5, 0.005, 0.7),
            Self::Trumpet => (0.035, 0.3, 0.1, 0.8, 0.004, 0.55),
            Self::Marimba => (0.002, 6.0, 0.4, 14.0, 0.0, 1.0),
            Self::Bell => (0.002, 1.8, 1.2, 3.0, 0.0, 0.6),
            Self::Square => (0.003, 1.0, 0.05, 0.0, 0.0, 0.3),
            Self::Pad => (0.35, 0.05, 0.9, 0.25, 0.002, 0.35),
        };
        Shape { attack, decay, release, dulling, vibrato, loudness }
    }

    /// The strengths of the overtones.
    const fn partials(self) -> &'static [f32] {
        match self {
            Self::Piano => &[1.0, 0.5, 0.32, 0.2, 0.14, 0.1, 0.05, 0.04],
            Self::Bass | Self::Guitar | Self::Harp => &[1.0, 0.55, 0.3, 0.12, 0.06],
            Self::Choir => &[1.0, 0.7, 0.35, 0.42, 0.12, 0.05, 0.06, 0.03],
            Self::Organ => &[1.0, 0.8, 0.4, 0.5, 0.0, 0.25, 0.0, 0.3],
            Self::Flute => &[1.0, 0.25, 0.12, 0.04],
            Self::Trumpet => &[1.0, 0.9, 0.8, 0.6, 0.45, 0.3, 0.2, 0.12],
            Self::Marimba => &[1.0, 0.0, 0.0, 0.45, 0.0, 0.0, 0.0, 0.0, 0.0, 0.12],
            Self::Bell => &[1.0, 0.6, 0.0, 0.5, 0.35, 0.0, 0.3, 0.0, 0.0, 0.0, 0.2],
            Self::Square => &[1.0, 0.0, 0.33, 0.0, 0.2, 0.0, 0.14, 0.0, 0.11, 0.0, 0.09],
            Self::Pad => &[1.0, 0.5, 0.33, 0.25, 0.2, 0.16, 0.14, 0.12],
        }
    }
}

fn waves() -> &'static [Wave] {
    static WAVES: OnceLock<Vec<Wave>> = OnceLock::new();
    WAVES.get_or_init(|| {
        let wave = |voice: &Voice| {
            let mut wave = Wave { bright: [0.0; TABLE], dark: [0.0; TABLE] };
            for (number, strength) in (1..).zip(voice.partials()) {
                for index in 0..TABLE {
                    let sine = (TAU * (index * number) as f32 / TABLE as f32).sin();
                    wave.bright[index] += strength * sine;
                    wave.dark[index] += strength / (number * number) as f32 * sine;
                }
            }
            wave
        };
        Voice::ALL.iter().map(wave).collect()
    })
}

/// A plucked string (Karplus and Strong): noise that goes round and round, and loses its edges.
fn string(frequency: f32, seconds: f32, sustain: f32, softness: f32) -> Vec<f32> {
    let length = samples(seconds);
    let turn = RATE as f32 / frequency - 0.5;
    let count = (turn as usize).max(2);
    let mut random = Random::new(count as u64);
    let mut before = 0.0;
    let mut line: Vec<f32> = (0..count)
        .map(|_| {
            before = before * softness + random.between(-1.0, 1.0) * (1.0 - softness);
            before
        })
        .collect();
    // The part of a sample that the line is too short by: an all-pass keeps the string in tune.
    let rest = turn - count as f32;
    let tuning = (1.0 - rest) / (1.0 + rest);
    let (mut last_in, mut last_out) = (0.0, 0.0);
    let fade = samples(0.08);
    let mut at = 0;
    (0..length)
        .map(|index| {
            let next = if at + 1 == count { 0 } else { at + 1 };
            let sample = line[at];
            let averaged = (sample + line[next]) * 0.5 * sustain;
            let tuned = tuning * averaged + last_in - tuning * last_out;
            (last_in, last_out) = (averaged, tuned);
            line[at] = tuned;
            at = next;
            let end = length - index;
            1.8 * sample * if end < fade { end as f32 / fade as f32 } else { 1.0 }
        })
        .collect()
}

impl Drum {
    /// One stroke.
    pub fn stroke(self) -> Vec<f32> {
        match self {
            Self::Kick => thump(120.0, 48.0, 0.32, 0.02),
            Self::Tom => thump(190.0, 95.0, 0.35, 0.03),
            Self::Snare => mixed(&thump(230.0, 170.0, 0.14, 0.0), &noise(0.2, 22.0, 0.55, 7), 0.7),
            Self::Hat => noise(0.06, 70.0, 0.95, 3),
            Self::OpenHat => noise(0.35, 11.0, 0.95, 4),
            Self::Brush => noise(0.22, 13.0, 0.4, 5),
            Self::Shaker => noise(0.09, 34.0, 0.9, 6),
            Self::Rim => mixed(&thump(900.0, 820.0, 0.05, 0.0), &noise(0.03, 120.0, 0.8, 9), 0.4),
            Self::Clap => {
                let one = noise(0.16, 28.0, 0.6, 11);
                let mut clap = vec![0.0; one.len() + samples(0.03)];
                for start in [0.0, 0.011, 0.024] {
                    for (sample, stroke) in clap.iter_mut().skip(samples(start)).zip(&one) {
                        *sample += 0.6 * stroke;
                    }
                }
                clap
            }
            Self::Cowbell => mixed(&Voice::Square.tone(79.0, 0.12), &Voice::Square.tone(86.2, 0.12), 0.8),
        }
    }
}

fn mixed(first: &[f32], second: &[f32], part: f32) -> Vec<f32> {
    let length = first.len().max(second.len());
    let at = |sound: &[f32], index: usize| sound.get(index).copied().unwrap_or(0.0);
    (0..length).map(|index| at(first, index) + part * at(second, index)).collect()
}

/// A skin: a tone that falls.
fn thump(from: f32, to: f32, seconds: f32, click: f32) -> Vec<f32> {
    let length = samples(seconds);
    let mut phase = 0.0_f32;
    (0..length)
        .map(|index| {
            let part = index as f32 / length as f32;
            phase += (to + (from - to) * (-9.0 * part).exp()) / RATE as f32;
            let edge = if index < 60 { click * 10.0 * (1.0 - index as f32 / 60.0) } else { 0.0 };
            ((TAU * phase).sin() + edge) * (-5.0 * part).exp() * (1.0 - part)
        })
        .collect()
}

/// Noise that dies; with `treble` near 1 the low part is taken out.
fn noise(seconds: f32, damping: f32, treble: f32, seed: u64) -> Vec<f32> {
    let mut random = Random::new(seed);
    let length = samples(seconds);
    let fall = (-damping / RATE as f32).exp();
    let (mut level, mut low) = (1.0_f32, 0.0_f32);
    (0..length)
        .map(|index| {
            let white = random.between(-1.0, 1.0);
            low += (white - low) * 0.35;
            level *= fall;
            let attack = (index as f32 / 30.0).min(1.0);
            (white * treble + low * (1.0 - treble) - low * treble) * level * attack * 0.8
        })
        .collect()
}
