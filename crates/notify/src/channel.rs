//! The one shape of all channels.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::message::Message;

/// What came of telling a receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It has the message.
    Taken,
    /// It will never take this message; its words.
    Refused(String),
    /// It could not be told now; why.
    Failed(String),
}

pub(crate) type Telling<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// A way to a receiver.
pub(crate) trait Channel: Send + Sync {
    /// Tells it, within a time of its own; may be told the same message again.
    fn tell<'a>(&'a self, message: &'a Message) -> Telling<'a>;

    /// The least time between two messages.
    fn pace(&self) -> Duration {
        Duration::ZERO
    }
}

/// Both robots take 20 messages a minute: developer.work.weixin.qq.com/document/path/91770 ("每个机器人发送的
/// 消息不能超过20条/分钟"), open.dingtalk.com/document/orgapp/custom-robot-access (the same number, and ten
/// minutes of silence for who sends more).
pub(crate) const ROBOTS: Duration = Duration::from_millis(3_200);
