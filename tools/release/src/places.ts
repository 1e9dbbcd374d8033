/** A file that says the version, and how. */
export interface Place {
  readonly file: string;
  readonly phrase: (version: string) => string;
  readonly times: number;
}

/** Every place in the repository; a test finds a new one. */
export const PLACES: readonly Place[] = [
  { file: 'package.json', phrase: (version) => `"version": "${version}"`, times: 1 },
  { file: 'package-lock.json', phrase: (version) => `"name": "wagehood",\n  "version": "${version}"`, times: 1 },
  { file: 'package-lock.json', phrase: (version) => `"name": "wagehood",\n      "version": "${version}"`, times: 1 },
  { file: 'apps/api/src/openapi/version.ts', phrase: (version) => `API_VERSION = '${version}'`, times: 1 },
  { file: 'deploy/compose.yaml', phrase: (version) => `\${WAGEHOOD_TAG:-${version}}`, times: 5 },
  { file: 'deploy/helm/wagehood/Chart.yaml', phrase: (version) => `ersion: ${version}\n`, times: 2 },
  {
    file: 'deploy/kustomize/base/kustomization.yaml',
    phrase: (version) => `app.kubernetes.io/version: ${version}`,
    times: 1,
  },
  {
    file: 'deploy/kustomize/base/workload/deployment.yaml',
    phrase: (version) => `wagehood/workload:${version}`,
    times: 1,
  },
];

/** A text with another version in it. @throws Error when the text does not say the present one as often as it should */
export function replaceVersion(text: string, { file, phrase, times }: Place, from: string, to: string): string {
  const parts = text.split(phrase(from));
  if (parts.length !== times + 1) {
    throw new Error(`${file} says ${JSON.stringify(phrase(from))} ${parts.length - 1} times instead of ${times}`);
  }
  return parts.join(phrase(to));
}
