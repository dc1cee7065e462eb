/**
 * Faults: known targets, within the run, not on top of each other, sides that do not overlap.
 */
import { nearest } from '../nearest.ts';
import type { FaultSettings } from '../settings.ts';
import { show } from '../units.ts';
import type { Context } from './context.ts';
import { isPlace } from './places.ts';

interface Target {
  component: string;
  /** From 1; null: all instances. */
  instance: number | null;
}

/** `app` or `app#2`. null: neither. */
function parseTarget(text: string): Target | null {
  const match = /^([^#]+)(?:#([1-9][0-9]{0,8}))?$/.exec(text);
  if (match === null) return null;
  return { component: match[1], instance: match[2] === undefined ? null : Number(match[2]) };
}

const overlap = (a: Target, b: Target): boolean =>
  a.component === b.component && (a.instance === null || b.instance === null || a.instance === b.instance);

/** Reports a target that does not exist; returns it when it does. */
function checkTarget(context: Context, text: string, path: (string | number)[], clientsToo: boolean): Target | null {
  if (isPlace(context, text)) return { component: text, instance: null };
  const target = parseTarget(text);
  if (target === null) {
    context.report(
      path,
      `${show(text)} is neither a component nor an instance`,
      'write app, or app#2 for its second instance',
    );
    return null;
  }
  if (clientsToo && target.instance === null && context.clientNames.includes(target.component)) return target;
  const component = context.component(target.component);
  if (component === null) {
    context.unknownComponent(path, target.component, clientsToo);
    return null;
  }
  const { autoscale } = component.own as { autoscale?: { max: number } | null };
  const most = Math.max(component.instances, autoscale?.max ?? 0);
  if (target.instance !== null && target.instance > most) {
    context.report(
      path,
      `\`${target.component}\` has ${most} instance${most === 1 ? '' : 's'}, there is no #${target.instance}`,
      `write ${target.component}#1${most > 1 ? ` … ${target.component}#${most}` : ''}`,
    );
    return null;
  }
  return target;
}

function checkTiming(context: Context, fault: FaultSettings): void {
  const { durationNs } = context.stage.run;
  if (fault.atNs !== null && fault.atNs >= durationNs) {
    context.report(
      ['faults', fault.name, 'at'],
      'the fault comes after the end of the run',
      'fault times count from the end of the warm-up; make `run.duration` longer',
    );
  }
}

function checkLinkEnds(context: Context, fault: Extract<FaultSettings, { from: string }>): void {
  const path = ['faults', fault.name, fault.kind];
  const names = [...context.componentNames, ...context.clientNames];
  if (isPlace(context, fault.from) && isPlace(context, fault.to)) return;
  for (const end of [fault.from, fault.to]) {
    if (!names.includes(end)) context.report(path, `unknown component \`${end}\``, nearest(end, names));
  }
}

function checkSides(context: Context, fault: Extract<FaultSettings, { kind: 'partition' }>): void {
  const seen: { target: Target; side: number }[] = [];
  for (const [side, members] of fault.sides.entries()) {
    for (const [index, member] of members.entries()) {
      const path = ['faults', fault.name, 'partition', side, index];
      const target = checkTarget(context, member, path, true);
      if (target === null) continue;
      const other = seen.find((each) => each.side !== side && overlap(each.target, target));
      if (other !== undefined)
        context.report(path, `\`${member}\` is on both sides of the partition`, 'each instance stands on one side');
      seen.push({ target, side });
    }
  }
}

type Crash = Extract<FaultSettings, { kind: 'crash' }>;

function checkOverlaps(context: Context, crashes: { fault: Crash; target: Target }[]): void {
  const timed = crashes.filter(({ fault }) => fault.atNs !== null);
  const start = (fault: Crash): number => fault.atNs ?? 0;
  const end = (fault: Crash): number => (fault.forNs === null ? Infinity : start(fault) + fault.forNs);
  timed.sort((a, b) => start(a.fault) - start(b.fault));
  for (const [index, later] of timed.entries()) {
    const earlier = timed
      .slice(0, index)
      .find((each) => overlap(each.target, later.target) && end(each.fault) > start(later.fault));
    if (earlier === undefined) continue;
    context.report(
      ['faults', later.fault.name, 'at'],
      `\`${later.fault.target}\` is already down then`,
      `because of the fault \`${earlier.fault.name}\``,
    );
  }
}

/** All checks of the faults of a stage. */
export function checkFaults(context: Context): void {
  const crashes: { fault: Crash; target: Target }[] = [];
  for (const fault of context.stage.faults) {
    checkTiming(context, fault);
    if (fault.kind === 'partition') checkSides(context, fault);
    else if (fault.kind === 'delay' || fault.kind === 'lose') checkLinkEnds(context, fault);
    else {
      const target = checkTarget(context, fault.target, ['faults', fault.name, fault.kind], false);
      if (target !== null && fault.kind === 'crash') crashes.push({ fault, target });
    }
  }
  checkOverlaps(context, crashes);
}
