/**
 * A network that counts what it carries, by path: requests, answers and messages, and how long they took. Stands in the
 * place of `Network` in a recorded run, and delays everything alike. Where a delay is constant the core counts by itself.
 */
import { Network } from '../engine/network.ts';
import { Id } from '../engine/rows.ts';
import { Slot } from '../engine/slots.ts';

/** Steps from here on belong to messages of components among themselves, lower ones to requests (see their callers). */
const FIRST_MESSAGE_STEP = 0x60000000;

export class CountedNetwork extends Network {
  /** By path, since time zero. */
  readonly requests = this.tables.f64(Slot.PathRequests, this.specs.length);
  readonly answers = this.tables.f64(Slot.PathAnswers, this.specs.length);
  readonly messages = new Float64Array(this.specs.length);
  /** Sums of the delays of requests and of answers, ns. */
  readonly requestNs = this.tables.f64(Slot.PathRequestNs, this.specs.length);
  readonly answerNs = this.tables.f64(Slot.PathAnswerNs, this.specs.length);

  private passed(path: number, back: boolean, delayNs: number): void {
    if (back) {
      this.answers[path]++;
      this.answerNs[path] += delayNs;
    } else {
      this.requests[path]++;
      this.requestNs[path] += delayNs;
    }
  }

  override travel(
    path: number,
    back: boolean,
    a: number,
    b: number,
    step: number,
    from: number,
    to: number,
    row: number = Id.None,
  ): void {
    super.travel(path, back, a, b, step, from, to, row);
    if (step >= FIRST_MESSAGE_STEP) this.messages[path]++;
    else this.passed(path, back, this.out[0]);
  }

  override travelDatagram(path: number, a: number, b: number, step: number, from: number, to: number): void {
    super.travelDatagram(path, a, b, step, from, to);
    this.messages[path]++;
  }
}
