//! A relay on a Modbus line, one order at a time.

use std::time::{Duration, Instant};

use gate::{Actuation, AlarmKind};

use super::board::{Board, Fault};
use super::{raise, relay, until};

const KEYS: &str =
    "driver = \"modbus\"\nnumber = 3\nunit = 7\ntimeout = \"80ms\"\ntotal = \"600ms\"";

fn tcp(board: &Board, more: &str) -> gate::BarrierSettings {
    let address = board.on_tcp();
    relay(&format!("{KEYS}\nport = \"tcp://{address}\"\n{more}"))
}

fn serial(board: &Board, more: &str) -> gate::BarrierSettings {
    let near = board.on_serial();
    relay(&format!("{KEYS}\nport = \"{}\"\n{more}", near.display()))
}

#[tokio::test(flavor = "multi_thread")]
async fn one_order_closes_the_contact_once_and_opens_it_again_over_tcp_and_over_a_serial_line() {
    for settings in [tcp, serial] {
        let board = Board::default();
        let relay = settings(&board, "pulse = \"40ms\"").open().expect("right");
        for order in 1..=3 {
            assert_eq!(raise(&*relay).await, Ok(Actuation::Raised));
            assert_eq!(board.state().closings[3], order);
            until(|| !board.state().coils[3], "it opens again").await;
        }
        assert_eq!(
            board.state().closings.iter().sum::<u32>(),
            3,
            "no other contact"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_within_the_pulse_of_the_one_before_is_a_second_closing() {
    let board = Board::default();
    let relay = tcp(&board, "pulse = \"5s\"").open().expect("right");
    assert_eq!(raise(&*relay).await, Ok(Actuation::Raised));
    assert_eq!(raise(&*relay).await, Ok(Actuation::Raised));
    assert_eq!(board.state().closings[3], 2);
    relay.settle().await;
    assert!(!board.state().coils[3], "open at the end");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_is_written_once_where_the_board_ends_the_pulse_itself() {
    let board = Board::default();
    let more = "write = \"register\"\non = 5\npulse = \"0s\"";
    let relay = tcp(&board, more).open().expect("right");
    relay.begin().await;
    assert_eq!(raise(&*relay).await, Ok(Actuation::Raised));
    relay.settle().await;
    assert_eq!(board.state().registers, [(3, 5)]);
}

/// What each fault of a board comes to, for a contact that we open again and for one that opens by
/// itself: how the order ends, how often it was sent at most, how often the contact closed.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_board_gets_wrong_once_is_an_alarm_or_made_good_and_never_a_second_closing() {
    let again = Ok(Actuation::Raised);
    let table = [
        (Fault::Mute, again, Err(AlarmKind::TimedOut), 1),
        (Fault::Deaf, again, Err(AlarmKind::TimedOut), 0),
        (Fault::Cut, again, Err(AlarmKind::Unanswered), 1),
        (Fault::OtherUnit, again, Err(AlarmKind::Unanswered), 1),
        (Fault::OtherCoil, again, Err(AlarmKind::Unanswered), 1),
        (
            Fault::Exception(1),
            Err(AlarmKind::Refused),
            Err(AlarmKind::Refused),
            0,
        ),
        (
            Fault::Exception(2),
            Err(AlarmKind::Refused),
            Err(AlarmKind::Refused),
            0,
        ),
        (
            Fault::Exception(3),
            Err(AlarmKind::Refused),
            Err(AlarmKind::Refused),
            0,
        ),
        (Fault::Exception(4), again, Err(AlarmKind::Unanswered), 0),
        (Fault::Exception(6), again, again, 1),
        (Fault::Exception(10), again, again, 1),
        (Fault::Exception(11), again, Err(AlarmKind::Unanswered), 0),
    ];
    for (fault, opened_by_us, opens_by_itself, closings) in table {
        for (pulse, ends, closings) in [
            (
                "pulse = \"30ms\"",
                opened_by_us,
                u32::from(opened_by_us.is_ok()),
            ),
            ("pulse = \"0s\"", opens_by_itself, closings),
        ] {
            let board = Board::default();
            let relay = tcp(&board, pulse).open().expect("right");
            relay.begin().await;
            until(
                || pulse.contains("0s") || board.state().requests == 1,
                "begun",
            )
            .await;
            board.state().faults.push(fault);
            let ended = raise(&*relay).await.map_err(|alarm| alarm.kind);
            assert_eq!(ended, ends, "{fault:?}, {pulse}");
            assert_eq!(board.state().closings[3], closings, "{fault:?}, {pulse}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn half_frames_and_noise_on_a_serial_line_move_nothing_twice() {
    for fault in [Fault::Half, Fault::Noise, Fault::OtherUnit, Fault::Mute] {
        let board = Board::default();
        let by_us = serial(&board, "pulse = \"30ms\"").open().expect("right");
        by_us.begin().await;
        until(|| board.state().requests == 1, "begun").await;
        board.state().faults.push(fault);
        assert_eq!(raise(&*by_us).await, Ok(Actuation::Raised), "{fault:?}");
        assert_eq!(board.state().closings[3], 1, "{fault:?}");

        let board = Board::default();
        let by_itself = serial(&board, "pulse = \"0s\"").open().expect("right");
        board.state().faults.push(fault);
        let alarm = raise(&*by_itself).await.expect_err("not known");
        assert!(
            matches!(alarm.kind, AlarmKind::TimedOut | AlarmKind::Unanswered),
            "{fault:?}: {alarm:?}"
        );
        assert_eq!((alarm.tries, board.state().requests), (1, 1), "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_that_says_nothing_is_given_up_in_time_and_nobody_claims_to_know_where_the_arm_is()
{
    let board = Board::default();
    board.state().always = Some(Fault::Mute);
    for pulse in ["pulse = \"30ms\"", "pulse = \"0s\""] {
        let start = Instant::now();
        let relay = tcp(&board, pulse).open().expect("right");
        let alarm = raise(&*relay).await.expect_err("no answer");
        assert_eq!(alarm.kind, AlarmKind::TimedOut);
        assert!(start.elapsed() < Duration::from_secs(1));
        let said = alarm.text(words::Language::En, "01");
        assert!(said.contains("check whether it went up"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_answers_nothing_was_sent_and_the_alarm_says_so() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    for port in [format!("tcp://{address}"), "/dev/no-such-line".to_owned()] {
        let relay = relay(&format!("{KEYS}\nport = \"{port}\"\npulse = \"0s\""));
        let relay = relay.open().expect("right");
        let alarm = raise(&*relay).await.expect_err("nobody");
        assert_eq!(alarm.kind, AlarmKind::Unreachable, "{port}");
        assert!(alarm.tries > 1, "it may be tried again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_that_could_not_be_opened_is_opened_when_the_board_hears_again() {
    let board = Board::default();
    let relay = tcp(&board, "pulse = \"30ms\"").open().expect("right");
    assert_eq!(raise(&*relay).await, Ok(Actuation::Raised));
    board.state().always = Some(Fault::Deaf);
    let asked = board.state().requests;
    until(|| board.state().requests > asked, "it is tried").await;
    assert!(board.state().coils[3], "still closed");
    board.state().always = None;
    until(|| !board.state().coils[3], "open again").await;
    assert_eq!(board.state().closings[3], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_that_a_killed_daemon_left_closed_is_opened_at_the_start() {
    let board = Board::default();
    board.state().coils[3] = true;
    let relay = tcp(&board, "pulse = \"30ms\"").open().expect("right");
    relay.begin().await;
    until(|| !board.state().coils[3], "open").await;
    assert_eq!(board.state().closings[3], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn relays_and_inputs_on_one_line_wait_for_each_other() {
    let board = Board::default();
    board.state().takes = Duration::from_millis(5);
    let near = board.on_serial();
    let port = format!("port = \"{}\"", near.display());
    let keys = "driver = \"modbus\"\ntimeout = \"500ms\"\npulse = \"20ms\"";
    let one = relay(&format!("{keys}\n{port}\nnumber = 1\nunit = 1"));
    let two = relay(&format!("{keys}\n{port}\nnumber = 2\nunit = 2"));
    let (one, two) = (one.open().expect("right"), two.open().expect("right"));
    let inputs = super::inputs(&format!("{port}\nunit = 3\nloop = 0\npoll = \"10ms\""));
    let events = tokio::sync::broadcast::Sender::new(16);
    let _watched = inputs
        .watch(super::inputs::place(), gate::LastRaise::default(), events)
        .expect("right");
    for _ in 0..10 {
        let (one, two) = tokio::join!(raise(&*one), raise(&*two));
        assert_eq!((one, two), (Ok(Actuation::Raised), Ok(Actuation::Raised)));
        let all_open = || !board.state().coils.contains(&true);
        until(all_open, "both open").await;
    }
    let state = board.state();
    assert_eq!((state.closings[1], state.closings[2]), (10, 10));
    assert_eq!(state.overtaken, 0, "one request at a time");
}

#[tokio::test]
async fn a_port_that_is_set_in_two_ways_is_a_mistake() {
    let board = Board::default();
    let near = board.on_serial();
    let port = format!("driver = \"modbus\"\nport = \"{}\"", near.display());
    let first = relay(&port).open().expect("right");
    let other = relay(&format!("{port}\nbaud = 19200")).open();
    let told = other.err().expect("a mistake").remove(0);
    assert_eq!(told.key, "port");
    drop(first);
    assert!(relay(&format!("{port}\nbaud = 19200")).open().is_ok());
}
