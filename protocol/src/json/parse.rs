//! A text becomes a value.

use serde_json::{Map, Value};

/// Deepest nesting that is read: as deep as the stack of a page's WebAssembly surely goes.
const DEPTH: usize = 127;

/// Reads one JSON value. Of a doubled key the last one counts.
///
/// `None` if the text is not JSON (RFC 8259), nested deeper than 127, or holds a number too big for
/// a 64-bit float.
#[must_use]
pub fn parse(text: &str) -> Option<Value> {
    let mut parser = Parser { text, at: 0 };
    let value = parser.value(DEPTH)?;
    parser.skip_space();
    parser.peek().is_none().then_some(value)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Passes over this word, if it is what comes.
    fn take(&mut self, word: &str) -> Option<()> {
        let comes = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        self.at += word.len();
        comes.then_some(())
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.skip_space();
        Some(match self.peek()? {
            b'{' => self.object(depth.checked_sub(1)?)?,
            b'[' => self.array(depth.checked_sub(1)?)?,
            b'"' => Value::String(self.string()?),
            b't' => self.take("true").map(|()| Value::Bool(true))?,
            b'f' => self.take("false").map(|()| Value::Bool(false))?,
            b'n' => self.take("null").map(|()| Value::Null)?,
            _ => self.number()?,
        })
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        let mut fields = Map::new();
        let mut is_open = self.begin(b'}');
        while is_open {
            self.skip_space();
            let name = self.string()?;
            self.skip_space();
            self.take(":")?;
            let value = self.value(depth)?;
            fields.insert(name, value);
            is_open = self.goes_on(b'}')?;
        }
        Some(Value::Object(fields))
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        let mut items = Vec::new();
        let mut is_open = self.begin(b']');
        while is_open {
            items.push(self.value(depth)?);
            is_open = self.goes_on(b']')?;
        }
        Some(Value::Array(items))
    }

    /// Passes over the opening bracket; whether anything is in there.
    fn begin(&mut self, end: u8) -> bool {
        self.at += 1;
        self.skip_space();
        let is_empty = self.peek() == Some(end);
        self.at += usize::from(is_empty);
        !is_empty
    }

    /// Whether another item follows, or `end` was here.
    fn goes_on(&mut self, end: u8) -> Option<bool> {
        self.skip_space();
        match self.next()? {
            b',' => Some(true),
            byte => (byte == end).then_some(false),
        }
    }

    fn string(&mut self) -> Option<String> {
        self.take("\"")?;
        let mut whole = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek()?, b'"' | b'\\' | 0..=0x1f) {
                self.at += 1;
            }
            whole.push_str(self.text.get(start..self.at)?);
            match self.next()? {
                b'"' => return Some(whole),
                b'\\' => whole.push(self.escaped()?),
                _ => return None,
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.next()? {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            _ => return None,
        })
    }

    /// A character by its number, which may be written as two halves of UTF-16.
    fn unicode(&mut self) -> Option<char> {
        let unit = self.hex()?;
        if !(0xd800..0xdc00).contains(&unit) {
            return char::from_u32(unit);
        }
        self.take("\\u")?;
        let low = self.hex()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        char::from_u32(0x1_0000 + ((unit - 0xd800) << 10) + low)
    }

    fn hex(&mut self) -> Option<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit * 16 + char::from(self.next()?).to_digit(16)?;
        }
        Some(unit)
    }

    fn number(&mut self) -> Option<Value> {
        let is_negative = self.peek() == Some(b'-');
        self.at += usize::from(is_negative);
        let mut number = Decimal { digits: 0, exponent: 0, is_exact: true };
        let start = self.at;
        let is_zero = self.peek() == Some(b'0');
        self.digits(&mut number, 0)?;
        if is_zero && self.at > start + 1 {
            return None;
        }
        let mut is_whole = true;
        if self.peek() == Some(b'.') {
            self.at += 1;
            is_whole = false;
            self.digits(&mut number, 1)?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            is_whole = false;
            number.exponent = number.exponent.saturating_add(self.exponent()?);
        }
        if is_whole && number.is_exact {
            if !is_negative {
                return Some(number.digits.into());
            }
            let negative = 0_i64.checked_sub_unsigned(number.digits);
            if let Some(negative) = negative.filter(|negative| *negative != 0) {
                return Some(negative.into());
            }
        }
        let float = number.to_float();
        let float = if is_negative { -float } else { float };
        serde_json::Number::from_f64(float).map(Value::Number)
    }

    /// One digit or more; `behind_point` is 1 for those that make the number no bigger.
    fn digits(&mut self, number: &mut Decimal, behind_point: i32) -> Option<()> {
        let start = self.at;
        while let Some(byte @ b'0'..=b'9') = self.peek() {
            self.at += 1;
            number.push(byte - b'0', behind_point);
        }
        (self.at > start).then_some(())
    }

    fn exponent(&mut self) -> Option<i32> {
        let is_negative = self.peek() == Some(b'-');
        self.at += usize::from(matches!(self.peek(), Some(b'-' | b'+')));
        let mut number = Decimal { digits: 0, exponent: 0, is_exact: true };
        self.digits(&mut number, 0)?;
        let exponent = i32::try_from(number.digits).unwrap_or(i32::MAX);
        Some(if is_negative { -exponent } else { exponent })
    }
}

/// `digits` times ten to the power of `exponent`.
struct Decimal {
    digits: u64,
    exponent: i32,
    /// Every digit found its place in `digits`.
    is_exact: bool,
}

impl Decimal {
    fn push(&mut self, digit: u8, behind_point: i32) {
        let longer =
            self.digits.checked_mul(10).and_then(|tens| tens.checked_add(u64::from(digit)));
        match longer.filter(|_| self.is_exact) {
            Some(digits) => {
                self.digits = digits;
                self.exponent = self.exponent.saturating_sub(behind_point);
            }
            // Beyond what a float tells apart.
            None => {
                self.is_exact = false;
                self.exponent = self.exponent.saturating_add(1 - behind_point);
            }
        }
    }

    /// Exact up to 2^53 and 22 decimal places, the nearest or its neighbour beyond; infinite if it
    /// is too big.
    #[expect(clippy::cast_precision_loss, reason = "a float is asked for")]
    fn to_float(&self) -> f64 {
        let mut float = self.digits as f64;
        let mut places = self.exponent.unsigned_abs().min(1_000);
        // In steps whose powers of ten are floats themselves.
        while places > 0 && float != 0.0 {
            let step = places.min(300);
            let power = (0..step).fold(1.0, |power, _| power * 10.0);
            float = if self.exponent < 0 { float / power } else { float * power };
            places -= step;
        }
        float
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// Values whose floats have few digits, as those that people write.
    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (any::<i32>(), 0..6_i32)
                .prop_map(|(n, places)| { Value::from(f64::from(n) / 10_f64.powi(places)) }),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(".*", inner, 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_serde_writes_is_read_back(value in value()) {
            prop_assert_eq!(parse(&value.to_string()), Some(value.clone()));
            let spaced = serde_json::to_string_pretty(&value).unwrap();
            prop_assert_eq!(parse(&spaced), Some(value));
        }

        #[test]
        fn nearly_json_is_judged_as_serde_judges_it(
            value in value(), at: prop::sample::Index, byte in "[ -~]",
        ) {
            let mut text = value.to_string();
            let at = at.index(text.len());
            if text.is_char_boundary(at) && text.is_char_boundary(at + 1) {
                text.replace_range(at..=at, &byte);
            }
            let theirs = serde_json::from_str::<Value>(&text);
            prop_assert_eq!(parse(&text).is_some(), theirs.is_ok(), "{}", text);
        }
    }

    #[test]
    fn numbers_are_what_they_say() {
        for (text, expected) in [
            ("0", json!(0)),
            ("-0", json!(-0.0)),
            ("18446744073709551615", json!(u64::MAX)),
            ("18446744073709551616", json!(18_446_744_073_709_551_616.0)),
            ("-9223372036854775808", json!(i64::MIN)),
            ("0.1", json!(0.1)),
            ("-1.5e-7", json!(-1.5e-7)),
            ("1E+2", json!(100.0)),
            ("0.000e99999", json!(0.0)),
            ("1e-400", json!(0.0)),
        ] {
            assert_eq!(parse(text), Some(expected), "{text}");
        }
        for text in ["01", "-", "+1", "1.", ".5", "1e", "1e400", "0x1", "NaN", "1_000"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn characters_are_what_they_are_written_as() {
        let text = r#""\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00é""#;
        assert_eq!(parse(text), Some(json!("\"\\/\u{8}\u{c}\n\r\tä😀é")));
        for text in [r#""\ud800""#, r#""\ud800A""#, r#""\ude00""#, "\"\n\"", r#""\x""#, "\""] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in ["", " ", "{", "[1", "[1,]", "{,}", r#"{"a"}"#, r#"{"a":1,}"#, "{}{}", "tru"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(" [ ] "), Some(json!([])));
        assert!(parse(&format!("{}{}", "[".repeat(127), "]".repeat(127))).is_some());
        assert!(parse(&"[".repeat(10_000)).is_none());
    }
}
