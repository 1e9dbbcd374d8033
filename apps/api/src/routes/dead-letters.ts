import { deadLetterPath, deadLettersQuery, placeOfLetter } from '@wagehood/contracts';
import type { Router } from 'express';
import { parseInput } from '../http/parse-input';
import { unknownLetter } from '../http/problem';
import { resource } from '../http/resource';
import { sendJson } from '../http/send';
import { countLetters, listLetters, readLetter } from '../read-model/dead-letters';
import type { RouteDeps } from './deps';
import { currentConfig } from './known';

/** GET /monitor/dead-letters and /monitor/dead-letters/{letter}: what stages have put aside. */
export function addDeadLetterRoutes(router: Router, deps: RouteDeps): void {
  const { guard, reader, partitions } = deps;
  resource(router, '/monitor/dead-letters', {
    GET: [
      ...guard.requires('read'),
      async (req, res) => {
        currentConfig(deps);
        const query = parseInput(deadLettersQuery, req.query, 'query');
        const [deadLetters, kept] = await Promise.all([listLetters(reader, query, partitions), countLetters(reader)]);
        sendJson(res, { deadLetters, kept });
      },
    ],
  });
  resource(router, '/monitor/dead-letters/:letter', {
    GET: [
      ...guard.requires('read'),
      async (req, res) => {
        currentConfig(deps);
        const { letter: id } = parseInput(deadLetterPath, req.params, 'path');
        const letter = await readLetter(reader, placeOfLetter(id));
        if (!letter) throw unknownLetter(id);
        sendJson(res, letter);
      },
    ],
  });
}
