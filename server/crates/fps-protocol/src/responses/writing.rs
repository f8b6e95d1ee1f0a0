//! The server's side of an answer.

use super::ActionResult;
use crate::actions::Action;
use crate::version::ApiVersion;
use crate::xml::XmlWriter;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use money::Money;
use std::sync::LazyLock;

/// Amazon's own time, which dates are written in (fps.md §10).
pub(crate) static PACIFIC: LazyLock<TimeZone> = LazyLock::new(|| {
    TimeZone::posix("PST8PDT,M3.2.0,M11.1.0").expect("a time zone in the notation of POSIX")
});

/// Writes the elements of a result; only this crate can use it.
pub struct ResultWriter(XmlWriter);

impl ResultWriter {
    pub(super) fn leaf(&mut self, name: &str, text: &str) {
        self.0.leaf(name, text);
    }

    pub(super) fn optional_leaf(&mut self, name: &str, text: Option<&str>) {
        self.0.optional_leaf(name, text);
    }

    pub(super) fn number(&mut self, name: &str, number: u32) {
        self.leaf(name, &number.to_string());
    }

    pub(super) fn optional_number(&mut self, name: &str, number: Option<u32>) {
        if let Some(number) = number {
            self.number(name, number);
        }
    }

    /// An element with elements of its own.
    pub(super) fn nested(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        self.0.open(name, None);
        content(self);
        self.0.close(name);
    }

    /// With six decimals (fps.md §10).
    pub(super) fn amount(&mut self, name: &str, amount: Money) {
        self.nested(name, |xml| {
            xml.leaf("CurrencyCode", amount.currency().code());
            xml.leaf("Value", &amount.to_six_decimals());
        });
    }

    pub(super) fn optional_amount(&mut self, name: &str, amount: Option<Money>) {
        if let Some(amount) = amount {
            self.amount(name, amount);
        }
    }

    pub(super) fn date(&mut self, name: &str, at: Timestamp) {
        let local = at.to_zoned_datetime(PACIFIC.clone());
        self.leaf(name, &local.strftime("%Y-%m-%dT%H:%M:%S.%3f%:z").to_string());
    }

    pub(super) fn optional_date(&mut self, name: &str, at: Option<Timestamp>) {
        if let Some(at) = at {
            self.date(name, at);
        }
    }
}

/// The envelope of a success: `<ActionResponse><ActionResult>…</ActionResult><ResponseMetadata>…`.
pub fn to_xml<T: ActionResult>(action: Action, result: &T, version: ApiVersion, request_id: &str) -> String {
    let names = action.element_names();
    let mut writer = ResultWriter(XmlWriter::new());
    writer.0.open(names.response, Some(version.namespace()));
    if result.has_element() {
        writer.nested(names.result, |xml| result.write(xml));
    }
    writer.nested("ResponseMetadata", |xml| xml.leaf("RequestId", request_id));
    writer.0.close(names.response);
    writer.0.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(at: &str) -> String {
        let mut writer = ResultWriter(XmlWriter::new());
        writer.date("D", at.parse().unwrap());
        writer.0.finish()
    }

    #[test]
    fn dates_have_the_pacific_offset() {
        assert!(written("2009-10-06T05:50:08.0109Z").ends_with("<D>2009-10-05T22:50:08.010-07:00</D>"));
        assert!(written("2030-01-01T00:00:00Z").ends_with("<D>2029-12-31T16:00:00.000-08:00</D>"));
    }

    #[test]
    fn amounts_have_six_decimals() {
        let mut writer = ResultWriter(XmlWriter::new());
        writer.amount("A", Money::from_micros(-1_500_000));
        let xml = writer.0.finish();
        assert!(xml.ends_with("<A><CurrencyCode>USD</CurrencyCode><Value>-1.500000</Value></A>"), "{xml}");
    }
}
