//! The items that can be sent, by the names that we give them (HJ 1321-2023, tables C.1 to C.5 as
//! far as they are known). A platform's own names are in its adapter file.

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
}

/// One item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Our name.
    pub name: &'static str,
    /// The term of the rule.
    pub chinese: &'static str,
    /// What it holds.
    pub kind: ItemKind,
}

const fn item(name: &'static str, chinese: &'static str, kind: ItemKind) -> Item {
    Item {
        name,
        chinese,
        kind,
    }
}

use ItemKind::{Day, Flag, Number, Photo, Text, Time, Word};

/// All items, those of table C.3 first and in its order.
pub const ITEMS: &[Item] = &[
    item("entranceCode", "出入口编号", Text),
    item("gateCode", "道闸编号", Text),
    item("inOut", "进出厂状态", Word),
    item("passTime", "进、出厂时间", Time),
    item("headPhoto", "车头照片", Photo),
    item("bodyPhoto", "车身照片", Photo),
    item("plateNo", "车牌号码", Text),
    item("plateColor", "号牌颜色", Word),
    item("vehicleType", "车辆类型", Word),
    item("vin", "车辆识别代号", Text),
    item("registerDate", "注册登记日期", Day),
    item("vehicleModel", "车辆型号", Text),
    item("engineModel", "发动机型号", Text),
    item("engineMaker", "发动机生产厂", Text),
    item("engineNo", "发动机编号", Text),
    item("fuelType", "燃料类型", Word),
    item("emissionStandard", "排放标准", Word),
    item("useCharacter", "使用性质", Word),
    item("networkStatus", "联网状态", Word),
    item("vehicleListPhoto", "随车清单", Photo),
    item("drivingLicensePhoto", "行驶证", Photo),
    item("drivingLicensePhoto2", "行驶证副页", Photo),
    item("cargoName", "运输货物名称", Text),
    item("cargoWeight", "运输量", Number),
    item("cargoUnit", "运输量单位", Word),
    item("fleetName", "车队名称", Text),
    // What belongs to a passage beside the table.
    item("serialNo", "流水号", Text),
    item("recordKey", "本机记录号", Text),
    item("revision", "修订次数", Number),
    item("laneCode", "车道", Text),
    item("cameraCode", "摄像头编号", Text),
    item("passStart", "通过开始时间", Time),
    item("passEnd", "通过结束时间", Time),
    item("timeTrusted", "时钟已同步", Flag),
    item("trailerPlateNo", "挂车号牌", Text),
    item("controlResult", "管控结果", Word),
    item("controlReason", "管控原因", Text),
    item("throughId", "进出配对编号", Text),
    item("outcome", "通行结果", Word),
    item("source", "记录来源", Word),
    item("photo", "照片", Photo),
    item("photoKind", "照片类别", Word),
    item("photoNumber", "照片序号", Number),
    item("photoTime", "拍照时间", Time),
    // Enterprise (2.1), gate, camera.
    item("enterpriseCode", "企业编号", Text),
    item("enterpriseName", "企业名称", Text),
    item("shortName", "简称", Text),
    item("creditCode", "统一社会信用代码", Text),
    item("industryType", "行业类别", Text),
    item("industryBranch", "行业分支", Text),
    item("performanceGrade", "绩效等级", Word),
    item("areaCode", "行政区划", Text),
    item("address", "地址", Text),
    item("longitude", "经度", Number),
    item("latitude", "纬度", Number),
    item("legalPerson", "法人代表", Text),
    item("contactName", "联系人", Text),
    item("contactPhone", "联系电话", Text),
    item("cargoEntranceCount", "载货出入口数量", Number),
    item("gateCount", "道闸数量", Number),
    item("transportVehicleCount", "运输车辆数量", Number),
    item("inPlantVehicleCount", "厂内运输车辆数量", Number),
    item("nonRoadCount", "非道路移动机械数量", Number),
    item("maintainerName", "运维单位", Text),
    item("maintainerPerson", "运维单位负责人", Text),
    item("maintainerPhone", "运维电话", Text),
    item("entranceName", "出入口名称", Text),
    item("entranceAddress", "出入口地址", Text),
    item("gateName", "道闸名称", Text),
    item("gateAddress", "道闸地址", Text),
    item("manager", "道闸负责人", Text),
    item("managerPhone", "道闸负责人电话", Text),
    item("maintCompany", "道闸运维单位", Text),
    item("maintContact", "道闸运维联系人", Text),
    item("maintPhone", "道闸运维电话", Text),
    item("cameraName", "摄像头名称", Text),
    item("ip", "IP 地址", Text),
    item("port", "端口", Number),
    item("userName", "用户名", Text),
    item("password", "密码", Text),
    item("channel", "通道号", Text),
    item("liveUrl", "实时播放路径", Text),
    item("replayUrl", "回放路径", Text),
    item("gbId", "国标编号", Text),
    item("vendor", "厂商", Text),
    item("model", "型号", Text),
    item("direction", "进出类型", Word),
    // In-plant vehicles and machinery (2.5, 2.6).
    item("emissionBasis", "排放判定依据", Text),
    item("scanResult", "扫码验证结果", Text),
    item("envCode", "环保登记编码", Text),
    item("productionDate", "生产日期", Day),
    item("machineType", "机械种类", Word),
    item("pin", "产品识别码", Text),
    item("machineModel", "机械型号", Text),
    item("owner", "所属人（单位）", Text),
    item("machinePlatePhoto", "整机铭牌", Photo),
    item("enginePlatePhoto", "发动机铭牌", Photo),
    item("envLabelPhoto", "环保信息标签", Photo),
    // Heartbeat (2.9b).
    item("retired", "已停用", Flag),
    item("time", "时间", Time),
    item("softwareVersion", "软件版本", Text),
    item("gateStatus", "道闸状态", Word),
    item("cameraStatus", "摄像头状态", Word),
    item("pendingCount", "待传数量", Number),
    item("generatedCount", "产生量", Number),
    item("acknowledgedCount", "上传量", Number),
    // Downlinks and their confirmation (2.7 to 2.9).
    item("exceedReason", "超标原因", Text),
    item("released", "是否解除超标排放", Flag),
    item("issuedAt", "下发时间", Time),
    item("releasedAt", "解除时间", Time),
    item("strategyId", "策略编号", Text),
    item("startTime", "开始时间", Time),
    item("endTime", "解除时间", Time),
    item("warningLevel", "预警级别", Word),
    item("responseLevel", "响应级别", Word),
    item("measures", "管控措施", Text),
    item("inTime", "进厂时间", Time),
    item("outTime", "出厂时间", Time),
    item("violationReason", "违规通行原因", Text),
    item("remark", "其他说明", Text),
    item("receivedAt", "接收时间", Time),
    item("result", "结果", Word),
];

/// The item of this name.
#[must_use]
pub(crate) fn find(name: &str) -> Option<&'static Item> {
    ITEMS.iter().find(|item| item.name == name)
}
