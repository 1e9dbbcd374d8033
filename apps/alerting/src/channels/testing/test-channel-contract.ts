import { sampleAlert } from '../../testing/sample-alert';
import { Undeliverable, type Channel } from '../channel';

export interface ChannelSubject {
  /** A channel whose receiver takes everything. */
  healthy(): Channel | Promise<Channel>;
  /** A channel whose receiver says no for good; leave it out if none can. */
  refusing?(): Channel | Promise<Channel>;
  /** A channel whose receiver is down for the moment; leave it out if it cannot be. */
  down?(): Channel | Promise<Channel>;
  /** Ids of the deliveries that the healthy receiver has got. */
  received(): readonly string[];
  /** Texts that must never appear in an error. */
  readonly secrets: readonly string[];
}

/** The laws that every alert channel keeps. Call it inside a spec. */
export function testChannelContract(name: string, subject: ChannelSubject): void {
  describe(`${name} keeps the channel contract`, () => {
    const never = new AbortController().signal;
    let channel: Channel | null = null;
    afterEach(() => channel?.close?.());

    const failureOf = async (make: () => Channel | Promise<Channel>): Promise<Error> => {
      channel = await make();
      return channel.deliver(sampleAlert(), 'delivery-1', never).then(
        () => Promise.reject(new Error('it was delivered')),
        (error: Error) => error,
      );
    };

    it('resolves once the receiver has the alert, under the id of the delivery', async () => {
      channel = await subject.healthy();
      await channel.deliver(sampleAlert(), 'delivery-7', never);
      expect(subject.received()).toContain('delivery-7');
    });

    it('delivers the same alert again under the same id when asked to', async () => {
      channel = await subject.healthy();
      await channel.deliver(sampleAlert(), 'delivery-8', never);
      await channel.deliver(sampleAlert(), 'delivery-8', never);
      expect(subject.received().filter((id) => id === 'delivery-8')).toHaveLength(2);
    });

    it('delivers many at once', async () => {
      const many = await subject.healthy();
      channel = many;
      const ids = Array.from({ length: 20 }, (_, i) => `many-${i}`);
      await Promise.all(ids.map((id) => many.deliver(sampleAlert(), id, never)));
      expect(subject.received()).toEqual(expect.arrayContaining(ids));
    });

    it('gives up when it is told to', async () => {
      channel = await subject.healthy();
      await expect(channel.deliver(sampleAlert(), 'delivery-9', AbortSignal.abort())).rejects.toThrow();
    });

    if (subject.refusing) {
      const { refusing } = subject;
      it('tells a refusal for good from a failure that may pass', async () => {
        expect(await failureOf(refusing)).toBeInstanceOf(Undeliverable);
      });
    }
    if (subject.down) {
      const { down } = subject;
      it('asks for another attempt when the receiver is down, and gives no secret away', async () => {
        const error = await failureOf(down);
        expect(error).not.toBeInstanceOf(Undeliverable);
        for (const secret of subject.secrets) expect(`${error.message} ${error.stack}`).not.toContain(secret);
      });
    }
  });
}
