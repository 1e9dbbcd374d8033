import type { Fault } from '../fault';

/** A fault for each name that was there before. */
export function duplicates(path: string, names: readonly string[]): Fault[] {
  const firsts = new Map<string, number>();
  return names.flatMap((name, index): Fault[] => {
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, index);
    return first === undefined
      ? []
      : [{ path: `${path}[${index}]`, message: `${name} is there already, as ${path}[${first}]` }];
  });
}
