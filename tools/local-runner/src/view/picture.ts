import type { HttpSignal, StatsResponse } from '@wagehood/contracts';
import type { ServiceStatus } from '../process/service-spec';

/** Everything that the view shows, at one moment. */
export interface Picture {
  readonly upSeconds: number;
  /** `http://127.0.0.1:8000` */
  readonly apiUrl: string;
  /** `7.0.15 on 127.0.0.1:41231, data in .data/redis` */
  readonly redis: string;
  readonly logFile: string;
  readonly services: readonly ServiceStatus[];
  readonly stats: StatsResponse | null;
  /** Newest first. */
  readonly signals: readonly HttpSignal[];
  /** What a person should know, newest first. */
  readonly notes: readonly string[];
}
