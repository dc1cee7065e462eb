/**
 * The sample of requests as one column of whole numbers: two hundred requests with fifteen spans each would be most of a
 * recording if each were an object.
 */
import type { TimeKind } from '../result.ts';
import type { RequestOutcome, RequestRecording, SpanRecording } from './format.ts';
import { Reader, Writer } from './varint.ts';

const S = 1_000_000_000;
const MS = 1_000_000;
const ID_LENGTH = 16;
const OUTCOMES: readonly RequestOutcome[] = ['completed', 'failed', 'timedOut', 'rejected'];
const PICKED: readonly RequestRecording['picked'][] = ['slowest', 'failed', 'ordinary'];

export interface WrittenRequests {
  count: number;
  /** One after the other, 16 digits each. */
  ids: string;
  populations: string[];
  operations: string[];
  /** Component, resource and kind of spans, by number. */
  cells: [string, string, TimeKind][];
  numbers: string;
}

export function writeRequests(requests: readonly RequestRecording[]): WrittenRequests {
  const populations = new Numbered<string>();
  const operations = new Numbered<string>();
  const cells = new Numbered<[string, string, TimeKind]>();
  const writer = new Writer();
  let before = 0;
  for (const request of requests) {
    const startNs = Math.round(request.start * S);
    writer.put(populations.of(request.population, request.population));
    writer.put(operations.of(request.operation, request.operation));
    writer.putSigned(request.user);
    writer.putSigned(startNs - before);
    before = startNs;
    writer.put(Math.round(request.latencyMs * MS));
    writer.put(OUTCOMES.indexOf(request.outcome));
    writer.put(request.attempts);
    writer.put(PICKED.indexOf(request.picked));
    writer.put(request.cut ? 1 : 0);
    writer.put(request.spans.length);
    for (const { component, instance, resource, kind, startMs, endMs } of request.spans) {
      writer.put(cells.of(JSON.stringify([component, resource, kind]), [component, resource, kind]));
      writer.put(instance + 1);
      writer.put(Math.round(endMs * MS) - Math.round(startMs * MS));
    }
  }
  return {
    count: requests.length,
    ids: requests.map(({ id }) => id).join(''),
    populations: populations.list,
    operations: operations.list,
    cells: cells.list,
    numbers: writer.finish(),
  };
}

/** @throws RangeError when the column is broken */
export function readRequests(written: WrittenRequests): RequestRecording[] {
  const { populations, operations, cells } = written;
  const reader = new Reader(written.numbers);
  let startNs = 0;
  return Array.from({ length: Math.min(written.count, 10_000) }, (_, i) => {
    const population = populations[reader.get()];
    const operation = operations[reader.get()];
    const user = reader.getSigned();
    startNs += reader.getSigned();
    const latencyMs = reader.get() / MS;
    const outcome = OUTCOMES[reader.get()];
    const attempts = reader.get();
    const picked = PICKED[reader.get()];
    const cut = reader.get() === 1;
    const spans = readSpans(reader, cells);
    const id = written.ids.slice(i * ID_LENGTH, (i + 1) * ID_LENGTH);
    return { id, population, operation, user, start: startNs / S, latencyMs, outcome, attempts, picked, spans, cut };
  });
}

function readSpans(reader: Reader, cells: WrittenRequests['cells']): SpanRecording[] {
  let endNs = 0;
  return Array.from({ length: Math.min(reader.get(), 1000) }, () => {
    const [component, resource, kind] = cells[reader.get()];
    const instance = reader.get() - 1;
    const startMs = endNs / MS;
    endNs += reader.get();
    return { component, instance, resource, kind, startMs, endMs: endNs / MS };
  });
}

/** A list without repetition, and the number of each of its entries. */
class Numbered<T> {
  readonly list: T[] = [];
  private readonly numbers = new Map<string, number>();

  of(key: string, value: T): number {
    let number = this.numbers.get(key);
    if (number === undefined) this.numbers.set(key, (number = this.list.push(value) - 1));
    return number;
  }
}
