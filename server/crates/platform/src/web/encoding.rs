//! In which encoding the sender of a request likes its answer (RFC 9110 §12.5.3), and how it is made.

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::header::ACCEPT_ENCODING;
use http::{HeaderMap, HeaderValue};
use std::io::{self, Write};

/// Below this, compressing saves no packet.
pub(super) const WORTH_COMPRESSING: usize = 1_200;
/// 5 of 11: a page in a third of a millisecond, and a tenth smaller than gzip's best. 11 saves another tenth, and takes
/// thirty times as long.
const BROTLI_QUALITY: i32 = 5;
/// Texts here are hardly longer than 64 kB, and the encoder's tables grow with this. At 16 and below it takes another
/// way, which is for long texts and takes thirty times as long for one of ours.
const BROTLI_WINDOW_BITS: i32 = 17;

/// What content comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Identity,
    Gzip,
    Brotli,
}

impl Encoding {
    /// As in `Content-Encoding`; `None` for content as it is.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }

    /// The content in this encoding; `None`: as it is, because that saves nothing that counts. `often`: it is sent more
    /// than once, so that it pays to look longer.
    pub fn encode(self, content: &[u8], often: bool) -> Option<Bytes> {
        if content.len() < WORTH_COMPRESSING {
            return None;
        }
        let encoded = match self {
            Self::Identity => return None,
            Self::Gzip => gzip(content, if often { Compression::best() } else { Compression::fast() }),
            Self::Brotli => brotli(content),
        };
        let encoded = encoded.ok().filter(|encoded| encoded.len() < content.len())?;
        // To its length: the buffer grew by doubling.
        Some(encoded.into_boxed_slice().into())
    }
}

fn gzip(content: &[u8], level: Compression) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(content)?;
    encoder.finish()
}

fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    let settings = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: BROTLI_WINDOW_BITS,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut encoded = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut encoded, &settings)?;
    Ok(encoded)
}

/// Thousandths, from 0 ("not that") to 1000.
type Weight = u16;

/// The one of ours with the greatest weight; among equals Brotli, which is the shortest, then gzip. Who says nothing
/// gets content as it is, and so does who refuses everything: it is better than no answer.
pub(super) fn preferred(request: &HeaderMap) -> Encoding {
    let (mut brotli, mut gzip, mut identity, mut others) = (None, None, None, None);
    for (name, weight) in request.get_all(ACCEPT_ENCODING).iter().flat_map(codings) {
        let named: &mut Option<Weight> = match name {
            name if name.eq_ignore_ascii_case("br") => &mut brotli,
            name if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") => &mut gzip,
            name if name.eq_ignore_ascii_case("identity") => &mut identity,
            "*" => &mut others,
            _ => continue,
        };
        named.get_or_insert(weight);
    }
    let of = |named: Option<Weight>| named.or(others).unwrap_or(0);
    // As it is only before an encoding where it was named with more weight.
    let wanted = identity.unwrap_or(1);
    let best = [(of(brotli), Encoding::Brotli), (of(gzip), Encoding::Gzip)];
    let best = best.into_iter().reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.filter(|(weight, _)| *weight > 0 && *weight >= wanted).map_or(Encoding::Identity, |(_, best)| best)
}

/// The names of one header with their weights. One that cannot be read weighs nothing.
fn codings(header: &HeaderValue) -> impl Iterator<Item = (&str, Weight)> {
    header.to_str().unwrap_or_default().split(',').map(|coding| {
        let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = match parameters.trim() {
            "" => Some(1_000),
            parameters => parameters.strip_prefix(['q', 'Q']).and_then(|rest| weight(rest.trim_start())),
        };
        (name.trim(), weight.unwrap_or(0))
    })
}

/// `=0.8`, with three digits behind the point at the most.
fn weight(text: &str) -> Option<Weight> {
    let number = text.strip_prefix('=')?.trim();
    let (whole, rest) = number.split_once('.').unwrap_or((number, ""));
    let digits = rest.len() <= 3 && rest.bytes().all(|byte| byte.is_ascii_digit());
    let thousandths: Weight = format!("{rest:0<3}").parse().ok().filter(|_| digits)?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Encoding::{Brotli, Gzip, Identity};

    fn of(accepted: &[&'static str]) -> Encoding {
        let values = accepted.iter().map(|value| (ACCEPT_ENCODING, HeaderValue::from_static(value)));
        let mut headers = HeaderMap::new();
        values.for_each(|(name, value)| {
            headers.append(name, value);
        });
        preferred(&headers)
    }

    #[test]
    fn the_shortest_that_the_sender_takes() {
        for (accepted, expected) in [
            ("gzip, deflate, br, zstd", Brotli),
            ("gzip, deflate", Gzip),
            ("x-gzip", Gzip),
            ("GZIP;Q=1.0", Gzip),
            ("*", Brotli),
            ("br;q=0, *", Gzip),
            ("deflate, zstd", Identity),
            ("identity", Identity),
            ("", Identity),
        ] {
            assert_eq!(of(&[accepted]), expected, "{accepted}");
        }
        assert_eq!(of(&[]), Identity);
        assert_eq!(of(&["gzip", "br"]), Brotli, "several headers are one list");
    }

    #[test]
    fn weights_count() {
        for (accepted, expected) in [
            ("br;q=0.5, gzip;q=0.8", Gzip),
            ("br;q=0.8, gzip;q=0.8", Brotli),
            ("br; q=0.001", Brotli),
            ("br;q=0, gzip;q=0.000", Identity),
            ("gzip;q=0.5, identity;q=0.6", Identity),
            ("gzip;q=0.5, identity;q=0.5", Gzip),
            ("gzip, identity;q=0", Gzip),
            ("*;q=0", Identity),
        ] {
            assert_eq!(of(&[accepted]), expected, "{accepted}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_wanted() {
        for accepted in ["br;q=1.5", "br;q=-1", "br;q=", "br;q=0.1234", "br;x=1", "br;q=0.a", ";", ",,;q=1"] {
            assert_eq!(of(&[accepted]), Identity, "{accepted}");
        }
        assert_eq!(of(&["br;q=2, gzip"]), Gzip);
    }
}
