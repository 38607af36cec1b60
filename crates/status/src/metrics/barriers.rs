//! Figures of barriers, displays and voices: where the arm is, what inputs say, how soon decisions act and
//! show.

use std::fmt::Write as _;
use std::sync::Arc;

use gate::{ArmState, Input};

use super::head;
use crate::{LaneCounters, Spans};

/// Name, help and spans of one histogram per lane.
type Histogram = (
    &'static str,
    &'static str,
    fn(&LaneCounters) -> Option<&Spans>,
);

const HISTOGRAMS: [Histogram; 5] = [
    (
        "decide_seconds",
        "From the picture that settled it until a decision was given",
        |lane| Some(&lane.decide_took),
    ),
    (
        "commit_seconds",
        "From a decision until its row was durable",
        |lane| Some(&lane.commit_took),
    ),
    (
        "decision_to_barrier_seconds",
        "From a decision to the relay's word that it took the order to raise",
        |lane| (lane.raise_took.count() > 0).then_some(&lane.raise_took),
    ),
    (
        "decision_to_display_seconds",
        "From a decision to the display's word that it shows it",
        |lane| lane.display().map(|_| &lane.display_took),
    ),
    (
        "decision_to_voice_seconds",
        "From a decision to the first sound of its sentence",
        |lane| lane.voice().map(|_| &lane.voice_took),
    ),
];

/// How soon decisions act and show.
pub(super) fn spans(out: &mut String, lanes: &[Arc<LaneCounters>]) {
    for (name, help, spans) in HISTOGRAMS {
        let measured: Vec<_> = lanes
            .iter()
            .filter_map(|lane| Some((lane.name.as_str(), spans(lane)?)))
            .collect();
        if measured.is_empty() {
            continue;
        }
        head(out, name, "histogram", help);
        for (lane, spans) in measured {
            for (end, count) in spans.steps() {
                let _ = writeln!(
                    out,
                    "menjin_{name}_bucket{{lane=\"{lane}\",le=\"{end}\"}} {count}"
                );
            }
            let (count, sum) = (spans.count(), spans.sum_s());
            let _ = writeln!(
                out,
                "menjin_{name}_bucket{{lane=\"{lane}\",le=\"+Inf\"}} {count}\n\
                 menjin_{name}_sum{{lane=\"{lane}\"}} {sum}\n\
                 menjin_{name}_count{{lane=\"{lane}\"}} {count}"
            );
        }
    }
}

/// How displays and voices stand.
pub(super) fn signs(out: &mut String, lanes: &[Arc<LaneCounters>]) {
    type Works = fn(&LaneCounters) -> Option<Option<bool>>;
    let figures: [(&str, &str, Works); 2] = [
        (
            "display_works",
            "1 while the display shows what it is told, 0 while it does not; absent before it was told",
            |lane| lane.display().map(|view| view.works),
        ),
        (
            "voice_works",
            "1 while the lane's voice is heard, 0 while it is not; absent before it spoke",
            |lane| lane.voice().map(|view| view.works),
        ),
    ];
    for (name, help, works) in figures {
        let known: Vec<_> = lanes
            .iter()
            .filter_map(|lane| Some((lane.name.as_str(), works(lane)??)))
            .collect();
        if known.is_empty() {
            continue;
        }
        head(out, name, "gauge", help);
        for (lane, works) in known {
            let _ = writeln!(out, "menjin_{name}{{lane=\"{lane}\"}} {}", u8::from(works));
        }
    }
}

/// Which gates are held open.
pub(super) fn holds(out: &mut String, lanes: &[Arc<LaneCounters>]) {
    if lanes.is_empty() {
        return;
    }
    head(
        out,
        "barrier_held_open",
        "gauge",
        "1 while a person holds the gate open",
    );
    for lane in lanes {
        let (name, held) = (&lane.name, u8::from(lane.hold().is_some()));
        let _ = writeln!(out, "menjin_barrier_held_open{{lane=\"{name}\"}} {held}");
    }
}

/// Of lanes with inputs only: where nothing tells, there is no figure.
pub(super) fn barriers(out: &mut String, lanes: &[Arc<LaneCounters>]) {
    let watched: Vec<_> = lanes
        .iter()
        .filter_map(|lane| Some((lane.name.as_str(), lane.inputs()?)))
        .collect();
    if watched.is_empty() {
        return;
    }
    head(
        out,
        "barrier_arm",
        "gauge",
        "1 for the state in which the arm is, as its limit switches say",
    );
    for (lane, view) in &watched {
        let arm = view.inputs.arm();
        for state in ArmState::ALL {
            let (code, is) = (state.code(), u8::from(state == arm));
            let _ = writeln!(
                out,
                "menjin_barrier_arm{{lane=\"{lane}\",state=\"{code}\"}} {is}"
            );
        }
    }
    head(
        out,
        "barrier_inputs_answer",
        "gauge",
        "1 while the inputs beside the barrier answer",
    );
    for (lane, view) in &watched {
        let answers = u8::from(view.answers == Some(true));
        let _ = writeln!(
            out,
            "menjin_barrier_inputs_answer{{lane=\"{lane}\"}} {answers}"
        );
    }
    head(
        out,
        "barrier_input",
        "gauge",
        "What an input says; absent while that is not known",
    );
    for (lane, view) in &watched {
        for input in Input::ALL {
            let Some(level) = view.inputs.level(input) else {
                continue;
            };
            let (code, level) = (input.code(), u8::from(level));
            let _ = writeln!(
                out,
                "menjin_barrier_input{{lane=\"{lane}\",input=\"{code}\"}} {level}"
            );
        }
    }
}
