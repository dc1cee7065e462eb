/** What goes wrong in a stage, and when: makes every fault of the settings happen. */
import type { Kernel } from '../engine/kernel.ts';
import type { Control } from '../engine/timers.ts';
import { markNow } from '../engine/marks.ts';
import { Id } from '../engine/rows.ts';
import type { World } from '../engine/world.ts';
import type { FaultSettings } from '../scenario/settings.ts';
import { crashText, crashUnits, mendText } from './crash.ts';
import { delayUnit, lossUnit } from './links.ts';
import { partitionUnit } from './partition.ts';
import { randomCourse, timedCourse, type Course, type Summary } from './schedule.ts';
import { mendedText, Slowdowns, slowText, slowUnits } from './slow.ts';
import { placesIn, targetIn } from './target.ts';
import type { Unit } from './unit.ts';

/** Timers, in the order in which simultaneous ones fire: what ends first lets the next begin. */
const enum Turn {
  End = 0,
  Begin = 1,
}

/** Beginnings and ends of faults that are remembered for the report. */
const MOST_MARKS = 2000;

export class Faults implements Control {
  private readonly courses: Course[] = [];
  private kernel!: Kernel;
  private control: number = Id.None;

  constructor(
    readonly settings: readonly FaultSettings[],
    readonly world: World,
  ) {}

  /** Before time zero. */
  start(kernel: Kernel): void {
    this.kernel = kernel;
    this.control = kernel.addControl(this);
    const slowdowns = new Slowdowns(this.world);
    this.settings.forEach((fault, i) => this.courses.push(...this.coursesOf(fault, i, slowdowns)));
    this.world.rows.reserve(this.courses.length + 512);
    this.courses.forEach((course, i) => this.schedule(Turn.Begin, i, this.world.windowStartNs + course.firstNs));
  }

  onTimer(turn: number, _node: number, index: number): void {
    const course = this.courses[index];
    const begins = turn === Turn.Begin;
    this.mark(course.fault);
    this.schedule(begins ? Turn.End : Turn.Begin, index, begins ? course.begin() : course.end());
  }

  /** For the report: what had been counted by now. */
  private mark(fault: number): void {
    const { history } = this.world;
    if (history.marks.length < MOST_MARKS)
      history.marks.push({ fault, ...markNow(this.world, this.kernel.outcomes, this.kernel.calls) });
  }

  private schedule(turn: Turn, index: number, delayNs: number | null): void {
    if (delayNs !== null) this.kernel.timer(this.control, Id.None, turn, delayNs, index);
  }

  private coursesOf(fault: FaultSettings, index: number, slowdowns: Slowdowns): Course[] {
    const units = this.unitsOf(fault, index, slowdowns);
    if (fault.every !== null) return units.map((unit) => randomCourse(this.world, index, fault, unit));
    const summary = units.length === 1 ? units[0] : this.summaryOf(fault);
    return [timedCourse(this.world.history, index, fault, units, summary)];
  }

  private unitsOf(fault: FaultSettings, index: number, slowdowns: Slowdowns): Unit[] {
    switch (fault.kind) {
      case 'crash':
        return crashUnits(this.kernel, fault.target, fault.how, fault.forNs !== null || fault.every !== null, index);
      case 'slow':
        return slowUnits(this.world, slowdowns, fault.target, fault.factor);
      case 'delay':
        return [delayUnit(this.world, fault.from, fault.to, fault.add)];
      case 'lose':
        return [lossUnit(this.world, fault.from, fault.to, fault.probability)];
      case 'partition':
        return [partitionUnit(this.world, fault.sides)];
    }
  }

  /** A whole component goes wrong at once. */
  private summaryOf(fault: FaultSettings): Summary {
    if (fault.kind !== 'crash' && fault.kind !== 'slow') throw new Error(`a fault '${fault.kind}' is one unit`);
    const { component, node } = targetIn(this.world, fault.target);
    const names = [
      placesIn(this.world, fault.target).length > 0 ? `all of ${fault.target}` : `every instance of ${fault.target}`,
    ];
    return fault.kind === 'crash'
      ? { component, node, begins: crashText(names, fault.how), ends: mendText(names, fault.how) }
      : { component, node, begins: slowText(names, fault.factor), ends: mendedText(names) };
  }
}
