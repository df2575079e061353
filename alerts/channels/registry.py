"""Every channel there is: one line each."""

from alerts.channels import Channel, email, webhook

CHANNELS: dict[str, Channel] = {
    "email": email.CHANNEL,
    "webhook": webhook.CHANNEL,
}
