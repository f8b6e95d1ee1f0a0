//! A caller's secret key.

use secrecy::{ExposeSecret, SecretString};

/// Shows itself only where it is asked to; `Debug` prints a placeholder, memory is wiped on drop.
#[derive(Debug, Clone)]
pub struct Secret(SecretString);

impl Secret {
    pub fn new(secret: impl Into<String>) -> Self {
        Self(SecretString::from(secret.into()))
    }

    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.expose().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_does_not_show_it() {
        assert!(!format!("{:?}", Secret::new("hush-hush")).contains("hush"));
    }
}
