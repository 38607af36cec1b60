//! The official form 重点行业企业移动源管理核查表 with what the ledger knows of it. What agrees is the inspector's to say:
//! those boxes stay empty.

use passage::{RecordView, Register};
use records::{Book, Cell};
use words::Language;

use super::Parts;
use crate::Error;

const TITLE: &str = "重点行业企业移动源管理核查表";
const BOXES: &str = "□符合 □不符合";

/// Type, what is checked, remark: the form's own words.
const CHECKS: [(&str, &str, &str, &str); 19] = [
    (
        "一、运输方式核查",
        "运输方式核查",
        "生产日志、原辅材料消耗情况是否符合要求",
        "查阅生产日志，确认原辅材料消耗情况",
    ),
    (
        "",
        "",
        "原辅材料供货协议，供货总量、供货方式是否符合要求",
        "查阅原辅材料供货协议，确认供货总量和供货方式",
    ),
    (
        "",
        "",
        "清洁运输方式运输情况，清洁运输方式运输进厂登记，核查清洁运输方式运输总量的情况是否符合要求",
        "查阅清洁运输方式进厂登记台账，核查清洁运输总量与台账是否一致",
    ),
    (
        "",
        "",
        "厂区进出口地磅记录与公路运输总量是否一致",
        "实地考察厂区进出口地磅记录，确认公路运输总量",
    ),
    (
        "",
        "厂内运输车辆核查",
        "厂内运输车辆台账，核查满足各排放标准的比例是否符合要求",
        "查询厂内车辆台账，核查各阶段标准的比例",
    ),
    (
        "",
        "",
        "厂内运输车辆，随机核查厂内运输车辆（如有）是否符合列入车辆台账要求",
        "现场检查厂内车辆，随机核查是否与台账记录一致",
    ),
    (
        "",
        "",
        "厂内运输车辆与台账信息是否一致",
        "现场核查厂内运输车辆是否与台账记录一致",
    ),
    (
        "",
        "厂内非道路移动机械核查",
        "厂内非道路移动机械信息台账，各阶段标准的比例是否符合要求",
        "查询厂内机械台账，核查各阶段标准的比例",
    ),
    (
        "",
        "",
        "随机抽取厂内非道路移动机械，核查其列入非道路移动机械台账情况是否符合要求",
        "现场检查厂内机械，随机核查是否与台账记录一致",
    ),
    (
        "",
        "",
        "厂内非道路移动机械与台账信息是否一致",
        "现场核查厂内非道路移动机械是否与台账记录一致",
    ),
    (
        "二、运输管理核查",
        "电子台账核查",
        "查询电子台账，随机抽取5~10条记录，确认信息是否填写完整及符合电子台账格式要求",
        "查询电子台账，随机抽取记录，确认信息完整性",
    ),
    (
        "",
        "",
        "随机抽取车辆进出厂记录5~10条，采用本标准规定的方法，核查车辆排放标准阶段并与电子台账是否一致",
        "随机抽取车辆进出场记录，核查排放阶段与台账记录是否一致",
    ),
    (
        "",
        "",
        "通过票据等资料确认物料类型与重量信息是否一致",
        "随机抽取车辆进出厂记录，根据票据等资料确认物料类型与重量信息与台账记录是否一致",
    ),
    (
        "",
        "",
        "国六标准车辆是否联网",
        "随机抽取车辆进出厂记录，查看随车清单，核查车辆是否联网",
    ),
    (
        "",
        "",
        "随机查询非重污染天气3~5天的记录，核查日均进出厂车辆数与联网数是否一致",
        "随机查询非重污染天气车辆进出厂记录，确认日均进出厂车辆数是否与联网数一致",
    ),
    (
        "",
        "",
        "随机查询重污染天气的记录，确认日均进出厂车辆，核查是否符合应急响应要求",
        "随机查询重污染天气车辆进出厂记录，确认日均进出厂车辆数是否与联网数一致，核查是否符合应急响应要求",
    ),
    (
        "",
        "视频监控核查",
        "调阅视频监控信息，在重污染天气期间随机选取2~3个各5 min~10 min的时段与台账核对进出车辆信息是否一致",
        "在重污染天气期间随机选取监控时段，核查各时段内进出厂车辆的信息与台账记录中是否一致",
    ),
    (
        "",
        "",
        "各时段内，进出厂车辆信息与电子台账是否一致",
        "随机选取监控时段，核查各时段内进出厂车辆的信息与台账记录中是否一致",
    ),
    (
        "",
        "",
        "视频内车辆是否准确记录在电子台账中",
        "核查视频内车辆是否准确记录在电子台账中",
    ),
];

/// Lines of each part of the third section.
const LINES: usize = 6;

pub(super) fn book(parts: &Parts<'_>) -> Result<Vec<u8>, Error> {
    let text = |text: &str| Cell::text(Some(text));
    let mut book = Book::default();
    let of_enterprise = |item: &str| match &parts.enterprise {
        Some(record) => shown(record, Register::Enterprise, item),
        None => Cell::Empty,
    };
    let notes = vec![
        (TITLE.to_owned(), Cell::Empty),
        ("企业(单位)名称".to_owned(), of_enterprise("enterpriseName")),
        ("统一社会信用代码".to_owned(), of_enterprise("creditCode")),
        ("行业类别".to_owned(), of_enterprise("industryType")),
        ("绩效等级".to_owned(), of_enterprise("performanceGrade")),
        ("地址".to_owned(), of_enterprise("address")),
        ("行政区划".to_owned(), of_enterprise("areaCode")),
    ];
    let heads = ["部分", "类型", "检查内容", "选项", "备注"].map(str::to_owned);
    book.sheet("核查表", notes, heads.into());
    for (part, kind, content, remark) in CHECKS {
        book.row(vec![
            text(part),
            text(kind),
            text(content),
            text(BOXES),
            text(remark),
        ]);
    }
    stages(&mut book, parts);
    let notes = vec![
        ("检 查 人".to_owned(), Cell::Empty),
        ("检查时间".to_owned(), Cell::Empty),
    ];
    book.sheet("其他", notes, vec!["四、其他：其它情况".to_owned()]);
    let mut bytes = std::io::Cursor::new(Vec::new());
    book.write(&mut bytes)?;
    Ok(bytes.into_inner())
}

/// 三、排放标准核查: vehicle and stage as the ledger has them, the result left to the inspector.
fn stages(book: &mut Book, parts: &Parts<'_>) {
    let text = |text: &str| Cell::text(Some(text));
    let heads = ["类别", "序号", "检查车辆", "排放阶段", "核查结果"].map(str::to_owned);
    book.sheet(
        "排放标准核查",
        vec![("三、排放标准核查".to_owned(), Cell::Empty)],
        heads.into(),
    );
    let passages = parts.sheets.iter().map(|sheet| {
        let plate = sheet.passage.plate().map(|(plate, _)| plate.to_owned());
        let stage = sheet
            .items
            .iter()
            .find(|item| item.name == "emissionStandard");
        let stage = stage.and_then(|item| item.shown.as_ref().map(|shown| shown[0].clone()));
        (Cell::text(plate), Cell::text(stage))
    });
    let records = |records: &[RecordView], register| -> Vec<(Cell, Cell)> {
        let one = |record: &RecordView| {
            let name = record
                .identity
                .split('|')
                .next()
                .unwrap_or_default()
                .to_owned();
            (
                Cell::text(Some(name)),
                shown(record, register, "emissionStandard"),
            )
        };
        records.iter().map(one).collect()
    };
    for (kind, found) in [
        ("运输车辆", passages.collect()),
        (
            "厂内运输车辆",
            records(&parts.vehicles, Register::InPlantVehicle),
        ),
        (
            "非道路移动机械",
            records(&parts.machines, Register::Machine),
        ),
    ] {
        let mut found = found.into_iter();
        let mut number = 0;
        while number < LINES || found.len() > 0 {
            number += 1;
            let (name, stage) = found.next().unwrap_or((Cell::Empty, Cell::Empty));
            book.row(vec![
                text(kind),
                text(&number.to_string()),
                name,
                stage,
                text(BOXES),
            ]);
        }
    }
    for note in [
        "注：排放阶段查询方法：",
        "1. http://hdvquery.vecc.org.cn/#/ 牌号查询",
        "2. https://info.vecc.org.cn/ve/index 输入车辆VIN码、发动机号后六位查询",
        "3. 扫描随车清单二维码，输入发动机号码后六位查询",
    ] {
        book.row(vec![text(note)]);
    }
}

fn shown(record: &RecordView, register: Register, item: &str) -> Cell {
    records::item(register, item).map_or(Cell::Empty, |known| {
        known.shown(record.values.get(item), Language::Zh)
    })
}
