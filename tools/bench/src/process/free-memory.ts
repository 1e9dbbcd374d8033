import { mkdir, open, readFile, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** What is left free, as a machine that has been at work for a while leaves it. */
const LEFT_FREE = 1 << 30;
const PIECE = 64 << 20;
const READ = 4 << 20;
const PAGE = 4_096;
/** So often in a row a piece that did not come into memory may be somebody else's doing, who gives memory back meanwhile. */
const CHANCES = 8;
const FOLDER = 'dist';

export interface MemoryUsed {
  /** Of the file, that were read. */
  readonly bytes: number;
  /** CPU time. */
  readonly microsPerPage: number;
}

/** Puts free memory to use. */
export interface FreeMemory {
  use(): Promise<MemoryUsed>;
  end(): Promise<void>;
}

/**
 * A machine that has been at work for a while has no free memory: what no process needs holds files, and whoever needs a page is given
 * one of those. A virtual machine that has just been started has nothing but free memory, which its host may have taken back (a balloon
 * that reports free pages): every page that is written for the first time must then be fetched from the host, at up to 13 µs instead of
 * 1.6, and that counts as CPU time of whoever happens to write, a log for the most part. So the bench lets a file without content be read
 * until the memory is in use.
 *
 * @param freeBytes how much is free; null: nobody says, and nothing is done
 */
export function createFreeMemory(freeBytes: () => Promise<number | null> = memFree): FreeMemory {
  const buffer = Buffer.alloc(READ);
  let file: FileHandle | null = null;
  let length = 0;

  /** Reads holes that have not been read before. @returns whether memory has become less: not every file system keeps them there */
  const readPiece = async (holes: FileHandle, free: number): Promise<boolean> => {
    await holes.truncate(length + PIECE);
    for (const end = length + PIECE; length < end; length += READ) await holes.read(buffer, 0, READ, length);
    return ((await freeBytes()) ?? free) < free - PIECE / 2;
  };

  return {
    async use() {
      const before = process.cpuUsage();
      let bytes = 0;
      for (let chances = CHANCES; chances > 0;) {
        const free = (await freeBytes()) ?? 0;
        if (free < LEFT_FREE + PIECE) break;
        file ??= await openUnnamed();
        chances = (await readPiece(file, free)) ? CHANCES : chances - 1;
        bytes += PIECE;
      }
      const { user, system } = process.cpuUsage(before);
      return { bytes, microsPerPage: bytes === 0 ? 0 : (user + system) / (bytes / PAGE) };
    },
    async end() {
      await file?.close();
      file = null;
    },
  };
}

/** A file that is gone once nobody has it open, however the bench ends. */
async function openUnnamed(): Promise<FileHandle> {
  await mkdir(FOLDER, { recursive: true });
  const path = join(FOLDER, `bench-memory-${process.pid}`);
  const file = await open(path, 'w+');
  await unlink(path);
  return file;
}

async function memFree(): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const kibs = /^MemFree: +(\d+) kB$/m.exec(await readFile('/proc/meminfo', 'utf8'))?.[1];
  return kibs === undefined ? null : Number(kibs) * 1_024;
}
