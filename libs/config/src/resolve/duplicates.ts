import type { Fault } from '../fault';

/** A fault for each name that was there before. */
export function duplicates(path: string, names: readonly string[]): Fault[] {
  return names.flatMap((name, index): Fault[] => {
    const first = names.indexOf(name);
    return first === index
      ? []
      : [{ path: `${path}[${index}]`, message: `${name} is there already, as ${path}[${first}]` }];
  });
}
