import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOpenApiDocument } from './document';
import { API_VERSION } from './version';

type Json = Record<string, unknown>;

describe('the OpenAPI document', () => {
  const document = createOpenApiDocument(API_VERSION, '/api/v1/realtime') as {
    paths: Record<string, Record<string, Json>>;
    components: { schemas: Json };
  };
  const text = JSON.stringify(document);

  it('has the version of package.json', () => {
    const { version } = JSON.parse(readFileSync(join(__dirname, '../../../../package.json'), 'utf8')) as Json;
    expect(API_VERSION).toBe(version);
  });

  it('refers only to schemas that it has', () => {
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(Object.keys(document.components.schemas)).toContain(name);
    }
    expect(text).not.toContain('$defs');
    expect(text).not.toContain('"$schema"');
  });

  it('declares every parameter of every path', () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const operation of Object.values(methods)) {
        const names = (operation['parameters'] as { name: string; in: string }[]).filter((p) => p.in === 'path');
        expect(names.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
        expect(operation['responses']).toHaveProperty('503');
      }
    }
  });

  it('describes the query of history and the body of the watchlist', () => {
    const historical = document.paths['/api/v1/realtime/data/historical/{symbol}']?.['get'] as {
      parameters: { name: string }[];
    };
    expect(historical.parameters.map(({ name }) => name)).toEqual([
      'symbol',
      'timeframe',
      'indicator',
      'start_date',
      'end_date',
      'limit',
      'cursor',
    ]);
    expect(document.components.schemas['WatchlistRequest']).toMatchObject({
      type: 'object',
      additionalProperties: false,
    });
  });
});
