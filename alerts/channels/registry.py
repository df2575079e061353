"""Every channel there is: one line each."""

from alerts.channels import (
    Channel,
    dingtalk,
    email,
    feishu,
    ntfy,
    pagerduty,
    slack,
    telegram,
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
}
