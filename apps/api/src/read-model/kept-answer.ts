import type { Answer } from '../http/send';

/** One serialised answer, kept as long as what it was made from is the same and nothing in it expires. */
export class KeptAnswer {
  #answer: Answer | null = null;
  #madeFrom: unknown = null;
  #untilMs = 0;

  /** @param weigh is told by how many bytes the answer has grown */
  constructor(private readonly weigh: (bytes: number) => void) {}

  /** The answer if it still says the truth. @param source compared by identity @param nowMs epoch ms */
  of(source: unknown, nowMs: number): Answer | null {
    return this.#madeFrom === source && nowMs <= this.#untilMs ? this.#answer : null;
  }

  keep(source: unknown, answer: Answer, untilMs: number): Answer {
    this.weigh(answer.body.length - (this.#answer?.body.length ?? 0));
    this.#answer = answer;
    this.#madeFrom = source;
    this.#untilMs = untilMs;
    return answer;
  }
}
