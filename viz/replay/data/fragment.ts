/**
 * The place in the page as an address: `#stage=3&t=32.5&component=db`. Sent in a mail it opens at the same moment. Only
 * numbers and names are read back, and what does not fit the recording is ignored.
 */

export interface Address {
  stage: number;
  time: number | null;
  component: string | null;
  request: number | null;
  /** What stands beside it, when two are compared. */
  compare: Beside | null;
}

/** A stage to compare with: of this recording, or of the other one that was opened beside it. */
export interface Beside {
  stage: number;
  other: boolean;
}

/** The fragment without its `#`. Any name can stand in it; a lone surrogate, which no address can hold, is replaced. */
export function fragmentOf(address: Address): string {
  const parts = new URLSearchParams({ stage: String(address.stage + 1) });
  if (address.time !== null) parts.set('t', String(Number(address.time.toFixed(2))));
  if (address.compare !== null) parts.set(address.compare.other ? 'beside' : 'with', String(address.compare.stage + 1));
  if (address.component !== null) parts.set('component', address.component);
  if (address.request !== null) parts.set('request', String(address.request + 1));
  return parts.toString();
}

/** Reads a fragment of any origin; `stages` is how many there are, `others` how many of the recording beside it. */
export function addressOf(fragment: string, stages: number, others: number): Address {
  const read = new URLSearchParams(fragment.replace(/^#/, ''));
  const index = (name: string, count: number) => {
    const text = read.get(name);
    const value = text !== null && /^\d{1,6}$/.test(text) ? Number(text) - 1 : -1;
    return value >= 0 && value < count ? value : null;
  };
  const [within, beside] = [index('with', stages), index('beside', others)];
  const seconds = Number(read.get('t') ?? Number.NaN);
  return {
    stage: index('stage', stages) ?? 0,
    time: Number.isFinite(seconds) ? seconds : null,
    component: read.get('component'),
    request: index('request', 1e6),
    compare:
      beside !== null ? { stage: beside, other: true } : within !== null ? { stage: within, other: false } : null,
  };
}
