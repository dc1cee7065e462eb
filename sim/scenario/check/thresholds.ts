/**
 * Thresholds: about components, operations and metrics that exist, so that none can pass for lack of data.
 */
import { COMPONENT_METRICS } from '../metrics.ts';
import { nearest } from '../nearest.ts';
import type { Context } from './context.ts';

export function checkThresholds(context: Context): void {
  const operations = [...new Set(context.stage.clients.flatMap((client) => client.does.map((each) => each.operation)))];
  for (const threshold of context.stage.thresholds) {
    const { scope } = threshold;
    if (scope.kind === 'operation' && !operations.includes(scope.name)) {
      const path = ['thresholds', 'operations', scope.name];
      context.report(path, `no population does \`${scope.name}\``, nearest(scope.name, operations), 'error', 'key');
    }
    if (scope.kind === 'component') checkComponent(context, scope.name, threshold.metric);
    if (scope.kind === 'failover' && context.stage.faults.length === 0) {
      context.report(
        ['thresholds', 'failover'],
        'the stage has no faults, so this has no data and fails',
        '',
        'warning',
        'key',
      );
    }
  }
}

function checkComponent(context: Context, name: string, metric: string): void {
  const component = context.component(name);
  if (component === null) {
    context.report(
      ['thresholds', 'components', name],
      `unknown component \`${name}\``,
      nearest(name, context.componentNames),
      'error',
      'key',
    );
    return;
  }
  const known = [...Object.keys(COMPONENT_METRICS), ...Object.keys(context.typeOf(component)?.metrics ?? {})];
  if (known.includes(metric)) return;
  context.report(
    ['thresholds', 'components', name, metric],
    `a ${component.type} has no metric \`${metric}\``,
    nearest(metric, known),
    'error',
    'key',
  );
}
