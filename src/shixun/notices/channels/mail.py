"""E-mail, by whatever mail server Django is told to use."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from shixun.notices.channels.base import Channel, Message, Receipt, TryAgain, Unclear, Undeliverable

_FOR_GOOD = 500


def words_of(message: Message) -> tuple[str, str]:
    """Subject and body as they are read."""
    if message.code:
        return "【师训】验证码", f"您的验证码是 {message.code}，10 分钟内有效。如果不是您本人操作，请不必理会。"
    foot = "您收到这封邮件，是因为您在师训平台登记了这个邮箱；要少收或不收，请在平台“消息设置”中更改。"
    return f"【师训】{message.subject}", f"{message.body}\n\n查看或办理：{message.link}\n\n{foot}"


class MailChannel(Channel):
    """Of the key a message id is made, which a mail program shows once; nobody can be asked for its fate."""

    def is_open(self) -> bool:
        return bool(settings.DEFAULT_FROM_EMAIL)

    def send(self, message: Message) -> Receipt:
        subject, body = words_of(message)
        number = f"<{message.key}@{settings.SITE_HOST}>"
        mail = EmailMessage(subject, body, to=[message.address], headers={"Message-ID": number})
        connection = get_connection()
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            raise TryAgain(f"连不上邮件服务器：{error}。") from error
        try:
            connection.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(next(iter(error.recipients.values()))[0]) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unclear(f"与邮件服务器的连接中断：{error}。") from error
        finally:
            connection.close()
        return Receipt(number)


def _refused(code: int) -> Exception:
    if code >= _FOR_GOOD:
        return Undeliverable(f"邮件服务器拒收（{code}），地址可能不存在。")
    return TryAgain(f"邮件服务器暂时不收（{code}）。")
