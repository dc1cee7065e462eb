/**
 * Where nodes are: zones and regions without zones. Place 0 is nowhere in particular, near everything (anycast).
 *
 * Who is where is what a deployment knows of itself; how far two places are apart is what anybody could measure.
 */
export class Places {
  /** Region of each place, an index into `regions`; -1 for place 0. */
  readonly regionOf: Int32Array;
  /** Names of the regions, sorted. */
  readonly regions: string[];
  /** Place of each node. */
  readonly ofNode: Int32Array;

  /**
   * @param names names of the places, sorted, `''` before them for nowhere
   * @param ofNode place of each node
   * @param distances mean one-way delays between places, ns, row by row
   */
  constructor(
    readonly names: readonly string[],
    regionNames: readonly string[],
    ofNode: readonly number[],
    private readonly distances: Float64Array,
  ) {
    this.regions = [...new Set(regionNames.slice(1))].sort((a, b) => (a < b ? -1 : 1));
    this.regionOf = Int32Array.from(names, (_, place) => (place === 0 ? -1 : this.regions.indexOf(regionNames[place])));
    this.ofNode = Int32Array.from(ofNode);
  }

  get count(): number {
    return this.names.length;
  }

  /** Mean one-way delay between two places, ns, without what users take to reach their region. */
  distanceNs(from: number, to: number): number {
    return this.distances[from * this.names.length + to];
  }

  /** Region of a node, -1: nowhere in particular. */
  regionOfNode(node: number): number {
    return this.regionOf[this.ofNode[node]];
  }
}
