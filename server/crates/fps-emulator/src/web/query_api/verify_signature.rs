//! `VerifySignature`: is what a caller received really from here?

use crate::domain::callers::Caller;
use crate::engine::signer::{Signer, SignerError, certificate_name};
use fps_protocol::FpsError;
use fps_protocol::actions::VerifySignature;
use fps_protocol::enums::VerificationStatus;
use fps_protocol::outbound::{CERTIFICATE_URL, Certificate, SIGNATURE};
use fps_protocol::parameters::Parameters;
use fps_protocol::responses::VerifySignatureResult;
use fps_protocol::signature::{same, sign_v1};
use url::Url;

/// Version 2 is checked with the certificate of ours that it names; version 1, which has only a `signature`, with the secret of the caller
/// that asks, if it has signed.
pub async fn verify_signature(
    signer: &Signer,
    caller: Option<&Caller>,
    request: &VerifySignature,
) -> Result<VerifySignatureResult, FpsError> {
    let received = Parameters::from_form(request.http_parameters.as_bytes());
    let verification_status = match (caller, received) {
        (Some(caller), Ok(received)) if is_version_1(&received) => verify_version_1(caller, &received),
        (_, received) => {
            let certificate =
                certificate_for(signer, received.ok()).await.map_err(|error| internal(&error))?;
            let certificate = Certificate::from_pem(&certificate).map_err(|error| internal(&error))?;
            request.check(&certificate)?
        }
    };
    Ok(VerifySignatureResult { verification_status })
}

async fn certificate_for(signer: &Signer, received: Option<Parameters>) -> Result<String, SignerError> {
    certificate_named_by(signer, received.as_ref().and_then(|received| received.get(CERTIFICATE_URL))).await
}

/// Our certificate that a `certificateUrl` names, wherever it says that it lies; that of the key that signs now if it names
/// none of ours.
pub async fn certificate_named_by(signer: &Signer, url: Option<&str>) -> Result<String, SignerError> {
    let path = url.and_then(|url| Some(Url::parse(url).ok()?.path().to_owned()));
    if let Some(name) = path.as_deref().and_then(certificate_name)
        && let Some(pem) = signer.certificate_pem(name).await?
    {
        return Ok(pem);
    }
    Ok(signer.identity().await?.certificate_pem.clone())
}

fn internal(error: &impl std::fmt::Display) -> FpsError {
    tracing::error!(%error, "the certificate cannot be read");
    FpsError::internal()
}

fn is_version_1(received: &Parameters) -> bool {
    let newer = ["certificateUrl", "signatureMethod"].iter().any(|name| received.contains(name));
    let version = received.non_empty("signatureVersion").is_none_or(|version| version == "1");
    received.non_empty(SIGNATURE).is_some() && version && !newer
}

fn verify_version_1(caller: &Caller, received: &Parameters) -> VerificationStatus {
    let given = received.get(SIGNATURE).unwrap_or_default();
    let ambiguous = received.first_repeated().is_some();
    if !ambiguous && same(&sign_v1(&caller.secret, received, SIGNATURE), given) {
        VerificationStatus::Success
    } else {
        VerificationStatus::Failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::callers::tests::marketplace;
    use fps_protocol::Secret;

    #[test]
    fn version_1_is_checked_with_the_callers_secret() {
        let mut received = Parameters::from_query("status=SA&tokenID=T").unwrap();
        received.push(SIGNATURE, sign_v1(&Secret::new("s"), &received, SIGNATURE));
        assert!(is_version_1(&received));
        assert_eq!(verify_version_1(&marketplace("s"), &received), VerificationStatus::Success);
        assert_eq!(verify_version_1(&marketplace("t"), &received), VerificationStatus::Failure);
        received.push("extra", "1");
        assert_eq!(verify_version_1(&marketplace("s"), &received), VerificationStatus::Failure);
        received.push("certificateUrl", "http://127.0.0.1/");
        assert!(!is_version_1(&received));
    }
}
