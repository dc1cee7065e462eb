/** Links and connections of a stage → what the network costs beyond its delays. */
import type { Builder } from './builder.ts';
import { addHandshakes, emitOverheads } from './payload.ts';
import { Id } from '../engine/rows.ts';
import type { WireSpecs } from '../engine/wires.ts';
import { isWithin } from '../scenario/places.ts';
import type { ConnectionSettings, LinkSettings } from '../scenario/settings.ts';

const BITS = 8e9;

/**
 * What the links and connections of a stage cost; null: nothing. Emits what operations need for it. To be called when all
 * components, paths and call sites are known.
 */
export function compileWires(builder: Builder): WireSpecs | null {
  const { stage } = builder;
  const limited = [...stage.links, ...(stage.placeLinks ?? [])].some(({ bandwidth }) => bandwidth !== undefined);
  const connections = [stage.connection, ...stage.links.map(({ connection }) => connection)].filter(
    (each) => each !== undefined,
  );
  if (!limited && connections.length === 0) {
    emitOverheads(builder);
    return null;
  }
  const wires = new WireDrafts(builder);
  builder.paths.forEach((_, path) => wires.add(path));
  return wires.done();
}

class WireDrafts {
  private readonly specs: WireSpecs;
  /** Pipes by the direction they lead in. */
  private readonly pipes = new Map<string, number>();
  private readonly settings: ConnectionSettings[] = [];
  private readonly betweenPlaces: Int32Array | null;

  constructor(private readonly builder: Builder) {
    const per = <T>(value: T): T[] => builder.paths.map(() => value);
    this.specs = {
      pipes: [],
      there: per(Id.None),
      back: per(Id.None),
      betweenPlaces: per(null),
      connections: [],
      connection: per(Id.None),
      opened: new Int32Array(0),
      components: builder.components.length,
      plain: new Int32Array(0),
      users: per(-1),
      fromFirst: per(0),
      fromCount: per(0),
      toFirst: per(0),
      toCount: per(0),
    };
    this.betweenPlaces = this.pipesOfPlaces();
  }

  private pipe(from: string, to: string, { bandwidth, shared }: Pick<LinkSettings, 'bandwidth' | 'shared'>): number {
    const name = `${from} > ${to}`;
    let id = this.pipes.get(name);
    if (id === undefined) {
      id = this.specs.pipes.push({ nsPerByte: BITS / bandwidth!, shared: shared !== false }) - 1;
      this.pipes.set(name, id);
    }
    return id;
  }

  /** From each place to each; the link of the smallest places wins. */
  private pipesOfPlaces(): Int32Array | null {
    const links = (this.builder.stage.placeLinks ?? []).filter(({ bandwidth }) => bandwidth !== undefined);
    if (links.length === 0) return null;
    const { names } = this.builder.places;
    const table = new Int32Array(names.length * names.length).fill(Id.None);
    const bySize = [...links].sort((a, b) => (a.from + a.to).split('/').length - (b.from + b.to).split('/').length);
    for (const link of bySize)
      for (let from = 1; from < names.length; from++)
        for (let to = 1; to < names.length; to++)
          if (isWithin(names[from], link.from) && isWithin(names[to], link.to))
            table[from * names.length + to] = this.pipe(link.from, link.to, link);
    return table;
  }

  add(path: number): void {
    const { stage, components, paths } = this.builder;
    const { from, to } = paths[path];
    const [a, b] = [components[from], components[to]];
    const linked = (x: string, y: string): LinkSettings | undefined =>
      stage.links.find((link) => link.from === x && link.to === y);
    const link = linked(a.name, b.name);
    // What goes over a live connection is on the line to the entry, unless there is one of its own.
    const entry = b.type === 'gateway' ? this.entryOf(a.name) : null;
    const end = link === undefined ? (entry ?? b.name) : b.name;
    const line = linked(a.name, end);
    if (line?.bandwidth !== undefined) {
      this.specs.there[path] = this.pipe(a.name, end, line);
      this.specs.back[path] = this.pipe(end, a.name, linked(end, a.name) ?? line);
    } else if (!this.builder.together(from, to)) this.specs.betweenPlaces[path] = this.betweenPlaces;
    // Messages open none: the handshake has. It was at a router, or here, and then it stays open however idle it is.
    if (entry !== null && entry !== b.name) return;
    const connection = link?.connection ?? stage.connection;
    if (connection === undefined || from === to || this.builder.together(from, to)) return;
    this.connect(path, entry === null ? connection : { ...connection, keepAliveNs: Infinity });
  }

  /** Where users with live connections come in; null: it is none of these. */
  private entryOf(population: string): string | null {
    const client = this.builder.stage.clients.find(({ name }) => name === population);
    return client?.connect === undefined ? null : client.entry;
  }

  private connect(path: number, settings: ConnectionSettings): void {
    const { components, paths, stage } = this.builder;
    const { from, to } = paths[path];
    const known = this.settings.indexOf(settings);
    this.specs.connection[path] = known >= 0 ? known : this.settings.push(settings) - 1;
    const population = stage.clients.find(({ name }) => name === components[from].name);
    this.specs.users[path] = population === undefined ? -1 : (population.users ?? 0);
    this.specs.fromFirst[path] = components[from].firstNode;
    this.specs.fromCount[path] = components[from].nodes;
    this.specs.toFirst[path] = components[to].firstNode;
    this.specs.toCount[path] = components[to].nodes;
  }

  done(): WireSpecs {
    const { builder, specs } = this;
    specs.connections = this.settings.map(({ roundTrips, keepAliveNs }) => ({ roundTrips, keepAliveNs }));
    const handshakes = addHandshakes(
      builder,
      this.settings.map(({ cpu }) => cpu),
    );
    emitOverheads(builder);
    const width = builder.operations.length;
    specs.plain = Int32Array.from({ length: width }, (_, op) => op);
    for (const { operation, base, opens } of builder.overheads) if (opens) specs.plain[operation] = base;
    specs.opened = handshakes;
    return specs;
  }
}
