//! Packs of single sounds, each by its name.

use super::voice::{Drum, Voice};
use super::{Mix, RATE, frequency, samples};
use crate::random::Random;
use serde::Deserialize;
use std::f32::consts::TAU;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kit {
    /// Every drum, loud and soft.
    Drums,
    /// Bars of drums at five tempos.
    Beats,
    /// For buttons and messages.
    Interface,
    /// For jumps, coins and falls.
    Arcade,
    /// An instrument's keys, one by one.
    Marimba,
    Piano,
    /// Chords of an organ in twelve keys.
    Chords,
    /// Tones and sweeps that test a room.
    Test,
    Bells,
}

/// Keys with their moments and lengths.
type Notes<'a> = &'a [(f32, f32, f32)];

/// A file name without its ending, and the sound.
pub type Named = (String, Mix);

const KEYS: [&str; 12] = ["C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"];

impl Kit {
    pub fn sounds(self) -> Vec<Named> {
        match self {
            Self::Drums => drums(),
            Self::Beats => beats(),
            Self::Interface => interface(),
            Self::Arcade => arcade(),
            Self::Marimba => keys(Voice::Marimba, 48, 84, 1.1),
            Self::Piano => keys(Voice::Piano, 36, 84, 2.2),
            Self::Bells => keys(Voice::Bell, 60, 84, 1.8),
            Self::Chords => chords(),
            Self::Test => tests(),
        }
    }
}

fn one(sound: &[f32], loudness: f32) -> Mix {
    let mut mix = Mix::new(sound.len() as f32 / RATE as f32 + 0.02);
    mix.add(0.0, sound, loudness, 0.0);
    mix
}

const DRUMS: [(Drum, &str); 10] = [
    (Drum::Kick, "kick"),
    (Drum::Snare, "snare"),
    (Drum::Hat, "hat-closed"),
    (Drum::OpenHat, "hat-open"),
    (Drum::Brush, "brush"),
    (Drum::Shaker, "shaker"),
    (Drum::Rim, "rim"),
    (Drum::Clap, "clap"),
    (Drum::Tom, "tom"),
    (Drum::Cowbell, "cowbell"),
];

fn drums() -> Vec<Named> {
    let mut sounds = Vec::new();
    for (drum, name) in DRUMS {
        sounds.push((format!("{name}-dry"), one(&drum.stroke(), 1.0)));
        let mut roomy = Mix::new(1.2);
        roomy.add(0.0, &drum.stroke(), 1.0, 0.0);
        roomy.room(0.6, 0.9);
        roomy.fade_out(0.5);
        sounds.push((format!("{name}-room"), roomy));
    }
    sounds
}

const BEATS: [(&str, &[(Drum, &str)]); 6] = [
    (
        "plain",
        &[
            (Drum::Kick, "x-------x-------"),
            (Drum::Snare, "----x-------x---"),
            (Drum::Hat, "x-x-x-x-x-x-x-x-"),
        ],
    ),
    (
        "shuffle",
        &[
            (Drum::Kick, "x-----x-x-------"),
            (Drum::Brush, "x--xx--xx--xx--x"),
            (Drum::Rim, "----x-------x---"),
        ],
    ),
    (
        "four-on-the-floor",
        &[
            (Drum::Kick, "x---x---x---x---"),
            (Drum::OpenHat, "--x---x---x---x-"),
            (Drum::Clap, "----x-------x---"),
        ],
    ),
    ("train", &[(Drum::Kick, "x---x---x---x---"), (Drum::Snare, "xxxxxxxxxxxxxxxx")]),
    (
        "cowbell",
        &[
            (Drum::Kick, "x--x--x-x--x--x-"),
            (Drum::Cowbell, "x-x-xx-xx-x-xx-x"),
            (Drum::Snare, "----x-------x---"),
        ],
    ),
    (
        "toms",
        &[
            (Drum::Tom, "x--x--x--x--x-x-"),
            (Drum::Kick, "x-------x-------"),
            (Drum::Shaker, "x-x-x-x-x-x-x-x-"),
        ],
    ),
];

fn beats() -> Vec<Named> {
    let mut sounds = Vec::new();
    for tempo in [78_u16, 92, 104, 120, 138] {
        for (name, pattern) in BEATS {
            let step = 15.0 / f32::from(tempo);
            // Two bars to the sample, so that they repeat without a gap.
            let mut mix = Mix::new(step * 32.0);
            for (drum, marks) in pattern {
                for (number, mark) in marks.chars().chain(marks.chars()).enumerate() {
                    if mark == 'x' {
                        let strong = if number % 4 == 0 { 0.8 } else { 0.5 };
                        mix.add(number as f32 * step, &drum.stroke(), strong, 0.0);
                    }
                }
            }
            sounds.push((format!("{tempo}-{name}"), mix));
        }
    }
    sounds
}

/// A run of keys of one voice: each key with its start and length.
fn run(voice: Voice, notes: Notes<'_>) -> Mix {
    let end = notes.iter().map(|note| note.1 + note.2).fold(0.0, f32::max);
    let mut mix = Mix::new(end + 0.5);
    for (key, at, seconds) in notes {
        mix.add(*at, &voice.tone(*key, *seconds), 0.8, 0.0);
    }
    mix.fade_out(0.2);
    mix
}

fn interface() -> Vec<Named> {
    let mut sounds = Vec::new();
    let voices =
        [(Voice::Marimba, "wood"), (Voice::Bell, "glass"), (Voice::Flute, "air"), (Voice::Piano, "felt")];
    for (voice, name) in voices {
        let gestures: [(&str, Notes<'_>); 8] = [
            ("tap", &[(79.0, 0.0, 0.04)]),
            ("confirm", &[(72.0, 0.0, 0.07), (79.0, 0.09, 0.16)]),
            ("back", &[(79.0, 0.0, 0.06), (72.0, 0.08, 0.1)]),
            ("error", &[(61.0, 0.0, 0.12), (60.0, 0.14, 0.2)]),
            ("message", &[(76.0, 0.0, 0.1), (81.0, 0.12, 0.1), (88.0, 0.24, 0.3)]),
            ("done", &[(72.0, 0.0, 0.1), (76.0, 0.1, 0.1), (79.0, 0.2, 0.1), (84.0, 0.3, 0.4)]),
            ("switch-on", &[(67.0, 0.0, 0.05), (74.0, 0.05, 0.09)]),
            ("switch-off", &[(74.0, 0.0, 0.05), (67.0, 0.05, 0.09)]),
        ];
        for (gesture, notes) in gestures {
            sounds.push((format!("{name}-{gesture}"), run(voice, notes)));
        }
    }
    sounds
}

fn arcade() -> Vec<Named> {
    let mut random = Random::named("arcade");
    let mut sounds = Vec::new();
    for number in 1..=5_u8 {
        let base = 60.0 + 3.0 * f32::from(number);
        sounds.push((
            format!("coin-{number}"),
            run(Voice::Square, &[(base + 12.0, 0.0, 0.06), (base + 17.0, 0.07, 0.25)]),
        ));
        sounds.push((
            format!("jump-{number}"),
            one(&sweep(180.0 + 40.0 * f32::from(number), 900.0, 0.22), 0.8),
        ));
        sounds
            .push((format!("fall-{number}"), one(&sweep(900.0, 90.0 + 15.0 * f32::from(number), 0.6), 0.8)));
        sounds.push((
            format!("laser-{number}"),
            one(&sweep(2400.0 - 200.0 * f32::from(number), 200.0, 0.16), 0.8),
        ));
        let mut burst: Vec<f32> = Vec::new();
        let mut held = 0.0;
        for index in 0..samples(0.5) {
            if index % (6 + 3 * usize::from(number)) == 0 {
                held = random.between(-1.0, 1.0);
            }
            burst.push(held * (1.0 - index as f32 / samples(0.5) as f32).powi(2));
        }
        sounds.push((format!("burst-{number}"), one(&burst, 0.8)));
        let up: Vec<(f32, f32, f32)> = [0.0, 4.0, 7.0, 12.0]
            .iter()
            .enumerate()
            .map(|(i, by)| (base + by, 0.08 * i as f32, 0.08))
            .collect();
        sounds.push((format!("level-{number}"), run(Voice::Square, &up)));
    }
    sounds
}

/// A square wave that slides.
fn sweep(from: f32, to: f32, seconds: f32) -> Vec<f32> {
    let length = samples(seconds);
    let mut phase = 0.0_f32;
    (0..length)
        .map(|index| {
            let part = index as f32 / length as f32;
            phase += from * (to / from).powf(part) / RATE as f32;
            let edge = if phase.fract() < 0.5 { 0.5 } else { -0.5 };
            edge * (1.0 - part).sqrt() * (index as f32 / 40.0).min(1.0)
        })
        .collect()
}

fn keys(voice: Voice, from: u8, to: u8, seconds: f32) -> Vec<Named> {
    // Every third key: a sampler fills in between.
    (from..=to)
        .step_by(3)
        .map(|key| {
            let name = format!("{key:03}-{}{}", KEYS[usize::from(key % 12)], i32::from(key / 12) - 1);
            let mut mix = one(&voice.tone(f32::from(key), seconds), 0.9);
            mix.fade_out(0.1);
            (name, mix)
        })
        .collect()
}

fn chords() -> Vec<Named> {
    let kinds: [(&str, &[f32]); 4] = [
        ("major", &[0.0, 4.0, 7.0]),
        ("minor", &[0.0, 3.0, 7.0]),
        ("seventh", &[0.0, 4.0, 7.0, 10.0]),
        ("suspended", &[0.0, 5.0, 7.0]),
    ];
    let mut sounds = Vec::new();
    for (number, key) in (0_u8..).zip(KEYS) {
        for (kind, steps) in kinds {
            let mut mix = Mix::new(2.4);
            for step in steps {
                mix.add(0.0, &Voice::Organ.tone(54.0 + f32::from(number) + step, 1.8), 0.4, 0.0);
            }
            mix.room(0.5, 1.0);
            mix.fade_out(0.4);
            sounds.push((format!("{key}-{kind}"), mix));
        }
    }
    sounds
}

fn tests() -> Vec<Named> {
    let sine = |hertz: f32, seconds: f32| -> Vec<f32> {
        (0..samples(seconds)).map(|index| (TAU * hertz * index as f32 / RATE as f32).sin() * 0.5).collect()
    };
    let mut sounds: Vec<Named> =
        [40.0, 63.0, 100.0, 160.0, 250.0, 400.0, 630.0, 1000.0, 1600.0, 2500.0, 4000.0, 6300.0, 10_000.0]
            .into_iter()
            .map(|hertz: f32| (format!("sine-{hertz:05}-hz"), one(&sine(hertz, 3.0), 1.0)))
            .collect();
    let mut phase = 0.0_f32;
    let length = samples(15.0);
    let slide: Vec<f32> = (0..length)
        .map(|index| {
            phase += 30.0 * (10_000.0_f32 / 30.0).powf(index as f32 / length as f32) / RATE as f32;
            phase = phase.fract();
            (TAU * phase).sin() * 0.5
        })
        .collect();
    sounds.push(("sweep-30-to-10000-hz".to_owned(), one(&slide, 1.0)));
    for (name, pan) in [("left-only", -1.0), ("right-only", 1.0), ("both", 0.0)] {
        let mut mix = Mix::new(2.0);
        mix.add(0.0, &sine(frequency(69.0), 2.0), 0.8, pan);
        if pan < 0.0 {
            mix.right.fill(0.0);
        } else if pan > 0.0 {
            mix.left.fill(0.0);
        }
        sounds.push((name.to_owned(), mix));
    }
    sounds
}
