//! A schema as it was before its last migrations. Also used by the tests of the storefront and of the emulator.

use rust_embed::{DynRustEmbed, EmbeddedFile, RustEmbed};
use std::borrow::Cow;
use std::marker::PhantomData;

pub struct OldSchema<All> {
    /// The number of the last migration that it has.
    last: &'static str,
    all: PhantomData<All>,
}

impl<All> OldSchema<All> {
    pub const fn with(last: &'static str) -> Self {
        Self { last, all: PhantomData }
    }
}

impl<All: RustEmbed + Send + Sync> DynRustEmbed for OldSchema<All> {
    fn get(&self, path: &str) -> Option<EmbeddedFile> {
        All::get(path)
    }

    fn names(&self) -> Vec<Cow<'static, str>> {
        let is_old = |name: &Cow<'_, str>| {
            let file = name.rsplit('/').next().unwrap_or(name);
            file.get(..4).is_some_and(|number| number <= self.last)
        };
        All::iter().filter(is_old).collect()
    }
}
