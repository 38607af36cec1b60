//! What stands and is said at the entrances: each decision in words, as it falls, for displays, voices and
//! screens.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alarm::{AlarmView, CauseKind};
use gate::{BarrierProblem, DisplayQueue, Notice, Took, VoiceQueue};
use jiff::tz::TimeZone;
use ledger::Handle;
use passage::{NewPassage, Register, Verdict};
use status::{LaneCounters, Status};
use sync::JustDecided;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use words::{Group, Key, Language};

use crate::lane_alarms::LaneAlarms;
use crate::{Error, LaneSetup};

/// What is not known of a vehicle by then is not waited for: it stands at the barrier.
const FACTS_WITHIN: Duration = Duration::from_millis(100);

/// What signs work with, the same for all of them.
pub struct SignParts {
    /// Where it is looked up what is known of a vehicle.
    pub ledger: Handle,
    /// Where it is told how signs are.
    pub status: Arc<Status>,
    /// That of what stands there; what is said is Mandarin.
    pub language: Language,
    /// The site's clock.
    pub zone: TimeZone,
    /// Decisions as they fall.
    pub decisions: broadcast::Receiver<Arc<JustDecided>>,
    /// Kinds of alarms that are told at their lane.
    pub alarms: Vec<CauseKind>,
    /// Who is told them in words. Nobody waits for whoever listens.
    pub notices: broadcast::Sender<Arc<Notice>>,
}

/// Everything that shows and speaks.
pub struct Signs {
    task: JoinHandle<()>,
}

/// What a lane has.
#[derive(Default)]
struct LaneSigns {
    display: Option<DisplayQueue>,
    voice: Option<VoiceQueue>,
}

impl Signs {
    /// Opens the displays and voices of these lanes, and tells them decisions from now on.
    ///
    /// # Errors
    /// When one is set up wrongly.
    pub fn start(parts: SignParts, setups: &[LaneSetup]) -> Result<Self, Error> {
        let mut signs = HashMap::new();
        for lane in setups {
            let counters = parts.status.lane(&lane.name);
            let took = |of: fn(&LaneCounters) -> &status::Spans| -> Took {
                let counters = counters.clone();
                Arc::new(move |span| {
                    if let Some(counters) = &counters {
                        of(counters).add(span);
                    }
                })
            };
            let mut own = LaneSigns::default();
            if let Some(settings) = &lane.display {
                let display = settings.open(parts.zone.clone(), took(|lane| &lane.display_took));
                let display = display.map_err(|problems| wrong(lane, problems))?;
                if let Some(counters) = &counters {
                    counters.set_display(display.view());
                }
                own.display = Some(display);
            }
            if let Some(settings) = &lane.voice {
                let voice = settings.open(parts.zone.clone(), took(|lane| &lane.voice_took));
                if let Some(counters) = &counters {
                    counters.set_voice(voice.view());
                }
                own.voice = Some(voice);
            }
            signs.insert(lane.name.clone(), own);
        }
        Ok(Self {
            task: tokio::spawn(follow(parts, signs)),
        })
    }
}

impl service::Service for Signs {
    fn stop(self: Box<Self>) -> service::Stopping {
        self.task.abort();
        Box::pin(std::future::ready(()))
    }
}

fn wrong(lane: &LaneSetup, problems: Vec<BarrierProblem>) -> Error {
    Error::Barrier {
        lane: lane.name.clone(),
        table: "display",
        problems,
    }
}

async fn follow(mut parts: SignParts, signs: HashMap<String, LaneSigns>) {
    let mut alarms = LaneAlarms::new(&parts);
    loop {
        let decided = tokio::select! {
            biased;
            decided = parts.decisions.recv() => decided,
            news = alarms.changed() => {
                if news.is_err() {
                    return;
                }
                for alarm in alarms.raised().await {
                    tell_alarm(&parts, &signs, &alarm);
                }
                continue;
            }
        };
        let decided = match decided {
            Ok(decided) => decided,
            // What was missed is of vehicles that have gone.
            Err(RecvError::Lagged(_)) => continue,
            Err(RecvError::Closed) => return,
        };
        let notice = Arc::new(notice(&parts, &decided.passage).await);
        tell(&signs, &notice, decided.at, &decided.passage);
        // That nobody listens is no fault.
        let _ = parts.notices.send(notice);
    }
}

/// Shows and says an alarm of a lane; what is newer takes its place.
fn tell_alarm(parts: &SignParts, signs: &HashMap<String, LaneSigns>, alarm: &AlarmView) {
    let Some(lane) = &alarm.cause.lane else {
        return;
    };
    let (now, kind) = (Instant::now(), alarm.kind().as_str());
    let notice = Arc::new(alarm_notice(parts, alarm, lane));
    if let Some(signs) = signs.get(lane) {
        if let Some(display) = &signs.display {
            display.show(Arc::clone(&notice), now);
        }
        if let Some(voice) = &signs.voice {
            let what = Language::Zh.named(Group::SignAlarm, kind);
            let key = match alarm.drill {
                true => Key::VoiceDrill,
                false => Key::VoiceAlarm,
            };
            voice.say(Language::Zh.fill(key, &[("what", &what)]), now);
        }
    }
    let _ = parts.notices.send(notice);
}

fn alarm_notice(parts: &SignParts, alarm: &AlarmView, lane: &str) -> Notice {
    let time = alarm.raised_at.to_zoned(parts.zone.clone());
    let word = match alarm.drill {
        true => Key::SignDrill,
        false => Key::SignAlarm,
    };
    let what = parts
        .language
        .named(Group::SignAlarm, alarm.kind().as_str());
    Notice {
        verdict: Verdict::Deny,
        alarm: true,
        plate: alarm.cause.plate.clone(),
        color: plate::Color::Unknown.as_str().to_owned(),
        emission: String::new(),
        decision: parts.language.text(word).to_owned(),
        reason: what.to_owned(),
        time: time.strftime("%H:%M").to_string(),
        lane: lane.to_owned(),
    }
}

fn tell(
    signs: &HashMap<String, LaneSigns>,
    notice: &Arc<Notice>,
    decided: Instant,
    passage: &NewPassage,
) {
    let Some(signs) = signs.get(&notice.lane) else {
        return;
    };
    if let Some(display) = &signs.display {
        display.show(Arc::clone(notice), decided);
    }
    if let Some(voice) = &signs.voice {
        let reason = Language::Zh.named(Group::Reason, &passage.reason);
        voice.say(gate::prompt(&notice.plate, notice.verdict, reason), decided);
    }
}

/// The decision in words.
async fn notice(parts: &SignParts, passage: &NewPassage) -> Notice {
    let (language, zone) = (parts.language, &parts.zone);
    let time = passage.decided_at.to_zoned(zone.clone());
    Notice {
        verdict: passage.decision,
        alarm: false,
        // One that is not sure is nobody's name yet.
        plate: match passage.reading.recognised {
            true => passage.reading.plate.clone(),
            false => String::new(),
        },
        color: passage.reading.color.as_str().to_owned(),
        emission: emission(parts, passage).await.unwrap_or_default(),
        decision: decision(passage.decision, language).to_owned(),
        reason: policy::in_short(&passage.reason, &passage.grounds, language),
        time: time.strftime("%H:%M").to_string(),
        lane: passage.lane.clone(),
    }
}

fn decision(verdict: Verdict, language: Language) -> &'static str {
    language.text(match verdict {
        Verdict::Allow => Key::SignAllow,
        Verdict::Deny => Key::SignDeny,
        Verdict::Ask => Key::SignAsk,
    })
}

/// The emission standard that the register knows of it.
async fn emission(parts: &SignParts, passage: &NewPassage) -> Option<String> {
    let reading = &passage.reading;
    if !reading.recognised {
        return None;
    }
    let identity = format!("{}|{}", reading.plate, reading.color.as_str());
    let at = passage.decided_at;
    let looked = parts
        .ledger
        .read(move |reader| reader.record_at(Register::Vehicle, &identity, at));
    let vehicle = timeout(FACTS_WITHIN, looked).await.ok()?.ok()??;
    let code = vehicle.text("emissionStandard")?;
    let code = records::code::EMISSION.get(code)?;
    Some(code.name(parts.language).to_owned())
}
