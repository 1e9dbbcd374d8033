import { columns } from './columns';

it('brings columns in line, without blanks at the end', () => {
  expect(columns([['A', 'LONGER'], ['wide', 'x']])).toEqual(['A     LONGER', 'wide  x']); // prettier-ignore
  expect(columns([])).toEqual([]);
});
