//! Times, in one format everywhere: `23 Nov 2026, 22:55 UTC`.

use jiff::Timestamp;
use leptos::prelude::*;

/// Day and time.
pub fn date_time(at: Timestamp) -> AnyView {
    view! { <time datetime=machine_readable(at)>{date_time_words(at)}</time> }.into_any()
}

/// The day alone, for lists that are narrow; the element still names the exact time.
pub fn date(at: Timestamp) -> AnyView {
    view! { <time datetime=machine_readable(at)>{at.strftime("%-d %b %Y").to_string()}</time> }.into_any()
}

/// `23 Nov 2026, 22:55 UTC`, for sentences.
pub fn date_time_words(at: Timestamp) -> String {
    at.strftime("%-d %b %Y, %H:%M UTC").to_string()
}

/// `2026-11-23T22:55:00Z`, for programs.
pub fn machine_readable(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fragment;

    #[test]
    fn times_have_one_format_and_a_machine_readable_one() {
        let at: Timestamp = "2026-11-03T05:07:09.123456Z".parse().unwrap();
        assert_eq!(
            fragment(move || date_time(at)),
            r#"<time datetime="2026-11-03T05:07:09Z">3 Nov 2026, 05:07 UTC</time>"#
        );
        assert_eq!(fragment(move || date(at)), r#"<time datetime="2026-11-03T05:07:09Z">3 Nov 2026</time>"#);
    }
}
