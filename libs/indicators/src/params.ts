/** Parameters are data: they are stored, compared, hashed and shown. */
export type Params = Readonly<Record<string, number | string>>;

/** What one parameter may be. Bounds are inclusive. */
export type ParamSpec =
  | { readonly kind: 'int' | 'number'; readonly default: number; readonly min: number; readonly max: number }
  | { readonly kind: 'choice'; readonly default: string; readonly values: readonly string[] };

export type ParamSpecs = Readonly<Record<string, ParamSpec>>;

export type ParamsResult =
  { readonly ok: true; readonly params: Params } | { readonly ok: false; readonly faults: readonly string[] };

/** Fills in defaults and checks every value; an unknown name is a fault that lists the known ones. */
export function parseParams(specs: ParamSpecs, given: Readonly<Record<string, unknown>>): ParamsResult {
  const known = Object.keys(specs);
  const faults = Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => `unknown parameter '${name}', known are ${known.length > 0 ? known.join(', ') : 'none'}`);
  const params: Record<string, number | string> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const value = given[name] ?? spec.default;
    const expected = mismatch(spec, value);
    if (expected === null) params[name] = value as number | string;
    else faults.push(`parameter '${name}' is ${JSON.stringify(value)}, expected ${expected}`);
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, params: Object.freeze(params) };
}

/** What the spec expects, when the value is not it; null when it is. */
export function mismatch(spec: ParamSpec, value: unknown): string | null {
  if (spec.kind === 'choice') return spec.values.includes(value as string) ? null : `one of ${spec.values.join(', ')}`;
  const fits = typeof value === 'number' && value >= spec.min && value <= spec.max;
  if (fits && (spec.kind === 'number' || Number.isInteger(value))) return null;
  return `${spec.kind === 'int' ? 'a whole number' : 'a number'} from ${spec.min} to ${spec.max}`;
}

/** A numeric parameter of checked params; definitions use it, so that a wrong name fails when the plan is made. */
export function num(params: Params, name: string): number {
  const value = params[name];
  if (typeof value !== 'number') throw new Error(`parameter '${name}' is not a number`);
  return value;
}
