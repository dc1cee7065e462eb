/** See build-core.mjs. */
export const coreModulePath: string;
export function coreModule(): Promise<string>;
