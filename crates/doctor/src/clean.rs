//! Plates and persons are taken out of what leaves the site.
//!
//! Nothing here is asked to be exact: what might be a plate goes, even where it was none.

use plate::Symbol;

/// What stands where a plate stood.
const PLATE: &str = "[plate]";
/// Settings that hold names and telephone numbers of persons.
const PERSONS: [&str; 3] = ["persons", "from", "to"];

/// The text without plates and persons.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match setting_of_persons(line) {
            Some(key) => out.push_str(&format!("{key} = \"[person]\"\n")),
            None => without_plates(line, &mut out),
        }
    }
    out
}

fn setting_of_persons(line: &str) -> Option<&str> {
    let (key, _) = line.split_once(" = ")?;
    PERSONS.contains(&key.trim()).then_some(key)
}

fn without_plates(line: &str, out: &mut String) {
    let chars: Vec<char> = line.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let run = run_at(&chars, at);
        if run == 0 {
            out.push(chars[at]);
            at += 1;
            continue;
        }
        let text = &chars[at..at + run];
        if may_be_plate(text) {
            out.push_str(PLATE);
        } else {
            out.extend(text);
        }
        at += run;
    }
}

/// How many characters from here on could stand on one plate. Behind a province and a letter there may be
/// a blank, a dot or a stroke.
fn run_at(chars: &[char], at: usize) -> usize {
    let end = |from: usize| {
        let rest = chars[from..].iter();
        from + rest.take_while(|c| stands_on_plates(**c)).count()
    };
    let first = end(at);
    let is_head = first - at == 2 && is_han(chars[at]);
    if is_head && chars.get(first).is_some_and(|c| " -.·•".contains(*c)) {
        let second = end(first + 1);
        if second > first + 4 {
            return second - at;
        }
    }
    first - at
}

fn stands_on_plates(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '?' | '·' | '•') || is_han(c)
}

fn is_han(c: char) -> bool {
    !c.is_ascii() && Symbol::from_char(c).is_some()
}

fn may_be_plate(text: &[char]) -> bool {
    let count = |is: &dyn Fn(&char) -> bool| text.iter().filter(|c| is(c)).count();
    let signs = count(&|c| c.is_ascii_alphanumeric() || matches!(c, '?' | ' '));
    let digits = count(&char::is_ascii_digit);
    if count(&|c| is_han(*c)) > 0 {
        return signs >= 4 && digits >= 1;
    }
    // Without its province: a letter and digits, all of it in capitals.
    let letters = count(&char::is_ascii_uppercase);
    let small = count(&char::is_ascii_lowercase);
    (6..=9).contains(&text.len()) && small == 0 && letters >= 1 && digits >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plates_go_however_they_are_written() {
        for plate in [
            "冀A12345",
            "冀A·12345",
            "冀A 12345",
            "冀A-12345",
            "苏AD12345",
            "粤Z1234港",
            "冀a12345",
            "WJ冀12345",
            "WJ12345",
            "使014578",
            "冀A1?2345",
            "军V12345",
            "A12345",
            "民航A0001",
            "新A12345挂",
            "沪AF1234应急",
        ] {
            for text in [
                plate.to_owned(),
                format!("车辆{plate}在场 6h"),
                format!("{{\"x\":\"{plate}\"}}"),
            ] {
                let text = clean(&text);
                assert!(text.contains(PLATE), "{plate}: {text}");
                assert!(
                    !text.contains("1234") && !text.contains("0457"),
                    "{plate}: {text}"
                );
            }
        }
    }

    #[test]
    fn what_an_engineer_needs_stays() {
        for text in [
            "2026-11-30T05:55:25Z lane=north-in camera: H264 1920x1080 25.0 fps",
            "rtsp://192.168.1.64:554/Streaming/Channels/101",
            "sha256 fc44112fbe06d7d689c57e11d3862031f64711007e4ee020f8eed5185fd2c1d3",
            "menjin 0.1.0 (1fd46dfabc12)",
            "新车道 2026 年",
            "name = \"测试厂\"",
        ] {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn persons_go_and_the_name_of_the_setting_stays() {
        let text = clean("[console.screens]\npersons = [\"张三 0311-1234567\"]\npublic = true\n");
        assert_eq!(
            text,
            "[console.screens]\npersons = \"[person]\"\npublic = true\n"
        );
    }
}
