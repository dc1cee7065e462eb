/**
 * The shapes of what is stored by key, as places of their columns: key tables and the stores made of them, and what a component
 * tells the core of its own, so that whoever asks for a key is answered without it (lookups.ts). Read by both, like `records.ts`.
 */

/**
 * A key table that the core looks keys up in: int32. Its chains and records are as `KeyTable` describes them.
 */
export const enum Keys {
  I = 16,
  /** @public Only the core asks. */
  Bytes = 64,
  /** Addresses of the chains (0: they are not in this memory), one int32 each, and of the records. */
  Chains = 0,
  Mask = 1,
  Records = 2,
  /** Of a store: the entries to evict first and last, where they are `Listed`; and 1 where reading one puts it last. */
  Oldest = 3,
  Newest = 4,
  Renews = 5,
  /** Keys held, the most it may hold, and the entries there is room for until it grows. */
  Size = 6,
  Most = 7,
  Capacity = 8,
  /** Entries ever used, and of those that are free again the first, plus 1; 0: there is none. */
  Used = 9,
  Free = 10,
  /** Of a store: 1, its entries are a list by age; 0, each has the number of its last use, since none has had to go yet. */
  Listed = 11,
  /** Of acknowledged writes: 1, somebody asks for them; else nothing need be kept. */
  Wanted = 14,
  /** Of last versions: keys at which TypeScript looks for those that can be forgotten. */
  Sweep = 15,
}

/** Columns of the same of acknowledged writes and of last versions, in the place of a store's. */
export const enum WrittenKeys {
  /** Address of what is known of small keys (see `SmallKeys`), and of how many; below 0: it is not in this memory. */
  Small = 3,
  SmallRoom = 4,
  /** Of acknowledged writes: 1, somebody asks what was known in the past. */
  History = 5,
}

/** Column of the same as float64. Of a store: uses so far, as long as it is not `Listed`. */
export const enum KeysF {
  Uses = 6,
}

/** A record of acknowledged writes, 64 bytes, as float64: after the key and its link, version of the newest and when it was acknowledged, then the same of the one before it, ns; -1: there was none. */
export const enum Write {
  Version = 1,
  Time = 2,
  VersionBefore = 3,
  TimeBefore = 4,
  Width = 8,
}

/** What is known of a small key, as float64: version of its newest acknowledged write, ns, and its last position, see `Version`. */
export const enum SmallKey {
  Version = 0,
  Position = 1,
  Width = 2,
  /** From here on keys are not small: 2¹⁸. */
  Most = 0x40000,
}

/** The same of last versions, 16 bytes: see `Version`. */
export const enum LastVersion {
  Value = 1,
  Width = 2,
}

/** A record of a store's key table, 32 bytes: its neighbours by age, where they are `Listed`, as int32, after the key and its link. */
export const enum Copy {
  Newer = 2,
  Older = 3,
}

/**
 * Columns of the same as float64, of which it has four: the number of its last use, in the place of its neighbours; the version
 * of the value, and when it is no longer good, ns.
 */
export const enum CopyF {
  Use = 1,
  Version = 2,
  End = 3,
  Width = 4,
}

/** What a component stores by key, where the core may look it up: columns as int32, then those of `LookupF`. */
export const enum Lookup {
  I = 64,
  FirstNode = 0,
  /** What is looked up, see `LookupWhat`, and the operand of the `Actor` verb that does it. */
  What = 1,
  Operand = 2,
  /** The operand by which a value is stored, 0: the component must be asked. */
  Sets = 3,
  /** The operand by which one is dropped, 0: the component must be asked, and wherever one more is stored, since they take up memory. */
  Deletes = 31,
  /** Address of the `Keys` of its first node, those of the others follow. */
  Stores = 4,
  /** Addresses of the `Keys` of the acknowledged writes that make a value stale, and how many. */
  Sources = 5,
  SourceCount = 6,
  /** 1: a miss is nothing to be told of. */
  MissesToo = 7,
  /** Of a CDN: addresses of the kind of content by operation, and of the salt and (float64) the size by kind. 0: it is none. */
  Kinds = 8,
  Salts = 9,
  Sizes = 10,
  /** The only node that it passes on to what it does not store, Id.None: the component must be asked. */
  Origin = 11,
  /** Address of the requests that are passed on, by node. */
  Outstanding = 12,
  /** How calls come to one of the nodes: see `LookupRoute`. */
  Routes = 13,
  /** Calls of this operation bring a value, and of that one the last acknowledged version; the others the time at which they are sent. */
  SetOperation = 14,
  GetOperation = 59,
  /** Of the ring (see `HashRing`): addresses of its places, their owners and the parts; log₂ of a part; places. 0: one node. */
  Places = 15,
  Owners = 16,
  Parts = 17,
  PartShift = 18,
  Length = 19,
  /** Of what is nearest: addresses of the place of each node, and of a list by place: how many nodes, and which. */
  PlaceOf = 20,
  Nearest = 21,
  /** Numbers that a list has room for. */
  NearestRoom = 22,
  /** 1: it is all the same to its nodes, and to whoever is on their machines, when exactly an answer passes. */
  Indifferent = 23,
  /** Of a CDN: 1, nothing but its age makes a copy bad that is good now, or another one. */
  Steady = 62,
  /** Of a database whose copies follow the first of their shard for ever: calls of this operation go to that one. */
  WriteOperation = 24,
  /** Nodes of a shard; of these, the first that reads go to, and how many. */
  Copies = 25,
  FirstReader = 26,
  Readers = 27,
  /** Address of the `Following` of its copies, 0: the component must be asked. Beside the columns of `LookupF`. */
  Following = 58,
  /** Address of the `Keys` of the last acknowledged version of each key. */
  Versions = 28,
  /** Addresses of the last position that each node has applied, float64, and of the `CommitTime` of each shard. */
  Applied = 29,
  CommitTimes = 30,
}

/** What is counted of it, and how long a value lives, as float64: see `Tally` of caches and of CDNs. */
export const enum LookupF {
  Requests = 16,
  Hits = 17,
  Misses = 18,
  Passes = 19,
  StaleHits = 20,
  Bytes = 21,
  ToOrigin = 22,
  /** Requests that have gone to the origin: its nodes take turns. */
  Turn = 23,
  Reads = 24,
  /** Of a store: entries dropped to make room, and those of which the life was over, which are no evictions. */
  Evictions = 25,
  Expired = 26,
  /** Of a store, ns. */
  Life = 27,
  /** Of copies: until when some caller leaves one alone, ns; until then the component must be asked where reads go. */
  RestsUntil = 28,
  Writes = 30,
}

/** What a component is asked for; from `OnlyCopy` on without a look at its keys. */
export const enum LookupWhat {
  /** @public Only the core asks. A value that it may have stored. */
  Value = 0,
  /** Content that it may have stored, or that is not for it to store. */
  Content = 1,
  /** A value of which it has the only copy. */
  OnlyCopy = 2,
  /** A value of which each node of a shard has a copy. */
  Copy = 3,
}

/** Where a request goes that is passed on and what for: the index of its target, as its way back remembers it. */
export const enum Errand {
  /** To the origin; without it to the shield. */
  Origin = 1,
  /** Asks whether the copy is still good. */
  Conditional = 2,
  /** Times the kind of content + 1; 0: a request for what is dynamic. */
  Content = 4,
}

/** How the core finds the node that a call goes to. */
export const enum LookupRoute {
  /** @public Only the core asks. It does not: the component must be asked. */
  Asked = 0,
  /** The one that owns the key, on a ring if there are several. */
  Owner = 1,
  /** One of those that are nearest to the caller, by the user. */
  Nearest = 2,
  /** Writes to the first node of the key's shard, reads to its nodes in turn. */
  Copies = 3,
}

/**
 * How copies of a database follow the first of their shard, asynchronously and one write at a time, for ever: int32, among them
 * addresses of numbers by copy, then columns of `FollowingF`.
 */
export const enum Following {
  I = 48,
  /** Up to which position a copy holds the log, and the next one that it will apply: float64. */
  Durable = 0,
  Next = 1,
  /** 1: it is applying one. */
  Busy = 2,
  /** Changes when its process dies: what was being applied until then does not count. */
  Epoch = 3,
  /** 1: it will say before long what it holds. */
  Tells = 4,
  /** The operation that applies a write, the operand of the `Actor` verb at its end, and the root of its identities. */
  Operation = 5,
  Operand = 6,
  RootA = 7,
  RootB = 8,
  /** The code of messages that bring entries of the log. */
  Ship = 9,
  /** The operand by which a write is acknowledged; up to which position it is, by shard, float64; and the `Keys` of acknowledged writes. */
  Acknowledge = 10,
  Acknowledged = 11,
  Writes = 12,
  /** The operand by which a write is committed, and the term in which. */
  Commit = 13,
  Term = 14,
  /** By pair of a leader and a copy, float64: what the copy is known to hold, when that was news, when the last message reaches it, and the position whose round trip is being measured, since when. */
  Match = 15,
  Progress = 16,
  Arrivals = 17,
  Timed = 18,
  TimedSince = 19,
  /** By pair: 1, commits are streamed; and by copy: 1, it looks before long for who is silent. */
  Streams = 20,
  Armed = 21,
  /** How many messages have been sent, float64; and by node the roots of their identities, two numbers, and how many it has given, float64. */
  Sent = 22,
  Roots = 23,
  Given = 24,
}

/** Columns of the same as float64: of the ages of writes when they were applied the sum (low and high limb), number, longest, ns. */
export const enum FollowingF {
  Age = 16,
  Count = 18,
  Longest = 19,
}

/** What brings entries of a log says up to which position, times this, and how many. 2²⁰. */
export const enum Shipped {
  Counts = 1048576,
}

/** When the positions of a log were committed: int32, the address of a ring of float64 (0: elsewhere) and its last place. */
export const enum CommitTime {
  I = 8,
  F = 4,
  /** @public Only the core asks. */
  Bytes = 32,
  Ring = 0,
  Mask = 1,
}

/** Columns of the same as float64: the oldest position that is kept, and the next to come. */
export const enum CommitTimeF {
  First = 1,
  Next = 2,
}

/** Callers of a site take turns among copies; after the last turn they begin anew. */
export const enum CopyTurn {
  Last = 0xffffff,
}

/** A version of a key as one number: its position in the log, times this, and the branch of the log. 2²¹. */
export const enum Version {
  /** Of a key that nobody has written, or whose last version is everywhere. */
  None = -1,
  Branches = 2097152,
}
