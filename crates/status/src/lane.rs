//! What one lane has done since the start.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use camera::{ViewLook, mono_now};
use frame::{Frame, MonoTime};
use gate::{ArmState, DisplayView, InputsView, VoiceView};
use jiff::Timestamp;
use passage::HoldView;
use tokio::sync::watch;

use crate::{NotCountedCounters, Spans};

/// Counters of one lane since the start of the daemon, counted up by its threads.
#[derive(Debug, Default)]
pub struct LaneCounters {
    /// Its name.
    pub name: String,
    /// Pictures looked at.
    pub frames: AtomicU64,
    /// Processor time for finding plates, microseconds.
    pub detect_us: AtomicU64,
    /// Processor time for reading plates, microseconds.
    pub read_us: AtomicU64,
    /// Vehicles that came into the lane.
    pub entered: AtomicU64,
    /// Passages committed.
    pub decided: AtomicU64,
    /// Of these, read without a person.
    pub accepted: AtomicU64,
    /// Passages whose end is committed.
    pub finished: AtomicU64,
    /// Vehicles lost before their decision.
    pub lost: AtomicU64,
    /// What was followed like a plate and is not a vehicle's.
    pub not_counted: NotCountedCounters,
    /// Pictures analysed per second at present, in thousandths.
    pub rate_milli: AtomicU64,
    /// Times that the rate was lowered for overload.
    pub slow_downs: AtomicU64,
    /// Orders to raise that the barrier did not confirm.
    pub barrier_alarms: AtomicU64,
    /// Pictures that could not be read.
    pub vision_errors: AtomicU64,
    /// From decisions to the relay's word that it took the order.
    pub raise_took: Spans,
    /// From decisions to the display's word that it shows them.
    pub display_took: Spans,
    /// From decisions to the first sound.
    pub voice_took: Spans,
    /// From the pictures that settled them until decisions were given.
    pub decide_took: Spans,
    /// From decisions until their rows were durable.
    pub commit_took: Spans,
    last_frame_ms: AtomicU64,
    moved_ms: AtomicU64,
    /// 0 before the first order, 1 when the last one was obeyed, 2 when not.
    barrier_obeyed: AtomicU8,
    barrier_alarm: Mutex<Option<BarrierAlarm>>,
    keeping_fails: AtomicBool,
    inputs: OnceLock<watch::Receiver<InputsView>>,
    display: OnceLock<watch::Receiver<DisplayView>>,
    voice: OnceLock<watch::Receiver<VoiceView>>,
    newest: Mutex<Option<(Frame, Instant)>>,
    hold: Mutex<Option<HoldView>>,
    view: Mutex<ViewLook>,
}

/// A barrier that did not do as it was told at the last order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarrierAlarm {
    /// Its number.
    pub barrier: String,
    /// Code of what was wrong, as the catalogue names it.
    pub kind: &'static str,
}

impl LaneCounters {
    /// All of them 0, for the lane of this name.
    #[must_use]
    pub fn new(name: &str) -> Arc<Self> {
        let lane = Self {
            name: name.to_owned(),
            ..Self::default()
        };
        lane.moved();
        Arc::new(lane)
    }

    /// When the newest picture was taken that was looked at.
    #[must_use]
    pub fn last_frame(&self) -> MonoTime {
        MonoTime::from_ms(self.last_frame_ms.load(Ordering::Relaxed))
    }

    /// A picture of this time was looked at.
    pub fn set_last_frame(&self, at: MonoTime) {
        self.last_frame_ms.store(at.as_ms(), Ordering::Relaxed);
    }

    /// This picture was looked at; its pixels are shared, and whoever looks on takes them from here.
    pub fn show(&self, frame: &Frame) {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((frame.clone(), Instant::now()));
    }

    /// The newest picture that was looked at, and how long ago.
    #[must_use]
    pub fn newest(&self) -> Option<(Frame, Duration)> {
        let newest = self.newest.lock();
        let newest = newest.unwrap_or_else(PoisonError::into_inner).clone();
        newest.map(|(frame, at)| (frame, at.elapsed()))
    }

    /// The lane's thread goes round, with a picture or without.
    pub fn moved(&self) {
        let now = mono_now().as_ms();
        self.moved_ms.store(now, Ordering::Relaxed);
    }

    /// For how long the lane's thread has not gone round.
    #[must_use]
    pub fn unmoved(&self) -> Duration {
        mono_now().since(MonoTime::from_ms(self.moved_ms.load(Ordering::Relaxed)))
    }

    /// Whether the last order to the barrier was obeyed; unknown before the first.
    #[must_use]
    pub fn barrier_obeyed(&self) -> Option<bool> {
        match self.barrier_obeyed.load(Ordering::Relaxed) {
            1 => Some(true),
            2 => Some(false),
            _ => None,
        }
    }

    /// The barrier was given an order, and obeyed or did not.
    pub fn set_barrier_obeyed(&self, obeyed: bool) {
        let code = if obeyed { 1 } else { 2 };
        self.barrier_obeyed.store(code, Ordering::Relaxed);
    }

    /// What was wrong at the last order to the barrier; nothing when it was obeyed.
    #[must_use]
    pub fn barrier_alarm(&self) -> Option<BarrierAlarm> {
        let alarm = self.barrier_alarm.lock();
        alarm.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Something was wrong at an order to the barrier, or it was obeyed.
    pub fn set_barrier_alarm(&self, alarm: Option<BarrierAlarm>) {
        let known = self.barrier_alarm.lock();
        *known.unwrap_or_else(PoisonError::into_inner) = alarm;
    }

    /// The lane's barrier has inputs, which are read from now on.
    pub fn set_inputs(&self, view: watch::Receiver<InputsView>) {
        // A lane sets up its barrier once.
        let _ = self.inputs.set(view);
    }

    /// How the inputs beside the barrier stand; `None` where there are none.
    #[must_use]
    pub fn inputs(&self) -> Option<InputsView> {
        self.inputs.get().map(|view| view.borrow().clone())
    }

    /// Where the arm is, as far as inputs tell.
    #[must_use]
    pub fn arm(&self) -> ArmState {
        let inputs = self.inputs();
        inputs.map_or(ArmState::Unknown, |view| view.inputs.arm())
    }

    /// The lane has a display, which is told decisions from now on.
    pub fn set_display(&self, view: watch::Receiver<DisplayView>) {
        let _ = self.display.set(view);
    }

    /// How the display stands; `None` where there is none.
    #[must_use]
    pub fn display(&self) -> Option<DisplayView> {
        self.display.get().map(|view| view.borrow().clone())
    }

    /// The lane has a voice, which says decisions from now on.
    pub fn set_voice(&self, view: watch::Receiver<VoiceView>) {
        let _ = self.voice.set(view);
    }

    /// How the voice stands; `None` where there is none.
    #[must_use]
    pub fn voice(&self) -> Option<VoiceView> {
        self.voice.get().map(|view| view.borrow().clone())
    }

    /// What the camera's view looks like beside what it was.
    pub fn set_view(&self, look: ViewLook) {
        *self.view.lock().unwrap_or_else(PoisonError::into_inner) = look;
    }

    /// What the camera's view looks like beside what it was.
    #[must_use]
    pub fn view(&self) -> ViewLook {
        *self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A person holds the gate open, or does so no more.
    pub fn set_hold(&self, hold: Option<HoldView>) {
        *self.hold.lock().unwrap_or_else(PoisonError::into_inner) = hold;
    }

    /// The hold that is in force now.
    #[must_use]
    pub fn hold(&self) -> Option<HoldView> {
        let hold = self.hold.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Timestamp::now();
        hold.clone().filter(|hold| hold.holds(now))
    }

    /// Whether a passage waits because the disk or the ledger does not take it.
    #[must_use]
    pub fn keeping_fails(&self) -> bool {
        self.keeping_fails.load(Ordering::Relaxed)
    }

    /// A passage waits for disk or ledger, or was taken at last; gives what was so before.
    pub fn set_keeping_fails(&self, fails: bool) -> bool {
        self.keeping_fails.swap(fails, Ordering::Relaxed)
    }
}

/// One more.
pub fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
