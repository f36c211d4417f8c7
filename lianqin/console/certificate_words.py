"""Words of the page on which a phone gets the root certificate, in both languages."""

from __future__ import annotations

from typing import Any

#: Names of menus are those of the systems' present versions; makers move them about.
WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "title": "在手机上安装证书",
        "lead": "安装一次后，手机才会把本站当作安全网站：可以拍照、定位、没有信号时打开。",
        "compare": "先核对指纹",
        "compare_lead": "与值班室公布的一致才安装（运维用 lianqin certificate 查看）。"
        "不一致请停下并报告。",
        "until": "有效至",
        "get": "下载根证书",
        "phones": [
            ("安卓（Chrome）", [
                "打开本页时出现“您的连接不是私密连接”：按 高级 → 继续前往。",
                "按上面的“下载根证书”。",
                "设置 → 安全 → 加密与凭据 → 安装证书 → CA 证书 → 仍然安装，"
                "选 lianqin-root.crt。手机须设有锁屏密码。",
                "关闭浏览器再打开处置通：地址栏不再提示不安全。",
            ]),
            ("鸿蒙", [
                "打开本页，按“继续访问”，再按“下载根证书”。",
                "设置 → 安全 → 更多安全设置 → 加密和凭据 → 从存储设备安装"
                "（或 设置 → 隐私和安全 → 证书与凭据），选 CA 证书。",
                "用系统浏览器打开处置通。",
            ]),
            ("苹果（Safari）", [
                "用 Safari 打开本页：显示详细信息 → 访问此网站。",
                "按“下载根证书” → 允许。",
                "设置 → 通用 → VPN 与设备管理 → 已下载的描述文件 → 安装。",
                "设置 → 通用 → 关于本机 → 证书信任设置 → 打开“Caddy Local Authority”。"
                "少了这一步仍不受信任。",
            ]),
        ],
        "managed": "由单位统一管理的手机：请管理员通过设备管理平台下发根证书，本人不用操作。",
        "open": "打开处置通",
    },
    "en": {
        "title": "Install the certificate on this phone",
        "lead": "Once this is done the phone treats this site as secure: camera, position, and "
        "opening it without a signal.",
        "compare": "Compare the fingerprint first",
        "compare_lead": "Install only if it is the one that the duty room has posted (operators "
        "see it with lianqin certificate). If it differs, stop and say so.",
        "until": "valid until",
        "get": "Download the root certificate",
        "phones": [
            ("Android (Chrome)", [
                "This page first says that the connection is not private: Advanced → Proceed.",
                "Press 'Download the root certificate' above.",
                "Settings → Security → Encryption & credentials → Install a certificate → CA "
                "certificate → Install anyway, choose lianqin-root.crt. It takes a screen lock.",
                "Close the browser and open the handheld: the address bar warns no more.",
            ]),
            ("HarmonyOS", [
                "Open this page, press continue, then 'Download the root certificate'.",
                "Settings → Security → More settings → Encryption and credentials → Install from "
                "storage (or Privacy & security → Certificates), choose CA certificate.",
                "Open the handheld in the system's browser.",
            ]),
            ("iPhone (Safari)", [
                "Open this page in Safari: Show Details → visit this website.",
                "Press 'Download the root certificate' → Allow.",
                "Settings → General → VPN & Device Management → Downloaded Profile → Install.",
                "Settings → General → About → Certificate Trust Settings → switch 'Caddy Local "
                "Authority' on. Without this it is still not trusted.",
            ]),
        ],
        "managed": "A phone that is managed: ask for the root certificate to be pushed by the "
        "device management; there is nothing to do here.",
        "open": "Open the handheld",
    },
}  # fmt: skip
