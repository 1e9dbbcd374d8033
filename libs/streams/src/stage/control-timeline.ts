import type { ControlDocument } from '@wagehood/contracts';
import { shareControlDocument } from './control-document';

/** A configuration and the offset of the log from which it holds. */
export interface ControlPoint {
  readonly offset: number;
  readonly document: ControlDocument;
}

/** The key of the cell in which a partition keeps its timeline. */
export const CONTROL_CELL = '#control';

/**
 * The configurations of a partition's log. A replay meets cells that were saved under an older configuration, so those
 * that a replay may still need are kept: everything after the snapshot, and the one in force at it.
 */
export class ControlTimeline {
  #points: ControlPoint[] = [];

  get latest(): ControlPoint | null {
    return this.#points.at(-1) ?? null;
  }

  get points(): readonly ControlPoint[] {
    return this.#points;
  }

  /** The configuration in force when the entry at `offset` is folded. */
  at(offset: number): ControlPoint | null {
    for (let i = this.#points.length - 1; i >= 0; i--) {
      const point = this.#points[i] as ControlPoint;
      if (point.offset <= offset) return point;
    }
    return null;
  }

  /** Takes the document of a control entry; one that is known already changes nothing. */
  push(offset: number, document: ControlDocument): void {
    if (offset > (this.latest?.offset ?? -1)) this.#points.push({ offset, document });
  }

  load(bytes: Uint8Array): void {
    const points = JSON.parse(Buffer.from(bytes).toString('utf8')) as ControlPoint[];
    this.#points = points.map(({ offset, document }) => ({ offset, document: shareControlDocument(document) }));
  }

  save(snap: number): Uint8Array {
    const inForce = this.at(snap);
    this.#points = this.#points.filter((point) => point === inForce || point.offset > snap);
    return Buffer.from(JSON.stringify(this.#points));
  }
}
