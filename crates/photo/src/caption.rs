//! What is written on a key photo.

use passage::{Direction, KeyPhoto};
use plate::Color;
use words::{Key, Language};

/// The words of one photo's band.
#[derive(Debug, Clone)]
pub struct Caption {
    /// Plate number without dots; `None` when it was not read, and the photo says so.
    pub plate: Option<String>,
    /// Colour of the plate.
    pub color: Color,
    /// When the frame was taken, in the site's zone.
    pub time: jiff::Zoned,
    /// Whether that time may be trusted. If not the photo says so.
    pub clock_trusted: bool,
    /// Number of the entrance; empty is shown as a dash.
    pub entrance: String,
    /// Number of the barrier; empty is shown as a dash.
    pub barrier: String,
    /// Name of the lane; may be empty.
    pub lane: String,
    /// Which way the vehicle goes, when known.
    pub direction: Option<Direction>,
    /// What the photo shows.
    pub kind: KeyPhoto,
    /// The camera sees vehicles from behind: what a head photo shows is the tail.
    pub sees_rear: bool,
    /// A person said or corrected what stands here, and not the machine alone.
    pub by_person: bool,
    /// Name of the site; may be empty.
    pub site: String,
    /// Language of the labels.
    pub language: Language,
}

/// One thing to write, kept together on one row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// The plate number on a field of its colour.
    Plate(String),
    /// A value of its own.
    Value(String),
    /// A value after its label.
    Labelled(&'static str, String),
    /// Something that must catch the eye.
    Warning(String),
    /// Set at the right end when there is room.
    Aside(String),
}

impl Caption {
    /// What to write, in two paragraphs: the vehicle and its time, then the place.
    pub(crate) fn paragraphs(&self) -> [Vec<Cell>; 2] {
        let text = |key| self.language.text(key);
        let mut vehicle = Vec::new();
        match &self.plate {
            Some(plate) => vehicle.push(Cell::Plate(plate.clone())),
            None => vehicle.push(Cell::Warning(text(Key::CaptionUnread).to_owned())),
        }
        if self.plate.is_some() || self.color != Color::Unknown {
            vehicle.push(Cell::Value(
                text(Key::of_plate_color(self.color)).to_owned(),
            ));
        }
        if self.by_person {
            vehicle.push(Cell::Value(text(Key::CaptionByPerson).to_owned()));
        }
        let time = self.time.strftime("%Y-%m-%d %H:%M:%S");
        vehicle.push(Cell::Value(time.to_string()));
        if !self.clock_trusted {
            vehicle.push(Cell::Warning(text(Key::CaptionClockUntrusted).to_owned()));
        }

        let mut what = String::new();
        if let Some(direction) = self.direction {
            what.push_str(text(of_direction(direction)));
            what.push_str(" · ");
        }
        what.push_str(text(of_photo(self.kind, self.sees_rear)));
        let mut place = vec![
            Cell::Labelled(text(Key::CaptionEntrance), or_dash(&self.entrance)),
            Cell::Labelled(text(Key::CaptionBarrier), or_dash(&self.barrier)),
        ];
        if !self.lane.is_empty() {
            place.push(Cell::Labelled(text(Key::CaptionLane), self.lane.clone()));
        }
        place.push(Cell::Value(what));
        if !self.site.is_empty() {
            place.push(Cell::Aside(self.site.clone()));
        }
        [vehicle, place]
    }
}

const fn of_direction(direction: Direction) -> Key {
    match direction {
        Direction::In => Key::DirectionIn,
        Direction::Out => Key::DirectionOut,
    }
}

const fn of_photo(photo: KeyPhoto, sees_rear: bool) -> Key {
    match photo {
        KeyPhoto::Head if sees_rear => Key::PhotoTail,
        KeyPhoto::Head => Key::PhotoHead,
        KeyPhoto::Body => Key::PhotoBody,
    }
}

fn or_dash(value: &str) -> String {
    if value.is_empty() { "—" } else { value }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::caption;

    #[test]
    fn an_unread_plate_and_an_untrusted_clock_are_said_in_words() {
        let words = Caption {
            plate: None,
            color: Color::Unknown,
            clock_trusted: false,
            ..caption()
        };
        let [vehicle, _] = words.paragraphs();
        assert_eq!(
            vehicle,
            [
                Cell::Warning("未识别".into()),
                Cell::Value("2026-03-08 07:05:09".into()),
                Cell::Warning("时间未同步".into()),
            ]
        );
    }

    #[test]
    fn a_photo_from_behind_shows_the_tail_and_a_body_is_a_body() {
        let shown = |kind, sees_rear| {
            let words = Caption {
                kind,
                sees_rear,
                ..caption()
            };
            words.paragraphs()[1].clone()
        };
        let says = |cells: &[Cell], what: &str| cells.contains(&Cell::Value(what.into()));
        assert!(says(&shown(KeyPhoto::Head, true), "进厂 · 车尾"));
        assert!(says(&shown(KeyPhoto::Head, false), "进厂 · 车头"));
        assert!(says(&shown(KeyPhoto::Body, true), "进厂 · 车身"));
    }

    #[test]
    fn what_a_person_corrected_says_so_on_the_photo() {
        let words = |by_person| Caption {
            by_person,
            ..caption()
        };
        let said = Cell::Value("人工更正".into());
        assert!(words(true).paragraphs()[0].contains(&said));
        assert!(!words(false).paragraphs()[0].contains(&said));
    }

    #[test]
    fn the_place_names_entrance_and_barrier_even_when_they_are_not_known() {
        let words = Caption {
            entrance: String::new(),
            lane: String::new(),
            site: String::new(),
            ..caption()
        };
        let [_, place] = words.paragraphs();
        assert_eq!(
            place,
            [
                Cell::Labelled("出入口", "—".into()),
                Cell::Labelled("道闸", "01".into()),
                Cell::Value("进厂 · 车头".into()),
            ]
        );
    }
}
