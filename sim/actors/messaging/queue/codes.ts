/** Codes of a broker's messages and timers, and arguments of the `Actor` verb in its programs. */
export const enum Code {
  // To the broker.
  Publish = 1,
  Acknowledge = 2,
  Reject = 3,
  Subscribe = 4,
  Cancel = 5,
  Beat = 6,
  /** The process at the other end is gone: its machine resets the connection. */
  Reset = 7,
  // From the broker.
  Confirm = 11,
  Refuse = 12,
  Deliver = 13,
  Subscribed = 14,
  BeatBack = 15,
  Broken = 16,
  // Timers.
  Expire = 21,
  Sweep = 22,
  Overdue = 23,
  BeatAgain = 24,
}

export const enum Act {
  Take = 1,
  Send = 2,
}
