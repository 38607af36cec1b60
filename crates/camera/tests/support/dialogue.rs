//! A camera's side of a conversation, written down in a text file. `docs/cameras.md` tells its form.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// One camera as it answers.
pub(crate) struct Dialogue {
    pub(crate) name: String,
    facts: BTreeMap<String, String>,
    pub(crate) steps: Vec<Step>,
}

/// A request that is expected, and what is said and done then.
#[derive(Default)]
pub(crate) struct Step {
    pub(crate) method: String,
    /// What the address of the request must end with; empty for anything.
    pub(crate) address: String,
    /// Headers that must be there, and what they must contain.
    pub(crate) headers: Vec<(String, String)>,
    /// May be asked at any time and any number of times.
    pub(crate) standing: bool,
    pub(crate) answer: Vec<String>,
    pub(crate) then: Then,
}

/// What the camera does after an answer.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    #[default]
    Wait,
    /// Sends pictures, beginning with this one.
    Play(usize),
    Close,
}

impl Dialogue {
    pub(crate) fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("a readable file");
        let mut dialogue = Self {
            name: path.file_name().expect("a file").display().to_string(),
            facts: BTreeMap::new(),
            steps: Vec::new(),
        };
        for (n, line) in text.lines().enumerate() {
            let fine = dialogue.line(line);
            assert!(fine, "{}, line {}: {line:?}", dialogue.name, n + 1);
        }
        for fact in ["camera", "origin", "source", "video", "expect"] {
            assert!(
                dialogue.fact(fact).is_some(),
                "{} has no {fact}",
                dialogue.name
            );
        }
        dialogue
    }

    /// What the head of the file says under `name`.
    pub(crate) fn fact(&self, name: &str) -> Option<&str> {
        self.facts.get(name).map(String::as_str)
    }

    /// User name and password, made up for the file.
    pub(crate) fn login(&self) -> Option<(&str, &str)> {
        self.fact("login")?.split_once(' ')
    }

    /// How long pictures must keep coming over one connection.
    pub(crate) fn holds(&self) -> Duration {
        let seconds = self.fact("holds_s").map(|s| s.parse().expect("seconds"));
        Duration::from_secs(seconds.unwrap_or(0))
    }

    fn line(&mut self, line: &str) -> bool {
        if line.is_empty() || line.starts_with('#') {
            return true;
        }
        let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
        match (mark, self.steps.last_mut()) {
            (">" | ">*", last) => {
                let header = rest.split_once(": ");
                match (header, last) {
                    (Some((name, value)), Some(step)) => {
                        step.headers.push((name.to_lowercase(), value.to_owned()));
                    }
                    _ => {
                        let (method, address) = rest.split_once(' ').unwrap_or((rest, ""));
                        self.steps.push(Step {
                            method: method.to_owned(),
                            address: address.to_owned(),
                            standing: mark == ">*",
                            ..Step::default()
                        });
                    }
                }
            }
            ("<", Some(step)) => step.answer.push(rest.to_owned()),
            ("$", Some(step)) => match rest.split(' ').collect::<Vec<_>>()[..] {
                ["video"] => step.then = Then::Play(0),
                ["video", "from", n] => step.then = Then::Play(n.parse().expect("a number")),
                ["close"] => step.then = Then::Close,
                _ => return false,
            },
            (_, None) => match line.split_once(": ") {
                Some((name, value)) => {
                    self.facts.insert(name.to_owned(), value.to_owned());
                }
                None => return false,
            },
            _ => return false,
        }
        true
    }
}
