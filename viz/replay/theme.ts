/** Dark or light: as the system says, until somebody chooses. The canvas is told the colours that the style sheet has. */
import type { Palette } from './picture/dots.ts';

export type Theme = 'light' | 'dark';

/** What the system prefers. */
export function systemTheme(): Theme {
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Tells of every change of what the system prefers. That browsers prefer light while they print is none. */
export function onSystemTheme(changed: (theme: Theme) => void, signal?: AbortSignal): void {
  let last = systemTheme();
  const look = () => {
    if (matchMedia('print').matches || systemTheme() === last) return;
    last = systemTheme();
    changed(last);
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', look, { signal });
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
