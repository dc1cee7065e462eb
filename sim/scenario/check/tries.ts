/** Retries and timeouts: what is said of them although there are none. */
import type { RetrySettings } from '../settings.ts';
import type { Context } from './context.ts';

type Path = (string | number)[];

export function checkTries(context: Context): void {
  for (const { name, cancel, timeoutNs, retry } of context.stage.clients) {
    const at = ['clients', name];
    checkRetry(context, retry, at);
    if (cancel && timeoutNs === null)
      context.report(
        [...at, 'cancel'],
        '`cancel` has no effect without a timeout',
        'it is sent at the timeout',
        'warning',
      );
  }
  for (const { name } of context.stage.components)
    for (const { step, path } of context.operationsOf(name).flatMap(({ calls }) => calls))
      if ('retry' in step) checkRetry(context, step.retry, ['components', name, ...path.slice(0, -1)]);
}

function checkRetry(context: Context, { attempts, budget }: RetrySettings, at: Path): void {
  if (attempts > 1 || budget === null) return;
  const hint = 'attempts count the first one, too: write 2 for one retry';
  context.report([...at, 'retry', 'budget'], '`budget` has no effect without retries', hint, 'warning');
}
