/** What a dot can look like: each look has a colour, and a shape that says the same without it. */

/** Looks of a dot; each has a colour and a shape of its own. */
export const LOOKS = ['request', 'retry', 'answer', 'failed', 'rejected', 'message'] as const;
export type Look = (typeof LOOKS)[number];

export interface Palette {
  looks: Record<Look, string>;
  ink: string;
  soft: string;
  bad: string;
  hair: string;
}

/** Adds a dot of a look to a path: its shape says what its colour says. */
export function mark(path: Path2D, look: Look, x: number, y: number): void {
  switch (look) {
    case 'failed':
      path.moveTo(x - 3, y - 3);
      path.lineTo(x + 3, y + 3);
      path.moveTo(x + 3, y - 3);
      path.lineTo(x - 3, y + 3);
      return;
    case 'rejected':
      path.rect(x - 2.6, y - 2.6, 5.2, 5.2);
      return;
    case 'message':
      path.rect(x - 1.75, y - 1.75, 3.5, 3.5);
      return;
    default: {
      const radius = look === 'answer' ? 2 : look === 'retry' ? 3 : 2.6;
      path.moveTo(x + radius, y);
      path.arc(x, y, radius, 0, 2 * Math.PI);
    }
  }
}
