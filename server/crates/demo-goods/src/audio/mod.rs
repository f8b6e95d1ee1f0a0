//! A small synthesiser: instruments, pieces that they play, surroundings, and single sounds.

pub mod ambience;
pub mod composer;
pub mod kits;
pub mod mixer;
pub mod song;
pub mod voice;

pub use ambience::Place;
pub use kits::Kit;
pub use mixer::Mix;
pub use song::{Song, Style};

/// Samples in a second: enough for these instruments, and half of the bytes of a record.
pub const RATE: u32 = 22_050;

/// So many samples.
pub fn samples(seconds: f32) -> usize {
    (seconds.max(0.0) * RATE as f32) as usize
}

/// The frequency of a key, counted in half steps as MIDI does: 69 is 440 Hz.
pub fn frequency(key: f32) -> f32 {
    440.0 * 2.0_f32.powf((key - 69.0) / 12.0)
}
