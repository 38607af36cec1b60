//! Bodies of requests, within their time and size.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use futures::StreamExt as _;
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::connections::Seat;

/// More is not even read to be thrown away.
const BODY_BYTES: usize = 16 * 1024 * 1024;

/// Why a body did not come whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyProblem {
    /// Not within its time.
    Late,
    /// Longer than is taken.
    Long,
    /// The connection ended before.
    Cut,
}

impl std::fmt::Display for BodyProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Late => "the body did not arrive in time",
            Self::Long => "the body is too long",
            Self::Cut => "the body was cut off",
        })
    }
}

impl std::error::Error for BodyProblem {}

/// A whole body of at most so many bytes. A longer one is read to its end and thrown away, since
/// its sender hears the answer only when it has sent everything, and otherwise sees a broken line.
///
/// # Errors
/// What is wrong with it.
pub async fn whole(body: Body, most: usize) -> Result<Vec<u8>, BodyProblem> {
    let mut chunks = body.into_data_stream();
    let (mut came, mut bytes) = (0, Vec::new());
    while let Some(chunk) = chunks.next().await {
        let chunk = match chunk {
            Ok(chunk) => chunk,
            Err(_) if came > most => return Err(BodyProblem::Long),
            Err(error) => {
                let problem = error.into_inner().downcast::<BodyProblem>();
                return Err(problem.map_or(BodyProblem::Cut, |problem| *problem));
            }
        };
        came += chunk.len();
        if came <= most {
            bytes.extend_from_slice(&chunk);
        }
    }
    if came > most {
        return Err(BodyProblem::Long);
    }
    Ok(bytes)
}

/// A body that ends with an error after its time or its bytes, whoever reads it.
pub(crate) struct Limited {
    body: Incoming,
    left: usize,
    end: Pin<Box<Sleep>>,
    seat: Arc<Seat>,
}

impl Limited {
    pub(crate) fn new(body: Incoming, time: Duration, seat: Arc<Seat>) -> Self {
        if body.is_end_stream() {
            seat.works();
        } else {
            seat.waits();
        }
        Self {
            body,
            left: BODY_BYTES,
            end: Box::pin(sleep(time)),
            seat,
        }
    }
}

impl HttpBody for Limited {
    type Data = Bytes;
    type Error = BodyProblem;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyProblem>>> {
        // Looked at first: a sender of one byte after the other is always ready.
        if self.end.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Some(Err(BodyProblem::Late)));
        }
        let frame = match std::task::ready!(Pin::new(&mut self.body).poll_frame(cx)) {
            None => {
                self.seat.works();
                return Poll::Ready(None);
            }
            Some(Err(_)) => return Poll::Ready(Some(Err(BodyProblem::Cut))),
            Some(Ok(frame)) => frame,
        };
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        let Some(left) = self.left.checked_sub(bytes) else {
            return Poll::Ready(Some(Err(BodyProblem::Long)));
        };
        self.left = left;
        if self.body.is_end_stream() {
            self.seat.works();
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
