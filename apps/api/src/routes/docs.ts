import type { Router } from 'express';
import { unknownRoute } from '../http/problem';
import { resource } from '../http/resource';
import { sendBody, serialise } from '../http/send';
import { docsPage, docsPolicy, docsScript } from '../openapi/docs-page';
import { createOpenApiDocument } from '../openapi/document';
import { createSwaggerFiles, type StaticFile } from '../openapi/swagger-files';

const HOUR_SECONDS = 3_600;

/** GET /api/v1/openapi.json and the page at /docs; open to everybody. */
export function addDocsRoutes(router: Router, version: string, base: string): void {
  const document = serialise(createOpenApiDocument(version, base));
  const swaggerFile = createSwaggerFiles();
  const own: Readonly<Record<string, StaticFile>> = {
    'start.js': { type: 'text/javascript; charset=utf-8', body: Buffer.from(docsScript) },
  };

  resource(router, '/api/v1/openapi.json', { GET: [(_req, res) => sendBody(res, document)] });
  resource(router, '/docs', {
    GET: [
      (_req, res) => {
        res.setHeader('Content-Security-Policy', docsPolicy);
        res.setHeader('Content-Type', 'text/html; charset=utf-8');
        res.end(docsPage);
      },
    ],
  });
  resource(router, '/docs/:file', {
    GET: [
      (req, res) => {
        const name = String(req.params['file']);
        const file = own[name] ?? swaggerFile(name);
        if (!file) throw unknownRoute(req.method, req.path);
        res.setHeader('Cache-Control', `public, max-age=${HOUR_SECONDS}`);
        res.setHeader('Content-Type', file.type);
        res.setHeader('Content-Length', file.body.length);
        res.end(file.body);
      },
    ],
  });
}
