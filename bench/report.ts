/** The figures of the benchmark for people. */
import type { Figures, Spread } from './figures.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const places = (count: number) => (value: number) => value.toFixed(count);
const line = (label: string, text: string): string => `    ${label.padEnd(26)}${text}`;

function spreadLine(label: string, { median, min, max }: Spread, format: (value: number) => string): string {
  return line(label, `${format(median).padStart(11)}   ${format(min)} … ${format(max)}`);
}

/** A block of lines for each workload. */
export function describe(name: string, title: string, figures: Figures): string {
  const { spread, yardstick, compiled, memory, latencyMs, exact } = figures;
  const { first, last } = memory;
  const lines = [
    `${name}  ${title.replace(/^W\d, /, '')}`,
    line('', '     median   least … most'),
    spreadLine('requests per CPU second', spread.requestsPerCpuSecond, whole),
    spreadLine('events per CPU second', spread.eventsPerCpuSecond, whole),
    spreadLine('yardstick events', yardstick.eventsPerCpuSecond, whole),
    spreadLine('ratio to the yardstick', yardstick.ratio, places(2)),
    ...(compiled === null
      ? []
      : [
          spreadLine('hand-written C++', compiled, whole) +
            (compiled.system === undefined ? '' : `, ${compiled.system}`),
          line('ratio to it', places(2)(spread.requestsPerCpuSecond.median / compiled.median).padStart(11)),
        ]),
    line('simulated per CPU second', `${places(2)(figures.simulatedPerCpuSecond)} s`),
    line(
      'simulated',
      `${whole(figures.requests)} requests, ${whole(figures.events)} events in ${figures.slices} slices`,
    ),
    line('CPU time', `${figures.cpuSeconds.toFixed(1)} s`),
    line('peak memory', `${figures.peakMemoryMb.toFixed(0)} MB`),
    line(
      'memory after',
      `${whole(first.requests)} requests: heap ${first.heapMb.toFixed(1)} MB, resident ${first.rssMb.toFixed(1)} MB`,
    ),
    line(
      '',
      `${whole(last.requests)} requests: heap ${last.heapMb.toFixed(1)} MB, resident ${last.rssMb.toFixed(1)} MB`,
    ),
  ];
  const ms = (value: number | null): string => (value === null ? 'no data' : value.toFixed(2));
  const latency = `mean ${ms(latencyMs.mean)} ms, p50 ${ms(latencyMs.p50)}, p99 ${ms(latencyMs.p99)}`;
  lines.push(line('latency', latency));
  if (exact !== null) {
    const { mean, p50, p99 } = exact.latencyMs;
    const off = `worst ${(100 * exact.worstDeviation).toFixed(2)} % off`;
    lines.push(
      line('exactly', `mean ${ms(mean)} ms, p50 ${ms(p50)}, p99 ${ms(p99)}: ${exact.ok ? off : `WRONG, ${off}`}`),
    );
  }
  return `${lines.join('\n')}\n`;
}
