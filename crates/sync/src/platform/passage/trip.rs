//! Everything that is known about one passage before it is sent.

use jiff::Timestamp;
use passage::{DeliveryState, Direction, ItemKind, PassageView};
use serde_json::{Value, json};

use crate::adapter;
use crate::platform::deliver::Stop;
use crate::platform::facts::Facts;
use crate::platform::{Platform, facts, serial};
use crate::worker::Delivery;

/// What a step is called that keeps the platform's own number of a visit.
pub(super) const THROUGH: &str = "through:";

/// One passage on its way.
pub(super) struct Trip<'a> {
    pub(super) row: &'a Delivery,
    pub(super) passage: &'a PassageView,
    pub(super) subject: String,
    pub(super) serial: String,
    pub(super) facts: Facts,
    /// What the platform has of it.
    pub(super) steps: Vec<String>,
}

impl Platform {
    pub(super) async fn trip<'a>(
        &self,
        row: &'a Delivery,
        passage: &'a PassageView,
    ) -> Result<Trip<'a>, Stop> {
        let subject = format!("passage:{}", passage.key);
        let (id, decided_at) = (passage.id, passage.decided_at);
        let from = self
            .ledger
            .read(move |reader| reader.serial_time(id, decided_at));
        let from = from.await?;
        let wish = serial::candidates(&self.settings, &self.adapter, &self.zone, passage, from)?;
        let (platform, about) = (self.settings.name.clone(), subject.clone());
        let (serial, steps) = self
            .ledger
            .write(move |writer| {
                let serial = writer.platform_serial(&platform, &about, &wish, Timestamp::now())?;
                Ok::<_, ledger::Error>((serial, writer.steps(&platform, &about)?))
            })
            .await?;
        let mut facts = facts::passage(&self.settings, &serial, passage);
        self.add_vehicle(&mut facts, passage).await?;
        if passage.direction == Direction::Out && self.adapter.passage.carries("throughId") {
            let id = self.through_id(passage).await?;
            facts.insert("throughId".to_owned(), json!(id));
        }
        Ok(Trip {
            row,
            passage,
            subject,
            serial,
            facts,
            steps,
        })
    }

    /// The number that the platform gave to the entry of a vehicle that leaves. Unknown when the entry
    /// was not seen or the platform does not have it yet.
    async fn through_id(&self, passage: &PassageView) -> Result<Option<String>, Stop> {
        let id = passage.id;
        let entry = self.ledger.read(move |reader| reader.entry_of(id)).await?;
        let Some(entry) = entry else {
            return Ok(None);
        };
        let (platform, about) = (self.settings.name.clone(), format!("passage:{entry}"));
        let steps = self
            .ledger
            .write(move |writer| writer.steps(&platform, &about))
            .await?;
        let mut ids = steps.iter().filter_map(|step| step.strip_prefix(THROUGH));
        Ok(ids.next_back().map(str::to_owned))
    }

    /// What the register of vehicles says of it, as it held when the vehicle passed.
    async fn add_vehicle(&self, facts: &mut Facts, passage: &PassageView) -> Result<(), Stop> {
        let Some(vehicle) = &passage.vehicle else {
            return Ok(());
        };
        for (item, value) in &vehicle.values {
            let picture = adapter::item(item).is_some_and(|i| i.kind == ItemKind::Photo);
            if !picture {
                facts.entry(item.clone()).or_insert_with(|| value.clone());
            }
        }
        for file in &vehicle.files {
            if self.adapter.passage.carries(&file.item) {
                let word = self.file_word(file).await?;
                facts.insert(file.item.clone(), Value::String(word));
            }
        }
        Ok(())
    }
}

impl Trip<'_> {
    /// How many different records of it the platform has.
    pub(super) fn records(&self) -> usize {
        self.steps
            .iter()
            .filter(|s| s.starts_with("record:"))
            .count()
    }

    pub(super) fn has_record(&self) -> bool {
        self.records() > 0
    }

    /// Whether a later row of this sink will tell what is new.
    pub(super) fn will_be_followed(&self) -> bool {
        let item = &self.row.item;
        self.passage.deliveries.iter().any(|other| {
            other.sink == item.sink
                && other.id > item.id
                && matches!(other.state, DeliveryState::New | DeliveryState::Sending)
        })
    }
}
