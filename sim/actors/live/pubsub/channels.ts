/** A room of a population, as one number. */
export const channelOf = (population: number, room: number): number => population * 4294967296 + (room >>> 0);
export const roomOf = (channel: number): number => channel % 4294967296;
