/**
 * Numbers for tired people: at most three significant digits, the unit that keeps them short, and a dash where there
 * is no data. Deterministic: nothing here asks the locale.
 */

/** What stands where a figure has no data. Never 0, which would be a figure. */
export const NO_DATA = '–';

type Figure = number | null | undefined;

const isFigure = (value: Figure): value is number => typeof value === 'number' && Number.isFinite(value);

/** `value` with at most `digits` significant digits, as a number. */
function rounded(value: number, digits = 3): number {
  return Number(value.toPrecision(digits)) || 0; // `|| 0` also turns −0 into 0
}

/** 1234567.5 → "1,234,567.5" */
function grouped(text: string): string {
  const [whole, fraction] = text.split('.') as [string, string | undefined];
  const withCommas = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? withCommas : `${withCommas}.${fraction}`;
}

/** Three significant digits written out: 0.0123, 4.12, 312, 1,240, 198,000. For columns, where length shows size. */
export function plain(value: Figure): string {
  if (!isFigure(value)) return NO_DATA;
  const near = rounded(value);
  if (near === 0) return '0';
  const size = Math.abs(near);
  if (size >= 1e15) return String(near);
  if (size < 0.001) return near < 0 ? '>-0.001' : '<0.001';
  return grouped(String(near));
}

/** How many users; open arrivals come from nobody that could be counted. */
export function people(users: number): string {
  return users === 0 ? NO_DATA : whole(users);
}

/** An integer count in full: 1,234,567. */
export function whole(value: Figure): string {
  if (!isFigure(value)) return NO_DATA;
  return Math.abs(value) >= 1e15 ? String(value) : grouped(String(Math.round(value) || 0));
}

/**
 * A rate per second: in full from 100 on (1,994), three significant digits below (19.8). Three digits would make 1,994
 * of 1,995 look like a loss of ten.
 */
export function rate(value: Figure): string {
  return isFigure(value) && Math.abs(value) >= 100 ? whole(value) : plain(value);
}

const STEPS: readonly [size: number, suffix: string][] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** Three significant digits with a suffix: 312, 1.2k, 59.4k, 3.4M. For running text and narrow columns. */
export function short(value: Figure): string {
  if (!isFigure(value)) return NO_DATA;
  const near = rounded(value);
  for (const [size, suffix] of STEPS) {
    if (Math.abs(near) >= size) return `${rounded(near / size)}${suffix}`;
  }
  return plain(near);
}

/** A time given in milliseconds: "41.2 µs", "312 ms", "1.4 s", "2 min 5 s", "3 h 20 min". */
export function duration(ms: Figure): string {
  if (!isFigure(ms)) return NO_DATA;
  const size = Math.abs(rounded(ms));
  if (size === 0) return '0 ms';
  if (size < 0.001) return `${plain(ms * 1e6)} ns`;
  if (size < 0.1) return `${plain(ms * 1e3)} µs`;
  if (size < 1000) return `${plain(ms)} ms`;
  if (size < 60_000) return `${plain(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined(minutes, 'min', seconds % 60, 's');
  return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function joined(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0
    ? `${grouped(String(big))} ${bigUnit}`
    : `${grouped(String(big))} ${bigUnit} ${small} ${smallUnit}`;
}

/** A time given in seconds, as `duration` writes it. */
export function secondsText(seconds: Figure): string {
  return isFigure(seconds) ? duration(seconds * 1000) : NO_DATA;
}

/** A ratio 0…1 in per cent without the sign: "34", "99.9". What is below one never reads 100. */
export function percent(ratio: Figure): string {
  if (!isFigure(ratio)) return NO_DATA;
  const near = rounded(ratio * 100);
  return near >= 100 && ratio < 1 ? '99.9' : plain(near);
}

/** A ratio 0…1 in per cent with one decimal, for columns: "4.0", "62.0", "99.9". What is below one never reads 100. */
export function percentColumn(ratio: Figure): string {
  if (!isFigure(ratio)) return NO_DATA;
  const text = (ratio * 100).toFixed(1);
  return text === '100.0' && ratio < 1 ? '99.9' : text;
}

/**
 * An availability 0…1 in per cent without the sign, with as many nines as it has earned and two digits beyond:
 * "91.4", "99.95", "99.9992". Rounded down, so that 99.9 % is only said of what is at least that.
 */
export function availability(ratio: Figure): string {
  if (!isFigure(ratio)) return NO_DATA;
  const missing = Number(((1 - ratio) * 100).toPrecision(10)); // toPrecision hides the rounding of 1 − ratio
  if (missing <= 0) return '100';
  if (missing < 1e-6) return '>99.999999';
  let decimals = 1;
  for (let edge = 1; missing < edge; edge /= 10) decimals++;
  const scale = Number(`1e${decimals}`);
  const up = Math.ceil(Number((missing * scale).toPrecision(10)));
  return String(Number(((100 * scale - up) / scale).toFixed(decimals)));
}

/** The same with its sign: "99.95 %". */
export function availabilityText(ratio: Figure): string {
  return isFigure(ratio) ? `${availability(ratio)} %` : NO_DATA;
}

/** Dollars: "$0.42", "$5.50", "$1,240", "$1.24M". */
export function money(dollars: Figure): string {
  if (!isFigure(dollars)) return NO_DATA;
  const sign = dollars < 0 ? '-' : '';
  const size = Math.abs(dollars);
  if (size >= 999_999.5) return `${sign}$${short(size)}`;
  if (size >= 100 || Number.isInteger(size)) return `${sign}$${grouped(String(Math.round(size)))}`;
  return `${sign}$${size.toFixed(2)}`;
}

const BYTE_STEPS: readonly [size: number, unit: string][] = [
  [1024 * 1024 * 1024 * 1024, 'TiB'],
  [1024 * 1024 * 1024, 'GiB'],
  [1024 * 1024, 'MiB'],
  [1024, 'KiB'],
];

/** Bytes: "512 B", "64 KiB", "1.5 GiB". */
export function bytes(value: Figure): string {
  if (!isFigure(value)) return NO_DATA;
  for (const [size, unit] of BYTE_STEPS) {
    if (Math.abs(value) >= size) return `${plain(value / size)} ${unit}`;
  }
  return `${plain(value)} B`;
}

/** "1 stage", "3 stages" */
export function plural(count: number, noun: string): string {
  return `${whole(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** acknowledgedWritesLost → "acknowledged writes lost" */
export function words(camelCase: string): string {
  return camelCase.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
}

/** A figure whose name says its unit ("lagMs", "hitRatio", "sizeBytes"): words and value for a reader. */
export function named(name: string, value: Figure): string {
  const unit = /(Ms|Seconds|Ratio|Share|Utilization|Bytes|PerSecond|PerMonth)$/.exec(name)?.[1] ?? '';
  const keeps = unit === 'Ratio' || unit === 'Share' || unit === 'Utilization';
  const label = words(keeps ? name : name.slice(0, name.length - unit.length));
  switch (unit) {
    case 'Ms':
      return `${label} ${duration(value)}`;
    case 'Seconds':
      return `${label} ${secondsText(value)}`;
    case 'Bytes':
      return `${label} ${bytes(value)}`;
    case 'PerSecond':
      return `${label} ${short(value)}/s`;
    case 'PerMonth':
      return `${label} ${money(value)}/month`;
    case '':
      return `${label} ${short(value)}`;
    default:
      return `${label} ${percent(value)} %`;
  }
}
