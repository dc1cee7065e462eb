/** Channels: what a message goes out on, a room of a population, as one number. */
export const channelOf = (population: number, room: number): number => population * 4294967296 + (room >>> 0);

/** The room of a channel, as 32 bits. */
export const roomOf = (channel: number): number => channel % 4294967296;
