/**
 * `connect` of a population → its live users: a call site for the handshake at the entry, and one for every operation at
 * every gateway that the entry leads to.
 *
 * After the handshake, messages go straight between client and gateway: over the link declared between the two, else over
 * one like that to the entry.
 */
import type { CallOptions, ClientSettings } from '../scenario/settings.ts';
import { LiveUsers } from '../workload/live/live-users.ts';
import { Id } from '../engine/rows.ts';
import type { Builder } from './builder.ts';
import type { ComponentDraft } from './components.ts';
import { carriedBy } from './payload.ts';
import { routedTo } from './targets.ts';

/** Operation of the handshake, and its name in reports. */
export const HANDSHAKE = '@connect';
const HANDSHAKE_NAME = 'connect';

const ONCE = { attempts: 1, backoff: { baseNs: 0, capNs: 0, factor: 1, jitter: 'none' as const }, budget: null };

type Client = ClientSettings & { name: string };
type Connect = NonNullable<ClientSettings['connect']>;

/** Names of what live users do, in the order of their numbers: what clients do, the handshake, the catch-up. */
export function liveNames(client: Client): string[] {
  const { connect, does } = client;
  const names = does.map((d) => d.operation);
  if (connect === undefined) return names;
  return [...names, HANDSHAKE_NAME, ...(connect.catchUp === null ? [] : [connect.catchUp])];
}

/** The users of a population that connects; their own component is the population's. */
export function compileLive(builder: Builder, client: Client, connect: Connect, node: number): LiveUsers {
  const draft = builder.component(client.name);
  const target = builder.component(client.entry);
  const options: CallOptions = { timeoutNs: client.timeoutNs, retry: ONCE, onError: 'fail', otherwise: null };
  const gateways = gatewaysBehind(builder, client.entry);
  const names = liveNames(client).filter((_, i) => i !== client.does.length);
  const sites = gateways.map((gateway) => {
    likeLink(builder, draft, target, gateway);
    const list = names.map((name) => {
      const carried = carriedBy(builder, builder.operation(name), client.payloads?.[name]);
      const { operation, requestBytes, responseBytes } = carried;
      return builder.site(draft.id, gateway.id, operation, options, { callers: 1, requestBytes, responseBytes });
    });
    // By number: the handshake has none of its own here.
    return connect.catchUp === null ? list : [...list.slice(0, -1), Id.None, list[list.length - 1]];
  });
  const handshake = builder.site(draft.id, target.id, builder.operation(HANDSHAKE), options, { callers: 1 });
  const live = new LiveUsers({
    name: client.name,
    component: draft.id,
    node,
    places: 1 + (client.travel?.to.length ?? 0),
    users: client.users!,
    rampNs: connect.rampNs,
    room: connect.room,
    turns: connect.turns,
    refreshNs: connect.refreshNs,
    backoff: connect.backoff,
    lasts: connect.lasts === null ? Id.None : builder.distribution(connect.lasts),
    connectOperation: builder.operation(HANDSHAKE),
    connect: client.does.length,
    catchUp: connect.catchUp === null ? Id.None : client.does.length + 1,
    gateways: gateways.map((gateway) => gateway.id),
    sites,
    handshake,
  });
  draft.actor = live;
  return live;
}

/** Gateways that requests to a component may come to, sorted by name. */
function gatewaysBehind(builder: Builder, entry: string): ComponentDraft[] {
  const found = new Map<string, ComponentDraft>();
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const component = builder.component(name);
    if (component.type === 'gateway') found.set(name, component);
    else for (const id of routedTo(builder, component)) visit(builder.components[id].name);
  };
  visit(entry);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The link between users and a gateway is like that to their entry, unless there is one of its own. */
function likeLink(builder: Builder, from: ComponentDraft, entry: ComponentDraft, gateway: ComponentDraft): void {
  const path = builder.path(from.id, gateway.id);
  const { links } = builder.stage;
  const isDeclared = links.some((l) => l.from === from.name && l.to === gateway.name);
  if (entry.id === gateway.id || isDeclared || !links.some((l) => l.from === from.name && l.to === entry.name)) return;
  const { delay, response, loss } = builder.paths[builder.path(from.id, entry.id)];
  Object.assign(builder.paths[path], { delay, response, loss });
}
