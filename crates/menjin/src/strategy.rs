//! `menjin strategy`, `visitor` and `over-limit`: what people put in force, and what they say of
//! platforms' lists.

use guardwork::ByArgs;
use jiff::Timestamp;
use ledger::Reader;
use orders::rules::{self as rules_of, ReviewChange, RuleChange, rule_called};
use orders::{Order, StrategySaid, VisitorSaid};
use passage::{ReviewAnswer, RuleKind, RuleView};
use policy::Strategy;
use reports::{over_limit_lines, rule_lines, sent_lines};
use words::{Key, Said};

use crate::cli::policy::{
    OverLimitArgs, OverLimitCommand, StrategyArgs, StrategyCommand, VisitorArgs, VisitorCommand,
    WhatArgs,
};
use crate::exit::{Failure, Outcome};
use crate::print::{print, say};
use crate::store::submit;
use config::Config;

pub(crate) fn strategy(args: &StrategyArgs) -> Outcome {
    let config = config::load(&args.config.config)?;
    let reader = Reader::open(&config.data_folder)?;
    match &args.command {
        StrategyCommand::List => list_strategies(&config, &reader),
        StrategyCommand::Show { name } => show_strategy(&config, &reader, name),
        StrategyCommand::Confirm { entry, what, by } => {
            let sent = rules_of::sent_strategy(&reader, *entry)?;
            let strategy = match wanted(&config, what)? {
                Some(strategy) => strategy,
                None => sent
                    .proposal()
                    .ok_or_else(|| Failure::usage(Said::with(Key::AskStrategy, "entry", entry)))?,
            };
            let replaces = sent.rule.as_ref();
            let change = RuleChange::strategy(&strategy, Some(*entry), replaces, said(by))?;
            rule(&config, change)
        }
        StrategyCommand::Reject { entry, by } => {
            rules_of::sent_strategy(&reader, *entry)?;
            rule(&config, RuleChange::rejected(*entry, said(by)))
        }
        StrategyCommand::Add { what, replaces, by } => {
            let strategy = wanted(&config, what)?;
            let strategy = strategy.ok_or_else(|| Failure::usage(Key::AskStrategyFile))?;
            let called = |name: &String| rule_called(&reader, RuleKind::Strategy, name);
            let replaces = replaces.as_ref().map(called).transpose()?;
            let change = RuleChange::strategy(&strategy, None, replaces.as_ref(), said(by))?;
            rule(&config, change)
        }
        StrategyCommand::End { name, by } => {
            let old = rule_called(&reader, RuleKind::Strategy, name)?;
            rule(&config, RuleChange::ended(&old, said(by)))
        }
    }
}

fn list_strategies(config: &Config, reader: &Reader) -> Outcome {
    let (language, zone) = (config.language, &config.site.zone);
    for sent in rules_of::sent_strategies(reader)? {
        let rule = sent.rule.as_ref();
        print(&sent_lines(&sent.entry, rule, language, zone))?;
    }
    list(config, &reader.rules(RuleKind::Strategy)?)
}

fn list(config: &Config, rules: &[RuleView]) -> Outcome {
    let (language, zone) = (config.language, &config.site.zone);
    if rules.is_empty() {
        return say(language.text(Key::RuleNone));
    }
    let lines = rules
        .iter()
        .flat_map(|rule| rule_lines(rule, language, zone));
    print(&lines.collect::<Vec<_>>())
}

/// An entry with its proposal, or a strategy with its history; each with the file to start from.
fn show_strategy(config: &Config, reader: &Reader, name: &str) -> Outcome {
    let (language, zone) = (config.language, &config.site.zone);
    if let Some(sent) = records::typed(name)
        .ok()
        .and_then(|id| rules_of::sent_strategy(reader, id).ok())
    {
        print(&sent_lines(&sent.entry, sent.rule.as_ref(), language, zone))?;
        return match sent.proposal() {
            Some(proposal) => say(proposal.to_file(zone).trim_end()),
            None => say(language.text(Key::RuleNoProposal)),
        };
    }
    let found = rule_called(reader, RuleKind::Strategy, name)?;
    for revision in reader.rule_history(found.key)? {
        print(&rule_lines(&revision, language, zone))?;
    }
    match serde_json::from_value::<Strategy>(found.content) {
        Ok(strategy) => say(strategy.to_file(zone).trim_end()),
        Err(_) => Ok(()),
    }
}

/// The strategy of a file or of a template, if either is named.
fn wanted(config: &Config, what: &WhatArgs) -> Result<Option<Strategy>, Failure> {
    let said = StrategySaid {
        file: what.file.as_deref(),
        template: what.template.as_deref(),
        from: what.from.as_deref(),
        until: what.until.as_deref(),
    };
    Ok(said.strategy(&config.site.zone, Timestamp::now())?)
}

pub(crate) fn visitor(args: &VisitorArgs) -> Outcome {
    let config = config::load(&args.config.config)?;
    let reader = Reader::open(&config.data_folder)?;
    match &args.command {
        VisitorCommand::List => list(&config, &reader.rules(RuleKind::Visitor)?),
        VisitorCommand::Add {
            plate,
            color,
            from,
            until,
            per_day,
            host,
            by,
        } => {
            let visitor = VisitorSaid {
                plate,
                color: color.as_deref(),
                from: from.as_deref(),
                until,
                per_day: *per_day,
                host,
                reason: &by.why,
            };
            let visitor = visitor.visitor(&config.site.zone, Timestamp::now())?;
            rule(&config, RuleChange::visitor(&visitor, None, said(by))?)
        }
        VisitorCommand::End { name, by } => {
            let old = rule_called(&reader, RuleKind::Visitor, name)?;
            rule(&config, RuleChange::ended(&old, said(by)))
        }
    }
}

pub(crate) fn over_limit(args: &OverLimitArgs) -> Outcome {
    let config = config::load(&args.config.config)?;
    let (answer, given) = match &args.command {
        OverLimitCommand::List => {
            let reader = Reader::open(&config.data_folder)?;
            let (entries, reviews) = (
                reader.downlinks("over_limit")?,
                reader.reviews("over_limit")?,
            );
            let style = (config.language, &config.site.zone);
            let entries = entries.iter();
            let lines = entries.flat_map(|e| over_limit_lines(e, &reviews, style.0, style.1));
            return print(&lines.collect::<Vec<_>>());
        }
        OverLimitCommand::Confirm(given) => (ReviewAnswer::Confirmed, given),
        OverLimitCommand::Contest(given) => (ReviewAnswer::Contested, given),
    };
    let evidence = given.evidence.as_deref().map(rules_of::evidence);
    let change = ReviewChange {
        downlink: given.entry,
        answer,
        who: given.by.who.clone(),
        why: given.by.why.clone(),
        evidence: evidence.transpose()?,
    };
    say(&submit(&config, Order::Review(change))?.text(config.language))
}

fn rule(config: &Config, change: RuleChange) -> Outcome {
    let done = submit(config, Order::Rule(Box::new(change)))?;
    say(&done.text(config.language))
}

fn said(by: &ByArgs) -> (&str, &str) {
    (&by.who, &by.why)
}
