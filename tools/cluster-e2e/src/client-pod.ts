import type { Answer, Seen } from './cluster';

export const CLIENT = 'e2e-client';
const LABELS = { 'app.kubernetes.io/part-of': 'wagehood-e2e' };

/** Asks for /health five times a second, each time on a new connection, and says after each answer what it has seen. */
const WATCHER = `
  const seen = { answered: 0, failed: 0, reason: null };
  const ask = async () => {
    try {
      const { status } = await fetch('http://api:8000/api/v1/realtime/health', { headers: { connection: 'close' } });
      if (status !== 200) throw new Error('status ' + status);
      seen.answered += 1;
    } catch (error) {
      seen.failed += 1;
      seen.reason = new Date().toISOString() + ' ' + error.message + ' ' + (error.cause?.message ?? '');
    }
    console.log(JSON.stringify(seen));
    setTimeout(ask, 200);
  };
  ask();`;

/** A pod as locked up as all others, with Node.js in it and nothing of ours running. */
export const clientPod = (namespace: string, image: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: CLIENT, namespace, labels: LABELS },
  spec: {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 0,
    restartPolicy: 'Never',
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'client',
        image,
        imagePullPolicy: 'IfNotPresent',
        command: ['node', '-e', WATCHER],
        resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '256Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  },
});

/** For an overlay whose network policies let nobody out. */
export const clientPolicy = (namespace: string): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: CLIENT, namespace },
  spec: { podSelector: { matchLabels: LABELS }, policyTypes: ['Egress'], egress: [{}] },
});

const ASKER = `
  const [method, path, key, body] = process.argv.slice(1);
  const headers = { authorization: 'Bearer ' + key, 'content-type': 'application/json' };
  fetch('http://api:8000/api/v1/realtime' + path, { method, headers, ...(body && { body }) })
    .then(async (response) => console.log(JSON.stringify({ status: response.status, body: await response.json() })))
    .catch((error) => {
      console.error(error.message, error.cause?.message ?? '');
      process.exitCode = 1;
    });`;

/** What to run in the pod to ask the api one thing. */
export const askWords = (method: string, path: string, key: string, body: unknown): readonly string[] => [
  ...['node', '-e', ASKER, method, path, key],
  ...(body === undefined ? [] : [JSON.stringify(body)]),
];

export const readAnswer = (output: string): Answer => JSON.parse(output) as Answer;

/** The newest thing that the watcher has said. */
export const readSeen = (logs: string): Seen => JSON.parse(logs.trim().split('\n').at(-1) ?? '') as Seen;
