import { z } from 'zod';
import { settingsFileSchema } from '../settings/settings';

/** Takes the wrappers (default, prefault, optional, nullable) off a schema. */
function bare(schema: unknown): unknown {
  let inner = schema;
  while (
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodNullable
  ) {
    inner = inner.unwrap();
  }
  return inner;
}

function descend(schema: unknown, key: PropertyKey): unknown {
  if (schema instanceof z.ZodObject) return schema.shape[String(key)];
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return undefined;
}

const fieldsOf = (schema: unknown): readonly string[] => {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  if (schema instanceof z.ZodDiscriminatedUnion) return schema.options.flatMap((option) => fieldsOf(bare(option)));
  return [];
};

/** The fields that the settings file may have at a path; for "did you mean". */
export function knownFields(path: readonly PropertyKey[]): readonly string[] {
  return fieldsOf(path.reduce<unknown>((schema, key) => bare(descend(schema, key)), bare(settingsFileSchema)));
}
