/** Dark or light: as the system says, until somebody chooses. The canvas is told the colours that the style sheet has. */
import type { Palette } from './picture/dots.ts';

export type Theme = 'light' | 'dark';

/** What the system prefers. */
export function systemTheme(): Theme {
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** The colours of the theme that is in force at an element. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  return {
    looks: {
      request: colour('--c1'),
      retry: colour('--c4'),
      answer: colour('--c6'),
      failed: colour('--bad'),
      rejected: colour('--bad'),
      message: colour('--c3'),
    },
    ink: colour('--ink'),
    soft: colour('--soft'),
    bad: colour('--bad-ink'),
    hair: colour('--hair'),
  };
}
