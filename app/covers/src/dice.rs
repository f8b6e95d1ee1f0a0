//! Dice that fall the same way for the same words: FNV-1a as seed, `SplitMix64` as sequence.

pub(super) struct Dice {
    state: u64,
}

impl Dice {
    pub(super) fn from_words(words: &[&str]) -> Self {
        const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
        const PRIME: u64 = 0x0000_0100_0000_01b3;
        // A zero between the words, so that "a", "bc" and "ab", "c" differ.
        let bytes = words.iter().flat_map(|word| word.bytes().chain([0]));
        Self { state: bytes.fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME)) }
    }

    fn throw(&mut self) -> u32 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or_default()
    }

    /// From 0 up to, not including, `count`; 0 when there is nothing to choose from.
    pub(super) fn below(&mut self, count: u32) -> u32 {
        self.throw().checked_rem(count).unwrap_or_default()
    }

    /// From `low` up to `high`.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * f64::from(self.throw()) / f64::from(u32::MAX)
    }

    pub(super) fn one_in(&mut self, count: u32) -> bool {
        self.below(count) == 0
    }

    /// A place in a list of so many; 0 when it is empty.
    pub(super) fn index(&mut self, count: usize) -> usize {
        usize::try_from(self.throw()).unwrap_or_default().checked_rem(count).unwrap_or_default()
    }

    pub(super) fn pick<T: Copy, const N: usize>(&mut self, choices: &'static [T; N]) -> &'static T {
        const { assert!(N > 0) };
        &choices[self.index(N)]
    }

    pub(super) fn pick_color(&mut self, colors: &[&'static str]) -> &'static str {
        let index = self.index(colors.len());
        colors.get(index).copied().unwrap_or("#888888")
    }

    pub(super) fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.index(last + 1));
        }
    }
}
