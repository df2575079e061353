"""Every channel there is: one line each."""

from alerts.channels import (
    Channel,
    aliyun_sms,
    apprise,
    dingtalk,
    email,
    feishu,
    ntfy,
    pagerduty,
    slack,
    telegram,
    twilio_sms,
    twilio_voice,
    webhook,
    wecom,
    wecom_app,
)

CHANNELS: dict[str, Channel] = {
    "email": email.CHANNEL,
    "webhook": webhook.CHANNEL,
    "feishu": feishu.CHANNEL,
    "dingtalk": dingtalk.CHANNEL,
    "wecom": wecom.CHANNEL,
    "wecom_app": wecom_app.CHANNEL,
    "pagerduty": pagerduty.CHANNEL,
    "slack": slack.CHANNEL,
    "telegram": telegram.CHANNEL,
    "ntfy": ntfy.CHANNEL,
    "twilio_sms": twilio_sms.CHANNEL,
    "twilio_voice": twilio_voice.CHANNEL,
    "aliyun_sms": aliyun_sms.CHANNEL,
    "apprise": apprise.CHANNEL,
}
