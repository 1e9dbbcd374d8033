import { Duplex } from 'node:stream';
import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';

// As much of SPDY/3.1 as kubectl speaks for exec and port-forward: streams that it opens, and bytes in both directions.
const HEAD_BYTES = 8;
const CONTROL = 0x8003;
const KIND = { open: 1, reply: 2, reset: 3, ping: 6 } as const;
const LAST = 1;

/** What the compression begins with, as the specification prescribes. */
const DICTIONARY = Buffer.concat([
  ...(
    'options|head|post|put|delete|trace|accept|accept-charset|accept-encoding|accept-language|accept-ranges|age|allow|' +
    'authorization|cache-control|connection|content-base|content-encoding|content-language|content-length|content-location|' +
    'content-md5|content-range|content-type|date|etag|expect|expires|from|host|if-match|if-modified-since|if-none-match|' +
    'if-range|if-unmodified-since|last-modified|location|max-forwards|pragma|proxy-authenticate|proxy-authorization|range|' +
    'referer|retry-after|server|te|trailer|transfer-encoding|upgrade|user-agent|vary|via|warning|www-authenticate|method|get|' +
    'status|200 OK|version|HTTP/1.1|url|public|set-cookie|keep-alive|origin'
  )
    .split('|')
    .flatMap((word) => [uint32(word.length), Buffer.from(word)]),
  Buffer.from(
    '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative ' +
      'Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal ' +
      'Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, ' +
      'Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,' +
      'application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8' +
      'charset=iso-8859-1,utf-,*,enq=0.',
  ),
]);

/** What the other side has opened: its headers, and the bytes in both directions. */
export type Accept = (headers: Readonly<Record<string, string>>, stream: Duplex) => void;

/** Serves one connection until it ends. */
export async function serveSpdy(socket: Duplex, accept: Accept): Promise<void> {
  const [inflate, deflate] = [createInflate({ dictionary: DICTIONARY }), createDeflate({ dictionary: DICTIONARY })];
  const streams = new Map<number, Duplex>();
  socket.once('close', () => streams.forEach((stream) => stream.destroy()));
  for await (const { kind, flags, body } of framesOf(socket)) {
    if (kind === KIND.ping) {
      socket.write(frame(KIND.ping, body));
      continue;
    }
    const id = body.length < 4 ? 0 : body.readUInt32BE(0);
    if (kind === KIND.reset) streams.get(id)?.destroy();
    if (kind === KIND.open) {
      const headers = readHeaders(await pass(inflate, body.subarray(10)));
      socket.write(frame(KIND.reply, Buffer.concat([uint32(id), await pass(deflate, uint32(0))])));
      const stream = streamOf(socket, id);
      streams.set(id, stream);
      accept(headers, stream);
    }
    if (kind === null && body.length > 4) streams.get(id)?.push(body.subarray(4));
    if ((kind === null || kind === KIND.open) && flags & LAST) streams.get(id)?.push(null);
  }
}

function streamOf(socket: Duplex, id: number): Duplex {
  const send = (flags: number, data: Buffer) =>
    socket.writable && socket.write(Buffer.concat([uint32(id), uint32((flags << 24) | data.length), data]));
  const stream = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      send(0, chunk);
      done();
    },
    final(done) {
      send(LAST, Buffer.alloc(0));
      done();
    },
  });
  return stream.on('error', () => undefined);
}

interface Frame {
  /** Null: data, behind the number of its stream. */
  readonly kind: number | null;
  readonly flags: number;
  readonly body: Buffer;
}

async function* framesOf(socket: Duplex): AsyncGenerator<Frame> {
  let rest = Buffer.alloc(0);
  for await (const chunk of socket) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    while (rest.length >= HEAD_BYTES) {
      const length = rest.readUIntBE(5, 3);
      if (rest.length < HEAD_BYTES + length) break;
      const [head, body] = [rest.subarray(0, 4), rest.subarray(HEAD_BYTES, HEAD_BYTES + length)];
      const isControl = (rest[0] ?? 0) >= 0x80;
      const flags = rest[4] ?? 0;
      yield isControl ? { kind: head.readUInt16BE(2), flags, body } : { kind: null, flags, body: Buffer.concat([head, body]) }; // prettier-ignore
      rest = rest.subarray(HEAD_BYTES + length);
    }
  }
}

function frame(kind: number, body: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt16BE(CONTROL, 0);
  head.writeUInt16BE(kind, 2);
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

/** Both directions are one compressed text each, from the first header to the last. */
function pass(zip: Inflate | Deflate, block: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    zip.once('error', reject);
    zip.write(block);
    zip.flush(constants.Z_SYNC_FLUSH, () => {
      zip.off('error', reject);
      resolve((zip.read() as Buffer | null) ?? Buffer.alloc(0));
    });
  });
}

function readHeaders(block: Buffer): Readonly<Record<string, string>> {
  const texts: string[] = [];
  for (let at = 4; at + 4 <= block.length;) {
    const length = block.readUInt32BE(at);
    texts.push(block.toString('utf8', at + 4, at + 4 + length));
    at += 4 + length;
  }
  return Object.fromEntries(texts.flatMap((name, index) => (index % 2 === 0 ? [[name, texts[index + 1] ?? '']] : [])));
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
