/** Numbers by which programs, timers and messages say what they are for. */

/** A message's data may be two numbers in one: the first of them times this. */
export const HIGH = 4294967296;

/** Arguments of the `Actor` verb in programs of brokers. */
export const enum Act {
  Append = 1,
  Replicate = 2,
  Replicated = 3,
  /** At the follower: is there anything in the answer? */
  News = 4,
  Follow = 5,
  FollowFailed = 6,
  Fetch = 7,
  Fill = 8,
}

/** Arguments of visits, in programs of producers and members; smaller ones are numbers of publications. */
export const enum Visit {
  Sent = 0xff00,
  SendFailed = 0xff01,
  Fetched = 0xff02,
  FetchFailed = 0xff03,
}

/** How a broker answers a batch. */
export const enum Answer {
  Taken = 0,
  NotLeader = 1,
  NotEnoughReplicas = 2,
  /** What the answer's place holds until there is one. */
  None = 9,
}

export const enum Clock {
  // Brokers.
  FollowWait = 1,
  FollowAgain = 2,
  FetchWait = 3,
  InSync = 4,
  BrokerHeartbeat = 5,
  Flush = 6,
  Retention = 7,
  // Controller.
  Watch = 8,
  LeaderRebalance = 9,
  // Clients.
  Linger = 10,
  Again = 11,
  Metadata = 12,
  // Members.
  Heartbeat = 13,
  Rejoin = 14,
  FetchAgain = 15,
  TryAgain = 16,
  AskAgain = 17,
  CommitTimeout = 18,
  SyncTimeout = 22,
  ReplayNow = 21,
  // Coordinators.
  Session = 19,
  Rebalance = 20,
}

export const enum Message {
  // Brokers and the controller.
  Alive = 1,
  Change = 2,
  ChangeSeen = 3,
  ChangeInSync = 4,
  // Clients and brokers.
  AskMetadata = 5,
  Metadata = 6,
  // Members and coordinators.
  Join = 7,
  Joined = 8,
  Sync = 9,
  Assigned = 10,
  Heartbeat = 11,
  HeartbeatAnswer = 12,
  Leave = 13,
  Commit = 14,
  Committed = 15,
  AskOffsets = 16,
  Offsets = 17,
}

/** What a coordinator says to a member. */
export const enum Verdict {
  Fine = 0,
  Rebalancing = 1,
  /** Not known, or of an older generation: it has been taken for dead. */
  Unknown = 2,
  NotCoordinator = 3,
}
