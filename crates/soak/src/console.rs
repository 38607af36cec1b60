//! Browsers on a full ledger: how soon the first page is usable and a search answered, and what twenty open
//! browsers cost the lanes that read meanwhile. Daemon, console and recordings are the real ones, at the pace at
//! which they were taken; a browser is what its page asks for, over HTTP. The browsers run beside the daemon, on
//! cores that it would have to itself at a gate.

use std::io::{BufRead as _, BufReader};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Client, Response};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::{ConsoleArgs, Fault, progress};

/// What the first page asks for before it shows anything that waits.
const FIRST_PAGE: [&str; 7] = [
    "/",
    "/api/session",
    "/api/words",
    "/api/lanes",
    "/api/tasks",
    "/api/alarms",
    "/api/passages?limit=30",
];
/// Questions that people ask, each of all 24 months.
const SEARCHES: [(&str, &str); 8] = [
    ("newest", "limit=50"),
    ("part of a plate", "plate=A123"),
    ("look-alikes", "plate=8B0D&similar=true"),
    ("denied", "verdict=deny"),
    ("unread", "unread=true"),
    ("one direction, a colour", "direction=in&color=yellow"),
    ("emission", "emission=5"),
    ("refused by a platform", "uploads=refused"),
];
const BROWSERS: u8 = 20;
/// As at a gate with cameras before and behind two barriers.
const LANES: usize = 4;
/// As the page does: between two pictures of a lane.
const PICTURE_PAUSE: Duration = Duration::from_millis(280);
/// Readings are counted for so long, without and with browsers in turn.
const WINDOW: Duration = Duration::from_secs(20);

pub(crate) async fn run(args: &ConsoleArgs) -> Result<Value, Fault> {
    let gate = Gate::start(args).await?;
    let first = gate.first_page(args.runs).await?;
    progress(&format!("first page {first} ms (p95)"));
    let mut searches = serde_json::Map::new();
    let mut slowest = 0;
    for (name, query) in SEARCHES {
        let path = format!("/api/passages?{query}");
        let p95 = gate.p95(&[&path], args.runs).await?;
        progress(&format!("search {name}: {p95} ms (p95)"));
        slowest = slowest.max(p95);
        searches.insert(name.to_owned(), p95.into());
    }
    let (alone, watched) = gate.with_browsers(args.rounds).await?;
    let cost = 1.0 - watched.readings / alone.readings;
    let cpu = (watched.cpu_seconds - alone.cpu_seconds) / watched.seconds;
    progress(&format!(
        "{BROWSERS} browsers cost {:.1} % of the readings, and {:.1} % of a core",
        cost * 100.0,
        cpu * 100.0
    ));
    let held =
        first <= args.first_limit_ms && slowest <= args.search_limit_ms && cost <= args.cost_limit;
    let figures = json!({
        "trial": "console", "first_page_p95_ms": first, "searches_p95_ms": searches,
        "lanes": LANES, "browsers": BROWSERS,
        "readings_per_second": { "alone": alone.rate(), "watched": watched.rate() },
        "readings_lost_share": thousandths(cost), "browsers_cores": thousandths(cpu),
    });
    match held {
        true => Ok(figures),
        false => Err(format!("a limit was passed: {figures}").into()),
    }
}

/// A running daemon, and somebody who is signed in.
struct Gate {
    process: Child,
    http: Client,
    base: String,
    status: SocketAddr,
    cookie: String,
}

impl Drop for Gate {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Gate {
    async fn start(args: &ConsoleArgs) -> Result<Self, Fault> {
        let [console, status] = [free()?, free()?];
        let folder = tempfile::tempdir()?;
        let config = folder.path().join("menjin.toml");
        std::fs::write(&config, configuration(args, console, status)?)?;
        let mut process = Command::new(&args.program)
            .args(["run", "--config"])
            .arg(&config)
            .env("RUST_LOG", "console=info,menjin=info,warn")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let log = process.stderr.take().ok_or("no log")?;
        let mut gate = Self {
            process,
            http: Client::new(),
            base: format!("http://{console}"),
            status,
            cookie: String::new(),
        };
        let code = tokio::task::spawn_blocking(move || code(log)).await??;
        let account = json!({ "name": "installer", "password": "a long password" });
        for (path, told) in [
            ("/api/session/code", json!({ "code": code })),
            ("/api/setup", account),
        ] {
            let request = gate.http.post(format!("{}{path}", gate.base)).json(&told);
            let request = request.header("x-menjin", "1").header("origin", &gate.base);
            let answer = request
                .header("cookie", &gate.cookie)
                .send()
                .await?
                .error_for_status()?;
            let set = answer.headers()["set-cookie"].to_str()?;
            set.split(';')
                .next()
                .unwrap_or_default()
                .clone_into(&mut gate.cookie);
        }
        Ok(gate)
    }

    async fn get(&self, path: &str) -> Result<Response, Fault> {
        let request = self.http.get(format!("{}{path}", self.base));
        let answer = request.header("cookie", &self.cookie).send().await?;
        Ok(answer.error_for_status()?)
    }

    /// Until everything that the first page asks for has come, milliseconds; 95 of 100 took no longer.
    async fn first_page(&self, runs: usize) -> Result<u64, Fault> {
        let page = self.get("/").await?.text().await?;
        let scripts = page.split('"').filter(|text| text.starts_with("/assets/"));
        let all: Vec<&str> = FIRST_PAGE.into_iter().chain(scripts).collect();
        self.p95(&all, runs).await
    }

    /// How long all of these take that are asked for at once.
    async fn p95(&self, paths: &[&str], runs: usize) -> Result<u64, Fault> {
        let mut times = Vec::new();
        for run in 0..=runs {
            let begun = Instant::now();
            let asked = paths.iter().map(|path| async {
                let whole = self.get(path).await?.bytes().await?;
                Ok::<_, Fault>(whole.len())
            });
            futures::future::try_join_all(asked).await?;
            // The first one warms up.
            if run > 0 {
                times.push(u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX));
            }
        }
        times.sort_unstable();
        let index = (times.len() * 95).div_ceil(100).saturating_sub(1);
        times.get(index).copied().ok_or_else(|| "no runs".into())
    }

    /// What the lanes read and the daemon needed without and with browsers that look on, a window of each in turn.
    async fn with_browsers(&self, rounds: usize) -> Result<(Work, Work), Fault> {
        let (mut alone, mut watched) = (Work::default(), Work::default());
        for _ in 0..rounds {
            alone.add(self.work().await?);
            let mut browsers = JoinSet::new();
            for number in 0..BROWSERS {
                browsers.spawn(browser(
                    from_another_place(number)?,
                    self.base.clone(),
                    self.cookie.clone(),
                ));
            }
            watched.add(self.work().await?);
            let ended = browsers.try_join_next().is_some();
            browsers.shutdown().await;
            if ended {
                return Err("a browser was refused".into());
            }
        }
        Ok((alone, watched))
    }

    /// What is done in a window.
    async fn work(&self) -> Result<Work, Fault> {
        let begun = Instant::now();
        let before = self.done().await?;
        sleep(WINDOW).await;
        let after = self.done().await?;
        let work = Work {
            seconds: begun.elapsed().as_secs_f64(),
            readings: after.readings - before.readings,
            cpu_seconds: after.cpu_seconds - before.cpu_seconds,
        };
        match work.readings > 0.0 {
            true => Ok(work),
            false => Err("nothing is read: the recording is over".into()),
        }
    }

    /// What was done since the daemon began.
    async fn done(&self) -> Result<Work, Fault> {
        let page = self.http.get(format!("http://{}/metrics", self.status));
        let page = page.send().await?.text().await?;
        let sum = |name: &str| -> Result<f64, Fault> {
            let lines = page.lines().filter(|line| line.starts_with(name));
            let values = lines.filter_map(|line| line.rsplit_once(' '));
            Ok(values
                .map(|(_, value)| value.parse::<f64>())
                .sum::<Result<f64, _>>()?)
        };
        Ok(Work {
            seconds: 0.0,
            readings: sum("menjin_frames_analysed_total{")?,
            cpu_seconds: sum("process_cpu_seconds_total ")?,
        })
    }
}

/// What lanes and daemon did.
#[derive(Debug, Clone, Copy, Default)]
struct Work {
    seconds: f64,
    /// Pictures that were read.
    readings: f64,
    /// Of the daemon.
    cpu_seconds: f64,
}

impl Work {
    fn add(&mut self, more: Self) {
        self.seconds += more.seconds;
        self.readings += more.readings;
        self.cpu_seconds += more.cpu_seconds;
    }

    /// Readings a second.
    fn rate(self) -> f64 {
        (self.readings / self.seconds * 10.0).round() / 10.0
    }
}

fn thousandths(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// A browser on a computer of its own: one address may hold only so many connections.
fn from_another_place(number: u8) -> Result<Client, Fault> {
    let address = std::net::Ipv4Addr::new(127, 0, 1, number + 1);
    Ok(Client::builder()
        .local_address(IpAddr::V4(address))
        .build()?)
}

/// What an open page does: it follows the events, and shows each lane live.
async fn browser(http: Client, base: String, cookie: String) -> Result<(), Fault> {
    let get = |path: &str| http.get(format!("{base}{path}")).header("cookie", &cookie);
    let looks = (0..LANES).map(|lane| async move {
        let path = format!("/api/lanes/lane-{lane}/picture");
        let mut tag = String::new();
        loop {
            let picture = get(&path).header("if-none-match", &tag).send().await?;
            let picture = picture.error_for_status()?;
            if let Some(new) = picture.headers().get("etag") {
                new.to_str()?.clone_into(&mut tag);
            }
            picture.bytes().await?;
            sleep(PICTURE_PAUSE).await;
        }
    });
    let follows = async {
        let mut events = get("/api/events").send().await?.error_for_status()?;
        while let Some(event) = events.chunk().await? {
            if event.starts_with(b"event: ping") {
                continue;
            }
            for path in ["/api/lanes", "/api/tasks"] {
                get(path).send().await?.error_for_status()?.bytes().await?;
            }
        }
        Err::<(), Fault>("the events ended".into())
    };
    let looks = futures::future::try_join_all(looks);
    tokio::select! {
        ended = follows => ended,
        ended = looks => ended.map(|_: Vec<()>| ()),
    }
}

/// The code that the service prints while nobody has an account.
fn code(log: impl std::io::Read + Send + 'static) -> Result<String, Fault> {
    let mut lines = BufReader::new(log).lines();
    let found = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let told = line.split("address=\"http").nth(1)?;
        let code = told.split("code=\"").nth(1)?.split('"').next()?;
        Some(code.to_owned())
    });
    // Whoever does not read it would stop the daemon.
    std::thread::spawn(move || lines.for_each(drop));
    found.ok_or_else(|| "the daemon ended before it was ready; is the ledger there?".into())
}

fn free() -> std::io::Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}

fn configuration(
    args: &ConsoleArgs,
    console: SocketAddr,
    status: SocketAddr,
) -> Result<String, Fault> {
    let whole = |path: &Path| -> Result<String, Fault> {
        Ok(toml::Value::from(std::path::absolute(path)?.display().to_string()).to_string())
    };
    let recording = whole(&args.recording)?;
    let site = format!(
        "[storage]\nfolder = {}\n[models]\nfolder = {}\n[status]\nlisten = \"{status}\"\n\
         [console]\nlisten = \"{console}\"\n",
        whole(&args.ledger)?,
        whole(&args.models)?,
    );
    let lanes = (0..LANES).map(|lane| {
        format!(
            "[[lane]]\nname = \"lane-{lane}\"\nentrance = \"A\"\nbarrier = \"0{lane}\"\ndirection = \"in\"\n\
             view = \"front\"\ncamera = {{ file = {recording}, repeat = true }}\n"
        )
    });
    Ok(site + &lanes.collect::<String>())
}
