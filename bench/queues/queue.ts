/** A future event list of numbered events, as all that are compared here have it. */
export interface Queue {
  /** Adds the event with this number, due at this time. */
  push(event: number, time: number): void;
  /** Takes the earliest event; there is one. */
  pop(): number;
}
