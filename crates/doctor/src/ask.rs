//! A question to a program, and what it answers.

use std::ffi::OsString;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// More than this of an answer is cut off.
pub(crate) const MOST_BYTES: u64 = 4 << 20;
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What of an answer is kept.
#[derive(Debug, Clone, Copy)]
pub enum Keep {
    /// All of it, but for plates and persons.
    All,
    /// Of each line, which is a JSON object, these fields.
    Fields(&'static [&'static str]),
}

/// A question to a program.
#[derive(Debug)]
pub struct Question {
    file: String,
    program: &'static str,
    words: Vec<OsString>,
    limit: Duration,
    keep: Keep,
}

impl Question {
    /// Asks this program with these words; the answer is kept in `file` of the bundle.
    #[must_use]
    pub fn to_ourselves(file: impl Into<String>, words: Vec<OsString>, limit: Duration) -> Self {
        Self {
            file: file.into(),
            program: "",
            words,
            limit,
            keep: Keep::All,
        }
    }

    /// Keeps only this of the answer.
    #[must_use]
    pub fn keeping(mut self, keep: Keep) -> Self {
        self.keep = keep;
        self
    }

    pub(crate) fn to_the_system(
        file: &str,
        program: &'static str,
        words: &[&str],
        limit: Duration,
    ) -> Self {
        let words = words.iter().map(OsString::from).collect();
        Self {
            program,
            ..Self::to_ourselves(file, words, limit)
        }
    }

    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    pub(crate) fn program(&self) -> &'static str {
        self.program
    }

    /// The answer, or why there is none.
    pub(crate) fn asked(&self, program: &Path) -> String {
        match self.answer(program) {
            Ok(text) => text,
            Err(error) => format!("not answered: {error}\n"),
        }
    }

    fn answer(&self, program: &Path) -> std::io::Result<String> {
        let mut child = Command::new(program)
            .args(&self.words)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        // Both are read while it runs: a full pipe would hold it up until its time is over.
        let said = [reading(child.stdout.take()), reading(child.stderr.take())];
        let ended = ended(&mut child, self.limit)?;
        let [out, error] = said.map(|thread| thread.join().unwrap_or_default());
        let mut text = match self.keep {
            Keep::All => out,
            Keep::Fields(fields) => out.lines().filter_map(|line| only(line, fields)).collect(),
        };
        if !error.is_empty() {
            text += &format!("\n[on standard error]\n{error}");
        }
        text += &match ended {
            Some(0) => String::new(),
            Some(code) => format!("\n[ended with {code}]\n"),
            None => format!("\n[cut off after {} s]\n", self.limit.as_secs()),
        };
        Ok(text)
    }
}

fn reading(pipe: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.by_ref().take(MOST_BYTES).read_to_end(&mut bytes);
            // What is too long is read all the same, or the program would wait.
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Its exit code; nothing when its time was over, and it was ended.
fn ended(child: &mut Child, limit: Duration) -> std::io::Result<Option<i32>> {
    let until = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.code().unwrap_or(-1)));
        }
        if Instant::now() > until {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// A line with these fields of its object.
fn only(line: &str, fields: &[&str]) -> Option<String> {
    let Value::Object(object) = serde_json::from_str(line).ok()? else {
        return None;
    };
    let kept = object.into_iter();
    let kept: serde_json::Map<_, _> = kept.filter(|(key, _)| fields.contains(&&**key)).collect();
    Some(format!("{}\n", Value::Object(kept)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Duration) -> String {
        let question = Question::to_the_system("x", "sh", &["-c", script], limit);
        question.asked(Path::new("sh"))
    }

    #[test]
    fn a_program_that_hangs_is_ended_and_what_it_said_by_then_is_kept() {
        let begun = Instant::now();
        let text = shell("echo so far; exec sleep 60", Duration::from_millis(300));
        assert!(
            text.contains("so far") && text.contains("cut off"),
            "{text}"
        );
        assert!(begun.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn a_program_that_fails_or_is_not_there_says_so_in_its_answer() {
        let limit = Duration::from_secs(20);
        let text = shell("echo out; echo wrong >&2; exit 3", limit);
        assert!(text.contains("out") && text.contains("wrong") && text.contains("ended with 3"));
        let none = Question::to_the_system("x", "none", &[], limit);
        assert!(
            none.asked(Path::new("/nowhere/none"))
                .contains("not answered")
        );
    }

    #[test]
    fn an_answer_without_end_is_bounded() {
        let text = shell(
            "head -c 20000000 /dev/zero | tr '\\0' x",
            Duration::from_secs(60),
        );
        assert!(text.len() as u64 <= MOST_BYTES + 100, "{}", text.len());
    }

    #[test]
    fn of_objects_only_the_fields_that_were_chosen_are_kept() {
        let kept = only(
            r#"{"kind": "overstay", "plate": "x", "lane": null}"#,
            &["kind", "lane"],
        );
        assert_eq!(
            kept.as_deref(),
            Some("{\"kind\":\"overstay\",\"lane\":null}\n")
        );
        assert_eq!(only("plate x", &["kind"]), None);
    }
}
