//! Melodies and chords: phrases of four bars that come back, as songs have them.

use crate::random::Random;

/// A note: its beginning and length in beats, and its key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Note {
    pub at: f32,
    pub beats: f32,
    pub key: f32,
}

/// Four bars: a chord for each, as steps of the scale, and the tune above.
#[derive(Debug, Clone, PartialEq)]
pub struct Phrase {
    pub chords: [i32; 4],
    pub tune: Vec<Note>,
}

/// A key and a scale.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    pub root: f32,
    pub minor: bool,
}

const MAJOR: [f32; 7] = [0.0, 2.0, 4.0, 5.0, 7.0, 9.0, 11.0];
const MINOR: [f32; 7] = [0.0, 2.0, 3.0, 5.0, 7.0, 8.0, 10.0];

/// Chords of four bars that lead somewhere; a phrase that ends a part comes home.
const MAJOR_WAYS: [[i32; 4]; 6] =
    [[0, 4, 5, 3], [0, 5, 3, 4], [0, 3, 0, 4], [0, 2, 3, 4], [3, 4, 0, 5], [0, 3, 1, 4]];
const MINOR_WAYS: [[i32; 4]; 5] = [[0, 5, 2, 6], [0, 3, 5, 4], [0, 6, 5, 6], [0, 3, 0, 4], [0, 2, 5, 4]];

/// Rhythms of a bar, in quarters of a beat, for three beats and for four.
const THREES: [&[u8]; 5] = [&[4, 4, 4], &[8, 4], &[4, 2, 2, 4], &[6, 2, 4], &[2, 2, 4, 4]];
const FOURS: [&[u8]; 7] =
    [&[4, 4, 8], &[4, 2, 2, 4, 4], &[6, 2, 4, 4], &[2, 2, 4, 6, 2], &[8, 4, 4], &[4, 4, 2, 2, 4], &[6, 6, 4]];

impl Scale {
    /// The key of a step of the scale; step 7 is an octave up.
    pub fn key(self, step: i32) -> f32 {
        let steps = if self.minor { MINOR } else { MAJOR };
        self.root + 12.0 * step.div_euclid(7) as f32 + steps[step.rem_euclid(7) as usize]
    }

    /// The three keys of a chord, laid close above the root's octave.
    pub fn chord(self, step: i32) -> [f32; 3] {
        [step, step + 2, step + 4].map(|step| self.key(step.rem_euclid(7)))
    }
}

pub fn phrase(random: &mut Random, scale: Scale, beats: u8, home: bool) -> Phrase {
    let mut chords = if scale.minor { random.pick(&MINOR_WAYS) } else { random.pick(&MAJOR_WAYS) };
    if home {
        chords[3] = 0;
    }
    let rhythms: &[&[u8]] = if beats == 3 { &THREES } else { &FOURS };
    let (first, second) = (random.pick(rhythms), random.pick(rhythms));
    let mut tune = Vec::new();
    let mut step: i32 = random.pick(&[7, 9, 11]);
    for (bar, chord) in chords.iter().enumerate() {
        let start = (bar * usize::from(beats)) as f32;
        // The last bar rests on a long tone; the third says again what the first said.
        if bar == 3 {
            step = nearest_of_chord(step, *chord);
            tune.push(Note { at: start, beats: f32::from(beats) - 0.5, key: scale.key(step) });
            continue;
        }
        let rhythm = if bar == 1 { second } else { first };
        let mut at = 0;
        for length in rhythm {
            step = if at % 4 == 0 && (at == 0 || random.chance(0.6)) {
                nearest_of_chord(step + random.pick(&[-2, 0, 0, 1, 2]), *chord)
            } else {
                step + random.pick(&[-1, -1, 1, 1, 2])
            }
            .clamp(4, 15);
            let note = Note {
                at: start + f32::from(at) / 4.0,
                beats: f32::from(*length) / 4.0,
                key: scale.key(step),
            };
            if !random.chance(0.06) {
                tune.push(note);
            }
            at += length;
        }
    }
    Phrase { chords, tune }
}

fn nearest_of_chord(step: i32, chord: i32) -> i32 {
    (-3..=3)
        .map(|by| step + by)
        .filter(|near| [0, 2, 4].contains(&(near - chord).rem_euclid(7)))
        .min_by_key(|near| (near - step).abs())
        .unwrap_or(step)
}
