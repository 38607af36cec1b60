//! Code tables: what may stand in an item that has a fixed choice.
//!
//! The codes are the canonical ones inside this program. A platform that uses others has a map of
//! its own in its settings.

use words::Language;

/// One choice of a table.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// What is stored.
    pub code: &'static str,
    /// 中文.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
    /// Other spellings that people use.
    pub also: &'static [&'static str],
}

/// The choices of an item.
#[derive(Debug, PartialEq, Eq)]
pub struct CodeTable {
    codes: &'static [Code],
    /// False where the bare code means different things to different platforms.
    code_is_clear: bool,
}

impl CodeTable {
    /// Every choice.
    #[must_use]
    pub fn codes(&self) -> &'static [Code] {
        self.codes
    }

    /// The choice that a person means by `text`: its code, its name in either language, or another
    /// usual spelling. Upper and lower case are the same.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<&'static Code> {
        let text = text.trim();
        self.codes.iter().find(|code| {
            [code.code, code.zh, code.en]
                .iter()
                .chain(code.also)
                .any(|name| name.eq_ignore_ascii_case(text))
        })
    }

    /// The choice stored as `code`.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&'static Code> {
        self.codes.iter().find(|known| known.code == code)
    }

    /// True when `text` is a number that other tables use for such an item and this one does not
    /// take for that reason.
    #[must_use]
    pub fn is_unclear(&self, text: &str) -> bool {
        !self.code_is_clear && text.chars().all(|c| c.is_ascii_digit())
    }

    /// The choices in words, for a message.
    #[must_use]
    pub fn choices(&self, language: Language) -> String {
        let names: Vec<String> = self
            .codes
            .iter()
            .map(|code| {
                if self.code_is_clear && code.code.len() <= 2 {
                    format!("{} {}", code.code, code.name(language))
                } else {
                    code.name(language).to_owned()
                }
            })
            .collect();
        names.join(match language {
            Language::Zh => "、",
            Language::En => ", ",
        })
    }
}

impl Code {
    /// The name in one language.
    #[must_use]
    pub const fn name(&self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.zh,
            Language::En => self.en,
        }
    }
}

macro_rules! table {
    ($(#[$meta:meta])* $name:ident, $clear:literal, [
        $( $code:literal $zh:literal $en:literal $(/ $($also:literal)+)? ; )+
    ]) => {
        $(#[$meta])*
        pub static $name: CodeTable = CodeTable {
            codes: &[ $( Code {
                code: $code,
                zh: $zh,
                en: $en,
                also: &[$($($also),+)?],
            } ),+ ],
            code_is_clear: $clear,
        };
    };
}

table! {
    /// 号牌颜色, by name. Numbers are not taken: environmental platforms, toll and JT/T 415 number
    /// the colours differently, and a wrong table silently swaps white with black.
    PLATE_COLOR, false, [
        "blue" "蓝" "blue" / "蓝色" "蓝牌";
        "yellow" "黄" "yellow" / "黄色" "黄牌";
        "green" "绿" "green" / "绿色" "绿牌" "渐变绿" "渐变绿色" "绿（新能源）" "新能源绿";
        "yellow_green" "黄绿" "yellow-green" / "黄绿色" "黄绿牌" "黄绿双拼" "黄绿双拼色"
            "黄绿（新能源）";
        "white" "白" "white" / "白色" "白牌";
        "black" "黑" "black" / "黑色" "黑牌";
        "other" "其他" "other" / "其它";
    ]
}
table! {
    /// 排放标准, for vehicles and machines.
    EMISSION, true, [
        "0" "国0" "China 0" / "国零" "国０";
        "1" "国一" "China I" / "国1" "国Ⅰ" "国I" "Ⅰ";
        "2" "国二" "China II" / "国2" "国Ⅱ" "国II" "Ⅱ";
        "3" "国三" "China III" / "国3" "国Ⅲ" "国III" "Ⅲ";
        "4" "国四" "China IV" / "国4" "国Ⅳ" "国IV" "Ⅳ";
        "5" "国五" "China V" / "国5" "国Ⅴ" "国V" "Ⅴ";
        "6" "国六" "China VI" / "国6" "国Ⅵ" "国VI" "Ⅵ" "国六a" "国六b" "国6a" "国6b";
        "7" "国七" "China VII" / "国7" "国Ⅶ" "国VII";
        "D" "电动" "electric" / "纯电" "纯电动";
        "X" "无排放阶段" "no stage" / "未知/无排放阶段";
    ]
}
table! {
    /// 燃料类型.
    FUEL, true, [
        "A" "汽油" "petrol";
        "B" "柴油" "diesel";
        "C" "电" "electricity" / "电动" "纯电" "纯电动" "电能";
        "D" "混合油" "mixed oil";
        "E" "天然气" "natural gas" / "CNG" "LNG" "燃气";
        "F" "液化石油气" "LPG";
        "L" "甲醇" "methanol";
        "M" "乙醇" "ethanol";
        "N" "太阳能" "solar";
        "O" "混合动力" "hybrid" / "混动" "油电混合" "插电式混合动力";
        "P" "氢" "hydrogen" / "氢气" "燃料电池" "氢燃料";
        "Q" "生物燃料" "biofuel";
        "Y" "无" "none";
        "Z" "其他" "other" / "其它";
    ]
}
table! {
    /// 使用性质, GA/T 16.3.
    USE, true, [
        "A" "非营运" "not for hire";
        "B" "公路客运" "coach";
        "C" "公交客运" "bus" / "公交";
        "D" "出租客运" "taxi" / "出租";
        "E" "旅游客运" "tourist" / "旅游";
        "F" "货运" "goods" / "道路货运" "普通货运" "营运货车";
        "G" "租赁" "rental";
        "H" "警用" "police";
        "I" "消防" "fire";
        "J" "救护" "ambulance";
        "K" "工程救险" "rescue";
        "L" "营转非" "formerly for hire";
        "M" "出租转非" "formerly taxi" / "出转非";
        "N" "教练" "driving school";
        "O" "幼儿校车" "nursery bus";
        "P" "小学生校车" "school bus";
        "Q" "其他校车" "other school bus" / "初中生校车";
        "R" "危化品运输" "dangerous goods" / "危化品" "危险货物运输";
    ]
}
table! {
    /// 联网状态.
    NETWORK, true, [
        "0" "未联网" "not connected" / "否" "no";
        "1" "已联网" "connected" / "联网" "是" "yes";
    ]
}
table! {
    /// 进出类型.
    DIRECTION, true, [
        "in" "进厂" "in" / "进" "入口" "1";
        "out" "出厂" "out" / "出" "出口" "2";
    ]
}
table! {
    /// 机械种类.
    MACHINE_TYPE, true, [
        "1" "装载机" "loader";
        "2" "挖掘机" "excavator";
        "3" "推土机" "bulldozer";
        "4" "叉车" "forklift";
        "5" "非公路用卡车" "off-road truck";
        "6" "其他" "other" / "其它";
    ]
}
table! {
    /// 绩效等级.
    GRADE, true, [
        "A" "A级" "grade A";
        "B" "B级" "grade B";
        "B-" "B-级" "grade B-";
        "C" "C级" "grade C";
        "D" "D级" "grade D";
        "leading" "引领性" "leading" / "引领性企业";
    ]
}
