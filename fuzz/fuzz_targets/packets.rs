//! RTP payloads of H.264 and H.265. The first byte chooses the coding, a line holds the parameters of
//! the description, then packets: two bytes of length, of which the upper bits are mark, loss and a
//! new time, and the payload. Whatever comes is a frame in Annex B or an error.
#![no_main]

use std::num::NonZeroU32;

use libfuzzer_sys::fuzz_target;
use retina::codec::{CodecItem, Depacketizer, FrameFormat};
use retina::rtp::PacketMeta;
use retina::testutil::DepacketizeBuf;
use retina::{PacketContext, Timestamp};

const CODINGS: [&str; 2] = ["h264", "h265"];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let line = rest.iter().position(|byte| *byte == b'\n');
    let (parameters, mut rest) = rest.split_at(line.unwrap_or(rest.len()));
    let Ok(parameters) = std::str::from_utf8(parameters) else {
        return;
    };
    let coding = CODINGS[usize::from(first % 2)];
    let parameters = Some(parameters).filter(|text| !text.is_empty());
    let Ok(mut depacketizer) = Depacketizer::new("video", coding, 90_000, None, parameters) else {
        return;
    };
    depacketizer.set_frame_format(FrameFormat::SIMPLE);
    rest = rest.get(1..).unwrap_or_default();
    let mut buffer = DepacketizeBuf::new(65_536);
    let mut time = Timestamp::new(0, NonZeroU32::MIN, 0).expect("zero");
    let mut sequence_number = 0_u16;
    while let Some(([high, low], after)) = rest.split_first_chunk() {
        let length = usize::from(*low) | usize::from(high & 0x07) << 8;
        let (payload, after) = after.split_at(length.min(after.len()));
        rest = after;
        let loss = u16::from(high & 0x40 != 0);
        if high & 0x20 != 0 {
            time = time.try_add(3600).expect("within a day");
        }
        sequence_number = sequence_number.wrapping_add(1 + loss);
        let meta = PacketMeta {
            ctx: PacketContext::dummy(),
            stream_id: 0,
            timestamp: time,
            sequence_number,
            ssrc: 0,
            mark: high & 0x80 != 0,
            loss,
        };
        if buffer.push(&mut depacketizer, meta, payload).is_err() {
            return;
        }
        depacketizer.check_invariants();
        while let Some(item) = depacketizer.pull() {
            let Ok(item) = item else {
                return;
            };
            if let CodecItem::VideoFrame(frame) = item {
                let _ = (frame.is_random_access_point(), frame.is_recovery_point());
                let data = frame.into_data();
                assert!(data.starts_with(&[0, 0, 0, 1]), "Annex B");
                assert!(data.len() <= 8 * bytes.len() + 4096);
            }
        }
    }
});
