//! What acts and shows at the gate, from the recording to relay, display, voice and screen.

use std::time::Duration;

use passage::Verdict;

use crate::support::{Site, clip, free_port};

#[path = "../../../gate/tests/relays/board.rs"]
#[allow(dead_code, reason = "shared with the gate, whose tests need all of it")]
pub(crate) mod board;
#[path = "../../../gate/tests/signs/card.rs"]
#[allow(dead_code, reason = "shared with the gate, whose tests need all of it")]
pub(crate) mod card;

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_truck_raises_the_arm_once_stands_on_display_and_screen_and_is_spoken_to() {
    let (board, card) = (board::Board::default(), card::Card::default());
    board.state().inputs[1] = true;
    let console = free_port();
    let recording = format!("{{ file = \"{}\" }}", clip("short-720p.mp4").display());
    let site = Site::speaking("zh").lane("a", "in", "front", &recording);
    let said = site.folder.path().join("said.wav");
    let port = format!("tcp://{}", board.on_tcp());
    let site = site.add(&format!(
        "[lane.relay]\ndriver = \"modbus\"\nport = \"{port}\"\npulse = \"100ms\"\ntimeout = \"1s\"\ntotal = \"2s\"\n\
         [lane.inputs]\nport = \"{port}\"\narm_up = 0\narm_down = 1\ntimeout = \"1s\"\nrises_within = \"1s\"\n\
         [lane.display]\nport = \"tcp://{}\"\nkeep = \"120s\"\n\
         [lane.voice]\ndevice = \"file:FILE={},FORMAT=wav\"\n\
         [alarms]\nat_lane = []\n[console]\nlisten = \"127.0.0.1:{console}\"\n[console.screens]\npublic = true\nkeep = \"120s\"\n",
        card.on_tcp(),
        said.display(),
    ));
    let mut daemon = site.start(&[]);
    daemon.until("the record", 3 * MINUTE, |_| !site.passages().is_empty());
    let passage = site.passages().remove(0);
    let plate = passage.reading.plate.clone();
    assert_eq!(passage.decision, Verdict::Allow);
    daemon.until("the display", MINUTE, |_| card.shown().lines[0] == plate);
    daemon.until("the voice", MINUTE, |_| said.exists());
    daemon.until("the alarm: the arm stays down", MINUTE, |daemon| {
        daemon.log().contains("the arm did not rise")
    });
    let page = async |address: String| {
        let answer = reqwest::get(address).await.expect("answers");
        answer.text().await.expect("text")
    };
    let metrics = page(format!("http://127.0.0.1:{}/metrics", site.status_port)).await;
    let allowed = site
        .passages()
        .iter()
        .filter(|p| p.decision == Verdict::Allow)
        .count();
    assert_eq!(board.state().closings[0] as usize, allowed, "once each");
    for line in [
        "menjin_barrier_arm{lane=\"a\",state=\"down\"} 1",
        "menjin_display_works{lane=\"a\"} 1",
    ] {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }
    for name in ["barrier", "display", "voice"] {
        let count = format!("menjin_decision_to_{name}_seconds_count{{lane=\"a\"}} ");
        let line = metrics.lines().find_map(|line| line.strip_prefix(&count));
        let count: u64 = line.expect("there").parse().expect("a number");
        assert!(count >= 1, "{name}: {metrics}");
    }
    let address = format!("http://127.0.0.1:{console}/api/screens/a/events");
    let mut screen = reqwest::get(address).await.expect("answers");
    let mut told = String::new();
    while !told.contains("\"decision\"") {
        let chunk = tokio::time::timeout(MINUTE, screen.chunk()).await;
        let chunk = chunk.expect("in time").expect("read").expect("goes on");
        told += &String::from_utf8_lossy(&chunk);
    }
    assert!(told.contains(&plate), "{told}");
    drop(screen);
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    assert!(!board.state().coils[0], "the contact is open at the end");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_of_a_lane_stands_on_its_display_and_screen_is_spoken_and_told_in_the_terminal() {
    let (board, card) = (board::Board::default(), card::Card::default());
    board.state().inputs[1] = true;
    let console = free_port();
    let gone = "{ url = \"rtsp://127.0.0.1:9/x\" }";
    let site = Site::speaking("zh").lane("a", "in", "front", gone);
    let said = site.folder.path().join("said.wav");
    let port = format!("tcp://{}", board.on_tcp());
    let site = site.add(&format!(
        "[lane.relay]\ndriver = \"modbus\"\nport = \"{port}\"\npulse = \"100ms\"\ntimeout = \"1s\"\ntotal = \"2s\"\n\
         [lane.inputs]\nport = \"{port}\"\narm_up = 0\narm_down = 1\ntimeout = \"1s\"\nrises_within = \"1s\"\n\
         [lane.display]\nport = \"tcp://{}\"\nkeep = \"120s\"\n\
         [lane.voice]\ndevice = \"file:FILE={},FORMAT=wav\"\n\
         [console]\nlisten = \"127.0.0.1:{console}\"\n[console.screens]\npublic = true\nkeep = \"120s\"\n",
        card.on_tcp(),
        said.display(),
    ));
    let mut daemon = site.start(&[]);
    let config = site.config();
    let by = ["--who", "李工", "--why", "号牌读不出", "--config", &config];
    // The arm does not rise: its switch says so.
    let lift = crate::support::menjin(&[&["lift", "a"], &by[..]].concat());
    assert_eq!(lift.status.code(), Some(1));
    let what = "道闸没有确认起杆，请等候人工";
    daemon.until("the display", MINUTE, |_| {
        card.shown().lines.iter().any(|line| line == what)
    });
    daemon.until("the voice", MINUTE, |_| said.exists());
    let address = format!("http://127.0.0.1:{console}/api/screens/a/events");
    let mut screen = reqwest::get(address).await.expect("answers");
    let mut told = String::new();
    while !told.contains("\"decision\"") {
        let chunk = tokio::time::timeout(MINUTE, screen.chunk()).await;
        let chunk = chunk.expect("in time").expect("read").expect("goes on");
        told += &String::from_utf8_lossy(&chunk);
    }
    assert!(
        told.contains(what) && told.contains("\"alarm\":true"),
        "{told}"
    );
    drop(screen);
    daemon.signal("-TERM");
    let (lines, code) = daemon.ended(MINUTE);
    assert_eq!(code, Some(0));
    let told = lines
        .iter()
        .any(|line| line.starts_with("报警 #") && line.contains("没有起来"));
    assert!(told, "the alarm in the terminal: {lines:?}");
}
