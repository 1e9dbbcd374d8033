import { Command } from 'ioredis';
import { rooms } from '../json/rooms';
import { ScriptCommand, type ScriptArgument } from './script-command';

/** What ioredis makes of the same. */
const usual = (args: readonly ScriptArgument[]): Buffer =>
  Buffer.from(new Command('evalsha', args as never[], { replyEncoding: 'utf8' }).toWritable({}));

describe('ScriptCommand', () => {
  const long = 'x'.repeat(65);
  it.each<readonly [string, readonly ScriptArgument[]]>([
    ['texts', ['sha', 'key', '']],
    ['numbers', ['sha', 0, 7, 10, 99, 100, 1_767_571_200_000, -1, 0.1]],
    ['texts that are not ASCII, short and long', ['é', '€uro', '😀', `${long}é`, `${'a'.repeat(63)}é`]],
    ['bytes', ['sha', Buffer.of(0, 13, 10, 255), Buffer.alloc(0), Buffer.alloc(1_000, 7)]],
    ['much of everything', Array.from({ length: 4_000 }, (_, i) => [`series-${i}`, i, Buffer.alloc(i % 50, i)]).flat()],
  ])('writes %s as ioredis does', (_, args) => {
    expect(new ScriptCommand('evalsha', args).toWritable()).toEqual(usual(args));
  });

  it('knows its keys', () => {
    expect(new ScriptCommand('evalsha', ['sha', 2, 'a:{t}', 'b:{t}', 'c']).getKeys()).toEqual(['a:{t}', 'b:{t}']);
  });

  it('gives its bytes to others once it is answered, and writes new ones when it is sent again', () => {
    const command = new ScriptCommand('evalsha', ['sha', Buffer.alloc(50_000, 1)]);
    const first = command.toWritable();
    const second = command.toWritable();
    expect(second.buffer).not.toBe(first.buffer);
    command.release();
    expect(rooms.take(50_000).buffer).toBe(second.buffer);
    command.release();
    expect(rooms.take(50_000).buffer).not.toBe(second.buffer);
  });
});
