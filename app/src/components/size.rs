//! File sizes in words.

/// `812 bytes`, `3.4 MB`: decimal units with one digit, as file managers show them.
pub fn size_words(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} bytes");
    }
    let mut tenths = bytes / 100;
    let mut unit = 0;
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths /= 1000;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::size_words;

    #[test]
    fn sizes_are_said_in_the_unit_that_fits() {
        assert_eq!(size_words(0), "0 bytes");
        assert_eq!(size_words(999), "999 bytes");
        assert_eq!(size_words(1000), "1.0 kB");
        assert_eq!(size_words(3_450_000), "3.4 MB");
        assert_eq!(size_words(12_000_000_000), "12.0 GB");
        assert!(size_words(u64::MAX).ends_with(" TB"));
    }
}
