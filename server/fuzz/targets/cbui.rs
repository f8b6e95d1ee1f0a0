//! What a browser brings to the Co-Branded UI, and what it brings back to the shop.
#![no_main]

use fps_protocol::cbui::{CbuiRequest, CbuiReturn, Pipeline, PipelineRequest};
use fps_protocol::{Parameters, Secret, Unverified};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|query: &[u8]| {
    let Ok(parameters) = Parameters::from_form(query) else { return };
    let _ = CbuiReturn::from_parameters(&parameters);
    for pipeline in Pipeline::ALL {
        let mut parameters = parameters.clone();
        parameters.set("pipelineName", pipeline.as_str());
        let request = CbuiRequest { method: "POST".to_owned(), host: "127.0.0.1".to_owned(), parameters };
        assert_eq!(request.pipeline(), Some(*pipeline));
        let _ = (PipelineRequest::parse(&request), request.caller_reference());
        if let Ok(url) = request.return_url() {
            assert!(matches!(url.scheme(), "http" | "https") && url.has_host());
        }
        let request = Unverified::new(request);
        let _ = request.access_key();
        assert!(request.verify(&Secret::new("a secret that the fuzzer does not know")).is_err());
    }
});
