//! Code tables: what may stand in an item that has a fixed choice.
//!
//! The codes are the canonical ones inside this program. A platform that uses others has a map of
//! its own in its settings.

use words::Language;

use crate::typed::narrow;

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

    /// The choice that a person means by `text`: its code, its name in either language, another
    /// usual spelling, or code and name as [`Self::choices`] shows them. Case and width are the same.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<&'static Code> {
        let text = narrow(text);
        let text = text.trim();
        let named = |code: &Code, text: &str| {
            let names = code.names();
            names.into_iter().any(|name| same(name, text))
        };
        let shown = |code: &Code| {
            let rest = text.get(code.code.len()..).unwrap_or_default();
            let (is_code, rest) = (
                same(code.code, &text[..text.len() - rest.len()]),
                rest.trim(),
            );
            is_code && !rest.is_empty() && named(code, rest)
        };
        let mut codes = self.codes.iter();
        let found = codes.clone().find(|code| named(code, text));
        found.or_else(|| codes.find(|code| shown(code)))
    }

    /// The choices whose name holds `text`, for somebody who wrote a part of it.
    #[must_use]
    pub fn holding(&self, text: &str) -> Vec<&'static Code> {
        let codes = self.codes.iter();
        codes.filter(|code| code.zh.contains(text)).collect()
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

/// Apart from case and width.
fn same(name: &str, text: &str) -> bool {
    narrow(name).eq_ignore_ascii_case(text)
}

impl Code {
    /// Its code, its names and its other spellings.
    fn names(&self) -> impl IntoIterator<Item = &'static str> + use<> {
        let own = [self.code, self.zh, self.en];
        own.into_iter().chain(self.also.iter().copied())
    }

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
table! {
    /// 车辆类型, the usual ones of GA/T 16.4. Other codes of its shape are taken as they are.
    VEHICLE_TYPE, true, [
        "H11" "重型普通货车" "heavy truck";
        "H12" "重型厢式货车" "heavy box truck";
        "H13" "重型封闭货车" "heavy closed truck";
        "H14" "重型罐式货车" "heavy tank truck";
        "H15" "重型平板货车" "heavy flatbed truck";
        "H16" "重型集装厢车" "heavy container truck" / "重型集装箱车";
        "H17" "重型自卸货车" "heavy dump truck" / "重型自卸车";
        "H18" "重型特殊结构货车" "heavy special truck";
        "H19" "重型仓栅式货车" "heavy stake truck";
        "H21" "中型普通货车" "medium truck";
        "H22" "中型厢式货车" "medium box truck";
        "H23" "中型封闭货车" "medium closed truck";
        "H24" "中型罐式货车" "medium tank truck";
        "H25" "中型平板货车" "medium flatbed truck";
        "H27" "中型自卸货车" "medium dump truck" / "中型自卸车";
        "H28" "中型特殊结构货车" "medium special truck";
        "H29" "中型仓栅式货车" "medium stake truck";
        "H31" "轻型普通货车" "light truck";
        "H32" "轻型厢式货车" "light box truck";
        "H33" "轻型封闭货车" "light closed truck";
        "H34" "轻型罐式货车" "light tank truck";
        "H35" "轻型平板货车" "light flatbed truck";
        "H37" "轻型自卸货车" "light dump truck" / "轻型自卸车";
        "H38" "轻型特殊结构货车" "light special truck";
        "H39" "轻型仓栅式货车" "light stake truck";
        "Q11" "重型半挂牵引车" "heavy semi-trailer tractor";
        "Q12" "重型全挂牵引车" "heavy drawbar tractor";
        "Q21" "中型半挂牵引车" "medium semi-trailer tractor";
        "Q22" "中型全挂牵引车" "medium drawbar tractor";
        "Q31" "轻型半挂牵引车" "light semi-trailer tractor";
        "Q32" "轻型全挂牵引车" "light drawbar tractor";
        "B11" "重型普通半挂车" "heavy semi-trailer";
        "B12" "重型厢式半挂车" "heavy box semi-trailer";
        "B13" "重型罐式半挂车" "heavy tank semi-trailer";
        "B14" "重型平板半挂车" "heavy flatbed semi-trailer";
        "B15" "重型集装箱半挂车" "heavy container semi-trailer";
        "B16" "重型自卸半挂车" "heavy dump semi-trailer";
        "B17" "重型特殊结构半挂车" "heavy special semi-trailer";
        "B18" "重型仓栅式半挂车" "heavy stake semi-trailer";
        "K11" "大型普通客车" "large bus";
        "K21" "中型普通客车" "medium bus";
        "K31" "小型普通客车" "small bus";
        "K32" "小型越野客车" "small off-road car";
        "K33" "小型轿车" "small car" / "轿车";
        "K41" "微型普通客车" "mini bus";
        "Z11" "大型专项作业车" "large special vehicle";
        "Z21" "中型专项作业车" "medium special vehicle";
        "Z31" "小型专项作业车" "small special vehicle";
        "Z51" "重型专项作业车" "heavy special vehicle";
        "Z71" "轻型专项作业车" "light special vehicle";
        "X99" "其他" "other" / "其它";
    ]
}
table! {
    /// Classes of vehicle types: beginnings of their codes, for rules that mean a whole class.
    VEHICLE_CLASS, true, [
        "H" "货车" "goods vehicles" / "载货汽车";
        "H1" "重型货车" "heavy goods vehicles";
        "H2" "中型货车" "medium goods vehicles";
        "H3" "轻型货车" "light goods vehicles";
        "H4" "微型货车" "mini goods vehicles";
        "Q" "牵引车" "tractors";
        "Q1" "重型牵引车" "heavy tractors";
        "Q2" "中型牵引车" "medium tractors";
        "Q3" "轻型牵引车" "light tractors";
        "B" "挂车" "trailers" / "半挂车";
        "B1" "重型挂车" "heavy trailers";
        "B2" "中型挂车" "medium trailers";
        "Z" "专项作业车" "special vehicles";
        "Z1" "大型专项车" "large special vehicles";
        "Z5" "重型专项车" "heavy special vehicles";
        "K" "客车" "cars and buses" / "载客汽车";
        "K1" "大型客车" "large buses";
        "K2" "中型客车" "medium buses";
        "K3" "小型客车" "cars";
    ]
}
