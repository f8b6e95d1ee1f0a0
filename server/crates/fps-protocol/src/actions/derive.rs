//! What follows from the table of actions.

/// Makes [`Action`](super::Action), [`Request`](super::Request), [`Response`](crate::responses::Response) and
/// [`ActionService`](super::ActionService) of the lines of `table.rs`.
macro_rules! actions {
    ($(
        $(#[doc = $summary:literal])+
        $action:ident = $function:ident($request:ty) -> $result:ty $(, read as $element:ident)? $(, may come $unsigned:ident)?;
    )+) => {
        text_types::words! {
            /// Every action that the client libraries know (fps.md §3), one of them also as a client misspells it.
            pub enum Action {
                $($(#[doc = $summary])+ $action,)+
            }
        }

        impl Action {
            /// What it is for, in a sentence.
            pub const fn summary(self) -> &'static str {
                match self {
                    $(Self::$action => concat!($($summary),+).trim_ascii(),)+
                }
            }

            /// Whether it is done for somebody who does not sign.
            pub const fn may_come_unsigned(self) -> bool {
                match self {
                    $(Self::$action => actions!(@given $($unsigned)?),)+
                }
            }

            pub(crate) const fn element_names(self) -> ElementNames {
                match self {
                    $(Self::$action => ElementNames {
                        response: concat!(stringify!($action), "Response"),
                        result: concat!(actions!(@first $($element)? $action), "Result"),
                    },)+
                }
            }
        }

        /// The typed request of any action.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Request {
            $($action($request),)+
        }

        impl Request {
            /// Reads the request of an action whose name is already known, as [`Request::parse`] does.
            pub fn parse_as(action: Action, parameters: &Parameters) -> Result<Self, FpsError> {
                match action {
                    $(Action::$action => <$request>::parse(parameters).map(Self::$action),)+
                }
            }

            pub const fn action(&self) -> Action {
                match self {
                    $(Self::$action(_) => Action::$action,)+
                }
            }

            /// Client side: `Action` and its parameters, ready for [`crate::api_request::sign`].
            pub fn to_parameters(&self) -> Parameters {
                let own = match self {
                    $(Self::$action(request) => request.to_parameters(),)+
                };
                Parameters::from_iter([("Action", self.action().as_str())]).joined(own)
            }
        }

        /// Does the actions: a function for each, from its request to its answer.
        pub trait ActionService {
            type Error;

            $(
                $(#[doc = $summary])+
                fn $function(
                    &self,
                    request: &$request,
                ) -> impl Future<Output = Result<$result, Self::Error>> + Send;
            )+
        }

        impl Request {
            /// Has the action done.
            pub async fn perform<S: ActionService + Sync>(&self, by: &S) -> Result<Response, S::Error> {
                match self {
                    $(Self::$action(request) => by.$function(request).await.map(Response::$action),)+
                }
            }
        }

        /// The success answer of any action.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Response {
            $($action($result),)+
        }

        impl Response {
            pub const fn action(&self) -> Action {
                match self {
                    $(Self::$action(_) => Action::$action,)+
                }
            }

            /// `request_id` is a UUID and `:0` in successes (fps.md §2).
            pub fn to_xml(&self, version: ApiVersion, request_id: &str) -> String {
                match self {
                    $(Self::$action(result) => to_xml(self.action(), result, version, request_id),)+
                }
            }
        }
    };
    (@given) => { false };
    (@given unsigned) => { true };
    (@first $name:ident $($other:ident)?) => { stringify!($name) };
}
pub(super) use actions;
