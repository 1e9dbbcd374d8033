import { alertPath, deadLetterPath, problemSchema, streamEvent, symbolPath } from '@wagehood/contracts';
import { z } from 'zod';
import { operations, type Operation } from './operations';

type Json = Record<string, unknown>;

const REFS = '#/components/schemas/';

const problemTitles: Readonly<Record<number, string>> = {
  400: 'The request is not valid; `errors` lists every fault',
  401: 'No valid API key was sent',
  403: 'The key lacks the scope',
  404: 'Unknown symbol, timeframe, indicator, strategy or alert; the problem says what is known',
  409: 'The alert was not given up',
  413: 'The body is too large',
  415: 'The body is not JSON',
  429: 'Too many requests; see Retry-After',
  503: 'Redis cannot be reached',
};

/** The OpenAPI 3.1 document of the API, made from the schemas that requests are checked with. */
export function createOpenApiDocument(version: string, base: string): Json {
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    paths[base + operation.path] = { ...paths[base + operation.path], [operation.method]: describe(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'wagehood',
      version,
      description: 'Real-time bars, indicators and trading signals. Signals are no financial advice.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'wh_<id>_<secret>' } },
    },
  };
}

function componentSchemas(): Json {
  const answers = new Map<string, z.ZodType>([
    ['Problem', problemSchema],
    ['StreamEvent', streamEvent],
  ]);
  for (const { answer } of operations) if (answer !== 'events') answers.set(answer.name, answer.schema);
  const bodies = operations.flatMap(({ body }) => (body ? [[body.name, body.schema] as const] : []));
  return { ...convert([...answers], 'output'), ...convert(bodies, 'input') };
}

/** Schemas by name as JSON Schema; one that is part of another is referred to. */
function convert(named: readonly (readonly [string, z.ZodType])[], io: 'input' | 'output'): Json {
  return Object.fromEntries(
    named.map(([name, schema]) => {
      const { $defs, ...json } = jsonSchema(schema, io);
      return [name, inline(json, ($defs ?? {}) as Json)];
    }),
  );
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  return without(z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json, '$schema', 'id');
}

const without = (json: Json, ...keys: readonly string[]): Json =>
  Object.fromEntries(Object.entries(json).filter(([key]) => !keys.includes(key)));

/** Puts definitions in the place of references to them: our schemas do not recur. */
function inline(value: unknown, defs: Json): unknown {
  if (Array.isArray(value)) return value.map((item) => inline(item, defs));
  if (value === null || typeof value !== 'object') return value;
  const { $ref } = value as Json;
  if (typeof $ref === 'string') return inline(without(defs[$ref.replace('#/$defs/', '')] as Json, 'id'), defs);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inline(item, defs)]));
}

function describe(operation: Operation): Json {
  const { id, summary, description, scope, body, answer, problems } = operation;
  const refused = [...problems, ...(scope ? [401, 403] : []), 429, 503].sort();
  return {
    operationId: id,
    summary,
    ...(description ? { description } : {}),
    ...(scope ? { 'x-scope': scope } : {}),
    security: scope ? [{ apiKey: [] }] : [],
    parameters: parametersOf(operation),
    ...(body ? { requestBody: { required: true, content: json({ $ref: REFS + body.name }) } } : {}),
    responses: {
      [operation.status ?? 200]: {
        description: operation.status === 202 ? 'Accepted' : 'OK',
        content:
          answer === 'events'
            ? { 'text/event-stream': { schema: { type: 'string' } } }
            : json({ $ref: REFS + answer.name }),
      },
      ...Object.fromEntries(refused.map((status) => [status, problemResponse(operation, status)])),
    },
  };
}

function problemResponse({ id, answer }: Operation, status: number): Json {
  if (id === 'getHealth' && status === 503 && answer !== 'events') {
    return { description: 'The system is down', content: json({ $ref: REFS + answer.name }) };
  }
  return {
    description: problemTitles[status] ?? 'Refused',
    content: { 'application/problem+json': { schema: { $ref: `${REFS}Problem` } } },
  };
}

const json = (schema: Json): Json => ({ 'application/json': { schema } });

function parametersOf({ path, query }: Operation): Json[] {
  const pathSchema = pathSchemaOf(path);
  const inPath = pathSchema ? parameters(pathSchema, 'path') : [];
  const lastEventId = {
    name: 'Last-Event-ID',
    in: 'header',
    required: false,
    description: 'The id of the last event that was read',
    schema: { type: 'string' },
  };
  return [...inPath, ...(query ? parameters(query, 'query') : []), ...(path === '/stream' ? [lastEventId] : [])];
}

function parameters(schema: z.ZodType, place: 'path' | 'query'): Json[] {
  const { properties = {}, required = [], $defs = {} } = jsonSchema(schema, 'input');
  return Object.entries(properties as Record<string, Json>).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (required as string[]).includes(name),
    schema: inline(property, $defs as Json),
  }));
}

function pathSchemaOf(path: string): z.ZodType | null {
  if (path.includes('{symbol}')) return symbolPath;
  if (path.includes('{letter}')) return deadLetterPath;
  return path.includes('{id}') ? alertPath : null;
}
