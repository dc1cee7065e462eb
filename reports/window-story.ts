/** What a window says minute by minute, and of those who travelled: one phrase each, which every report tells its own way. */
import type { StageResult } from '../sim/result.ts';
import { availability, plural, secondsText, whole } from './format.ts';

/** Availability by the minute; []: there is one minute only, or none was worse than the others. */
export function minutesText({ minutes }: StageResult): string[] {
  const known = minutes.flatMap((it, index) =>
    it.availability === null ? [] : [{ ...it, index, a: it.availability }],
  );
  if (known.length < 2) return [];
  const worst = known.reduce((least, it) => (it.a < least.a ? it : least));
  if (worst.a === 1) return [];
  const faultless = known.filter(({ a }) => a === 1).length;
  const short = worst.seconds < 60 ? `, ${secondsText(worst.seconds)} long` : '';
  return [
    `worst minute ${availability(worst.a)} %, the ${ordinal(worst.index + 1)}${short}`,
    `${faultless} of ${known.length} without a failure`,
  ];
}

/** Who travelled. */
export function journeysText({ journeys }: StageResult): string[] {
  return journeys.map(
    ({ population, trips, sentAway }) =>
      `${population}: ${plural(trips, 'journey')}, ${whole(sentAway)} requests sent away from home`,
  );
}

function ordinal(n: number): string {
  const teens = n % 100 > 10 && n % 100 < 14;
  const ending = teens ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}
