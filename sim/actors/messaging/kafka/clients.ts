/** Who talks to a log: the processes, their producers and members, found when the world is complete. */
import type { Publication } from '../../../compile/publication.ts';
import type { World } from '../../../engine/world.ts';
import type { GroupSettings, KafkaSettings } from '../kafka.settings.ts';
import type { Layout } from './layout.ts';
import type { MemberSpec } from './member.ts';
import type { Acks, ProducerSpec, PublicationSpec } from './producers.ts';
import type { Compiled } from './programs.ts';

export interface Clients {
  /** Node of each client, and the client of each node. */
  nodes: number[];
  at: Map<number, number>;
  producers: ProducerSpec[];
  /** By number of the publication; null: of another component. */
  publications: (PublicationSpec | null)[];
  members: MemberSpec[];
}

export function clientsOf(
  world: World,
  component: number,
  own: KafkaSettings,
  compiled: Compiled,
  publications: readonly Publication[],
  layout: Layout,
): Clients {
  const clients: Clients = { nodes: [], at: new Map(), producers: [], publications: [], members: [] };
  const { firstNode, nodeCount } = world.components;
  const clientOf = (node: number): number => {
    const known = clients.at.get(node);
    if (known !== undefined) return known;
    const client = clients.nodes.push(node) - 1;
    clients.at.set(node, client);
    return client;
  };
  /** First producer of a component that publishes with so many acknowledgements. */
  const groups = new Map<string, number>();
  const producerOf = (c: number, acks: Acks): number => {
    const known = groups.get(`${c} ${acks}`);
    if (known !== undefined) return known;
    const first = clients.producers.length;
    groups.set(`${c} ${acks}`, first);
    for (let node = firstNode[c]; node < firstNode[c] + nodeCount[c]; node++)
      clients.producers.push({ node, client: clientOf(node), acks });
    return first;
  };
  clients.publications = publications.map((publication) => {
    const { from, target, step } = publication;
    if (target !== component) return null;
    const topic = step.topic === null ? 0 : layout.topicIndex(step.topic);
    return {
      publication,
      topic,
      firstProducer: producerOf(from, step.acks ?? own.producer.acks),
      firstNode: firstNode[from],
    };
  });
  compiled.consumers.forEach((c, group) => {
    const { instance } = own.groups[group] as GroupSettings;
    for (let i = 0; i < nodeCount[c]; i++)
      if (instance === undefined || instance === i)
        clients.members.push({ group, node: firstNode[c] + i, client: clientOf(firstNode[c] + i) });
  });
  return clients;
}
