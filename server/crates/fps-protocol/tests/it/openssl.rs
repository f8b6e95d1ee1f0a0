//! Our outbound signature and certificate, judged by OpenSSL.

use crate::tools::{run, said};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use fps_protocol::Parameters;
use fps_protocol::outbound::{SigningKey, certificate_pem, sign};
use std::fs;
use url::Url;

#[test]
fn openssl_accepts_the_certificate_and_the_signature() {
    let key = SigningKey::from_pkcs8_pem(include_str!("fixtures/test-signing-key.pem")).unwrap();
    let issued = "2010-11-28T00:00:00Z".parse().unwrap();
    let certificate = certificate_pem(&key, "Amazon Payments (simulated)", [9; 16], issued).unwrap();
    let parameters = Parameters::from_query("tokenID=T&status=SC&note=a+b~*%C3%A9").unwrap();
    let url = Url::parse("http://localhost:3000/payments/return").unwrap();
    let certificate_url = Url::parse("http://127.0.0.1:3001/certs/101128/PKICert.pem").unwrap();
    let signed = sign(&key, "GET", &url, parameters, &certificate_url).unwrap();

    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("certificate.pem", certificate.as_bytes());
    write("signature", &STANDARD.decode(signed.get("signature").unwrap()).unwrap());
    // Written out by hand, so that a mistake in the canonical form cannot cancel itself.
    let text = "GET\nlocalhost:3000\n/payments/return\n\
                certificateUrl=http%3A%2F%2F127.0.0.1%3A3001%2Fcerts%2F101128%2FPKICert.pem&note=a%20b~%2A%C3%A9\
                &signatureMethod=RSA-SHA1&signatureVersion=2&status=SC&tokenID=T";
    write("text", text.as_bytes());
    write("changed", text.replace("status=SC", "status=SA").as_bytes());

    let public = ["x509", "-in", "certificate.pem", "-noout", "-pubkey", "-out", "public.pem"];
    let Some(output) = run("openssl", &public, folder.path()) else { return };
    assert!(output.status.success(), "{}", said(&output));
    let verdict = |file: &str| {
        let arguments = ["dgst", "-sha1", "-verify", "public.pem", "-signature", "signature", file];
        let output = run("openssl", &arguments, folder.path()).unwrap();
        (output.status.success(), said(&output))
    };
    assert_eq!(verdict("text"), (true, "Verified OK\n".to_owned()));
    assert!(!verdict("changed").0);

    let chain =
        ["verify", "-check_ss_sig", "-attime", "1300000000", "-CAfile", "certificate.pem", "certificate.pem"];
    let output = run("openssl", &chain, folder.path()).unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let shown =
        run("openssl", &["x509", "-in", "certificate.pem", "-noout", "-text"], folder.path()).unwrap();
    for fact in
        ["CN = Amazon Payments simulated", "sha256WithRSAEncryption", "2048 bit", "Nov 28 00:00:00 2010"]
    {
        assert!(said(&shown).contains(fact), "{fact}: {}", said(&shown));
    }
}
