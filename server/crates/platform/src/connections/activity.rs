//! What goes on on a connection, told by its bytes and by its requests.

use super::ConnectionLimits;
use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio::time::Instant;

/// Bytes thrown away at a time.
const SCRAP: usize = 16 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// A request's head has not come whole.
    Head(Instant),
    /// From a whole head to the end of the answer; since when the peer takes nothing of it, if it does not.
    Serving { stalled: Option<Instant> },
    /// Between two requests.
    Idle(Instant),
    /// The answer is out, and the peer still sends what nobody reads.
    Closing(Instant),
}

#[derive(Debug)]
struct State {
    phase: Phase,
    /// Whether the last request's body has not been read to its end.
    body_left: bool,
    stopping: bool,
}

/// Shared by a connection's bytes, its requests, and those who decide whether it stays.
#[derive(Debug, Clone)]
pub(super) struct Activity {
    state: Arc<Mutex<State>>,
    /// Told when the connection could be closed for another one.
    waits: Arc<Notify>,
}

impl Activity {
    pub fn new(waits: Arc<Notify>) -> Self {
        let state = State { phase: Phase::Head(Instant::now()), body_left: false, stopping: false };
        Self { state: Arc::new(Mutex::new(state)), waits }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the connection is to end as it is; `None` while there is work.
    pub fn deadline(&self, limits: &ConnectionLimits) -> Option<Instant> {
        match self.state().phase {
            Phase::Head(since) => Some(since + limits.head),
            Phase::Serving { stalled } => stalled.map(|since| since + limits.idle),
            Phase::Idle(since) | Phase::Closing(since) => Some(since + limits.idle),
        }
    }

    /// Since when nothing is asked or answered on it; `None` while there is work.
    pub fn waiting_since(&self) -> Option<Instant> {
        match self.state().phase {
            Phase::Head(since) | Phase::Idle(since) | Phase::Closing(since) => Some(since),
            Phase::Serving { .. } => None,
        }
    }

    /// The program ends: nobody is waited for any more.
    pub fn stop(&self) {
        self.state().stopping = true;
    }

    /// A whole head has come. The request's body, watched.
    pub fn serves(&self, body: Incoming) -> RequestBody {
        let mut state = self.state();
        state.phase = Phase::Serving { stalled: None };
        state.body_left = !body.is_end_stream();
        RequestBody { body, activity: self.clone() }
    }

    fn answered(&self) {
        self.state().phase = Phase::Idle(Instant::now());
        self.waits.notify_one();
    }

    fn read(&self) {
        let mut state = self.state();
        if let Phase::Idle(_) = state.phase {
            state.phase = Phase::Head(Instant::now());
        }
    }

    fn wrote(&self, progress: bool) {
        if let Phase::Serving { stalled } = &mut self.state().phase {
            *stalled = if progress { None } else { Some(stalled.unwrap_or_else(Instant::now)) };
        }
    }

    /// Whether there is still to be read before the connection may end.
    fn lingers(&self) -> bool {
        let mut state = self.state();
        let lingers = state.body_left && !state.stopping;
        if lingers && !matches!(state.phase, Phase::Closing(_)) {
            state.phase = Phase::Closing(Instant::now());
        }
        lingers
    }
}

/// A connection's bytes, watched. Its shutdown takes what the peer is still sending off the wire: whoever is cut
/// off while sending sees a broken connection instead of the answer that says why.
#[derive(Debug)]
pub(super) struct Watched<S> {
    pub io: S,
    pub activity: Activity,
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(cx, buffer))?;
        if buffer.filled().len() > before {
            self.activity.read();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.activity.wrote(written.is_ready());
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, parts);
        self.activity.wrote(written.is_ready());
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.io).poll_shutdown(cx))?;
        let mut scrap = [0; SCRAP];
        while self.activity.lingers() {
            let mut buffer = ReadBuf::new(&mut scrap);
            ready!(Pin::new(&mut self.io).poll_read(cx, &mut buffer))?;
            if buffer.filled().is_empty() {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// A request's body, which tells when it has been read.
#[derive(Debug)]
pub(super) struct RequestBody {
    body: Incoming,
    activity: Activity,
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if !matches!(frame, Some(Ok(_))) || self.body.is_end_stream() {
            self.activity.state().body_left = false;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer's body. It is dropped when all of it has been written, or never will be.
#[derive(Debug)]
pub(super) struct AnswerBody {
    pub body: axum::body::Body,
    pub activity: Activity,
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for AnswerBody {
    fn drop(&mut self) {
        self.activity.answered();
    }
}
