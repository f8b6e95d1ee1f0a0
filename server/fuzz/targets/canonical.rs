//! The strings that are signed: the order on the wire does not matter, nothing is lost in them, and what
//! was signed verifies. The input's lines are method, host, path and query.
#![no_main]

use fps_protocol::api_request::ApiRequest;
use fps_protocol::signature::{HmacAlgorithm, sign_v1, sign_v2, string_to_sign_v2};
use fps_protocol::{Parameters, Secret, Unverified};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut lines = text.splitn(4, '\n').map(str::to_owned);
    let mut line = || lines.next().unwrap_or_default();
    let (method, host, path) = (line(), line(), line());
    let Ok(parameters) = Parameters::from_query(&line()) else { return };

    let string = string_to_sign_v2(&method, &host, &path, &parameters, "Signature");
    let turned: Parameters = parameters.iter().collect::<Vec<_>>().into_iter().rev().collect();
    assert_eq!(string, string_to_sign_v2(&method, &host, &path, &turned, "Signature"));

    let query = string.rsplit('\n').next().expect("the query is its last line");
    let mut signed: Vec<_> = parameters.iter().filter(|(name, _)| *name != "Signature").collect();
    signed.sort_unstable();
    let read = Parameters::from_query(query).expect("canonical is readable");
    assert_eq!(read.iter().collect::<Vec<_>>(), signed);

    let secret = Secret::new("secretKEY");
    let _ = sign_v1(&secret, &parameters, "Signature");
    let mut parameters = parameters.without("Signature");
    parameters.set("SignatureVersion", "2");
    parameters.set("SignatureMethod", "HmacSHA256");
    if parameters.first_repeated().is_none() {
        let signature =
            sign_v2(&secret, HmacAlgorithm::Sha256, &method, &host, &path, &parameters, "Signature");
        parameters.push("Signature", signature);
        let request = Unverified::new(ApiRequest { method, host, path, parameters });
        assert!(request.verify(&secret).is_ok());
    }
});
