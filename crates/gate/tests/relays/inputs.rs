//! Inputs beside a barrier: where the arm is, and what nobody knows.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use gate::{
    Actuation, AlarmKind, ArmState, BarrierQueue, Input, InputEvent, InputsSettings, LastRaise,
    OrderReport, QueueLimits,
};
use passage::{LanePlace, Verdict};
use tokio::sync::broadcast;

use super::board::{Board, Fault};
use super::{lift, relay, until};

pub(crate) fn place() -> LanePlace {
    LanePlace {
        lane: "north-in".into(),
        entrance: "A".into(),
        barrier: "01".into(),
        sees_rear: false,
    }
}

fn on(board: &Board) -> InputsSettings {
    let address = board.on_tcp();
    super::inputs(&format!(
        "port = \"tcp://{address}\"\nunit = 7\ntimeout = \"80ms\"\npoll = \"10ms\"\nrises_within = \"400ms\"\n\
         arm_up = 2\narm_down = 3\nloop = 9\nnormally_closed = [\"loop\"]"
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn inputs_tell_where_the_arm_is_and_each_change_is_told_once() {
    let board = Board::default();
    board.state().inputs[3] = true;
    board.state().inputs[9] = true;
    let (events, mut told) = broadcast::channel(64);
    let last = LastRaise::default();
    let watched = on(&board).watch(place(), last, events).expect("right");
    let mut view = watched.view();
    let arm = |state: ArmState| move |view: &gate::InputsView| view.inputs.arm() == state;
    view.wait_for(arm(ArmState::Down)).await.expect("watched");
    board.state().inputs[3] = false;
    view.wait_for(arm(ArmState::Between))
        .await
        .expect("watched");
    board.state().inputs[2] = true;
    view.wait_for(arm(ArmState::Up)).await.expect("watched");
    board.state().inputs[9] = false;
    let occupied = |view: &gate::InputsView| view.inputs.level(Input::Loop) == Some(true);
    view.wait_for(occupied).await.expect("watched");

    let mut all = Vec::new();
    while let Ok(InputEvent {
        input,
        level,
        before,
        ..
    }) = told.try_recv()
    {
        all.push((input, before, level));
    }
    let (off, on) = (Some(false), Some(true));
    assert_eq!(
        all,
        [
            (Input::ArmUp, None, off),
            (Input::ArmDown, None, on),
            (Input::Loop, None, off),
            (Input::ArmDown, on, off),
            (Input::ArmUp, off, on),
            (Input::Loop, off, on),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn inputs_that_do_not_answer_say_nothing_and_not_what_they_said_last() {
    let board = Board::default();
    board.state().inputs[2] = true;
    let events = broadcast::Sender::new(64);
    let mut told = events.subscribe();
    let watched = on(&board)
        .watch(place(), LastRaise::default(), events)
        .expect("right");
    let mut view = watched.view();
    let is_up = |view: &gate::InputsView| view.inputs.arm() == ArmState::Up;
    view.wait_for(is_up).await.expect("watched");
    board.state().always = Some(Fault::Deaf);
    let away = |view: &gate::InputsView| view.answers == Some(false);
    let seen = view.wait_for(away).await.expect("watched").clone();
    assert_eq!(seen.inputs.arm(), ArmState::Unknown);
    assert!(!seen.detail.is_empty());
    board.state().always = None;
    view.wait_for(is_up).await.expect("watched");
    let ends: Vec<_> = std::iter::from_fn(|| told.try_recv().ok())
        .filter(|event| event.input == Input::ArmUp)
        .map(|event| event.level)
        .collect();
    assert_eq!(ends, [Some(true), None, Some(true)]);
}

/// A queue with a relay that opens by itself and the inputs of the same board.
fn queue(board: &Board, last: LastRaise) -> (BarrierQueue, Arc<Mutex<Vec<OrderReport>>>) {
    let address = board.on_tcp();
    let relay = relay(&format!(
        "driver = \"modbus\"\nport = \"tcp://{address}\"\nnumber = 0\npulse = \"0s\"\ntimeout = \"80ms\""
    ));
    let events = broadcast::Sender::new(64);
    let watched = on(board)
        .watch(place(), last.clone(), events)
        .expect("right");
    let reports = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&reports);
    let queue = BarrierQueue::open_watched(
        relay.open().expect("right"),
        Some(watched),
        last,
        QueueLimits::default(),
        move |report| kept.lock().expect("no panic").push(report),
    );
    (queue, reports)
}

async fn ended(reports: &Mutex<Vec<OrderReport>>) -> Result<Actuation, AlarmKind> {
    until(|| !reports.lock().expect("no panic").is_empty(), "a report").await;
    let report = reports.lock().expect("no panic").remove(0);
    report.result.map_err(|alarm| alarm.kind)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_arm_that_rises_is_seen_up_and_one_that_does_not_is_an_alarm() {
    let board = Board::default();
    board.state().inputs[3] = true;
    let last = LastRaise::default();
    let (queue, reports) = queue(&board, last.clone());
    assert_eq!(last.ago(), None);
    queue.act(Verdict::Allow, lift("1"));
    until(|| board.state().closings[0] == 1, "the order").await;
    board.state().inputs[3] = false;
    board.state().inputs[2] = true;
    assert_eq!(ended(&reports).await, Ok(Actuation::SeenUp));
    assert!(last.ago().is_some());

    board.state().inputs[2] = false;
    board.state().inputs[3] = true;
    tokio::time::sleep(Duration::from_millis(200)).await;
    queue.act(Verdict::Allow, lift("2"));
    assert_eq!(ended(&reports).await, Err(AlarmKind::DidNotMove));

    queue.act(Verdict::Deny, lift("3"));
    assert_eq!(ended(&reports).await, Ok(Actuation::KeptDown));
    queue.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_inputs_do_not_tell_nobody_claims_that_the_arm_rose_or_did_not() {
    let board = Board::default();
    // Both at once: a switch is stuck.
    board.state().inputs[2] = true;
    board.state().inputs[3] = true;
    let (queue, reports) = queue(&board, LastRaise::default());
    queue.act(Verdict::Allow, lift("1"));
    assert_eq!(ended(&reports).await, Ok(Actuation::Raised));
    queue.act(Verdict::Allow, lift("2"));
    until(|| board.state().requests > 3, "sent").await;
    queue.close().await;
    assert_eq!(
        ended(&reports).await,
        Ok(Actuation::Raised),
        "told at the end"
    );
}
