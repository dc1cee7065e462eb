/** Codes of the messages between live users and gateways, and of the users' timers. */

/** To users: messages of a gateway, then timers. */
export const enum UserCode {
  Ping = 1,
  Push = 2,
  Connect = 10,
  /** Sends again what was refused. */
  Again = 11,
  Refresh = 12,
  Look = 13,
  Break = 14,
  /** Leaves for another place, or comes home. */
  Move = 15,
}

/** To gateways: messages of users and of a bus, then timers. */
export const enum GatewayCode {
  Pong = 1001,
  Close = 1002,
  Sweep = 1010,
  Drain = 1011,
  Rollout = 1012,
  Boot = 1013,
}
