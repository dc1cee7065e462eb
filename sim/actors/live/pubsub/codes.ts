/** Codes of a pubsub's messages and timers, and arguments of the `Actor` verb in its programs. */
export const enum Code {
  Publish = 1,
  Published = 2,
  Deliver = 3,
  Subscribe = 4,
  Ask = 5,
  Unknown = 6,
  Keepalive = 10,
  Overdue = 11,
}

export const enum Act {
  Command = 1,
  HasOne = 2,
  SendOne = 3,
  Answer = 4,
}
