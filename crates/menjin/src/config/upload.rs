//! `[[regulator]]`, `[mqtt]` and a lane's `[lane.relay]`.

use std::path::Path;

use super::lane::secret;
use super::section::Section;

pub(super) fn regulator(section: &Section, folder: &Path) -> Option<sync::RegulatorSettings> {
    let password = secret(section, folder, "secret");
    let zone_given = section.has("time_zone");
    let mut settings: sync::RegulatorSettings = section.rest()?;
    if let Some(password) = password {
        settings.secret = password;
    }
    settings.name = format!("regulator:{}", settings.name);
    report(section, "regulator.", settings.problems(), |key| {
        key != "time_zone" || zone_given
    });
    Some(settings)
}

pub(super) fn mqtt(section: &Section, folder: &Path, site: &str) -> Option<sync::MqttSettings> {
    let password = secret(section, folder, "password");
    let site_given = section.has("site");
    let mut settings: sync::MqttSettings = section.rest()?;
    if let Some(password) = password {
        settings.password = password;
    }
    if !site_given && !site.is_empty() {
        site.clone_into(&mut settings.site);
    }
    report(section, "mqtt.", settings.problems(), |_| true);
    Some(settings)
}

pub(super) fn relay(section: &Section, folder: &Path) -> Option<gate::RelaySettings> {
    if section.is_empty() {
        return None;
    }
    let password = secret(section, folder, "password");
    let mut settings: gate::RelaySettings = section.rest()?;
    settings.password = password;
    for problem in gate::HttpRelay::new(settings.clone())
        .err()
        .unwrap_or_default()
    {
        section.problem(problem.key, problem.problem);
    }
    Some(settings)
}

fn report(
    section: &Section,
    prefix: &str,
    problems: Vec<sync::Problem>,
    told: impl Fn(&str) -> bool,
) {
    for problem in problems {
        let key = problem.key.strip_prefix(prefix).unwrap_or(&problem.key);
        if told(key) {
            section.problem(key, problem.words.clone());
        }
    }
}
