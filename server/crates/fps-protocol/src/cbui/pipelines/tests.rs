use super::*;
use crate::cbui::{CobrandingStyle, UsageLimit};
use crate::parameters::Parameters;
use money::{Money, Percent};

fn parse(query: &str) -> Result<PipelineRequest, CeError> {
    PipelineRequest::parse(&CbuiRequest {
        method: "GET".to_owned(),
        host: "h".to_owned(),
        parameters: Parameters::from_query(query).unwrap(),
    })
}

#[track_caller]
fn bad_fields(query: &str) -> Vec<&'static str> {
    parse(query).unwrap_err().fields
}

fn texts(references: Vec<&CallerReference>) -> Vec<&str> {
    references.into_iter().map(CallerReference::as_str).collect()
}

#[test]
fn a_single_use_request() {
    let query = "pipelineName=SingleUse&callerReference=c1&transactionAmount=10.5&recipientToken=R\
                 &paymentMethod=ABT,CC&paymentReason=A+song&itemTotal=9.5&shipping=1&reserve=True\
                 &collectShippingAddress=true&addressName=John&city=Seattle&cobrandingStyle=logo&version=2009-01-09";
    let Ok(PipelineRequest::SingleUse(request)) = parse(query) else { panic!() };
    assert_eq!(request.transaction_amount, Money::from_cents(1050));
    assert_eq!(request.options.payment_methods, [PaymentMethod::Abt, PaymentMethod::Cc]);
    assert!(request.reserve && request.options.collect_shipping_address);
    assert_eq!(request.breakdown.shipping, Some(Money::from_cents(100)));
    assert_eq!(request.options.address.city.as_deref(), Some("Seattle"));
    assert_eq!(request.options.website.cobranding_style, Some(CobrandingStyle::Logo));
    assert_eq!(parse(query).unwrap().recipient_tokens()[0].as_str(), "R");
}

#[test]
fn a_recipient_request() {
    let query = "pipelineName=Recipient&CallerReference=c1&recipientPaysFee=True&maxFixedFee=0.50\
                 &maxVariableFee=10&validityStart=1282996800";
    let Ok(PipelineRequest::Recipient(request)) = parse(query) else { panic!() };
    assert!(request.recipient_pays_fee);
    assert_eq!(request.max_variable_fee, Some(Percent::parse("10").unwrap()));
    assert_eq!(request.validity.start.unwrap().to_string(), "2010-08-28T12:00:00Z");
    assert_eq!(request.payment_methods.len(), 3);
}

#[test]
fn a_multi_use_request() {
    let query = "pipelineName=MultiUse&callerReference=c1&globalAmountLimit=100&amountType=Maximum\
                 &transactionAmount=25&recipientTokenList=R1,R2&isRecipientCobranding=True\
                 &usageLimitType1=Amount&usageLimitValue1=40.00&usageLimitPeriod1=6+Months\
                 &usageLimitType2=Count&usageLimitValue2=3&usageLimitPeriod2=1+Week&validityExpiry=1300000000";
    let Ok(PipelineRequest::MultiUse(request)) = parse(query) else { panic!() };
    assert_eq!(request.each_payment, Some((AmountType::Maximum, Money::from_cents(2500))));
    let amount = |cents, period: Option<&str>| UsageLimit::Amount {
        most: Money::from_cents(cents),
        period: period.map(|text| text.parse().unwrap()),
    };
    let count = UsageLimit::Count { most: 3, period: "1 Week".parse().ok() };
    assert_eq!(request.limits, [amount(10_000, None), amount(4000, Some("6 Months")), count]);
    assert_eq!(request.recipient_tokens.len(), 2);
    assert!(request.is_recipient_cobranding && request.validity.expiry.is_some());
    let least = parse("pipelineName=MultiUse&callerReference=c1&globalAmountLimit=100&transactionAmount=5");
    let Ok(PipelineRequest::MultiUse(least)) = least else { panic!() };
    assert_eq!(least.each_payment, Some((AmountType::Exact, Money::from_cents(500))));
    assert_eq!(least.limits.len(), 1);
}

#[test]
fn usage_limits_are_whole_and_three_at_the_most() {
    let bad = |rest: &str| bad_fields(&format!("pipelineName=MultiUse&callerReference=c&{rest}"));
    assert_eq!(bad(""), ["globalAmountLimit"], "an amount limit is always required");
    assert_eq!(bad("usageLimitType1=Amount&usageLimitValue1=9"), ["globalAmountLimit"]);
    let global = "globalAmountLimit=9";
    let with = |rest: &str| bad(&format!("{global}&{rest}"));
    assert_eq!(with("usageLimitType1=Amount"), ["usageLimitValue1"]);
    assert_eq!(with("usageLimitType1=Often&usageLimitValue1=1"), ["usageLimitType1"]);
    assert_eq!(with("usageLimitValue2=1"), ["usageLimitType2"]);
    assert_eq!(with("usageLimitPeriod2=1+Day"), ["usageLimitType2"]);
    assert_eq!(with("usageLimitType1=Count&usageLimitValue1=1.5"), ["usageLimitValue1"]);
    assert_eq!(with("usageLimitType1=Count&usageLimitValue1=0"), ["usageLimitValue1"]);
    assert_eq!(with("usageLimitType1=Amount&usageLimitValue1=-1"), ["usageLimitValue1"]);
    assert_eq!(
        with("usageLimitType1=Count&usageLimitValue1=1&usageLimitPeriod1=Monthly"),
        ["usageLimitPeriod1"]
    );
    assert_eq!(with("usageLimitType3=Count&usageLimitValue3=1"), ["usageLimitType3"]);
    assert_eq!(with("amountType=Maximum"), ["transactionAmount"], "of which amount?");
    assert_eq!(with("amountType=Roughly&transactionAmount=1"), ["amountType"]);
    assert_eq!(with("isRecipientCobranding=True"), ["recipientTokenList"]);
    assert_eq!(with("recipientTokenList=R1,,R2"), ["recipientTokenList"]);
}

#[test]
fn a_recurring_request() {
    let query = "pipelineName=Recurring&callerReference=c1&transactionAmount=5&recurringPeriod=1+Month";
    let Ok(PipelineRequest::Recurring(request)) = parse(query) else { panic!() };
    assert_eq!(request.period.to_string(), "1 Month");
    assert_eq!(
        bad_fields("pipelineName=Recurring&callerReference=c1"),
        ["transactionAmount", "recurringPeriod"]
    );
    assert_eq!(bad_fields(&format!("{query}&isRecipientCobranding=True")), ["recipientToken"]);
}

#[test]
fn the_set_up_requests_have_two_references() {
    let prepaid =
        parse("pipelineName=SetupPrepaid&callerReferenceSender=s&callerReferenceFunding=f&fundingAmount=20")
            .unwrap();
    assert_eq!(texts(prepaid.references()), ["s", "f"]);
    assert_eq!(prepaid.caller_reference(), None);
    let postpaid = parse(
        "pipelineName=SetupPostpaid&callerReferenceSender=s&callerReferenceSettlement=t&creditLimit=20\
         &globalAmountLimit=100&usageLimitType1=Count&usageLimitValue1=9",
    )
    .unwrap();
    assert_eq!(texts(postpaid.references()), ["s", "t"]);
    let PipelineRequest::SetupPostpaid(postpaid) = postpaid else { panic!() };
    assert_eq!((postpaid.credit_limit, postpaid.limits.len()), (Money::from_cents(2000), 2));
    assert_eq!(
        bad_fields("pipelineName=SetupPrepaid&callerReference=c"),
        ["callerReferenceSender", "callerReferenceFunding", "fundingAmount"]
    );
    assert_eq!(
        bad_fields("pipelineName=SetupPostpaid&callerReferenceSender=s&callerReferenceSettlement=s"),
        ["callerReferenceSettlement", "creditLimit", "globalAmountLimit"]
    );
}

#[test]
fn a_token_to_edit_is_spelled_in_two_ways() {
    for name in ["tokenId", "tokenID"] {
        let query = format!("pipelineName=EditToken&callerReference=c1&{name}=T1&paymentMethod=CC");
        let Ok(PipelineRequest::EditToken(request)) = parse(&query) else { panic!() };
        assert_eq!((request.token_id.as_str(), request.payment_methods.len()), ("T1", 1));
    }
    assert_eq!(bad_fields("pipelineName=EditToken"), ["callerReference", "tokenId"]);
}

#[test]
fn wrong_parameters_are_named_together() {
    assert_eq!(bad_fields("pipelineName=SingleUse"), ["callerReference", "transactionAmount"]);
    assert_eq!(
        bad_fields(
            "pipelineName=SingleUse&callerReference=c&transactionAmount=0&paymentMethod=Debt&reserve=yes&tax=x\
             &currencyCode=EUR"
        ),
        ["currencyCode", "transactionAmount", "reserve", "tax", "paymentMethod"]
    );
    assert_eq!(
        bad_fields("pipelineName=Recipient&callerReference=c&maxVariableFee=101&version=1"),
        ["version", "recipientPaysFee", "maxVariableFee"]
    );
    assert_eq!(bad_fields("pipelineName=MultiUsage"), ["pipelineName"]);
    assert_eq!(
        parse("pipelineName=SingleUse&transactionAmount=1").unwrap_err().to_string(),
        "The following input(s) are not well formed: [callerReference]"
    );
}
