/** What the compiler knows of live users. Operations are numbered as in the population: what users do, connect, catch up. */
export interface LiveSpec {
  name: string;
  component: number;
  node: number;
  /** Where its users may be: at home, and where they travel to, a node each. */
  places: number;
  users: number;
  rampNs: number;
  room: number | null;
  turns: boolean;
  refreshNs: number | null;
  backoff: { baseNs: number; capNs: number; factor: number; jitter: 'none' | 'full' | 'equal' | 'decorrelated' };
  /** Distribution of how long a connection lasts, Id.None: for ever. */
  lasts: number;
  /** Operation id of the handshake, and its number in the population. */
  connectOperation: number;
  connect: number;
  /** Number of the operation that catches up, Id.None: there is none. */
  catchUp: number;
  /** Components of gateways, and of each its sites by number of the operation. */
  gateways: number[];
  sites: number[][];
  /** Site of the handshake. */
  handshake: number;
}
