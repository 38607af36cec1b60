//! What a worker does beside delivering: signs of life, and looking for what the sink has for us.

use std::time::Instant;

use jiff::Timestamp;

use super::{Beat, Sink, Worker};

impl<S: Sink> Worker<S> {
    /// When the next of these is due.
    pub(super) fn next_chore(&self) -> Instant {
        let fetch = self.sink.next_fetch();
        fetch.map_or(self.next_beat, |at| at.min(self.next_beat))
    }

    pub(super) async fn beat_if_due(&mut self) {
        if Instant::now() < self.next_beat || self.is_stopping() {
            return;
        }
        self.next_beat = Instant::now() + self.pace.heartbeat;
        let counters = self.outbox.counters().await.unwrap_or_default();
        let mut stop = self.stop.clone();
        let beat = tokio::select! {
            beat = self.sink.heartbeat(&counters) => beat,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        match beat {
            Ok(Beat::NotKnown) => {}
            Ok(Beat::Answered) => {
                self.succeeded();
                let at = Timestamp::now();
                self.status.send_modify(|s| s.last_heartbeat_at = Some(at));
            }
            Err(failure) if failure.kind().is_sink_wide() => self.failed(&failure),
            Err(failure) => {
                tracing::warn!(sink = %self.name, %failure, "heartbeat not answered well");
                self.status
                    .send_modify(|s| s.note(Timestamp::now(), &failure));
            }
        }
    }

    pub(super) async fn fetch_if_due(&mut self) {
        let due = self
            .sink
            .next_fetch()
            .is_some_and(|at| at <= Instant::now());
        if !due || self.is_stopping() {
            return;
        }
        let counters = self.outbox.counters().await.unwrap_or_default();
        let mut stop = self.stop.clone();
        let fetched = tokio::select! {
            fetched = self.sink.fetch(&counters) => fetched,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        match fetched {
            Ok(()) => self
                .status
                .send_modify(|s| s.last_fetch_at = Some(Timestamp::now())),
            Err(failure) if failure.kind().is_sink_wide() => self.failed(&failure),
            Err(failure) => {
                tracing::warn!(sink = %self.name, %failure, "what the platform has for us could not be read");
                self.status
                    .send_modify(|s| s.note(Timestamp::now(), &failure));
            }
        }
    }
}
