//! Whatever a client or a server sends is refused, never a panic.

use fps_protocol::actions::{Action, Request};
use fps_protocol::api_request::ApiRequest;
use fps_protocol::cbui::{CbuiRequest, CbuiReturn, Pipeline, PipelineRequest};
use fps_protocol::ipn::TransactionStatusNotification;
use fps_protocol::outbound::{Certificate, SigningKey, certificate_pem};
use fps_protocol::responses::{self, TransactionResult, TransactionStatusResult};
use fps_protocol::{Parameters, Secret, Unverified};
use proptest::prelude::*;
use url::Url;

/// Names that mean something, so that the values reach what reads them.
const NAMES: &[&str] = &[
    "TransactionAmount.Value",
    "TransactionAmount.CurrencyCode",
    "MarketplaceFixedFee",
    "MarketplaceVariableFee",
    "TransactionTimeoutInMins",
    "OverrideIPNURL",
    "CallerReference",
    "SenderTokenId",
    "TransactionId",
    "UrlEndPoint",
    "HttpParameters",
    "Signature",
    "SignatureVersion",
    "SignatureMethod",
    "Timestamp",
    "signature",
    "signatureVersion",
    "signatureMethod",
    "awsSignature",
    "callerReference",
    "returnURL",
    "transactionAmount",
    "paymentMethod",
    "recipientPaysFee",
    "validityStart",
    "maxVariableFee",
    "status",
    "tokenID",
    "operation",
    "transactionDate",
];

const VALUES: &[&str] = &[
    "1",
    "2",
    "HmacSHA1",
    "HmacSHA256",
    "RSA-SHA1",
    "USD",
    "T",
    "True",
    "SC",
    "PAY",
    "http://[::1]:9/a?b=%",
    "99999999999999999999",
    "-1",
];

fn parameters() -> impl Strategy<Value = Parameters> {
    let value = prop_oneof![any::<String>(), prop::sample::select(VALUES).prop_map(str::to_owned)];
    prop::collection::vec((prop::sample::select(NAMES), value), 0..12)
        .prop_map(|pairs| pairs.into_iter().collect())
}

fn certificate() -> Certificate {
    let key = SigningKey::from_pkcs8_pem(include_str!("fixtures/test-signing-key.pem")).unwrap();
    Certificate::from_pem(&certificate_pem(&key, "Test", [1; 16], jiff::Timestamp::UNIX_EPOCH).unwrap())
        .unwrap()
}

proptest! {
    #[test]
    fn requests(parameters in parameters(), host in any::<String>(), path in any::<String>()) {
        let secret = Secret::new("secretKEY");
        for action in Action::ALL {
            let mut parameters = parameters.clone();
            parameters.set("Action", action.as_str());
            if let Ok(request) = Request::parse(&parameters) {
                prop_assert_eq!(Request::parse(&request.to_parameters()), Ok(request));
            }
        }
        let api = ApiRequest { method: "GET".to_owned(), host: host.clone(), path, parameters: parameters.clone() };
        prop_assert!(Unverified::new(api).verify(&secret).is_err());
        for pipeline in Pipeline::ALL {
            let mut parameters = parameters.clone();
            parameters.set("pipelineName", pipeline.as_str());
            let request = CbuiRequest { method: "POST".to_owned(), host: host.clone(), parameters };
            let _ = (PipelineRequest::parse(&request), request.return_url());
            prop_assert!(Unverified::new(request).verify(&secret).is_err());
        }
    }

    #[test]
    fn returns_and_notifications(parameters in parameters()) {
        let mut parameters = parameters;
        let _ = CbuiReturn::from_parameters(&parameters);
        let url = Url::parse("http://localhost:3000/payments/ipn").unwrap();
        prop_assert!(certificate().verify("POST", &url, parameters.clone()).is_err());
        parameters.set("notificationType", "TransactionStatus");
        let _ = TransactionStatusNotification::from_parameters(&parameters);
    }

    #[test]
    fn answers(at in 0usize..400, junk in "[<>/&;!?\\[\\]a-cPayRsultID #x0-9'\"=-]{0,12}") {
        let sample = include_str!("fixtures/mocks/PayResponse.xml");
        let mut xml = sample.to_owned();
        xml.insert_str(at.min(sample.len()), &junk);
        let _ = responses::parse::<TransactionResult>(Action::Pay, &xml);
        let _ = responses::parse::<TransactionStatusResult>(Action::Pay, &junk);
    }

    #[test]
    fn certificates(text in any::<String>(), body in "[A-Za-z0-9+/]{0,120}={0,2}") {
        prop_assert!(Certificate::from_pem(&text).is_err());
        let armoured = format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
        prop_assert!(Certificate::from_pem(&armoured).is_err());
    }
}
