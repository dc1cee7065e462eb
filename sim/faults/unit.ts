/** What goes wrong and is mended as a whole: an instance, a machine, a link, a partition of the network. */
export interface Unit {
  /** Tells it from the other units of the fault, and names its stream of random times. */
  name: string;
  /** Component and node concerned, Id.None: several. */
  component: number;
  node: number;
  /** What people read when it begins and when it ends. */
  begins: string;
  ends: string;
  /** False when there is nothing that could go wrong now (a slot that is not in use). */
  begin(): boolean;
  end(): void;
}
