use super::*;

fn form(changes: &[(&str, &str)]) -> FormState {
    let merchant = Merchant::new("m".parse().unwrap(), "u".parse().unwrap(), "Brandt Prints".to_owned());
    let mut form = form_of(&merchant, &ShippingRates::default());
    for (field, value) in changes {
        form.set(field, *value);
    }
    form
}

fn read_form(changes: &[(&str, &str)]) -> Result<(Merchant, ShippingRates), FormState> {
    let merchant = Merchant::new("m".parse().unwrap(), "u".parse().unwrap(), "Brandt Prints".to_owned());
    read(&merchant, form(changes))
}

#[test]
fn the_form_as_it_stands_changes_nothing() {
    let (merchant, rates) = read_form(&[]).unwrap();
    assert_eq!(merchant.refund_rule, RefundRule::default());
    assert_eq!((merchant.name.as_str(), merchant.vacation), ("Brandt Prints", None));
    assert!(rates.all().all(|rate| rate.price == Some(Money::ZERO)));
}

#[test]
fn what_is_typed_is_read() {
    let (merchant, rates) = read_form(&[
        ("name", " Brandt  & Daughters "),
        ("about", "One.\r\n\r\nTwo."),
        ("links", "https://example.com/a\r\n\r\nhttps://b.example "),
        ("refund_days", "14"),
        ("refund_downloads", "unless"),
        ("vacation", "away"),
        ("vacation_words", "Back in May."),
        ("rate_canada_express", "$12.5"),
        ("rate_world_standard", ""),
    ])
    .unwrap();
    assert_eq!(
        (merchant.name.as_str(), merchant.profile.about.as_str()),
        ("Brandt & Daughters", "One.\n\nTwo.")
    );
    assert_eq!(merchant.profile.links, ["https://example.com/a", "https://b.example/"]);
    assert_eq!(merchant.refund_rule, RefundRule::AtOnce { days: 14, unless_downloaded: true });
    assert_eq!(merchant.vacation.as_deref(), Some("Back in May."));
    assert_eq!(rates.price(Region::Canada, ShippingSpeed::Express), Some(Money::from_cents(1_250)));
    assert_eq!(rates.price(Region::World, ShippingSpeed::Standard), None);
    let on_request = read_form(&[("refund", "on-request"), ("refund_days", "nonsense")]).unwrap().0;
    assert_eq!(on_request.refund_rule, RefundRule::OnRequest, "days say nothing then");
}

#[test]
fn what_is_wrong_is_said_at_its_field_and_stays_typed() {
    let six = "https://a.example\n".repeat(6);
    for (field, value) in [
        ("name", ""),
        ("name", "DigitalDownload Store"),
        ("about", "a\u{7}b"),
        ("links", "http://example.com"),
        ("links", "javascript:alert(1)"),
        ("links", "https://user:secret@example.com"),
        ("links", "https://localhost/"),
        ("links", "example.com"),
        ("links", six.as_str()),
        ("refund", ""),
        ("refund_days", "0"),
        ("refund_days", "366"),
        ("refund_days", "many"),
        ("refund_downloads", "sometimes"),
        ("vacation", "maybe"),
        ("rate_europe_standard", "-1"),
        ("rate_europe_express", "free"),
        ("rate_world_express", "1000.01"),
    ] {
        let refused = read_form(&[(field, value)]).unwrap_err();
        assert_eq!(refused.errors.len(), 1, "{field} {value}: {:?}", refused.errors);
        assert!(refused.error(field).is_some(), "{field} {value}: {:?}", refused.errors);
        assert_eq!(refused.value(field), value);
    }
    let both = read_form(&[("refund_days", "0"), ("rate_canada_standard", "x")]).unwrap_err();
    assert_eq!(both.errors.len(), 2);
    let long = "x".repeat(LONGEST_VACATION + 1);
    let refused = read_form(&[("vacation", "away"), ("vacation_words", &long)]).unwrap_err();
    assert!(refused.error("vacation_words").is_some());
}

#[test]
fn an_address_is_made_of_the_name() {
    for (name, address) in [
        ("Kettle & Crown Games", "kettle-crown-games"),
        ("Item", "item"),
        ("\u{416}\u{443}\u{43a}", "zhuk"),
        ("\u{2026}", "shop"),
    ] {
        assert_eq!(address_of(name), address);
    }
}
