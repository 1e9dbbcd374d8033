/** A reply of Redis (RESP 2). Errors inside arrays are values; an error as the whole reply rejects. */
export type RespValue = string | number | null | Error | RespValue[];

/** One command as Redis reads it. */
export function encodeCommand(words: readonly (string | number)[]): Buffer {
  const parts = words.map((word) => {
    const text = String(word);
    return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
  });
  return Buffer.from(`*${words.length}\r\n${parts.join('')}`);
}

/** The reply at `at` and where the next one begins; null while bytes are missing. Binary bytes come as latin1. */
export function parseReply(bytes: Buffer, at = 0): { readonly value: RespValue; readonly end: number } | null {
  const stop = bytes.indexOf('\r\n', at);
  if (stop < 0) return null;
  const line = bytes.toString('latin1', at + 1, stop);
  const next = stop + 2;
  switch (bytes.toString('latin1', at, at + 1)) {
    case '+':
      return { value: line, end: next };
    case '-':
      return { value: new Error(line), end: next };
    case ':':
      return { value: Number(line), end: next };
    case '$':
      return parseBulk(bytes, next, Number(line));
    default:
      return parseArray(bytes, next, Number(line));
  }
}

function parseBulk(bytes: Buffer, at: number, length: number) {
  if (length < 0) return { value: null, end: at };
  return bytes.length < at + length + 2
    ? null
    : { value: bytes.toString('latin1', at, at + length), end: at + length + 2 };
}

function parseArray(bytes: Buffer, at: number, length: number) {
  if (length < 0) return { value: null, end: at };
  const value: RespValue[] = [];
  let end = at;
  for (let i = 0; i < length; i++) {
    const element = parseReply(bytes, end);
    if (!element) return null;
    value.push(element.value);
    end = element.end;
  }
  return { value, end };
}
