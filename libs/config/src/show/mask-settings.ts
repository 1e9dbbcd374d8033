import type { ChannelSettings, Settings } from '../settings/settings';

export const MASK = '***';

/** A URL without its password: `redis://user:***@host:6379/0`. A text that is no URL comes back masked as a whole if it holds an `@`. */
export function maskUrl(url: string): string {
  const masked = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)([^/@]*)@/i, (_all, scheme: string, user: string) => {
    const name = user.split(':')[0] ?? '';
    return `${scheme}${name}${user.includes(':') ? `:${MASK}` : ''}@`;
  });
  return masked.includes('://') || !masked.includes('@') ? masked : MASK;
}

/** Many webhooks are addressed by a path that is itself the key (Slack, Discord): only the host is shown. */
function maskWebhookUrl(url: string): string {
  if (!URL.canParse(url)) return MASK;
  const { protocol, host, pathname, search } = new URL(url);
  return `${protocol}//${host}${pathname === '/' && search === '' ? '/' : `/${MASK}`}`;
}

const maskChannel = (channel: ChannelSettings): ChannelSettings =>
  channel.type === 'webhook'
    ? { ...channel, url: maskWebhookUrl(channel.url), ...(channel.secret !== undefined && { secret: MASK }) }
    : channel;

/** Settings that may be shown to anybody. */
export function maskSettings(settings: Settings): Settings {
  const channels = Object.entries(settings.alerts.channels).map(
    ([name, channel]) => [name, maskChannel(channel)] as const,
  );
  return { ...settings, alerts: { ...settings.alerts, channels: Object.fromEntries(channels) } };
}
