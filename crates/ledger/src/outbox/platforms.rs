//! What a platform knows our rows by and what was sent to it.

use std::collections::HashSet;

use jiff::Timestamp;
use passage::OutboxId;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::error::{Error, ErrorKind, Result};
use crate::keep::restores::{self, Restored};
use crate::proof::anchors::{self, Anchor};
use crate::reader::Reader;
use crate::writer::Writer;

/// One payload that is about to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// The row of the outbox.
    pub row: OutboxId,
    /// Lower-case hexadecimal SHA-256 of what the row says, without tokens and signatures.
    pub sha256: String,
    /// Mandatory items that are there.
    pub items_present: u32,
    /// Mandatory items of this platform.
    pub items_expected: u32,
}

/// What is known of the sendings of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Hash of what was sent first.
    pub first_sha256: String,
    /// Whether this payload was never sent before.
    pub is_new: bool,
    /// The restore from a backup in whose gap a ledger that is lost may have sent this row.
    pub gap: Option<Restored>,
}

impl Writer {
    /// The serial number by which `platform` knows `subject`: the stored one, else the first of
    /// `candidates` that no other subject of this platform has.
    ///
    /// # Errors
    /// `Conflict` when every candidate is taken.
    pub fn platform_serial(
        &mut self,
        platform: &str,
        subject: &str,
        candidates: &[String],
        at: Timestamp,
    ) -> Result<String> {
        let step = format!("could not give {subject} a serial number for {platform}");
        let found = self.transacted(&step, &[], |to| {
            if let Some(known) = serial_of(to, platform, subject)? {
                return Ok(Some(known));
            }
            for serial in candidates {
                let added = to
                    .prepare_cached(
                        "INSERT INTO platform_serials (platform, subject, serial, at_ms)
                         VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    )?
                    .execute(params![platform, subject, serial, at.as_millisecond()])?;
                if added == 1 {
                    return Ok(Some(serial.clone()));
                }
            }
            Ok(None)
        })?;
        found.ok_or_else(|| {
            Error::new(
                ErrorKind::Conflict,
                format!("{step}: all numbers are taken"),
            )
        })
    }

    /// Records what is about to be sent, and gives what was sent for this row before.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn note_sending(&mut self, sending: &Sending, at: Timestamp) -> Result<Sent> {
        let step = format!("could not record a sending of delivery {}", sending.row);
        self.transacted(&step, &[], |to| {
            let added = to
                .prepare_cached(
                    "INSERT INTO platform_sendings
                     (outbox_id, sha256, items_present, items_expected, at_ms)
                 VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                )?
                .execute(params![
                    sending.row.0,
                    sending.sha256,
                    sending.items_present,
                    sending.items_expected,
                    at.as_millisecond()
                ])?;
            let gap = restores::after_delivery(to, sending.row)?;
            to.prepare_cached(
                "SELECT sha256 FROM platform_sendings WHERE outbox_id = ? ORDER BY id LIMIT 1",
            )?
            .query_row([sending.row.0], |row| {
                Ok(Sent {
                    first_sha256: row.get(0)?,
                    is_new: added == 1,
                    gap,
                })
            })
        })
    }

    /// Records that `platform` has acknowledged one part of what is said about `subject`.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn note_step(
        &mut self,
        platform: &str,
        subject: &str,
        part: &str,
        at: Timestamp,
    ) -> Result<()> {
        let step = format!("could not record {part} of {subject} for {platform}");
        self.transacted(&step, &[], |to| {
            to.prepare_cached(
                "INSERT INTO platform_steps (platform, subject, step, at_ms)
                 VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            )?
            .execute(params![platform, subject, part, at.as_millisecond()])
            .map(|_| ())
        })
    }

    /// The parts that `platform` has acknowledged about `subject`.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn steps(&mut self, platform: &str, subject: &str) -> Result<Vec<String>> {
        let step = format!("could not read what {platform} has of {subject}");
        self.transacted(&step, &[], |to| {
            to.prepare_cached(
                "SELECT step FROM platform_steps WHERE platform = ? AND subject = ?
                 ORDER BY at_ms, step",
            )?
            .query_map(params![platform, subject], |row| row.get(0))?
            .collect()
        })
    }
}

impl Reader {
    /// The anchors of the chain by whether `sink` has acknowledged them, oldest first.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn anchors_at(&self, sink: &str) -> Result<(Vec<Anchor>, Vec<Anchor>)> {
        self.read(|on| {
            let told: HashSet<String> = on
                .prepare_cached(
                    "SELECT subject FROM platform_steps WHERE platform = ? AND step = ?",
                )?
                .query_map(params![sink, ANCHOR_STEP], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            let all = anchors::all(on)?;
            Ok(all
                .into_iter()
                .partition(|anchor| told.contains(&anchor_subject(anchor))))
        })
    }
}

impl Writer {
    /// Records that `sink` has acknowledged an anchor.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn note_anchor(&mut self, sink: &str, anchor: &Anchor, at: Timestamp) -> Result<()> {
        self.note_step(sink, &anchor_subject(anchor), ANCHOR_STEP, at)
    }
}

const ANCHOR_STEP: &str = "anchor";

fn anchor_subject(anchor: &Anchor) -> String {
    format!("anchor:{}", anchor.day)
}

fn serial_of(on: &Connection, platform: &str, subject: &str) -> rusqlite::Result<Option<String>> {
    on.prepare_cached("SELECT serial FROM platform_serials WHERE platform = ? AND subject = ?")?
        .query_row(params![platform, subject], |row| row.get(0))
        .optional()
}
