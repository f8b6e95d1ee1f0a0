//! Songs: a style's instruments play phrases in the order of verses and choruses.

use super::composer::{Phrase, Scale, phrase};
use super::voice::{Drum, Voice};
use super::{Mix, composer};
use crate::random::Random;
use serde::Deserialize;

/// Who plays, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// Piano, upright bass, brushes.
    Trio,
    /// A guitar that is picked, and a flute.
    Folk,
    /// Drums that hurry, a trumpet that waits.
    Train,
    /// Voices.
    Choir,
    /// Tuned percussion.
    Mallets,
    Harp,
    Organ,
    /// A computer of the eighties.
    Chip,
    /// Slow pads and bells.
    Drift,
    /// A box with a comb of steel.
    MusicBox,
    /// Guitar, bass and drums.
    Band,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Song {
    pub style: Style,
    /// Beats in a minute.
    pub tempo: f32,
    pub seconds: f32,
    /// The root's key, as MIDI counts; 57 is the A below middle C.
    pub key: f32,
    #[serde(default)]
    pub minor: bool,
    #[serde(default)]
    pub waltz: bool,
    #[serde(default)]
    pub stereo: bool,
}

/// The parts in their order: introduction, verse, verse, chorus, verse, chorus, and on with the chorus.
const FORM: [Part; 8] = [
    Part::Introduction,
    Part::Verse,
    Part::Answer,
    Part::Chorus,
    Part::Verse,
    Part::Answer,
    Part::Chorus,
    Part::Bridge,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Introduction,
    Verse,
    Answer,
    Chorus,
    Bridge,
}

struct Band {
    lead: Voice,
    chords: Voice,
    /// How the chords are played.
    manner: Manner,
    bass: Option<Voice>,
    drums: &'static [(Drum, &'static str)],
    wet: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// All at once, on the first beat, and again.
    Struck,
    /// One after the other.
    Broken,
    /// Held for the bar.
    Held,
    /// On the weak beats.
    After,
}

impl Style {
    /// Sixteenths of a bar, `x` where a drum is struck.
    const fn band(self) -> Band {
        use Drum::{Brush, Hat, Kick, Rim, Shaker, Snare};
        use Manner::{After, Broken, Held, Struck};
        let (lead, chords, manner, bass, drums, wet): (_, _, _, _, &[(Drum, &str)], _) = match self {
            Self::Trio => {
                (Voice::Piano, Voice::Piano, After, Some(Voice::Bass), &[(Brush, "x---x-x-x---x-x-")], 0.35)
            }
            Self::Folk => {
                (Voice::Flute, Voice::Guitar, Broken, Some(Voice::Bass), &[(Shaker, "----x-------x---")], 0.3)
            }
            Self::Train => (
                Voice::Trumpet,
                Voice::Guitar,
                After,
                Some(Voice::Bass),
                &[(Kick, "x-------x-------"), (Snare, "--x-x-xx--x-x-xx"), (Hat, "x-x-x-x-x-x-x-x-")],
                0.25,
            ),
            Self::Choir => (Voice::Choir, Voice::Choir, Held, Some(Voice::Choir), &[], 0.8),
            Self::Mallets => (
                Voice::Marimba,
                Voice::Marimba,
                Broken,
                Some(Voice::Marimba),
                &[(Shaker, "x--x--x-x--x--x-")],
                0.7,
            ),
            Self::Harp => (Voice::Harp, Voice::Harp, Broken, None, &[], 0.55),
            Self::Organ => (Voice::Organ, Voice::Organ, Held, Some(Voice::Organ), &[], 0.75),
            Self::Chip => (
                Voice::Square,
                Voice::Square,
                Broken,
                Some(Voice::Square),
                &[(Kick, "x---x---x---x---"), (Hat, "--x---x---x---x-"), (Snare, "----x-------x---")],
                0.1,
            ),
            Self::Drift => (Voice::Bell, Voice::Pad, Held, Some(Voice::Pad), &[], 0.9),
            Self::MusicBox => (Voice::Bell, Voice::Bell, Broken, None, &[], 0.4),
            Self::Band => (
                Voice::Organ,
                Voice::Guitar,
                Struck,
                Some(Voice::Bass),
                &[
                    (Kick, "x-----x-x-------"),
                    (Snare, "----x-------x---"),
                    (Hat, "x-x-x-x-x-x-x-x-"),
                    (Rim, "--------------x-"),
                ],
                0.25,
            ),
        };
        Band { lead, chords, manner, bass, drums, wet }
    }
}

impl Song {
    /// The piece of this name: the same name is the same piece.
    pub fn play(&self, name: &str) -> Mix {
        let mut random = Random::named(name);
        let beats: u8 = if self.waltz { 3 } else { 4 };
        let scale = Scale { root: self.key, minor: self.minor };
        let mut write = |home| phrase(&mut random, scale, beats, home);
        let [verse, answer, chorus, bridge] = [write(false), write(true), write(false), write(false)];
        // The answer begins as the verse did.
        let half = f32::from(beats) * 2.0;
        let mut answer = answer;
        let opening = verse.tune.iter().filter(|note| note.at < half);
        answer.tune = opening.chain(answer.tune.iter().filter(|note| note.at >= half)).copied().collect();
        answer.chords[..2].copy_from_slice(&verse.chords[..2]);
        let mut stage = Stage {
            band: self.style.band(),
            scale,
            beats,
            beat: 60.0 / self.tempo,
            mix: Mix::new(self.seconds),
            random: Random::named(name),
        };
        let bar = stage.beat * f32::from(beats);
        // The last bar is a chord that dies away.
        let bars = ((self.seconds - 3.0) / bar).floor().max(1.0) as usize;
        for number in 0..bars {
            let part = FORM.get(number / 4).copied().unwrap_or(match (number / 4) % 3 {
                0 => Part::Verse,
                1 => Part::Answer,
                _ => Part::Chorus,
            });
            let phrase = match part {
                Part::Introduction | Part::Verse => &verse,
                Part::Answer => &answer,
                Part::Chorus => &chorus,
                Part::Bridge => &bridge,
            };
            stage.bar(phrase, part, number, bar * number as f32);
        }
        stage.end(bar * bars as f32);
        let wet = stage.band.wet;
        stage.mix.room(wet, if wet > 0.6 { 1.12 } else { 1.0 });
        stage.mix.fade_out(1.5);
        stage.mix
    }

    /// Where a preview begins: in the second verse, when all play.
    pub fn heart(&self) -> f32 {
        let bar = 60.0 / self.tempo * if self.waltz { 3.0 } else { 4.0 };
        (bar * 10.0).min(self.seconds / 3.0)
    }
}

struct Stage {
    band: Band,
    scale: Scale,
    beats: u8,
    /// Seconds.
    beat: f32,
    mix: Mix,
    random: Random,
}

impl Stage {
    fn bar(&mut self, phrase: &Phrase, part: Part, number: usize, at: f32) {
        let chord = phrase.chords[number % 4];
        self.chords(chord, at, part);
        if part != Part::Introduction || number >= 2 {
            self.bass(chord, at);
            self.drums(at, number % 4 == 3);
        }
        if part != Part::Introduction {
            let beats = f32::from(self.beats);
            let start = beats * (number % 4) as f32;
            let notes: Vec<composer::Note> = phrase
                .tune
                .iter()
                .filter(|note| note.at >= start && note.at < start + beats)
                .copied()
                .collect();
            for note in notes {
                let moment = at + (note.at - start) * self.beat + self.random.between(0.0, 0.012);
                let loudness = self.random.between(0.55, 0.7);
                let sound = self.band.lead.tone(note.key + 12.0, note.beats * self.beat * 0.95);
                self.mix.add(moment, &sound, loudness, 0.15);
                // A chorus has a second voice a third below.
                if part == Part::Chorus {
                    let below = self
                        .band
                        .lead
                        .tone(note.key + 12.0 - self.third(note.key), note.beats * self.beat * 0.9);
                    self.mix.add(moment + 0.008, &below, loudness * 0.5, -0.35);
                }
            }
        }
    }

    /// From a tone to the one two steps below it in the scale.
    fn third(&self, key: f32) -> f32 {
        let near = |by: f32| (0..14).any(|step| ((self.scale.key(step) - (key - by)).rem_euclid(12.0)) < 0.1);
        if near(3.0) { 3.0 } else { 4.0 }
    }

    fn chords(&mut self, chord: i32, at: f32, part: Part) {
        let keys = self.scale.chord(chord);
        let bar = self.beat * f32::from(self.beats);
        let loud = if part == Part::Chorus { 0.34 } else { 0.28 };
        match self.band.manner {
            Manner::Held => {
                for (key, pan) in keys.into_iter().zip([-0.5, 0.0, 0.5]) {
                    self.mix.add(at, &self.band.chords.tone(key, bar), loud, pan);
                }
            }
            Manner::Broken => {
                let order = [keys[0], keys[1], keys[2], keys[0] + 12.0, keys[2], keys[1]];
                let eighths = usize::from(self.beats) * 2;
                for step in 0..eighths {
                    let sound = self.band.chords.tone(order[step % order.len()], self.beat * 0.9);
                    let pan = if step % 2 == 0 { -0.4 } else { -0.1 };
                    self.mix.add(at + step as f32 * self.beat / 2.0, &sound, loud, pan);
                }
            }
            Manner::Struck | Manner::After => {
                let after = self.band.manner == Manner::After;
                for beat in 0..self.beats {
                    if after == (beat % 2 == 1) || (after && self.beats == 3 && beat == 2) {
                        let start = at + f32::from(beat) * self.beat;
                        let length = self.beat * if after { 0.5 } else { 1.6 };
                        for (number, key) in (0_u8..).zip(keys) {
                            let strum = f32::from(number) * 0.014;
                            self.mix.add(start + strum, &self.band.chords.tone(key, length), loud, -0.35);
                        }
                    }
                }
            }
        }
    }

    fn bass(&mut self, chord: i32, at: f32) {
        let Some(voice) = self.band.bass else { return };
        let [root, _, fifth] = self.scale.chord(chord).map(|key| key - 12.0);
        if self.band.manner == Manner::Held {
            let sound = voice.tone(root, self.beat * f32::from(self.beats));
            self.mix.add(at, &sound, 0.4, 0.0);
            return;
        }
        let second =
            if self.beats == 3 { 2.0 } else { 2.0 + if self.random.chance(0.25) { 0.5 } else { 0.0 } };
        self.mix.add(at, &voice.tone(root, self.beat * 1.6), 0.6, 0.0);
        self.mix.add(at + second * self.beat, &voice.tone(fifth, self.beat), 0.5, 0.0);
    }

    fn drums(&mut self, at: f32, last: bool) {
        let step = self.beat / 4.0;
        let sixteenths = usize::from(self.beats) * 4;
        for (drum, pattern) in self.band.drums {
            let sound = drum.stroke();
            for (number, mark) in pattern.chars().take(sixteenths).enumerate() {
                let fill = last && *drum == Drum::Snare && number + 4 >= sixteenths && number % 2 == 1;
                if mark == 'x' || fill {
                    let strong = if number % 4 == 0 { 0.4 } else { 0.28 };
                    self.mix.add(at + number as f32 * step, &sound, strong, 0.2);
                }
            }
        }
    }

    fn end(&mut self, at: f32) {
        for (key, pan) in self.scale.chord(0).into_iter().zip([-0.4, 0.0, 0.4]) {
            self.mix.add(at, &self.band.chords.tone(key, 2.6), 0.4, pan);
        }
        self.mix.add(at, &self.band.lead.tone(self.scale.key(7) + 12.0, 2.4), 0.5, 0.1);
        if let Some(bass) = self.band.bass {
            self.mix.add(at, &bass.tone(self.scale.key(0) - 12.0, 2.4), 0.6, 0.0);
        }
    }
}
