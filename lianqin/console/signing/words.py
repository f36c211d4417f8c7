"""Words of the sign-in and account pages, in both languages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import get_language

from lianqin.accounts.sitting import sitting_of

#: Each line: Chinese, English. Templates name them as `w.<key>`.
WORDS: dict[str, tuple[str, str]] = {
    # the frame
    "brand": ("联勤", "Lianqin 联勤"),
    "account": ("账号与安全", "Account and security"),
    "back": ("返回工作台", "Back to the desk"),
    "overview": ("返回账号与安全", "Back to account and security"),
    "sign_out": ("退出登录", "Sign out"),
    "other_language": ("English", "简体中文"),
    "cancel": ("取消", "Cancel"),
    "no_script": (
        "通行密钥需要浏览器开启 JavaScript。",
        "Passkeys need JavaScript switched on in the browser.",
    ),
    # sign-in
    "sign_in": ("登录", "Sign in"),
    "username": ("用户名", "User name"),
    "password": ("密码", "Password"),
    "passkey_sign_in": ("用通行密钥登录", "Sign in with a passkey"),
    "forgotten": (
        "忘记密码或丢失验证器：请联系本区安全管理员重新发邀请链接。",
        "Password forgotten or authenticator lost: ask your district's security administrator "
        "for a new invitation link.",
    ),
    "refused": (
        "用户名或密码不对，请核对后再试。",
        "User name or password is wrong; check them and try again.",
    ),
    "locked": (
        "尝试次数过多，暂时不能登录。请 15 分钟后再试，或联系安全管理员。",
        "Too many attempts: signing in is closed for now. Try again in 15 minutes, or ask your "
        "security administrator.",
    ),
    "inactive_title": ("账号已停用", "This account is switched off"),
    "inactive": (
        "该账号不能登录。如有疑问，请联系本区安全管理员。",
        "This account cannot sign in. If that is a mistake, ask your security administrator.",
    ),
    "timed_out": (
        "长时间没有操作，已为您退出登录，请重新登录。",
        "You were signed out because nothing was done for a while. Sign in again.",
    ),
    # second factor at sign-in
    "factor_title": ("两步验证", "Second step"),
    "factor_lead": (
        "输入验证器应用显示的 6 位数字；手机不在身边时，可用一个恢复码。",
        "Enter the 6 digits of your authenticator app; without it, one of your recovery codes.",
    ),
    "code": ("验证码或恢复码", "Code"),
    "code_digits": ("6 位验证码", "6-digit code"),
    "go_on": ("继续", "Go on"),
    "use_passkey": ("改用通行密钥", "Use a passkey instead"),
    "wrong_code": (
        "验证码不对或已用过，请等下一个数字出现后再输入。",
        "The code is wrong or was used already; wait for the next one and enter that.",
    ),
    "wrong_passkey": (
        "没有用通行密钥登录成功：它不属于本系统的账号，或操作被取消。",
        "Signing in with the passkey failed: it belongs to no account here, or was cancelled.",
    ),
    # confirm it is you
    "confirm_title": ("请再次确认身份", "Confirm that it is you"),
    "confirm_lead": (
        "更改密码或验证方式前，需要再确认一次。",
        "Before a password or second factor is changed, confirm once more.",
    ),
    "confirm": ("确认身份", "Confirm"),
    "other_ways": ("其他方式", "Other ways"),
    "confirm_impossible": (
        "该账号没有密码也没有验证器，无法确认身份。",
        "This account has neither a password nor a second factor to confirm with.",
    ),
    "by_password": ("用密码", "With the password"),
    "by_code": ("用验证码", "With a code"),
    "by_passkey": ("用通行密钥", "With a passkey"),
    "wrong_password": (
        "密码不对，请核对后再试。",
        "The password is wrong; check it and try again.",
    ),
    # overview
    "signed_in_as": ("当前账号", "Signed in as"),
    "password_about": (
        "定期更换并非必要；一旦怀疑泄露，请立即更改。",
        "Changing it now and then is not needed; change it at once if others may know it.",
    ),
    "change_password": ("更改密码", "Change the password"),
    "set_password": ("设置密码", "Set a password"),
    "second_factor": ("两步验证", "Second factor"),
    "second_factor_about": (
        "登录时除密码外，再用手机上的验证码或通行密钥。",
        "At sign-in, a code from your phone or a passkey besides the password.",
    ),
    "on": ("已启用", "on"),
    "off": ("未启用", "off"),
    "sessions": ("登录记录", "Open sessions"),
    "sessions_about": (
        "查看该账号在哪些电脑或手机上处于登录状态，并可远程退出。",
        "See on which computers and phones this account is signed in, and sign them out.",
    ),
    "open": ("查看", "Open"),
    "manage": ("管理", "Manage"),
    # forced
    "must_password": (
        "该账号的密码由他人设置，请先改成只有您自己知道的密码。",
        "Somebody else set this account's password: choose one that only you know first.",
    ),
    "must_factor": (
        "您的岗位要求两步验证。请先启用验证器应用或添加通行密钥，完成后即可使用系统。",
        "Your post requires a second factor. Set up an authenticator app or add a passkey; then "
        "everything opens.",
    ),
    # passwords
    "present_password": ("现在的密码", "Present password"),
    "new_password": ("新密码", "New password"),
    "new_password_again": ("再输入一次", "Once more"),
    "password_differs": ("两次输入的密码不一致。", "The two passwords differ."),
    "password_changed": (
        "密码已更改，其他电脑和手机上的登录已退出。",
        "The password has been changed; all other computers and phones have been signed out.",
    ),
    "rules_title": ("对密码的要求", "What a password must be"),
    "rules": (
        "至少 12 个字符，中文、空格均可；不能是常见密码，不能与用户名或姓名相近，不能是重复或连续的"
        "字符。不要求混用大小写、数字或符号，一句好记的话最合适。",
        "At least 12 characters, Chinese and spaces are fine; not a common password, not close to "
        "your user name or name, no repeated or consecutive characters. No mix of capitals, "
        "digits or signs is asked for: a sentence that you remember serves best.",
    ),
    # invitation
    "invitation_title": ("设置您的密码", "Set your password"),
    "invitation_lead": (
        "欢迎使用联勤。请设置只有您自己知道的密码，此链接只能使用一次。",
        "Welcome to Lianqin. Set a password that only you know; this link works once.",
    ),
    "invitation_for": ("账号", "Account"),
    "invitation_done": (
        "密码已设置，请用它登录。",
        "Your password has been set. Sign in with it.",
    ),
    "invitation_gone_title": ("邀请链接无效", "This invitation cannot be used"),
    "invitation_gone": (
        "链接已使用、已过期或已被新链接替换。请联系发送链接的安全管理员，重新获取。",
        "It has been used, has expired, or a newer one took its place. Ask the security "
        "administrator who sent it for a new one.",
    ),
    "set_it": ("设置密码", "Set the password"),
    # factors
    "totp": ("验证器应用", "Authenticator app"),
    "totp_on": ("登录时需要输入应用显示的 6 位数字。", "Sign-in asks for the app's 6 digits."),
    "totp_off": ("尚未设置。", "Not set up."),
    "totp_set_up": ("设置验证器", "Set up the app"),
    "totp_remove": ("停用验证器", "Remove the app"),
    "totp_remove_ask": (
        "停用后，登录时不再需要验证码。",
        "Once it is removed, sign-in no longer asks for a code.",
    ),
    "totp_lead": (
        "用手机上的验证器应用扫描二维码，再输入它显示的 6 位数字。",
        "Scan this with the authenticator app on your phone, then enter the 6 digits it shows.",
    ),
    "totp_qr": ("验证器二维码", "QR code for the authenticator app"),
    "totp_secret": ("无法扫描时，手动输入此密钥", "Cannot scan? Type this key instead"),
    "totp_activate": ("启用验证器", "Switch the app on"),
    "passkeys": ("通行密钥", "Passkeys"),
    "passkeys_none": ("尚未添加。", "None added."),
    "passkeys_count": ("个已添加", "added"),
    "passkey_add": ("添加通行密钥", "Add a passkey"),
    "passkey_add_lead": (
        "用本机的指纹、面容或 PIN，或一枚安全密钥。勾选后可不输密码直接登录。",
        "With this device's fingerprint, face or PIN, or a security key. Ticked, it signs you in "
        "without a password.",
    ),
    "passkey_name": ("名称", "Name"),
    "passkey_without_password": (
        "用它登录时不再输入密码",
        "Sign in with it without a password",
    ),
    "passkey_here_not": (
        "通行密钥需要用域名访问（https），或在本机用 http://localhost 访问；"
        "用 IP 地址访问时浏览器不提供。",
        "Browsers offer passkeys under a host name with https, or at http://localhost on this "
        "machine; not under an IP address.",
    ),
    "passkey_failed": (
        "通行密钥没有完成：操作被取消、超时，或该设备不支持。可再试一次。",
        "The passkey was not completed: cancelled, timed out, or not supported by this device. "
        "You can try again.",
    ),
    "passkey_kind": ("免密码登录", "signs in without a password"),
    "passkey_kind_second": ("仅作第二步", "second step only"),
    "passkey_added": ("添加于", "Added"),
    "passkey_used": ("上次使用", "last used"),
    "passkey_unused": ("尚未使用", "never used"),
    "rename": ("改名", "Rename"),
    "remove": ("移除", "Remove"),
    "passkey_remove_ask": (
        "移除后，不能再用它登录：",
        "Once it is removed it no longer signs you in:",
    ),
    "first_key": ("我的通行密钥", "My passkey"),
    "next_key": ("通行密钥", "Passkey"),
    "keep_name": ("保存名称", "Save the name"),
    "codes": ("恢复码", "Recovery codes"),
    "codes_about": (
        "手机丢失时用来登录，每个只能用一次。",
        "They let you in when the phone is lost; each works once.",
    ),
    "codes_left": ("个可用", "left"),
    "codes_once": (
        "恢复码只显示这一次。请抄写或打印，放在安全的地方，不要存在办公电脑上。",
        "They are shown this once. Write them down or print them, and keep them somewhere safe, "
        "not on the office computer.",
    ),
    "codes_seen": (
        "恢复码已显示过，不再显示。需要时可重新生成，旧的随即失效。",
        "They have been shown and are not shown again. Make new ones if you need to; the old ones "
        "end with that.",
    ),
    "codes_make": ("重新生成恢复码", "Make new recovery codes"),
    "codes_make_ask": (
        "将生成 10 个新的恢复码，旧的立即失效。",
        "Ten new codes are made; the old ones end at once.",
    ),
    "codes_saved": ("已妥善保存，继续", "I have kept them: go on"),
    "codes_need_factor": (
        "启用验证器或添加通行密钥后，才能生成恢复码。",
        "Recovery codes can be made once an authenticator app or a passkey is set up.",
    ),
    "factor_needed": (
        "您的岗位要求两步验证，不能移除最后一种方式。请先添加另一种。",
        "Your post requires a second factor: the last one cannot be removed. Add another first.",
    ),
    "factor_added": ("已启用", "It is on"),
    "factor_removed": ("已移除", "It has been removed"),
    # sessions
    "session_began": ("登录时间", "Signed in"),
    "session_address": ("地址", "Address"),
    "session_browser": ("浏览器", "Browser"),
    "session_this": ("本机", "this one"),
    "sessions_end_others": ("退出其他全部登录", "Sign all others out"),
    "sessions_only": ("没有其他登录。", "There is no other."),
    "sessions_ended": ("其他登录均已退出。", "All others have been signed out."),
    # faults
    "slow_down_title": ("请求过于频繁", "Too many requests"),
    "slow_down": (
        "短时间内尝试过多。请等几分钟再试，已填写的内容没有被处理。",
        "Too many attempts in a short time. Wait some minutes and try again; nothing was done.",
    ),
    "form_old_title": ("页面已过期", "This page was open too long"),
    "form_old": (
        "为了安全，请返回上一页，刷新后重新提交；刚才的操作没有执行。",
        "For safety, go back, reload the page and send it again; nothing was done.",
    ),
    "home": ("返回首页", "To the start"),
}


def english() -> bool:
    """Whether the reader's language is English."""
    return (get_language() or "").startswith("en")


def word(key: str) -> str:
    """One of the words, in the reader's language."""
    zh, en = WORDS[key]
    return en if english() else zh


#: The same, decided only when it is shown: for what stands in a class.
later = lazy(word, str)


class _Chosen:
    """All words, each looked up in the reader's language when a template asks for it."""

    def __getattr__(self, key: str) -> str:
        try:
            return word(key)
        except KeyError:
            raise AttributeError(key) from None


def context(request: HttpRequest) -> dict[str, Any]:
    """What every page of the console may say – `w.<key>` –, the language it speaks, and what the
    reader has to do before anything else opens."""
    session = getattr(request, "session", None)
    held = sitting_of(session) if session is not None else None
    return {
        "to_do": held.to_do if held else (),
        "w": _Chosen(),
        "page_language": "en" if english() else "zh",
        "home_url": settings.LOGIN_REDIRECT_URL,
    }
