import { machineRows } from './machine';

it('finds that memory is slower than arithmetic', () => {
  const [read, step] = machineRows().map(({ value }) => value);
  expect(step).toBeGreaterThan(0);
  expect(read).toBeGreaterThan(2 * (step as number));
});
