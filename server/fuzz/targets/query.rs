//! A query string or form body: decoded without a panic, written and read again as the same parameters,
//! and as every action's request.
#![no_main]

use fps_protocol::actions::{Action, Request};
use fps_protocol::api_request::ApiRequest;
use fps_protocol::{ApiVersion, Parameters, Secret, Unverified, timeliness};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok(parameters) = Parameters::from_form(body) else { return };
    let again = Parameters::from_query(&parameters.to_query()).expect("what is written can be read");
    assert_eq!(again, parameters);

    let _ = ApiVersion::of(&parameters);
    let _ = timeliness::check(&parameters, &[]);
    for action in Action::ALL {
        let mut parameters = parameters.clone();
        parameters.set("Action", action.as_str());
        if let Ok(request) = Request::parse(&parameters) {
            assert_eq!(Request::parse(&request.to_parameters()).as_ref(), Ok(&request));
        }
    }
    let (method, host, path) = ("POST".to_owned(), "127.0.0.1:3001".to_owned(), "/".to_owned());
    let request = Unverified::new(ApiRequest { method, host, path, parameters });
    let _ = (request.access_key(), request.is_unsigned());
    assert!(request.verify(&Secret::new("a secret that the fuzzer does not know")).is_err());
});
