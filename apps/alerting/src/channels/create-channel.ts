import type { ChannelSettings } from '@wagehood/config';
import type { Channel, ChannelContext } from './channel';
import { consoleChannel } from './console';
import { email } from './email';
import { webhook } from './webhook';

/** Makes the channel that the settings describe. A new kind of channel gets its line here. */
export function createChannel(settings: ChannelSettings, context: ChannelContext): Channel {
  switch (settings.type) {
    case 'console':
      return consoleChannel.create(settings, context);
    case 'email':
      return email.create(settings, context);
    case 'webhook':
      return webhook.create(settings, context);
  }
}
