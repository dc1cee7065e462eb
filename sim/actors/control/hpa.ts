/**
 * How many instances the Kubernetes HorizontalPodAutoscaler wishes for: its replica calculator, pure arithmetic, with
 * the integers it computes in (thousandths of a core or of a unit, whole percents).
 *
 * Source: kubernetes/kubernetes, pkg/controller/podautoscaler/replica_calculator.go and metrics/utilization.go.
 */

/** An instance as the calculator sees it; those that are going away are left out. */
export interface Pod {
  /** missing: it should have a metric and has none. unready: it has not served for a whole period of the metric. */
  status: 'ready' | 'unready' | 'missing';
  /** Its metric in thousandths; of a pod that is not ready: ignored. */
  usage: number;
  /** What 100 % is, in thousandths of a core. Plain metrics don't use it. */
  request: number;
}

/** What tells one kind of metric from another. */
interface Rule {
  /** Usage ÷ target. */
  ratio(pods: readonly Pod[]): number;
  /** What a pod without metric is taken to use when the others use less than the target. */
  assumed(pod: Pod): number;
  /** Is a pod without metric taken to use nothing? */
  assumesNothing(ratio: number): boolean;
  /** May the wish go against the direction of the ratio, for there are more or fewer pods than are counted? */
  mayTurn: boolean;
}

/**
 * Instances wished for a utilisation of the cores.
 *
 * @param current instances wanted until now
 * @param targetPercent utilisation aimed at, %
 * @param tolerance relative deviation that is ignored, e.g. 0.1
 */
export function wishedByUtilization(
  current: number,
  pods: readonly Pod[],
  targetPercent: number,
  tolerance: number,
): number {
  return wished(current, pods, tolerance, {
    ratio(counted) {
      const usage = counted.reduce((sum, pod) => sum + pod.usage, 0);
      const request = counted.reduce((sum, pod) => sum + pod.request, 0);
      return Math.trunc((usage * 100) / request) / targetPercent;
    },
    assumed: (pod) => Math.trunc((pod.request * Math.max(100, targetPercent)) / 100),
    assumesNothing: (ratio) => ratio > 1,
    mayTurn: false,
  });
}

/**
 * Instances wished for a mean of a plain metric (connections, waiting requests).
 *
 * @param target mean aimed at, in thousandths
 */
export function wishedByMean(current: number, pods: readonly Pod[], target: number, tolerance: number): number {
  return wished(current, pods, tolerance, {
    ratio(counted) {
      const usage = counted.reduce((sum, pod) => sum + pod.usage, 0);
      return Math.trunc(usage / counted.length) / target;
    },
    assumed: () => target,
    assumesNothing: (ratio) => ratio >= 1,
    mayTurn: true,
  });
}

function wished(current: number, pods: readonly Pod[], tolerance: number, rule: Rule): number {
  const of = (status: Pod['status']): Pod[] => pods.filter((pod) => pod.status === status);
  const [ready, unready, missing] = [of('ready'), of('unready'), of('missing')];
  // Without a single metric nothing is decided.
  if (ready.length === 0) return current;
  const ratio = rule.ratio(ready);
  const growsBesideUnready = unready.length > 0 && ratio > 1;
  const isNear = (r: number): boolean => Math.abs(1 - r) <= tolerance;
  if (!growsBesideUnready && missing.length === 0) return isNear(ratio) ? current : Math.ceil(ratio * ready.length);

  const counted = [...ready];
  if (ratio < 1) counted.push(...missing.map((pod) => ({ ...pod, usage: rule.assumed(pod) })));
  else if (rule.assumesNothing(ratio)) counted.push(...missing.map((pod) => ({ ...pod, usage: 0 })));
  if (growsBesideUnready) counted.push(...unready.map((pod) => ({ ...pod, usage: 0 })));

  const again = rule.ratio(counted);
  const turns = (ratio < 1 && again > 1) || (ratio > 1 && again < 1);
  if (isNear(again) || turns) return current;
  const wish = Math.ceil(again * counted.length);
  const goesBack = (again < 1 && wish > current) || (again > 1 && wish < current);
  return goesBack && !rule.mayTurn ? current : wish;
}
