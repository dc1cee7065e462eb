/** Light or dark: as the system says, until the person says otherwise; remembered where the browser allows it. */
import { button, put } from '../../replay/dom.ts';
import { onSystemTheme, systemTheme, type Theme } from '../../replay/theme.ts';

const key = 'tenfold theme';

/** Sets the theme on the page and answers the button that changes it. */
export function themeButton(page: HTMLElement, tell: (theme: Theme) => void): HTMLElement {
  let chosen = remembered();
  const apply = () => {
    const theme = chosen ?? systemTheme();
    put(page, 'data-theme', theme);
    put(document.documentElement, 'data-theme', theme);
    tell(theme);
  };
  onSystemTheme(apply);
  apply();
  return button(
    'Dark or light',
    () => {
      chosen = page.getAttribute('data-theme') === 'dark' ? 'light' : 'dark';
      remember(chosen);
      apply();
    },
    { class: 'quiet' },
    '◐',
  );
}

function remembered(): Theme | null {
  try {
    const value = localStorage.getItem(key);
    return value === 'dark' || value === 'light' ? value : null;
  } catch {
    return null; // no storage on file:// or in a private window
  }
}

function remember(value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // then it is not remembered
  }
}
