import { operations } from '../openapi/operations';
import { API_BASE } from '../routes/create-http-app';

/** A way to write a route as OpenAPI and OpenTelemetry do, such as `/api/v1/realtime/signals/{symbol}`, and what it matches. */
const routes = [...new Set(operations.map(({ path }) => API_BASE + path))].map((route) => ({
  route,
  pattern: new RegExp(`^${route.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
}));

/** The documented route of a path: no more of them than there are operations, whatever a stranger asks for. */
export const routeOfPath = (path: string): string | undefined =>
  routes.find(({ pattern }) => pattern.test(path))?.route;
