//! Figures of this process under the names that every exporter gives them, from `/proc`.

use std::fmt::Write as _;

/// Ticks of a second in `/proc/PID/stat`: the same on every Linux for x86 and ARM (`USER_HZ`).
const TICKS_PER_SECOND: f64 = 100.0;

/// The program that runs, as `menjin_build_info` tells it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Build {
    /// Its version.
    pub version: &'static str,
    /// The commit that it was built from; empty when the build did not know it.
    pub commit: &'static str,
}

pub(super) fn build(out: &mut String, build: Build) {
    super::head(
        out,
        "build_info",
        "gauge",
        "The program that runs; always 1",
    );
    let Build { version, commit } = build;
    let _ = writeln!(
        out,
        "menjin_build_info{{version=\"{version}\",commit=\"{commit}\"}} 1"
    );
}

/// What the system says of this process; what it does not say is left out.
pub(super) fn process(out: &mut String) {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let fds = std::fs::read_dir("/proc/self/fd").map(|dir| dir.count() as f64);
    let figures = figures(
        &read("/proc/self/stat"),
        &read("/proc/self/status"),
        &read("/proc/self/limits"),
        &read("/proc/stat"),
    );
    for (name, kind, help, value) in figures {
        figure(out, name, kind, help, value);
    }
    let help = "Number of open file descriptors.";
    figure(out, "open_fds", "gauge", help, fds.ok());
}

fn figure(out: &mut String, name: &str, kind: &str, help: &str, value: Option<f64>) {
    let Some(value) = value else { return };
    let _ = writeln!(
        out,
        "# HELP process_{name} {help}\n# TYPE process_{name} {kind}\nprocess_{name} {value}"
    );
}

type ProcessFigure = (&'static str, &'static str, &'static str, Option<f64>);

fn figures(stat: &str, status: &str, limits: &str, system: &str) -> [ProcessFigure; 6] {
    // The program's name stands in brackets and may hold anything, brackets too.
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    // The third of proc(5) comes first.
    let ticks = |field: usize| -> Option<f64> {
        let ticks: f64 = after
            .split_ascii_whitespace()
            .nth(field - 3)?
            .parse()
            .ok()?;
        Some(ticks / TICKS_PER_SECOND)
    };
    let line = |text: &str, name: &str| -> Option<f64> {
        let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
        rest.split_ascii_whitespace().next()?.parse().ok()
    };
    let bytes = |name: &str| line(status, name).map(|kib| kib * 1024.0);
    let began = || Some(line(system, "btime")? + ticks(22)?);
    [
        (
            "cpu_seconds_total",
            "counter",
            "Total user and system CPU time spent in seconds.",
            ticks(14).zip(ticks(15)).map(|(user, system)| user + system),
        ),
        (
            "resident_memory_bytes",
            "gauge",
            "Resident memory size in bytes.",
            bytes("VmRSS:"),
        ),
        (
            "virtual_memory_bytes",
            "gauge",
            "Virtual memory size in bytes.",
            bytes("VmSize:"),
        ),
        (
            "threads",
            "gauge",
            "Number of OS threads in the process.",
            line(status, "Threads:"),
        ),
        (
            "max_fds",
            "gauge",
            "Maximum number of open file descriptors.",
            line(limits, "Max open files"),
        ),
        (
            "start_time_seconds",
            "gauge",
            "Start time of the process since unix epoch in seconds.",
            began(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_proc_says_is_told_in_seconds_and_bytes_whatever_the_program_is_called() {
        let stat = "42 (odd) name) S 1 42 42 0 -1 4194560 9 0 0 0 250 150 0 0 20 0 9 0 6000 9 9";
        let status = "Name:\todd\nVmSize:\t    200 kB\nVmRSS:\t      100 kB\nThreads:\t9\n";
        let limits =
            "Limit    Soft Limit  Hard Limit  Units\nMax open files   4096   8192   files\n";
        let told = figures(stat, status, limits, "cpu 1 2\nbtime 1700000000\n");
        let values: Vec<_> = told.map(|(_, _, _, value)| value).into();
        let expected = [4.0, 102_400.0, 204_800.0, 9.0, 4096.0, 1_700_000_060.0];
        assert_eq!(values, expected.map(Some));
    }

    #[test]
    fn a_system_that_says_nothing_costs_no_page() {
        assert!(
            figures("", "", "", "")
                .iter()
                .all(|(.., value)| value.is_none())
        );
    }

    #[test]
    fn this_process_is_told_of_itself() {
        let mut out = String::new();
        process(&mut out);
        for name in [
            "cpu_seconds_total",
            "resident_memory_bytes",
            "open_fds",
            "max_fds",
        ] {
            let line = out
                .lines()
                .find_map(|l| l.strip_prefix(&format!("process_{name} ")));
            let value: f64 = line.and_then(|v| v.parse().ok()).expect(name);
            assert!(value >= 0.0 && value.is_finite(), "{name} {value}");
        }
    }
}
