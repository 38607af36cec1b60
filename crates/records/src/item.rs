//! The items of every register, from the tables of HJ 1321-2023 as far as they are known.
//!
//! Lengths are those seen in working platforms, not in the standard's text; a site can set others
//! in `[registers]`.

use passage::Register;
use serde_json::Value;
use words::Language;

use crate::Cell;
use crate::code::{self, CodeTable};

/// What an item may hold.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum ValueKind {
    /// Any text.
    Text,
    /// A day, stored as `2024-01-31`.
    Date,
    /// One of a fixed choice.
    Code(&'static CodeTable),
    /// A number of things.
    Count,
    /// Degrees east, six decimals.
    Longitude,
    /// Degrees north, six decimals.
    Latitude,
    /// A picture or PDF, stored as the SHA-256 of its content.
    File,
    /// A mobile or fixed-line number.
    Phone,
    /// 车辆识别代号 of 17 characters.
    Vin,
    /// 车牌号码 of a road vehicle.
    Plate,
    /// 统一社会信用代码, GB 32100-2015.
    CreditCode,
    /// 行政区划, GB/T 2260.
    AreaCode,
    /// One letter or digit.
    EntranceCode,
    /// Two or three digits.
    GateCode,
    /// A letter and two digits, GA/T 16.4.
    VehicleType,
    /// IP address.
    Address,
    /// TCP port.
    Port,
    /// An address of a stream, without a password in it.
    Url,
}

/// How much an item is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Without it the record has no name.
    Identity,
    /// A record that lacks it cannot be approved.
    Mandatory,
    /// Counts for completeness and stops nothing.
    Wanted,
}

/// One item of a register.
#[derive(Debug)]
pub struct RegisterItem {
    /// Canonical name.
    pub name: &'static str,
    /// 中文.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
    /// What it may hold.
    pub kind: ValueKind,
    /// How much it is needed.
    pub need: Need,
    /// Longest text in characters, unless a setting says otherwise.
    pub max_chars: u16,
}

impl RegisterItem {
    /// The label in one language.
    #[must_use]
    pub const fn label(&self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.zh,
            Language::En => self.en,
        }
    }

    /// A stored value as a person reads it, and as it can be imported again.
    #[must_use]
    pub fn shown(&self, value: Option<&Value>, language: Language) -> Cell {
        match (value, self.kind) {
            (None | Some(Value::Null), _) => Cell::Empty,
            (Some(Value::String(code)), ValueKind::Code(table)) => {
                let name = table.get(code).map_or(code.as_str(), |c| c.name(language));
                Cell::Text(name.to_owned())
            }
            (Some(Value::String(text)), _) => Cell::text(Some(text.as_str())),
            (Some(Value::Number(number)), _) => Cell::number(number.as_f64()),
            (Some(other), _) => Cell::Text(other.to_string()),
        }
    }
}

macro_rules! items {
    ($( $name:literal $zh:literal $en:literal $kind:expr, $need:ident $(, $max:literal)? ; )+) => {
        &[ $( RegisterItem {
            name: $name,
            zh: $zh,
            en: $en,
            kind: $kind,
            need: Need::$need,
            max_chars: { let _max = 100; $( let _max = $max; )? _max },
        } ),+ ]
    };
}

use ValueKind::{
    Address, AreaCode, Code, Count, CreditCode, Date, EntranceCode, File, GateCode, Latitude,
    Longitude, Phone, Plate, Port, Text, Url, VehicleType, Vin,
};

static ENTERPRISE: &[RegisterItem] = items! {
    "enterpriseCode" "企业编号" "Enterprise code" Text, Identity, 30;
    "enterpriseName" "企业名称" "Enterprise name" Text, Mandatory, 300;
    "shortName" "简称" "Short name" Text, Wanted, 150;
    "creditCode" "统一社会信用代码" "Unified social credit code" CreditCode, Mandatory, 18;
    "industryType" "行业类别" "Industry" Text, Mandatory;
    "industryBranch" "行业分支" "Branch of industry" Text, Wanted;
    "performanceGrade" "绩效等级" "Performance grade" Code(&code::GRADE), Mandatory;
    "areaCode" "行政区划" "Area code" AreaCode, Mandatory, 6;
    "address" "地址" "Address" Text, Mandatory, 200;
    "longitude" "经度" "Longitude" Longitude, Mandatory;
    "latitude" "纬度" "Latitude" Latitude, Mandatory;
    "legalPerson" "法人代表" "Legal representative" Text, Mandatory;
    "contactName" "联系人" "Contact" Text, Mandatory;
    "contactPhone" "联系电话" "Contact phone" Phone, Mandatory, 20;
    "cargoEntranceCount" "载货出入口数量" "Goods entrances" Count, Mandatory;
    "gateCount" "道闸数量" "Barriers" Count, Mandatory;
    "transportVehicleCount" "运输车辆数量" "Transport vehicles" Count, Mandatory;
    "inPlantVehicleCount" "厂内运输车辆数量" "In-plant vehicles" Count, Mandatory;
    "nonRoadCount" "非道路移动机械数量" "Non-road machines" Count, Mandatory;
    "maintainerName" "运维单位" "Maintenance company" Text, Mandatory;
    "maintainerPerson" "运维单位负责人" "Maintenance contact" Text, Mandatory;
    "maintainerPhone" "运维单位电话" "Maintenance phone" Phone, Mandatory, 20;
};

static ENTRANCE: &[RegisterItem] = items! {
    "entranceCode" "出入口编号" "Entrance code" EntranceCode, Identity, 1;
    "entranceName" "出入口名称" "Entrance name" Text, Mandatory, 50;
    "entranceAddress" "出入口地址" "Entrance address" Text, Wanted, 200;
    "longitude" "经度" "Longitude" Longitude, Wanted;
    "latitude" "纬度" "Latitude" Latitude, Wanted;
};

static BARRIER: &[RegisterItem] = items! {
    "entranceCode" "出入口编号" "Entrance code" EntranceCode, Identity, 1;
    "gateCode" "道闸编号" "Barrier code" GateCode, Identity, 3;
    "gateName" "道闸名称" "Barrier name" Text, Mandatory, 50;
    "gateAddress" "道闸地址" "Barrier address" Text, Mandatory, 200;
    "longitude" "经度" "Longitude" Longitude, Mandatory;
    "latitude" "纬度" "Latitude" Latitude, Mandatory;
    "manager" "道闸负责人" "Person in charge" Text, Mandatory, 10;
    "managerPhone" "道闸负责人电话" "Phone of person in charge" Phone, Mandatory, 20;
    "maintCompany" "运维单位" "Maintenance company" Text, Mandatory, 20;
    "maintContact" "运维单位联系人" "Maintenance contact" Text, Mandatory, 10;
    "maintPhone" "运维单位电话" "Maintenance phone" Phone, Mandatory, 20;
};

static CAMERA: &[RegisterItem] = items! {
    "cameraCode" "摄像头编号" "Camera code" Text, Identity, 15;
    "entranceCode" "出入口编号" "Entrance code" EntranceCode, Mandatory, 1;
    "gateCode" "道闸编号" "Barrier code" GateCode, Mandatory, 3;
    "cameraName" "摄像头名称" "Camera name" Text, Mandatory, 20;
    "ip" "IP地址" "IP address" Address, Mandatory, 45;
    "port" "端口" "Port" Port, Mandatory;
    "userName" "用户名" "User name" Text, Mandatory, 15;
    "passwordFile" "密码文件" "Password file" Text, Mandatory, 200;
    "liveUrl" "实时播放路径" "Live address" Url, Wanted, 200;
    "replayUrl" "回放路径" "Replay address" Url, Wanted, 200;
    "vendor" "厂商" "Vendor" Text, Wanted, 20;
    "model" "型号" "Model" Text, Wanted, 20;
    "gbId" "国标流编号" "GB/T 28181 id" Text, Wanted, 50;
    "channel" "通道号" "Channel" Text, Wanted, 50;
    "serialNo" "设备序列号" "Serial number" Text, Wanted, 50;
    "direction" "进出类型" "Direction" Code(&code::DIRECTION), Mandatory;
};

static VEHICLE: &[RegisterItem] = items! {
    "plateNo" "车牌号码" "Plate number" Plate, Identity, 30;
    "plateColor" "号牌颜色" "Plate colour" Code(&code::PLATE_COLOR), Identity;
    "vehicleType" "车辆类型" "Vehicle type" VehicleType, Mandatory, 3;
    "vin" "车辆识别代号" "VIN" Vin, Mandatory, 17;
    "registerDate" "注册登记日期" "Registration date" Date, Mandatory;
    "vehicleModel" "品牌型号" "Model" Text, Mandatory, 100;
    "engineModel" "发动机型号" "Engine model" Text, Wanted, 50;
    "engineMaker" "发动机生产厂" "Engine maker" Text, Wanted, 100;
    "engineNo" "发动机编号" "Engine number" Text, Wanted, 100;
    "fuelType" "燃料类型" "Fuel" Code(&code::FUEL), Mandatory;
    "emissionStandard" "排放标准" "Emission standard" Code(&code::EMISSION), Mandatory;
    "emissionBasis" "排放判定依据" "Basis of emission standard" Text, Wanted, 100;
    "useCharacter" "使用性质" "Use" Code(&code::USE), Mandatory;
    "networkStatus" "联网状态" "Network state" Code(&code::NETWORK), Mandatory;
    "vehicleListPhoto" "随车清单" "Vehicle list" File, Wanted;
    "drivingLicensePhoto" "行驶证" "Driving licence" File, Wanted;
    "drivingLicensePhoto2" "行驶证副页" "Driving licence, second page" File, Wanted;
    "scanResult" "扫码验证结果" "Scanned code" Text, Wanted, 500;
    "fleetName" "车队名称" "Fleet" Text, Wanted, 100;
};

static IN_PLANT_VEHICLE: &[RegisterItem] = items! {
    "vin" "车辆识别代号" "VIN" Text, Identity, 20;
    "envCode" "环保登记编码" "Environmental code" Text, Wanted, 50;
    "productionDate" "生产日期" "Production date" Date, Mandatory;
    "plateNo" "车牌号码" "Plate number" Text, Wanted, 32;
    "registerDate" "注册登记日期" "Registration date" Date, Wanted;
    "vehicleModel" "车辆型号" "Model" Text, Mandatory, 100;
    "engineModel" "发动机型号" "Engine model" Text, Wanted, 50;
    "engineMaker" "发动机生产厂" "Engine maker" Text, Wanted, 100;
    "engineNo" "发动机编号" "Engine number" Text, Wanted, 20;
    "fuelType" "燃料类型" "Fuel" Code(&code::FUEL), Mandatory;
    "emissionStandard" "排放标准" "Emission standard" Code(&code::EMISSION), Mandatory;
    "networkStatus" "联网状态" "Network state" Code(&code::NETWORK), Wanted;
    "vehicleListPhoto" "随车清单" "Vehicle list" File, Wanted;
    "drivingLicensePhoto" "行驶证" "Driving licence" File, Wanted;
    "owner" "车辆所有人" "Owner" Text, Mandatory, 100;
};

static MACHINE: &[RegisterItem] = items! {
    "pin" "产品识别码" "Product identification number" Text, Identity, 64;
    "envCode" "环保登记编码" "Environmental code" Text, Mandatory, 50;
    "productionDate" "生产日期" "Production date" Date, Mandatory;
    "plateNo" "车牌号码" "Plate number" Text, Wanted, 32;
    "emissionStandard" "排放标准" "Emission standard" Code(&code::EMISSION), Mandatory;
    "fuelType" "燃料类型" "Fuel" Code(&code::FUEL), Mandatory;
    "machineType" "机械种类" "Machine type" Code(&code::MACHINE_TYPE), Mandatory;
    "machineModel" "机械型号" "Machine model" Text, Mandatory, 100;
    "engineModel" "发动机型号" "Engine model" Text, Wanted, 32;
    "engineMaker" "发动机生产厂" "Engine maker" Text, Wanted, 100;
    "engineNo" "发动机编号" "Engine number" Text, Wanted, 32;
    "machinePlatePhoto" "整车(机)铭牌" "Machine name plate" File, Wanted;
    "enginePlatePhoto" "发动机铭牌" "Engine name plate" File, Wanted;
    "envLabelPhoto" "机械环保信息标签" "Environmental label" File, Wanted;
    "owner" "所属人(单位)" "Owner" Text, Mandatory, 100;
};

static FLEET: &[RegisterItem] = items! {
    "fleetName" "车队名称" "Fleet" Text, Identity, 100;
    "contactName" "联系人" "Contact" Text, Wanted;
    "contactPhone" "联系电话" "Contact phone" Phone, Wanted, 20;
    "creditCode" "统一社会信用代码" "Unified social credit code" CreditCode, Wanted, 18;
};

/// The items of a register, in the order of the standard's tables.
#[must_use]
pub fn items(register: Register) -> &'static [RegisterItem] {
    match register {
        Register::Enterprise => ENTERPRISE,
        Register::Entrance => ENTRANCE,
        Register::Barrier => BARRIER,
        Register::Camera => CAMERA,
        Register::Vehicle => VEHICLE,
        Register::InPlantVehicle => IN_PLANT_VEHICLE,
        Register::Machine => MACHINE,
        Register::Fleet => FLEET,
    }
}

/// The item of this name in a register.
#[must_use]
pub fn item(register: Register, name: &str) -> Option<&'static RegisterItem> {
    items(register).iter().find(|item| item.name == name)
}
