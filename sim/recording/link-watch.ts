/** What passes between components in each slice: a link is a network path, in the direction of its requests. */
import type { World } from '../engine/world.ts';
import type { CountedNetwork } from './counted-network.ts';
import type { LinkRecording } from './format.ts';
import { Meter, type Folding } from './slices.ts';

const MS = 1_000_000;

class PathWatch {
  readonly requests = new Meter();
  readonly answers = new Meter();
  readonly messages = new Meter();
}

export class LinkWatch {
  private readonly paths: PathWatch[];

  constructor(
    private readonly world: World,
    private readonly network: CountedNetwork,
  ) {
    this.paths = network.specs.map(() => new PathWatch());
  }

  look(): void {
    const { requests, answers, messages } = this.network;
    this.paths.forEach((path, i) => {
      path.requests.read(requests[i]);
      path.answers.read(answers[i]);
      path.messages.read(messages[i]);
    });
  }

  /** Those that carried something, by the order of the components. */
  record(folding: Folding): LinkRecording[] {
    const { network, world } = this;
    const name = (component: number): string => world.components.name[component];
    return this.paths.flatMap((path, i) => {
      const [requests, answers, messages] = [network.requests[i], network.answers[i], network.messages[i]];
      if (requests + answers + messages === 0) return [];
      return {
        from: name(network.specs[i].from),
        to: name(network.specs[i].to),
        delayMs: requests === 0 ? NaN : network.requestNs[i] / requests / MS,
        responseMs: answers === 0 ? NaN : network.answerNs[i] / answers / MS,
        requests: folding.counts(path.requests),
        answers: folding.counts(path.answers),
        messages: folding.counts(path.messages),
      };
    });
  }
}
