/**
 * Which queues a message goes to, after AMQP 0-9-1: direct by equal keys, fanout to all, topic by patterns whose words
 * are separated by dots, `*` standing for one word and `#` for any number of them, none included.
 */

/** Does a binding key of a topic exchange match a routing key? */
export function matchesTopic(binding: string, key: string): boolean {
  return matchesWords(wordsOf(binding), wordsOf(key));
}

/** The empty key has no words. */
const wordsOf = (key: string): string[] => (key === '' ? [] : key.split('.'));

/** Row by row: which prefixes of the key the pattern so far matches. */
function matchesWords(pattern: readonly string[], words: readonly string[]): boolean {
  let reached = [true, ...words.map(() => false)];
  for (const part of pattern) {
    const next = reached.map(() => false);
    if (part === '#') {
      let any = false;
      for (let i = 0; i < reached.length; i++) {
        any ||= reached[i];
        next[i] = any;
      }
    } else {
      for (let i = 0; i < words.length; i++) next[i + 1] = reached[i] && (part === '*' || part === words[i]);
    }
    reached = next;
  }
  return reached[words.length];
}

export type ExchangeKind = 'direct' | 'fanout' | 'topic';

/** Queues, each once, that a message with this routing key goes to. */
export function routed(
  kind: ExchangeKind,
  bindings: readonly { queue: string; keys: readonly string[] }[],
  key: string,
): string[] {
  const takes = (binding: string): boolean => (kind === 'direct' ? binding === key : matchesTopic(binding, key));
  return bindings.filter(({ keys }) => kind === 'fanout' || keys.some(takes)).map(({ queue }) => queue);
}
