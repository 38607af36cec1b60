//! Frames of the FK and OLM parking cards.
//!
//! `DA VR PN CMD DL DATA CRC`: address, version `64`, number `FFFF` for a single packet, command, one byte of
//! length, data, and CRC-16 as Modbus has it, low byte first (maker's protocol V2.6, blog.sdlinka.com/2465.html;
//! the constants and the example in the tests agree with programs that drive such cards).

use encoding_rs::GB18030;

/// Version of the protocol whose length is one byte.
const VERSION: u8 = 0x64;
/// A packet that is the only one.
const SINGLE: [u8; 2] = [0xFF, 0xFF];
/// "Text for the moment": one line until it is told otherwise.
const TEXT: u8 = 0x62;
/// Bytes of data before the text.
const HEAD_BYTES: usize = 19;
/// Longest text that one packet carries.
pub(super) const TEXT_BYTES: usize = 255 - HEAD_BYTES;

/// How a line comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// All at once.
    Still = 0x00,
    /// Moving to the left, round and round.
    Scroll = 0x15,
}

/// One line as the card is told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CardLine<'a> {
    /// From 0.
    pub(super) line: u8,
    pub(super) effect: Effect,
    /// Number of the font; 3 is 16 dots high on the cards that are known.
    pub(super) font: u8,
    /// Red, green, blue.
    pub(super) color: [u8; 3],
    pub(super) text: &'a str,
}

/// The packet that shows one line.
pub(super) fn text_packet(address: u8, line: &CardLine<'_>) -> Vec<u8> {
    let text = encoded(line.text);
    let effect = line.effect as u8;
    let mut data = vec![line.line, effect, 1, 0, 5, effect, 1, line.font, 0];
    data.extend(line.color);
    data.extend([0, 0, 0, 0, 0]);
    let length = u16::try_from(text.len()).unwrap_or_default();
    data.extend(length.to_le_bytes());
    debug_assert_eq!(data.len(), HEAD_BYTES);
    data.extend(text);
    packet(address, TEXT, &data)
}

fn packet(address: u8, command: u8, data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(data.len()).unwrap_or(u8::MAX);
    let mut bytes = vec![address, VERSION, SINGLE[0], SINGLE[1], command, length];
    bytes.extend(data);
    let sum = crc(&bytes);
    bytes.extend(sum.to_le_bytes());
    bytes
}

/// The text in the card's code, cut between two characters where it is too long. What the code lacks is a
/// question mark.
pub(super) fn encoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut one = [0; 4];
    for character in text.chars().filter(|c| !c.is_control()) {
        let (coded, _, lacks) = GB18030.encode(character.encode_utf8(&mut one));
        let coded: &[u8] = if lacks { b"?" } else { &coded };
        if bytes.len() + coded.len() > TEXT_BYTES {
            break;
        }
        bytes.extend(coded);
    }
    bytes
}

/// What the card answers to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CardAnswer {
    /// It shows it.
    Done,
    /// It does not, with its code.
    Refused(u8),
}

/// The first whole answer among `bytes`; noise before it is passed over.
pub(super) fn answer(bytes: &[u8]) -> Option<CardAnswer> {
    (0..bytes.len()).find_map(|start| {
        let frame = bytes.get(start..)?;
        let [_, VERSION, _, _, TEXT, length, rest @ ..] = frame else {
            return None;
        };
        let length = usize::from(*length);
        let sum = rest.get(length..length + 2)?;
        let whole = &frame[..6 + length];
        (crc(whole).to_le_bytes() == *sum).then(|| match rest[..length].first() {
            None | Some(0) => CardAnswer::Done,
            Some(code) => CardAnswer::Refused(*code),
        })
    })
}

fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| match crc & 1 {
            1 => (crc >> 1) ^ 0xA001,
            _ => crc >> 1,
        })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_packet_is_the_one_that_known_programs_send() {
        let packet = text_packet(
            0,
            &CardLine {
                line: 0,
                effect: Effect::Scroll,
                font: 3,
                color: [0xFF, 0, 0],
                text: "欢迎光临请入场停车",
            },
        );
        // Theirs dwells two seconds where ours dwells five: that byte and the sum differ.
        let theirs = "0064ffff6225001501000215010300ff000000000000001200\
                      bbb6d3adb9e2c1d9c7ebc8ebb3a1cda3b3b5f4f5";
        let mut theirs = hex::decode(theirs).expect("hex");
        assert_eq!(crc(&theirs[..theirs.len() - 2]), 0xF5F4, "the sum itself");
        theirs[10] = 5;
        let end = theirs.len() - 2;
        assert_eq!(packet[..end], theirs[..end]);
    }

    #[test]
    fn a_text_is_cut_between_characters_and_never_longer_than_a_packet() {
        let long = "冀".repeat(400);
        let bytes = encoded(&long);
        assert_eq!(bytes.len(), TEXT_BYTES);
        assert_eq!(GB18030.decode(&bytes).0, "冀".repeat(TEXT_BYTES / 2));
        assert_eq!(encoded("a\r\nb"), b"ab");
    }

    #[test]
    fn an_answer_is_found_behind_noise_and_half_of_one_is_none() {
        let done = packet(0, TEXT, &[0]);
        assert_eq!(answer(&done), Some(CardAnswer::Done));
        let refused = packet(3, TEXT, &[2]);
        assert_eq!(answer(&refused), Some(CardAnswer::Refused(2)));
        assert_eq!(
            answer(&[&[0x5A, 0x64, 0xFF][..], &done].concat()),
            Some(CardAnswer::Done)
        );
        for cut in 0..done.len() {
            assert_eq!(answer(&done[..cut]), None, "{cut} bytes");
        }
        let mut wrong = done;
        wrong[7] ^= 1;
        assert_eq!(answer(&wrong), None);
    }

    proptest! {
        #[test]
        fn whatever_is_read_back_is_no_reason_to_break_down(bytes: Vec<u8>) {
            let _ = answer(&bytes);
        }

        #[test]
        fn every_text_fits_its_packet(text: String) {
            let line = CardLine { line: 3, effect: Effect::Still, font: 3, color: [0; 3], text: &text };
            let packet = text_packet(0, &line);
            prop_assert_eq!(usize::from(packet[5]) + 8, packet.len());
        }
    }
}
