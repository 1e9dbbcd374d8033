import type { KubernetesView } from '@wagehood/inventory';
import type { AlertCommands, Reader } from '@wagehood/streams';
import type { Acknowledgements } from '../alerts/acknowledgements';
import type { AlertBook } from '../alerts/alert-book';
import type { Guard } from '../auth/guard';
import type { ControlWriter } from '../control/control-writer';
import type { KnownUrls } from '../http/known-urls';
import type { ConfigView } from '../read-model/config-view';
import type { HotReads } from '../read-model/hot-reads';
import type { PipelineWatch } from '../read-model/pipeline-watch';
import type { Hub } from '../stream/hub';

/** What the routes are made of; put together in app.ts. */
export interface RouteDeps {
  readonly guard: Guard;
  readonly reader: Reader;
  readonly hot: HotReads;
  readonly known: Pick<KnownUrls, 'learn'>;
  readonly hub: Hub;
  readonly pipeline: PipelineWatch;
  readonly alerts: AlertBook;
  readonly acknowledgements: Acknowledgements;
  readonly alertCommands: Pick<AlertCommands, 'send'>;
  readonly writer: Pick<ControlWriter, 'change'>;
  /** The configuration in force; null before the first one. */
  readonly config: () => ConfigView | null;
  /** Why Redis cannot be used, or null. */
  readonly redisFault: () => string | null;
  readonly kubernetes: () => KubernetesView;
  /** Name of this very process. */
  readonly processId: string;
  readonly memoryInfo: () => Promise<string>;
  /** Checks settings against each other and the catalogs. */
  readonly checkSettings: (settings: ConfigView['settings']) => string | null;
  readonly partitions: number;
  readonly version: string;
  /** Bodies beyond this are refused. */
  readonly bodyLimitBytes: number;
  readonly maxStreams: number;
  /** A write of ours is in force at once, also here. */
  readonly adopt: (document: { version: number; settings: ConfigView['settings'] }) => void;
}
