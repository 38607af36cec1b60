//! Events on standard error, few enough for any disk.

use std::collections::HashMap;
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::callsite::Identifier;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

/// What a place in the program may say at once.
const AT_ONCE: f64 = 100.0;
/// And from then on each second: ten megabytes a day, whoever sends a million bad requests.
const PER_SECOND: f64 = 0.5;
/// Words from outside (of platforms, senders, cameras) make no longer line.
const LINE_BYTES: usize = 4096;
/// So often it is told what was left out.
const TOLD_EVERY: Duration = Duration::from_secs(60);

/// Events go to standard error; `RUST_LOG` chooses which. What comes again and again is left out
/// and counted: whoever stands outside (a camera, a sender of bad requests) must not fill the disk.
pub fn start_log() {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,retina=warn,rumqttc=warn,hyper=warn,ort=warn"));
    let is_journal = is_journal();
    let lines = fmt::layer()
        .with_writer(Lines { is_journal })
        .with_ansi(io::IsTerminal::is_terminal(&io::stderr()));
    // The journal has the time of each line, and its priority for `journalctl -p`.
    let lines = match is_journal {
        true => lines.without_time().boxed(),
        false => lines.boxed(),
    };
    let seldom = Seldom::default();
    let left_out = Arc::clone(&seldom.0);
    let log = tracing_subscriber::registry();
    let started = log.with(filter).with(seldom).with(lines).try_init();
    // A second start in one process (tests) keeps the first log.
    if started.is_ok() {
        let told = std::thread::Builder::new().name("log".to_owned());
        // Without it only the counts are missing.
        let _ = told.spawn(move || tell_what_is_left_out(&left_out));
    }
}

fn tell_what_is_left_out(places: &Places) {
    loop {
        std::thread::sleep(TOLD_EVERY);
        for (place, lines) in left_out(places) {
            let (file, line) = (place.file().unwrap_or_default(), place.line().unwrap_or(0));
            tracing::warn!(target: "log", lines, of = place.target(), "said again and again at {file}:{line}; these lines were left out");
        }
    }
}

/// Whether standard error is systemd's journal, as systemd says it.
fn is_journal() -> bool {
    let stream = std::env::var("JOURNAL_STREAM").ok();
    let own = std::fs::metadata("/proc/self/fd/2");
    stream.is_some_and(|named| own.is_ok_and(|own| named == format!("{}:{}", own.dev(), own.ino())))
}

/// Writers for events of each level.
struct Lines {
    is_journal: bool,
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Short<io::Stderr>;

    fn make_writer(&'a self) -> Self::Writer {
        Short(io::stderr(), "")
    }

    fn make_writer_for(&'a self, of: &Metadata<'_>) -> Self::Writer {
        let mark = if self.is_journal {
            mark(*of.level())
        } else {
            ""
        };
        Short(io::stderr(), mark)
    }
}

/// How the journal is told a line's priority: sd-daemon(3).
fn mark(level: Level) -> &'static str {
    match level {
        Level::ERROR => "<3>",
        Level::WARN => "<4>",
        Level::INFO => "<6>",
        _ => "<7>",
    }
}

/// Lines of limited length behind their mark; each comes as one write.
struct Short<W>(W, &'static str);

impl<W: Write> Write for Short<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut marked = self.1.as_bytes().to_vec();
        if line.len() <= LINE_BYTES {
            marked.extend_from_slice(line);
        } else {
            let text = String::from_utf8_lossy(&line[..LINE_BYTES]);
            let whole = text.trim_end_matches('\u{fffd}');
            writeln!(marked, "{whole} …")?;
        }
        self.0.write_all(&marked)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

type Places = Mutex<HashMap<Identifier, Place>>;

/// Lets a place speak within its measure. What is asked for with `debug` or `trace` is not measured:
/// a person looks at it.
#[derive(Default)]
struct Seldom(Arc<Places>);

struct Place {
    what: &'static Metadata<'static>,
    budget: f64,
    at: Instant,
    left_out: u64,
}

impl<S: Subscriber> Layer<S> for Seldom {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let what = event.metadata();
        *what.level() > Level::INFO || may_speak(&self.0, what, Instant::now())
    }
}

fn may_speak(places: &Places, what: &'static Metadata<'static>, now: Instant) -> bool {
    let mut places = places.lock().unwrap_or_else(PoisonError::into_inner);
    let place = places.entry(what.callsite()).or_insert(Place {
        what,
        budget: AT_ONCE,
        at: now,
        left_out: 0,
    });
    let passed = now.saturating_duration_since(place.at).as_secs_f64();
    place.budget = (place.budget + passed * PER_SECOND).min(AT_ONCE);
    place.at = now;
    let may = place.budget >= 1.0;
    if may {
        place.budget -= 1.0;
    } else {
        place.left_out += 1;
    }
    may
}

/// What was left out since the last time, by the place that said it.
fn left_out(places: &Places) -> Vec<(&'static Metadata<'static>, u64)> {
    let mut places = places.lock().unwrap_or_else(PoisonError::into_inner);
    let counts = places
        .values_mut()
        .map(|place| (place.what, std::mem::take(&mut place.left_out)));
    counts.filter(|(_, lines)| *lines > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("whole").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_is_said_a_hundred_thousand_times_is_left_out_and_counted_and_others_are_heard() {
        let written = Written::default();
        let (seldom, to) = (Seldom::default(), written.clone());
        let places = Arc::clone(&seldom.0);
        let lines = fmt::layer().with_writer(move || to.clone());
        let log = tracing_subscriber::registry().with(seldom).with(lines);
        tracing::subscriber::with_default(log, || {
            for _ in 0..100_000 {
                tracing::warn!("a bad request");
            }
            tracing::error!("the disk is full");
        });
        let text = String::from_utf8(written.0.lock().expect("whole").clone()).expect("text");
        let said = text.matches("a bad request").count();
        assert!((100..1_000).contains(&said), "{said}");
        assert!(text.contains("the disk is full"));
        let counted = left_out(&places);
        let lines: Vec<u64> = counted.iter().map(|(_, lines)| *lines).collect();
        assert_eq!(lines, [100_000 - said as u64]);
        assert!(left_out(&places).is_empty(), "told once");
    }

    #[test]
    fn a_long_line_is_cut_between_two_characters() {
        let written = Written::default();
        let to = written.clone();
        let lines = fmt::layer().with_writer(move || Short(to.clone(), "<4>"));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), || {
            for pad in 0..3 {
                tracing::warn!("{}{}", "x".repeat(pad), "京".repeat(100_000));
            }
        });
        let text = String::from_utf8(written.0.lock().expect("whole").clone());
        let text = text.expect("whole characters");
        assert_eq!(text.lines().count(), 3);
        assert!(text.lines().all(|line| line.starts_with("<4>")), "{text}");
        let mut lengths = text.lines().map(str::len);
        assert!(lengths.all(|bytes| (4000..4200).contains(&bytes)), "{text}");
    }
}
