//! An examination in words.

use words::{Group, Key, Said, padded};

use crate::{Examination, Grade, Judged};

impl Examination {
    /// Everything of it for the lane of this name, a line each.
    #[must_use]
    pub fn told(&self, lane: &str) -> Vec<Said> {
        if self.is_blind() {
            let status = self.state.status.code();
            let named = |said: Said, name, group| {
                said.and_each(name, move |language| {
                    language.named(group, status).to_owned()
                })
            };
            let said = Said::with(Key::ConnectionCameraWrong, "camera", lane)
                .and("reason", &self.state.reason);
            let said = named(said, "why", Group::CameraWhy);
            return vec![named(said, "next", Group::CameraNext)];
        }
        let seconds = format!("{:.0}", self.figures.seconds);
        let mut lines = vec![Said::with(Key::SurveyHead, "lane", lane).and("seconds", seconds)];
        lines.extend(self.judged.iter().map(Judged::told));
        lines.push(match self.worst() {
            Grade::Good => Key::SurveyAllGood.into(),
            Grade::Unknown => return lines,
            Grade::Poor | Grade::Bad => Key::SurveyToDo.into(),
        });
        lines
    }
}

impl Judged {
    /// In one line, with what to change.
    #[must_use]
    pub fn told(&self) -> Said {
        let key = match &self.advice {
            Some(_) => Key::SurveyLineNext,
            None => Key::SurveyLine,
        };
        let grade = self.grade.key();
        let line = Said::plain(key)
            .and_each("grade", |language| padded(language.text(grade), 7))
            .and_said("aspect", self.aspect.key())
            .and_said("figure", self.figure.clone());
        match &self.advice {
            Some(next) => line.and_said("next", next.clone()),
            None => line,
        }
    }
}
