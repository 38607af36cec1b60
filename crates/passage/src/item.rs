//! The items of HJ 1321-2023, tables C.1 to C.5 as far as they are known, with what a passage, a
//! heartbeat and a platform's news carry beside them: one list for registers, exports and adapters.
//!
//! Where sources differ the standard's term is the label; other terms are understood when a table
//! is imported. A platform's own names are in its adapter file.

/// What kind of value an item has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// Text.
    Text,
    /// One of a few words, for which platforms have codes.
    Word,
    /// A moment.
    Time,
    /// A day.
    Day,
    /// A number.
    Number,
    /// Yes or no.
    Flag,
    /// A picture.
    Photo,
    /// Something of this site alone, which is never sent.
    Local,
}

/// One item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Our name, in files and messages.
    pub name: &'static str,
    /// The standard's term.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
    /// Other terms for it, on forms and in tables of earlier versions.
    pub also: &'static [&'static str],
    /// What it holds.
    pub kind: ItemKind,
}

macro_rules! catalogue {
    ($( $name:literal $zh:literal $en:literal $kind:ident $(/ $($also:literal)+)? ; )+) => {
        /// All items, those of table C.3 first and in its order.
        pub static ITEMS: &[Item] = &[ $( Item {
            name: $name,
            zh: $zh,
            en: $en,
            also: &[$($($also),+)?],
            kind: ItemKind::$kind,
        } ),+ ];
    };
}

catalogue! {
    "entranceCode" "出入口编号" "Entrance code" Text;
    "gateCode" "道闸编号" "Barrier code" Text;
    "inOut" "进出厂状态" "Direction of the passage" Word;
    "passTime" "进、出厂时间" "Time of passage" Time;
    "headPhoto" "车头照片" "Head photo" Photo;
    "bodyPhoto" "车身照片" "Body photo" Photo;
    "plateNo" "车牌号码" "Plate number" Text;
    "plateColor" "号牌颜色" "Plate colour" Word;
    "vehicleType" "车辆类型" "Vehicle type" Word;
    "vin" "车辆识别代号" "VIN" Text;
    "registerDate" "注册登记日期" "Registration date" Day;
    "vehicleModel" "车辆型号" "Model" Text / "品牌型号" "车辆品牌型号" "车辆(品牌)型号";
    "engineModel" "发动机型号" "Engine model" Text;
    "engineMaker" "发动机生产厂" "Engine maker" Text;
    "engineNo" "发动机编号" "Engine number" Text;
    "fuelType" "燃料类型" "Fuel" Word;
    "emissionStandard" "排放标准" "Emission standard" Word;
    "useCharacter" "使用性质" "Use" Word;
    "networkStatus" "联网状态" "Network state" Word;
    "vehicleListPhoto" "随车清单" "Vehicle list" Photo;
    "drivingLicensePhoto" "行驶证" "Driving licence" Photo;
    "drivingLicensePhoto2" "行驶证副页" "Driving licence, second page" Photo;
    "cargoName" "运输货物名称" "Cargo" Text;
    "cargoWeight" "运输量" "Amount of cargo" Number;
    "cargoUnit" "运输量单位" "Unit of the amount" Word;
    "fleetName" "车队名称" "Fleet" Text;
    // What belongs to a passage beside the table.
    "serialNo" "流水号" "Number of the record" Text;
    "recordKey" "本机记录号" "Key of the record" Text;
    "revision" "修订次数" "Revision" Number;
    "laneCode" "车道" "Lane" Text;
    "cameraCode" "摄像头编号" "Camera code" Text;
    "passStart" "通过开始时间" "Passage began" Time;
    "passEnd" "通过结束时间" "Passage ended" Time;
    "timeTrusted" "时钟已同步" "Clock synchronised" Flag;
    "trailerPlateNo" "挂车号牌" "Trailer's plate number" Text;
    "controlResult" "管控结果" "Decision" Word;
    "controlReason" "管控原因" "Reason of the decision" Text;
    "throughId" "进出配对编号" "Number of the visit" Text;
    "outcome" "通行结果" "Outcome" Word;
    "source" "记录来源" "Source of the record" Word;
    "photo" "照片" "Photo" Photo;
    "photoKind" "照片类别" "Kind of photo" Word;
    "photoNumber" "照片序号" "Number of the photo" Number;
    "photoTime" "拍照时间" "Time of the photo" Time;
    // Enterprise (2.1), gate, camera.
    "enterpriseCode" "企业编号" "Enterprise code" Text;
    "enterpriseName" "企业名称" "Enterprise name" Text;
    "shortName" "简称" "Short name" Text;
    "creditCode" "统一社会信用代码" "Unified social credit code" Text;
    "industryType" "行业类别" "Industry" Text;
    "industryBranch" "行业分支" "Branch of industry" Text;
    "performanceGrade" "绩效等级" "Performance grade" Word;
    "areaCode" "行政区划" "Area code" Text;
    "address" "地址" "Address" Text;
    "longitude" "经度" "Longitude" Number;
    "latitude" "纬度" "Latitude" Number;
    "legalPerson" "法人代表" "Legal representative" Text;
    "contactName" "联系人" "Contact" Text;
    "contactPhone" "联系电话" "Contact phone" Text;
    "cargoEntranceCount" "载货出入口数量" "Goods entrances" Number;
    "gateCount" "道闸数量" "Barriers" Number;
    "transportVehicleCount" "运输车辆数量" "Transport vehicles" Number;
    "inPlantVehicleCount" "厂内运输车辆数量" "In-plant vehicles" Number;
    "nonRoadCount" "非道路移动机械数量" "Non-road machines" Number;
    "maintainerName" "运维单位" "Maintenance company" Text;
    "maintainerPerson" "运维单位负责人" "Maintenance contact" Text;
    "maintainerPhone" "运维单位电话" "Maintenance phone" Text / "运维电话";
    "entranceName" "出入口名称" "Entrance name" Text;
    "entranceAddress" "出入口地址" "Entrance address" Text;
    "gateName" "道闸名称" "Barrier name" Text;
    "gateAddress" "道闸地址" "Barrier address" Text;
    "manager" "道闸负责人" "Person in charge" Text;
    "managerPhone" "道闸负责人电话" "Phone of person in charge" Text;
    "maintCompany" "运维单位" "Maintenance company" Text / "道闸运维单位";
    "maintContact" "运维单位联系人" "Maintenance contact" Text / "道闸运维联系人";
    "maintPhone" "运维单位电话" "Maintenance phone" Text / "道闸运维电话";
    "cameraName" "摄像头名称" "Camera name" Text;
    "ip" "IP地址" "IP address" Text;
    "port" "端口" "Port" Number;
    "userName" "用户名" "User name" Text;
    "passwordFile" "密码文件" "Password file" Local;
    "password" "密码" "Password" Text;
    "channel" "通道号" "Channel" Text;
    "liveUrl" "实时播放路径" "Live address" Text;
    "replayUrl" "回放路径" "Replay address" Text;
    "gbId" "国标流编号" "GB/T 28181 id" Text / "国标编号";
    "vendor" "厂商" "Vendor" Text;
    "model" "型号" "Model" Text;
    "direction" "进出类型" "Direction" Word;
    // In-plant vehicles and machinery (2.5, 2.6).
    "emissionBasis" "排放判定依据" "Basis of emission standard" Text;
    "scanResult" "扫码验证结果" "Scanned code" Text;
    "envCode" "环保登记编码" "Environmental code" Text;
    "productionDate" "生产日期" "Production date" Day;
    "machineType" "机械种类" "Machine type" Word;
    "pin" "产品识别码" "Product identification number" Text;
    "machineModel" "机械型号" "Machine model" Text;
    "owner" "所属人(单位)" "Owner" Text / "车辆所有人" "车辆所有人(单位)";
    "machinePlatePhoto" "整车(机)铭牌" "Machine name plate" Photo / "整机铭牌";
    "enginePlatePhoto" "发动机铭牌" "Engine name plate" Photo;
    "envLabelPhoto" "机械环保信息标签" "Environmental label" Photo / "环保信息标签";
    // Heartbeat (2.9b).
    "retired" "已停用" "Retired" Flag;
    "time" "时间" "Time" Time;
    "softwareVersion" "软件版本" "Software version" Text;
    "gateStatus" "道闸状态" "State of the barrier" Word;
    "cameraStatus" "摄像头状态" "State of the camera" Word;
    "pendingCount" "待传数量" "Rows waiting" Number;
    "generatedCount" "产生量" "Rows made" Number;
    "acknowledgedCount" "上传量" "Rows acknowledged" Number;
    // Downlinks and their confirmation (2.7 to 2.9).
    "exceedReason" "超标原因" "Reason of the excess" Text;
    "released" "是否解除超标排放" "Released" Flag;
    "issuedAt" "下发时间" "Issued at" Time;
    "releasedAt" "解除时间" "Released at" Time;
    "strategyId" "策略编号" "Strategy number" Text;
    "startTime" "开始时间" "Begins at" Time;
    "endTime" "解除时间" "Ends at" Time;
    "warningLevel" "预警级别" "Warning level" Word;
    "responseLevel" "响应级别" "Response level" Word;
    "measures" "管控措施" "Measures" Text;
    "inTime" "进厂时间" "Time of entry" Time;
    "outTime" "出厂时间" "Time of exit" Time;
    "violationReason" "违规通行原因" "Reason of the violation" Text;
    "remark" "其他说明" "Remark" Text;
    "receivedAt" "接收时间" "Received at" Time;
    "result" "结果" "Result" Word;
    "evidence" "证明材料" "Evidence" Photo;
    "evidenceHash" "证明材料的 SHA-256" "Its SHA-256" Text;
}

/// The item of this name.
#[must_use]
pub const fn item(name: &str) -> Option<&'static Item> {
    let mut index = 0;
    while index < ITEMS.len() {
        if is_same(ITEMS[index].name, name) {
            return Some(&ITEMS[index]);
        }
        index += 1;
    }
    None
}

/// `a == b`, for constants.
const fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut index = 0;
    while index < a.len() && index < b.len() && a[index] == b[index] {
        index += 1;
    }
    index == a.len() && index == b.len()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_item_is_found_by_its_name_and_no_name_stands_twice() {
        for wanted in ITEMS {
            assert_eq!(item(wanted.name), Some(wanted));
            assert!(!wanted.zh.is_empty() && !wanted.en.is_empty());
            assert!(!wanted.also.contains(&wanted.zh), "{}", wanted.name);
        }
        let names: HashSet<_> = ITEMS.iter().map(|item| item.name).collect();
        assert_eq!(names.len(), ITEMS.len());
        assert_eq!(item("plate"), None);
        assert_eq!(item("plateNoo"), None);
    }
}
