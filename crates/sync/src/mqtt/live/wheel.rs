//! The connection that live states go over: made anew by itself for as long as anybody listens.

use std::time::Duration;

use rumqttc::{AsyncClient, Event, EventLoop, LastWill, NetworkOptions, Packet, QoS};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::super::{MqttSettings, link, topic_part};
use crate::failure::{Failure, FailureKind};

/// Messages that wait for the connection; a broker that takes nothing holds up nobody else.
const WAITING: usize = 64;
/// Before a connection is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// What the connection tells.
pub(super) enum News {
    Connected,
    Lost,
    HomeAssistantStarted,
    Ended,
}

pub(super) struct Wheel {
    pub(super) client: AsyncClient,
    news: mpsc::Receiver<News>,
    turning: JoinHandle<()>,
}

impl Drop for Wheel {
    fn drop(&mut self) {
        self.turning.abort();
    }
}

impl Wheel {
    pub(super) fn start(settings: &MqttSettings) -> Result<Self, Failure> {
        let mut options = link::options(settings, &format!("{}-live", settings.client_id))?;
        // Pictures are larger than what comes back.
        options.set_max_packet_size(64 * 1024, 1 << 20);
        options.set_last_will(LastWill::new(
            settings.live_topic("availability"),
            "offline",
            QoS::AtLeastOnce,
            true,
        ));
        let built = AsyncClient::builder(options).capacity(WAITING).try_build();
        let (client, mut events) =
            built.map_err(|e| Failure::new(FailureKind::Unreachable, e.to_string()))?;
        let mut network = NetworkOptions::new();
        network.set_connection_timeout(settings.connect_timeout.as_secs().max(1));
        events.set_network_options(network);
        let (tell, news) = mpsc::channel(WAITING);
        let home = settings.home_assistant.as_ref();
        let status = home.map(|home| format!("{}/status", topic_part(&home.prefix)));
        let turning = tokio::spawn(Box::pin(turn(events, tell, status)));
        Ok(Self {
            client,
            news,
            turning,
        })
    }

    pub(super) async fn news(&mut self) -> News {
        self.news.recv().await.unwrap_or(News::Ended)
    }
}

async fn turn(mut events: EventLoop, tell: mpsc::Sender<News>, status: Option<String>) {
    let mut told = true;
    loop {
        let news = match events.poll().await {
            Ok(Event::Incoming(Packet::ConnAck(_))) => {
                told = false;
                Some(News::Connected)
            }
            Ok(Event::Incoming(Packet::Publish(said)))
                if status.as_ref().is_some_and(|s| said.topic == s.as_bytes())
                    && said.payload.as_ref() == b"online" =>
            {
                Some(News::HomeAssistantStarted)
            }
            Ok(_) => None,
            Err(error) => {
                // Why rows do not get there is told by the other connection.
                tracing::debug!(%error, "the live connection to the broker has ended");
                if !std::mem::replace(&mut told, true) && tell.try_send(News::Lost).is_err() {
                    return;
                }
                tokio::time::sleep(AGAIN).await;
                None
            }
        };
        if let Some(news) = news
            && tell.send(news).await.is_err()
        {
            return;
        }
    }
}
