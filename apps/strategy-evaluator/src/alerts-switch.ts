import type { Part } from '@wagehood/service';
import type { Control } from '@wagehood/streams';

/**
 * Whether alerts are on in the newest settings: only then the next stage may hold us back. Not taken from the log: while we are
 * held back we read nothing there, and would never learn that we are free.
 */
export function alertsSwitch(control: Control): { readonly isOn: () => boolean; readonly part: Part } {
  let on = true;
  let watch: { stop(): Promise<void> } | null = null;
  const part: Part = {
    name: 'alerts-switch',
    start: () => void (watch = control.watch(({ settings }) => void (on = settings.system.enable_alerts))),
    stop: () => watch?.stop(),
  };
  return { isOn: () => on, part };
}
