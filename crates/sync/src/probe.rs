//! Whether a platform or a broker can be reached: step by step, so that it is clear where it fails.
//! One log-in at most, and nothing is left behind.

use std::sync::Arc;
use std::time::Duration;

use line::{Unreached, reach};

use crate::adapter::Adapter;
use crate::failure::{Failure, FailureKind};
use crate::mqtt::{MqttSettings, greet};
use crate::platform::{PlatformSettings, Talk};

/// Longest wait for a name and for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// How far somebody was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// The connection stands; nobody logged in.
    Connected,
    /// The log-in was accepted.
    LoggedIn,
}

/// The step that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeStep {
    /// Its name is not known.
    Name,
    /// Nobody answers there.
    Connect,
    /// Somebody answers, but not as expected: TLS, or another protocol.
    Talk,
    /// User or password were refused.
    LogIn,
}

/// Why somebody was not reached. Its text holds no secret.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub struct ProbeFailure {
    /// Where it failed.
    pub step: ProbeStep,
    /// In the words of whoever saw it.
    pub words: String,
}

impl From<Unreached> for ProbeFailure {
    fn from(unreached: Unreached) -> Self {
        let step = match &unreached {
            Unreached::Name(_) => ProbeStep::Name,
            Unreached::Silent(_) => ProbeStep::Connect,
        };
        Self {
            step,
            words: unreached.to_string(),
        }
    }
}

impl From<Failure> for ProbeFailure {
    fn from(failure: Failure) -> Self {
        let step = match failure.kind() {
            FailureKind::LogIn => ProbeStep::LogIn,
            _ => ProbeStep::Talk,
        };
        Self {
            step,
            words: failure.to_string(),
        }
    }
}

/// Connects to a platform, and logs in once if it has a log-in and `as_itself` is set.
///
/// # Errors
/// The step that failed.
pub async fn probe_platform(
    settings: &PlatformSettings,
    adapter: &Adapter,
    as_itself: bool,
) -> Result<Reached, ProbeFailure> {
    let talk_failed = |words: String| ProbeFailure {
        step: ProbeStep::Talk,
        words,
    };
    let url = url::Url::parse(&settings.base_url).map_err(|e| talk_failed(e.to_string()))?;
    let port = url.port_or_known_default().unwrap_or(80);
    reach(url.host_str().unwrap_or_default(), port, PATIENCE).await?;
    if let Some(ftp) = &settings.ftp {
        let reached = reach(&ftp.host, ftp.port, PATIENCE).await;
        reached.map_err(|unreached| ProbeFailure {
            words: format!("FTP {}:{}: {unreached}", ftp.host, ftp.port),
            ..unreached.into()
        })?;
    }
    let (settings, adapter) = (Arc::new(settings.clone()), Arc::new(adapter.clone()));
    let mut talk = Talk::new(settings, adapter).map_err(|bad| talk_failed(bad.to_string()))?;
    Ok(if as_itself && talk.log_in().await? {
        Reached::LoggedIn
    } else {
        talk.touch().await?;
        Reached::Connected
    })
}

/// Connects to a broker, with our name and password if `as_itself` is set: a broker throws out
/// another client of that name.
///
/// # Errors
/// The step that failed.
pub async fn probe_broker(
    settings: &MqttSettings,
    as_itself: bool,
) -> Result<Reached, ProbeFailure> {
    reach(&settings.host, settings.port, PATIENCE).await?;
    if as_itself {
        greet(settings).await?;
        return Ok(Reached::LoggedIn);
    }
    Ok(Reached::Connected)
}
