/** See branches.mjs. */
export function branchesIn(text: string): { at: number; condition: [number, number] }[];
export function counting(text: string): string;
export function hinted(text: string, counts: readonly number[]): string;
