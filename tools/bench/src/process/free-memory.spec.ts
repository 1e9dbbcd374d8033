import { createFreeMemory, type FreeMemory } from './free-memory';

const GIB = 1 << 30;
const MIB = 1 << 20;
let memory: FreeMemory | null = null;
afterEach(() => memory?.end());

/** Says one after the other, and the last one again and again. */
const freeAsSaid = (...said: (number | null)[]) => {
  let looks = 0;
  const free = async () => said[Math.min(looks++, said.length - 1)] ?? null;
  return { memory: (memory = createFreeMemory(free)), looks: () => looks };
};

it('goes on until little is left', async () => {
  const { memory } = freeAsSaid(GIB + 128 * MIB, GIB + 64 * MIB, GIB + 64 * MIB, GIB);
  const { bytes, microsPerPage } = await memory.use();
  expect(bytes).toBe(128 * MIB);
  expect(microsPerPage).toBeGreaterThan(0);
});

it('gives up where files without content do not come into memory', async () => {
  const { memory, looks } = freeAsSaid(4 * GIB);
  expect((await memory.use()).bytes).toBe(512 * MIB);
  expect(looks()).toBe(16);
});

it.each([null, GIB])('does nothing when %p is free', async (free) => {
  expect(await freeAsSaid(free).memory.use()).toEqual({ bytes: 0, microsPerPage: 0 });
});
