/**
 * What a threshold may be about: metric by metric, with its unit and whether it needs an aggregate such as p(99).
 */
export interface Metric {
  unit: 'ms' | 'ratio' | 'perSecond' | 'count' | 'money';
  /** A distribution (latency) that needs mean, min, max or p(n); else one number. */
  aggregated: boolean;
  description: string;
}

const one = (unit: Metric['unit'], description: string): Metric => ({ unit, aggregated: false, description });
const many = (unit: Metric['unit'], description: string): Metric => ({ unit, aggregated: true, description });

const REQUESTS: Record<string, Metric> = {
  latency: many('ms', "From a request's first send to its success."),
  availability: one('ratio', 'Completed ÷ offered.'),
  goodput: one('perSecond', 'Completed per second.'),
  offered: one('perSecond', 'Started per second.'),
  errors: one('count', 'Failed, timed out and rejected requests.'),
};

/** Of a whole stage. */
export const STAGE_METRICS: Record<string, Metric> = {
  ...REQUESTS,
  availabilityByMinute: many(
    'ratio',
    'Of the requests that ended in each minute of the window, the share that was completed: over all minutes. p(5): what 5 % of the minutes do not exceed.',
  ),
  latencyAll: many('ms', 'Latency with the failed counted at the moment they gave up.'),
  cost: one('money', 'Cost of all machines.'),
};

/** Of one operation. */
export const OPERATION_METRICS: Record<string, Metric> = REQUESTS;

/** Of one component, whatever its type; a type adds its own. */
export const COMPONENT_METRICS: Record<string, Metric> = {
  utilization: one('ratio', 'Busy time ÷ capacity of the busiest resource, mean over instances.'),
  utilizationBusiest: one('ratio', 'The same for the busiest instance.'),
  queueMean: one('count', 'Requests waiting, averaged over time.'),
  queueMax: one('count', 'Most requests waiting at once.'),
  waitMs: one('ms', 'Mean waiting time.'),
  serviceMs: one('ms', 'Mean service time.'),
  sojourn: many('ms', 'Time in the component, waiting included.'),
  arrivals: one('count', 'Requests that arrived.'),
  completed: one('count', 'Requests completed.'),
  errors: one('count', 'Requests that failed there.'),
  cost: one('money', 'Cost of its machines.'),
};

/** Of the faults of a stage; the worst of several. */
export const FAILOVER_METRICS: Record<string, Metric> = {
  rto: one('ms', 'From the fault until service is as good as before.'),
  rpo: one('ms', 'Age, at the fault, of the oldest acknowledged write that was lost.'),
  detected: one('ms', 'From the fault until it is noticed.'),
  decided: one('ms', 'From the fault until a new leader is chosen.'),
  promoted: one(
    'ms',
    'From the fault until a new leader accepts writes, or the rest of a group has shared out what the lost consumer had.',
  ),
  rejoined: one('ms', 'From the fault until the copy that had led is back as a replica and has caught up.'),
  failback: one('ms', 'From the fault until the copy that had led has got the lead back.'),
  failbackUnavailable: one('ms', 'How long nobody took writes while the lead was given back.'),
  failbackFailed: one('count', 'Requests that failed while the lead was given back.'),
  requestsFailed: one('count', 'Requests that failed because of it.'),
  acknowledgedWritesLost: one('count', 'Writes that were acknowledged and lost.'),
  writesDiscarded: one('count', 'Writes, acknowledged or not, that the copy which had led gave up on its return.'),
  staleReads: one('count', 'Reads that returned an older version than one acknowledged before.'),
  conflicts: one('count', 'Writes of one key in different places that knew nothing of each other.'),
  duplicates: one('count', 'Things that were done or delivered twice.'),
};

/** A type's own metrics in the same form. */
export function typeMetrics(metrics: Record<string, 'ratio' | 'ms' | 'count' | 'perSecond'>): Record<string, Metric> {
  return Object.fromEntries(Object.entries(metrics).map(([name, unit]) => [name, one(unit, '')]));
}
