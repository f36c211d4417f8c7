"""The words of every code that an answer may carry, in both languages."""

from __future__ import annotations

from typing import Any

from lianqin.cases.lifecycle import ACT_WORDS, STATE_WORDS, State

from . import ticket_words
from .demo_time_words import DEMO_WORDS
from .notice_words import NOTICE_WORDS
from .problem_words_accounts import ACCOUNT_WORDS
from .problem_words_cases import CASE_WORDS
from .problem_words_units import UNIT_WORDS

#: code → ((title, detail) in Chinese, (title, detail) in English); details take the parameters.
WORDS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "invalid": (
        ("内容有误", "请按下列字段逐项改正；本次未保存。"),
        ("Something in the request is wrong", "Mend the fields named below; nothing was kept."),
    ),
    "report_says_nothing": (
        ("没有上报内容", "请写明情况、选择类别或附上照片，至少一项。"),
        ("The report says nothing", "Describe it, name a class or add a picture: one at least."),
    ),
    "position_incomplete": (
        ("坐标不完整", "经度 lon 和纬度 lat 须同时给出。"),
        ("Half a position", "Give both lon and lat, or neither."),
    ),
    "sign_in_needed": (
        ("需要登录", "请先登录，或带上有效的令牌。"),
        ("Sign-in needed", "Sign in first, or send a valid token."),
    ),
    "password_change_needed": (
        ("需要先更改密码", "该账号的密码由他人设置，请先在“账号与安全”页面改成自己的密码。"),
        ("Change the password first", "Somebody else set it: choose your own on the account page."),
    ),
    "second_factor_needed": (
        ("需要先启用两步验证", "您的岗位要求两步验证，请先在“账号与安全”页面启用。"),
        ("Second factor needed", "Your post requires one: set it up on the account page first."),
    ),
    "invitation_gone": (
        ("邀请链接无效", "链接已使用、已过期或已被替换，请联系安全管理员重新获取。"),
        ("The invitation cannot be used", "Used, expired or replaced: ask for a new one."),
    ),
    "password_unfit": (
        ("密码不合要求", "至少 12 个字符，不能是常见密码，不能与用户名或姓名相近。"),
        ("The password will not do", "At least 12 characters, not common, not close to a name."),
    ),
    "csrf_missing": (
        ("页面已过期", "请刷新页面后再试。"),
        ("The page is out of date", "Reload the page and try again."),
    ),
    "forbidden": (
        ("无权办理", "您的岗位在此处不能办理“{act}”。"),
        ("Not yours to do", "None of your posts may do '{act}' here."),
    ),
    "not_found": (
        ("未找到", "没有该对象，或不在您的范围内。"),
        ("Not found", "There is no such object within your reach."),
    ),
    "conflict": (
        ("他人已先办理", "案件已变化，请查看最新状态后再办。"),
        ("Somebody was first", "The case has moved on; look at it again before you act."),
    ),
    "idempotency_key_missing": (
        ("缺少幂等键", "写入请求须带 Idempotency-Key 头，值为 UUID。"),
        ("No idempotency key", "A write needs the header Idempotency-Key with a UUID."),
    ),
    "device_time_unusable": (
        ("设备时间无法识别", "Device-Time 头须为带时区的 ISO 8601 时间，年份 1970–2100。"),
        ("The device's time is unusable", "Device-Time takes ISO 8601 with an offset, 1970–2100."),
    ),
    "idempotency_key_reused": (
        ("幂等键已用于其他内容", "同一个键只能用于同一个请求；新的请求请换新键。"),
        ("Key used for another request", "One key is for one request; use a new key."),
    ),
    "database_away": (
        ("数据库暂时无法访问", "本次未保存，请用同一个幂等键重试。"),
        ("The database is away", "Nothing was kept; send it again with the same key."),
    ),
    "busy": (
        ("正忙，请稍候", "他人正在办理同一内容；本次未保存，请用同一个幂等键重试。"),
        ("Busy", "Others are at work on the same thing; send it again with the same key."),
    ),
    "fault": (
        ("系统出错", "已记入日志；可用同一个幂等键重试，仍出错请告知管理员。"),
        ("A fault of the system", "It stands in the log; try again with the same key."),
    ),
    "method_unknown": (
        ("不支持此方法", "此地址不接受该请求方法。"),
        ("Method not known here", "This address does not take that method."),
    ),
    "body_too_large": (
        ("请求内容过大", "请缩短内容；照片请用 POST /api/v1/files 上传。"),
        ("The request is too large", "Send less; pictures go to POST /api/v1/files."),
    ),
    "no_district": (
        ("尚未设置区", "请运行 lianqin demo seed，或导入本区数据。"),
        ("No district has been set up", "Run 'lianqin demo seed' or import your district."),
    ),
    "not_in_this_state": (
        ("当前状态不能这样办理", "案件处于“{state}”，不能办理“{act}”。"),
        ("Not in this state", "The case is '{state}'; '{act}' does not start there."),
    ),
    "class_needed": (
        ("请选择类别", "立案须有类别。"),
        ("Choose a class", "A case is filed under a class."),
    ),
    "reason_needed": (
        ("请写明理由", "此项办理须写理由。"),
        ("Say why", "This act needs a reason."),
    ),
    "photo_needed": (
        ("请附照片", "办理反馈至少附一张处置后照片。"),
        ("Add a photo", "Reporting back needs at least one picture of the result."),
    ),
    "assignee_needed": (
        ("请选择承办", "派遣须指定班组或单位。"),
        ("Choose who goes", "Name a crew or unit."),
    ),
    "case_needed": (
        ("请选择案件", "并案须指定另一案件。"),
        ("Choose a case", "Name the case to join."),
    ),
    "class_unknown": (
        ("没有该类别", "目录中没有 {kind} {value}。"),
        ("Unknown class", "The catalogue has no {kind} {value}."),
    ),
    "area_unknown": (
        ("没有该区域", "没有编码为 {value} 的区域，可用 GET /api/v1/areas 查询。"),
        ("Unknown area", "No area has the code {value}; GET /api/v1/areas lists them."),
    ),
    "assignee_unknown": (
        ("没有该承办对象", "没有这个班组，或该单位不承办案件。"),
        ("Unknown crew or unit", "There is no such crew, or the unit takes no cases."),
    ),
    "case_number_unknown": (
        ("没有该案号", "请核对案号，例如 20261123-0042，前缀可省略。"),
        (
            "Unknown case number",
            "Check the number, for instance 20261123-0042; the prefix may be left out.",
        ),
    ),
    "case_to_join_not_found": (
        ("未找到要并入的案件", "没有该案件，或不在您的范围内。"),
        ("The case to join was not found", "There is no such case within your reach."),
    ),
    "joins_only_open_cases": (
        ("只能并入在办案件", "该案件已结束；再次出现的问题请另立新案。"),
        ("Only an open case can be joined", "That one has ended; what comes back is a new case."),
    ),
    "joins_itself": (
        ("不能并入自身", "请选择另一案件。"),
        ("A case cannot join itself", "Choose another."),
    ),
    "unit_has_no_authority_here": (
        ("该单位无权承办此处", "其管辖不含案发地，请改派或提请。"),
        ("The unit has no authority here", "Its reach does not include the place."),
    ),
    "crew_outside_your_place": (
        ("不能派遣该班组", "该班组不在您的指挥范围，请由其所属中心、本街道指挥长或联勤办派遣。"),
        (
            "Not your crew to send",
            "Its own centre, a commander of its subdistrict or the desk above can.",
        ),
    ),
    "crew_of_another_subdistrict": (
        ("班组属于其他街道", "班组不能以派遣的方式跨街道，请改派本街道班组。"),
        (
            "A crew of another subdistrict",
            "Dispatch does not move crews across; send one from here.",
        ),
    ),
    "checker_is_handler": (
        ("处置人不能核查", "核查须由处置人以外的人办理。"),
        ("The handler cannot check", "Somebody else has to look."),
    ),
    "closer_is_handler": (
        ("处置人不能结案", "请由其他值班长或指挥长结案。"),
        ("The handler cannot close", "Another shift leader or commander has to."),
    ),
    "checker_is_finder": (
        ("发现人不能核查", "核查须由上报人以外的人办理。"),
        ("The finder cannot check", "Somebody other than the reporter has to look."),
    ),
    "checker_is_of_the_crew": (
        ("同班组不能核查", "核查须由承办班组以外的人办理。"),
        ("The crew cannot check itself", "Somebody outside the crew has to look."),
    ),
    "photo_not_found": (
        ("没有该照片", "照片 {value} 不存在、不是您上传的，或已用于其他案件。"),
        ("Unknown photo", "Photo {value} does not exist, is not yours or is in use."),
    ),
    "datum_unknown": (
        ("没有该坐标系", "可用 wgs84、gcj02、bd09。"),
        ("Unknown datum", "Use wgs84, gcj02 or bd09."),
    ),
    "file_missing": (
        ("没有文件", "请在 file 字段上传一张照片。"),
        ("No file", "Send one picture in the field 'file'."),
    ),
    "field_missing": (("缺少必填项", "此项必填。"), ("Missing", "This field is needed.")),
    "field_unknown": (("没有此字段", "请删去此字段。"), ("Unknown field", "Leave this field out.")),
    "text_too_long": (
        ("太长", "最多 {max_length} 个字。"),
        ("Too long", "At most {max_length} characters."),
    ),
    "text_too_short": (
        ("太短", "至少 {min_length} 个字。"),
        ("Too short", "At least {min_length} characters."),
    ),
    "uuid_needed": (("格式不对", "应为 UUID。"), ("Wrong format", "This has to be a UUID.")),
    "offset_needed": (
        ("时间缺少时区", "请写成 2026-11-23T20:04:00+08:00。"),
        ("The time has no offset", "Write it as 2026-11-23T20:04:00+08:00."),
    ),
    "time_needed": (
        ("时间格式不对", "请写成 2026-11-23T20:04:00+08:00。"),
        ("Not a time", "Write it as 2026-11-23T20:04:00+08:00."),
    ),
    "not_one_of": (
        ("取值不对", "可取：{expected}。"),
        ("Not a known value", "Use one of: {expected}."),
    ),
    "json_invalid": (
        ("不是有效的 JSON", "请检查请求内容的格式。"),
        ("Not valid JSON", "Check the request's body."),
    ),
    "number_out_of_range": (
        ("超出范围", "数值超出允许范围。"),
        ("Out of range", "The number is out of range."),
    ),
    "text_unusable": (
        ("含有无法保存的字符", "请删去控制字符或残缺字符后重试。"),
        ("A character that cannot be kept", "Leave out control and broken characters."),
    ),
    "time_out_of_range": (
        ("时间超出范围", "应在 2000 年至 2100 年之间。"),
        ("The time is out of range", "It has to lie between the years 2000 and 2100."),
    ),
    "too_many": (("太多", "最多 {max_length} 项。"), ("Too many", "At most {max_length} items.")),
    "value_invalid": (
        ("内容不对", "此项内容不符合要求。"),
        ("Not usable", "This value cannot be used."),
    ),
    "empty": (("文件为空", "请重新选择照片。"), ("The file is empty", "Choose the picture again.")),
    "too_large": (
        ("文件太大", "单张照片不超过 {max_bytes} 字节。"),
        ("The file is too large", "One picture may have up to {max_bytes} bytes."),
    ),
    "heic_not_supported": (
        ("不支持 HEIC", "请在手机相机设置中选择“兼容性最佳”（JPEG）后重拍。"),
        ("HEIC is not supported", "Set the camera to 'most compatible' (JPEG) and take it again."),
    ),
    "type_not_supported": (
        ("不是照片", "可上传 JPEG、PNG、WebP。"),
        ("Not a picture", "JPEG, PNG and WebP can be uploaded."),
    ),
    "too_many_pixels": (
        ("照片尺寸过大", "最多 {max_pixels} 像素。"),
        ("Too many pixels", "At most {max_pixels} pixels."),
    ),
    "truncated": (
        ("照片不完整", "上传中断，请重新上传。"),
        ("The picture is cut off", "Upload it again."),
    ),
    "unreadable": (
        ("照片无法读取", "请换一张。"),
        ("The picture cannot be read", "Use another one."),
    ),
    **ticket_words.WORDS,
    **DEMO_WORDS,
    **CASE_WORDS,
    **ACCOUNT_WORDS,
    **NOTICE_WORDS,
    **UNIT_WORDS,
}


class _Params(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def words(code: str, language: str | None, params: dict[str, Any]) -> tuple[str, str]:
    """Title and detail of a code, filled in; an unknown code stands for itself."""
    pair = WORDS.get(code)
    if pair is None:
        return code, ""
    english = (language or "").startswith("en")
    title, detail = pair[1] if english else pair[0]
    return title, detail.format_map(_Params(params | _named(params, english)))


def _named(params: dict[str, Any], english: bool) -> dict[str, Any]:
    """States and acts by the names that people know them by."""
    named: dict[str, Any] = {}
    if params.get("state") in set(State):
        named["state"] = STATE_WORDS[State(params["state"])][english]
    if params.get("act") in ACT_WORDS:
        named["act"] = ACT_WORDS[params["act"]][english]
    return named
