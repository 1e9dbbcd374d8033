import { alertPath, alertsQuery, resendRequest, toHttpAlert, type Alert, type ListedAlert } from '@wagehood/contracts';
import type { Request, Response, Router } from 'express';
import { listAlerts } from '../alerts/list-alerts';
import { chooseAlerts, requestResend } from '../alerts/resend';
import type { Acknowledgement } from '../alerts/acknowledgements';
import { jsonBody } from '../http/json-body';
import { parseInput } from '../http/parse-input';
import { alertNotUndelivered, invalidRequest, unknownAlert } from '../http/problem';
import { resource } from '../http/resource';
import { sendJson } from '../http/send';
import type { RouteDeps } from './deps';
import { currentConfig } from './known';

const whoAsks = (res: Response): string => String(res.locals['keyName'] ?? 'api');
const pathId = (req: Request): string => parseInput(alertPath, req.params, 'path').id;

const show = (alert: Alert, acknowledged: Acknowledgement | undefined): ListedAlert => ({
  ...toHttpAlert(alert),
  acknowledged: acknowledged ?? null,
});

/** GET /monitor/alerts, and what can be done with one: acknowledge it, have it delivered again. */
export function addAlertRoutes(router: Router, deps: RouteDeps): void {
  const { guard, alerts, acknowledgements, alertCommands, bodyLimitBytes } = deps;
  const find = async (id: string): Promise<Alert> => {
    const alert = (await alerts.all()).find((each) => each.id === id);
    if (!alert) throw unknownAlert(id);
    return alert;
  };
  resource(router, '/monitor/alerts', {
    GET: [
      ...guard.requires('read'),
      async (req, res) => {
        currentConfig(deps);
        const query = parseInput(alertsQuery, req.query, 'query');
        const [known, acknowledged] = await Promise.all([alerts.all(), acknowledgements.all()]);
        const listed = listAlerts(known, query, (id) => acknowledged.has(id));
        if (!listed) throw invalidRequest([{ path: 'query.cursor', message: 'is not a cursor of this route' }]);
        const page = listed.page.map((alert) => show(alert, acknowledged.get(alert.id)));
        sendJson(res, { alerts: page, nextCursor: listed.nextCursor });
      },
    ],
  });
  resource(router, '/monitor/alerts/:id/acknowledge', {
    POST: [
      ...guard.requires('write'),
      async (req, res) => {
        currentConfig(deps);
        const alert = await find(pathId(req));
        sendJson(res, show(alert, await acknowledgements.add(alert.id, whoAsks(res))));
      },
    ],
  });
  resource(router, '/monitor/alerts/:id/resend', {
    POST: [
      ...guard.requires('write'),
      async (req, res) => {
        currentConfig(deps);
        const alert = await find(pathId(req));
        if (alert.status !== 'failed') throw alertNotUndelivered(alert.id, alert.status);
        sendJson(res, { requested: await requestResend(alertCommands, [alert], whoAsks(res)) }, 202);
      },
    ],
  });
  resource(router, '/monitor/alerts/resend', {
    POST: [
      ...guard.requires('write'),
      ...jsonBody(bodyLimitBytes),
      async (req, res) => {
        currentConfig(deps);
        const request = parseInput(resendRequest, req.body, 'body');
        const chosen = chooseAlerts(await alerts.undelivered(), request);
        sendJson(res, { requested: await requestResend(alertCommands, chosen, whoAsks(res)) }, 202);
      },
    ],
  });
}
