/** Which key does what: the same as in trace viewers. Pure; the page hands in what it knows of the key. */

export type Command =
  | 'toggle'
  | 'step back'
  | 'step forward'
  | 'jump back'
  | 'jump forward'
  | 'previous stage'
  | 'next stage'
  | 'slower'
  | 'faster'
  | 'start'
  | 'end'
  | 'compare'
  | 'theme'
  | 'close'
  | 'help';

export interface Key {
  key: string;
  shift: boolean;
  /** Ctrl, alt or the command key: then it is the browser's. */
  other: boolean;
}

const plain: Record<string, Command> = {
  ' ': 'toggle',
  k: 'toggle',
  ArrowLeft: 'step back',
  ArrowRight: 'step forward',
  ArrowUp: 'previous stage',
  ArrowDown: 'next stage',
  Home: 'start',
  End: 'end',
  '-': 'slower',
  '+': 'faster',
  '=': 'faster',
  '[': 'slower',
  ']': 'faster',
  c: 'compare',
  d: 'theme',
  Escape: 'close',
  '?': 'help',
};

const shifted: Record<string, Command> = {
  ArrowLeft: 'jump back',
  ArrowRight: 'jump forward',
  ArrowUp: 'faster',
  ArrowDown: 'slower',
};

/** The command of a key; null when it is not one of ours. */
export function commandOf({ key, shift, other }: Key): Command | null {
  if (other) return null;
  if (shift && Object.hasOwn(shifted, key)) return shifted[key];
  const name = key.length === 1 ? key.toLowerCase() : key;
  return Object.hasOwn(plain, name) ? plain[name] : null;
}

/** For the help: keys, and what they do. */
export const KEY_HELP: readonly [keys: readonly string[], does: string][] = [
  [['space', 'k'], 'play or pause'],
  [['←', '→'], 'one slice back or forward'],
  [['shift ←', 'shift →'], 'a twentieth of the stage back or forward'],
  [['↑', '↓'], 'previous or next stage'],
  [['shift ↑', 'shift ↓', '+', '−'], 'faster or slower'],
  [['Home', 'End'], 'to the start or the end of the stage'],
  [['c'], 'compare with another stage, or stop comparing'],
  [['tab', 'enter'], 'go to a component and open it'],
  [['Esc'], 'close what is open'],
  [['d'], 'dark or light'],
  [['?'], 'this help'],
];
