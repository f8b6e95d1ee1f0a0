//! The answers about tokens; the schema judges them with all others.

use fps_protocol::ApiVersion;
use fps_protocol::actions::Action;
use fps_protocol::enums::{TokenStatus, TokenType};
use fps_protocol::ids::TokenId;
use fps_protocol::responses::{
    self, InstalledTokenResult, PaymentInstructionResult, Response, TokenCancelled, TokenDetails,
    TokenResult, TokenUsage, TokenUsageResult, TokensResult,
};
use jiff::Timestamp;
use money::Money;

fn installed() -> Timestamp {
    "2030-06-03T09:00:00.010Z".parse().unwrap()
}

fn token(token_type: TokenType, full: bool) -> TokenDetails {
    let text = || full.then(|| "<t&\"'é>".to_owned());
    TokenDetails {
        token_id: TokenId::new("71UF8U6NGAAL5FGDQ71U4MUNDEIDNEV95VMD3I88KVPIEU3QQHVRHQ8QXJNVTUCJ").unwrap(),
        friendly_name: "Friendly0123456789".to_owned(),
        status: if full { TokenStatus::Active } else { TokenStatus::Inactive },
        date_installed: installed(),
        caller_reference: "c 1".to_owned(),
        token_type,
        old_token_id: text(),
        payment_reason: text(),
    }
}

fn usage(full: bool) -> TokenUsage {
    let amount = full.then(|| Money::from_micros(1_250_000));
    TokenUsage {
        count: full.then_some(100),
        amount,
        last_reset_count: full.then_some(0),
        last_reset_amount: amount,
        last_reset: full.then(installed),
    }
}

/// With as little and as much as there can be.
pub fn answers() -> Vec<Response> {
    let mut answers = vec![
        Response::CancelToken(TokenCancelled),
        Response::GetTokens(TokensResult::default()),
        Response::GetTokenUsage(TokenUsageResult::default()),
        Response::GetTokenUsage(TokenUsageResult { limits: vec![usage(true)] }),
        Response::GetTokenUsage(TokenUsageResult { limits: vec![usage(false), usage(true), usage(false)] }),
    ];
    for token_type in TokenType::ALL {
        for full in [false, true] {
            let token = || token(*token_type, full);
            answers.extend([
                Response::GetTokenByCaller(TokenResult { token: token() }),
                Response::GetTokens(TokensResult { tokens: vec![token()] }),
                Response::GetTokens(TokensResult { tokens: vec![token(), token()] }),
                Response::GetPaymentInstruction(PaymentInstructionResult {
                    token: token(),
                    payment_instruction: "MyRole == 'Caller' orSay 'Role does not match';".to_owned(),
                    caller_reference: token().caller_reference,
                    friendly_name: full.then(|| token().friendly_name),
                }),
                Response::InstallPaymentInstruction(InstalledTokenResult { token_id: token().token_id }),
            ]);
        }
    }
    answers
}

#[test]
fn a_client_reads_what_a_server_writes() {
    for answer in answers() {
        let (action, xml) = (answer.action(), answer.to_xml(ApiVersion::V2010, "r"));
        let read = match answer {
            Response::CancelToken(_) => Response::CancelToken(responses::parse(action, &xml).unwrap().result),
            Response::GetTokenByCaller(_) => {
                Response::GetTokenByCaller(responses::parse(action, &xml).unwrap().result)
            }
            Response::GetTokens(_) => Response::GetTokens(responses::parse(action, &xml).unwrap().result),
            Response::GetTokenUsage(_) => {
                Response::GetTokenUsage(responses::parse(action, &xml).unwrap().result)
            }
            Response::GetPaymentInstruction(_) => {
                Response::GetPaymentInstruction(responses::parse(action, &xml).unwrap().result)
            }
            _ => Response::InstallPaymentInstruction(responses::parse(action, &xml).unwrap().result),
        };
        assert_eq!(read, answer, "{xml}");
    }
}

#[test]
fn a_cancelled_token_is_answered_without_a_result() {
    assert_eq!(
        Response::CancelToken(TokenCancelled).to_xml(ApiVersion::V2008, "id:0"),
        "<?xml version=\"1.0\"?>\n<CancelTokenResponse xmlns=\"http://fps.amazonaws.com/doc/2008-09-17/\">\
         <ResponseMetadata><RequestId>id:0</RequestId></ResponseMetadata></CancelTokenResponse>"
    );
}

#[test]
fn a_client_reads_amazons_samples() {
    let sample = include_str!("fixtures/mocks/GetTokenByCallerResponse.xml");
    let read = responses::parse::<TokenResult>(Action::GetTokenByCaller, sample).unwrap().result.token;
    assert_eq!((read.status, read.token_type), (TokenStatus::Inactive, TokenType::SingleUse));
    assert_eq!(read.date_installed.to_string(), "2007-10-26T06:36:28Z");
    let sample = include_str!("fixtures/mocks/GetTokensResponse.xml");
    let read = responses::parse::<TokensResult>(Action::GetTokens, sample).unwrap().result;
    assert_eq!(read.tokens.len(), 1);
    // Where an amount stands the samples say "string".
    let sample = include_str!("fixtures/mocks/GetTokenUsageResponse.xml")
        .replace("<Value>string</Value>", "<Value>1.250000</Value>");
    let read = responses::parse::<TokenUsageResult>(Action::GetTokenUsage, &sample).unwrap().result;
    assert_eq!((read.limits[0].count, read.limits[0].last_reset_count), (Some(100), Some(100)));
    let sample = include_str!("fixtures/mocks/GetPaymentInstructionResponse.xml");
    let read = responses::parse::<PaymentInstructionResult>(Action::GetPaymentInstruction, sample);
    assert_eq!(read.unwrap().result.payment_instruction, "string");
    let sample = include_str!("fixtures/mocks/InstallPaymentInstructionResponse.xml");
    let read = responses::parse::<InstalledTokenResult>(Action::InstallPaymentInstruction, sample);
    assert_eq!(read.unwrap().result.token_id.as_str(), "string");
    let sample = include_str!("fixtures/mocks/CancelTokenResponse.xml");
    assert!(responses::parse::<TokenCancelled>(Action::CancelToken, sample).is_ok());
}
