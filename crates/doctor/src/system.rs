//! What the system tells: its version, disks, memory, clock, the service and its last warnings.

use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use config::Config;

use crate::ask::{MOST_BYTES, Question};

/// How long a tool may take.
const LIMIT: Duration = Duration::from_secs(20);
/// Entries of the data folder that are listed.
const MOST_ENTRIES: usize = 200;

/// Each tool with the file of its answer.
const TOOLS: [(&str, &str, &[&str]); 8] = [
    (
        "system/disks.txt",
        "df",
        &["-h", "-x", "tmpfs", "-x", "devtmpfs"],
    ),
    (
        "system/blocks.txt",
        "lsblk",
        &["-o", "NAME,SIZE,TYPE,ROTA,MODEL,FSTYPE,MOUNTPOINTS"],
    ),
    ("system/clock.txt", "timedatectl", &["show"]),
    ("system/network.txt", "ip", &["-brief", "address"]),
    (
        "system/service.txt",
        "systemctl",
        &["status", "menjin", "--no-pager", "--lines=0"],
    ),
    (
        "system/unit.txt",
        "systemctl",
        &["cat", "menjin", "--no-pager"],
    ),
    (
        "system/package.txt",
        "dpkg-query",
        &["--show", "menjin", "libavcodec59", "fonts-wqy-microhei"],
    ),
    (
        "system/warnings.txt",
        "journalctl",
        &[
            "--unit=menjin",
            "--since=-7d",
            // What a service prints has one priority; the level stands in the line.
            r"--grep=\b(WARN|ERROR)\b",
            "--lines=1000",
            "--no-pager",
            "--output=short-iso",
            "--quiet",
        ],
    ),
];

const FILES: [(&str, &str); 6] = [
    ("system/release.txt", "/etc/os-release"),
    ("system/kernel.txt", "/proc/version"),
    ("system/processors.txt", "/proc/cpuinfo"),
    ("system/memory.txt", "/proc/meminfo"),
    ("system/load.txt", "/proc/loadavg"),
    ("system/pressure.txt", "/proc/pressure/io"),
];

pub(crate) fn questions() -> Vec<Question> {
    let tools = TOOLS.into_iter();
    tools
        .map(|(file, program, words)| Question::to_the_system(file, program, words, LIMIT))
        .collect()
}

/// Files of the system, and what lies in the data folder, by name and size.
pub(crate) fn files(config: Option<&Config>) -> Vec<(String, String)> {
    let mut all: Vec<_> = FILES
        .into_iter()
        .map(|(file, path)| (file.to_owned(), read(Path::new(path))))
        .collect();
    if let Some(config) = config {
        let text = listed(&config.data_folder).unwrap_or_else(|e| format!("not listed: {e}\n"));
        all.push(("data-folder.txt".to_owned(), text));
    }
    all
}

fn read(path: &Path) -> String {
    let mut text = String::new();
    let read =
        fs::File::open(path).and_then(|file| file.take(MOST_BYTES).read_to_string(&mut text));
    match read {
        Ok(_) => text,
        Err(error) => format!("not read: {error}\n"),
    }
}

fn listed(folder: &Path) -> std::io::Result<String> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.flatten().take(MOST_ENTRIES).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    let mut text = String::new();
    for entry in entries {
        let size = entry.metadata()?.len();
        let _ = writeln!(text, "{size:>14} {}", entry.file_name().display());
    }
    Ok(text)
}
